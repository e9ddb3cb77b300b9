"""The clock that elapsed time is measured by: deadlines, pauses, and how long a job takes."""

from __future__ import annotations

import sys
import time
from functools import partial

# Libraries that freeze time in tests (freezegun) replace `time.monotonic` in every module, by whatever
# name, and a deadline would never come. They leave `clock_gettime` alone; where there is none, on
# Windows, a partial keeps the function that it was made of.
if sys.platform != "win32":
    monotonic = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
else:
    monotonic = partial(time.monotonic)

"""When to ask for a job again, and when to give up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from ._catalog import API
from ._errors import ConfigurationError

DEFAULT_DEADLINE = API.polling.deadline


def delays(
    timeout: float | None,
    interval: float | None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[float]:
    """Seconds to sleep before each poll, ending when `timeout` has passed.

    The last delay is cut so that one more poll falls on the deadline. With no `interval`, the
    API's own schedule is kept; with one, polls are that many seconds apart.
    """
    for name, value in (("timeout", timeout), ("interval", interval)):
        if value is not None and not 0 < value < float("inf"):
            raise ConfigurationError(f"{name}: {value} is not a number of seconds above 0")
    start = clock()
    delay = API.polling.first if interval is None else interval
    while True:
        left = float("inf") if timeout is None else start + timeout - clock()
        if left <= 0:
            return
        yield min(delay, left)
        if interval is None:
            delay = min(delay * API.polling.factor, API.polling.maximum)

# A copy of codegen/runtime/_polling.py, where it is edited.
"""When to ask for a job again, which failures to bear, and when to give up."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ._catalog import API
from ._errors import (
    APIConnectionError,
    APIError,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)
from ._wire.retry import LONGEST_RETRY_AFTER
from ._wire.settings import checked_seconds

_log = logging.getLogger(__name__.rpartition(".")[0])

DEFAULT_WAIT = API.polling.deadline
_INFINITE = float("inf")
# Jobs that were submitted together are not asked for together: delays vary by this share.
_JITTER = 0.1


class Polls:
    """The polls of one wait: when each is due, how long it may take, and what went wrong last.

    `deadline` is the seconds that the wait may take, or None; `interval` the seconds between polls,
    or None for the API's own schedule, slower and slower.
    """

    def __init__(
        self,
        deadline: float | None,
        interval: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        for name, value in (("deadline", deadline), ("interval", interval)):
            if value is not None:
                checked_seconds(name, value)
        self.deadline = deadline
        self.error: APIError | None = None
        self._clock = clock
        self._jitter = jitter
        self._end = _INFINITE if deadline is None else clock() + deadline
        self._grows = interval is None
        self._delay = API.polling.first if interval is None else interval

    def delay(self) -> float | None:
        """Seconds to sleep before the next poll; None when the time is up.

        A server that says when to come back is believed, within reason, and the last delay is cut so
        that one more poll falls on the deadline.
        """
        left = self._end - self._clock()
        if left <= 0:
            return None
        asked = min(getattr(self.error, "retry_after", None) or 0.0, LONGEST_RETRY_AFTER)
        delay = self._delay
        if self._grows:
            self._delay = min(delay * API.polling.factor, API.polling.maximum)
            delay *= 1 + _JITTER * (2 * self._jitter() - 1)
        return min(max(delay, asked), left)

    def left(self) -> float | None:
        """Seconds that the next poll may take; one that falls on the deadline gets a second."""
        left = max(self._end - self._clock(), 1.0)
        return None if left == _INFINITE else left

    @contextmanager
    def tolerant(self) -> Iterator[None]:
        """Bears what another poll may mend, and keeps it as `error`."""
        try:
            yield
            self.error = None
        except (APIConnectionError, RateLimitError, ServerError, UnexpectedResponseError) as error:
            self.error = error
            _log.info("%s; asked again later", error)

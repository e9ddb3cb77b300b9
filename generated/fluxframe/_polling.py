"""When to ask for a job again, which failures to bear, and when to give up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ._catalog import API
from ._errors import APIConnectionError, ConfigurationError, RateLimitError, ServerError

DEFAULT_DEADLINE = API.polling.deadline
_INFINITE = float("inf")


class Polls:
    """The polls of one wait: when each is due, how long it may take, and what went wrong last.

    `timeout` is the seconds that the wait may take, or None; `interval` the seconds between polls, or
    None for the API's own schedule, slower and slower; `patience` the seconds that one poll may take.
    """

    def __init__(
        self,
        timeout: float | None,
        interval: float | None,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        for name, value in (("timeout", timeout), ("interval", interval)):
            if value is not None and not 0 < value < _INFINITE:
                raise ConfigurationError(f"{name}: {value} is not a number of seconds above 0")
        self.error: Exception | None = None
        self._clock = clock
        self._end = _INFINITE if timeout is None else clock() + timeout
        self._patience = patience
        self._grows = interval is None
        self._delay = API.polling.first if interval is None else interval

    def delay(self) -> float | None:
        """Seconds to sleep before the next poll; None when the time is up.

        A server that says when to come back is believed, and the last delay is cut so that one more
        poll falls on the deadline.
        """
        left = self._end - self._clock()
        if left <= 0:
            return None
        asked = getattr(self.error, "retry_after", None) or 0.0
        delay = self._delay
        if self._grows:
            self._delay = min(delay * API.polling.factor, API.polling.maximum)
        return min(max(delay, asked), left)

    def timeout(self) -> float:
        """Seconds that the next poll may take; one that falls on the deadline gets a second."""
        return min(self._patience, max(self._end - self._clock(), 1.0))

    @contextmanager
    def tolerant(self) -> Iterator[None]:
        """Bears what another poll may mend, and keeps it as `error`."""
        try:
            yield
            self.error = None
        except (APIConnectionError, RateLimitError, ServerError) as error:
            self.error = error

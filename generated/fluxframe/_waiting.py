# A copy of codegen/runtime/_waiting.py, where it is edited.
"""Waiting for jobs: when to ask again, which failures to ignore, whom to notify, and when to give up.

The waiting is for any job that can poll itself once; `_jobs` has those of the two clients.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from ._catalog import API
from ._clock import monotonic
from ._errors import (
    APIError,
    ConfigurationError,
    JobTimeoutError,
)
from ._redact import excerpt
from ._wire.event_loop import running_loop
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
    or None for the API's own schedule, which slows down (`polling` in spec/api.yaml).
    """

    def __init__(
        self,
        deadline: float | None,
        interval: float | None = None,
        *,
        clock: Callable[[], float] = monotonic,
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

        A server's `Retry-After` is respected, within reason, and the last delay is cut so
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

    @property
    def over(self) -> bool:
        """Whether the deadline has come."""
        return self._clock() >= self._end

    @contextmanager
    def passing_failures(self) -> Iterator[None]:
        """Suppresses a failure that may be over by the next poll, and keeps it as `error`."""
        try:
            yield
            self.error = None
        except APIError as error:
            if not error.transient:
                raise
            self.error = error
            _log.info("%s; asked again later", excerpt(str(error), 500))


class Waitable(Protocol):
    """A job as far as waiting goes."""

    @property
    def status(self) -> str: ...
    @property
    def progress(self) -> int | None: ...
    def _is_settled(self) -> bool: ...
    def _is_seen(self) -> bool: ...
    def _must_poll_first(self) -> bool: ...
    def _timeout_error(self, polls: Polls) -> JobTimeoutError: ...


class SyncWaitable(Waitable, Protocol):
    def _poll(self, polls: Polls) -> None: ...


class AsyncWaitable(Waitable, Protocol):
    async def _poll(self, polls: Polls) -> None: ...


AnyJob = TypeVar("AnyJob", bound=Waitable)
AnySyncJob = TypeVar("AnySyncJob", bound=SyncWaitable)
AnyAsyncJob = TypeVar("AnyAsyncJob", bound=AsyncWaitable)


class ProgressReporter(Generic[AnyJob]):
    """Calls `on_progress` with a job whenever its status or progress has changed."""

    def __init__(self, call: Callable[[AnyJob], object] | None) -> None:
        if call is not None and not callable(call):
            kind = type(call).__qualname__
            raise ConfigurationError(f"on_progress: a {kind}, expected a function")
        self._call = call
        self._last: tuple[str, int | None] | None = None

    def report(self, job: AnyJob) -> object:
        """Call it if something has changed; returns what it returned."""
        if self._call is None or not job._is_seen():
            return None
        before, self._last = self._last, (job.status, job.progress)
        return self._call(job) if before != self._last else None


async def awaited(result: object) -> None:
    """Await what an async `on_progress` returned."""
    if isinstance(result, Awaitable):
        await result


def settle(job: AnySyncJob, polls: Polls, reporter: ProgressReporter[AnySyncJob]) -> None:
    """Wait until a job has ended, whether it succeeded or not. Raises JobTimeoutError."""
    if job._must_poll_first():
        job._poll(polls)
    reporter.report(job)
    while not job._is_settled():
        time.sleep(pause(job, polls))
        job._poll(polls)
        reporter.report(job)


async def settle_async(
    job: AnyAsyncJob, polls: Polls, reporter: ProgressReporter[AnyAsyncJob]
) -> None:
    """Wait until a job has ended, whether it succeeded or not. Raises JobTimeoutError."""
    import asyncio

    running_loop()
    if job._must_poll_first():
        await job._poll(polls)
    await awaited(reporter.report(job))
    while not job._is_settled():
        await asyncio.sleep(pause(job, polls))
        await job._poll(polls)
        await awaited(reporter.report(job))


def pause(job: Waitable, polls: Polls) -> float:
    """Seconds until the next poll. Raises JobTimeoutError when the time is up."""
    if (delay := polls.delay()) is None:
        raise job._timeout_error(polls)
    return delay

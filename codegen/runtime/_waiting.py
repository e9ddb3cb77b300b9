"""Waiting for jobs: when to ask again, which failures to ignore, whom to notify, and when to give up.

The waiting is for any job that can poll itself once; `_jobs` has those of the two clients.
"""

from __future__ import annotations

import heapq
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ._catalog import API
from ._errors import (
    APIConnectionError,
    APIError,
    ConfigurationError,
    InvalidRequestError,
    JobTimeoutError,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)
from ._problems import Problem
from ._redact import excerpt, show
from ._wire.retry import LONGEST_RETRY_AFTER
from ._wire.settings import checked_seconds

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

_log = logging.getLogger(__name__.rpartition(".")[0])

DEFAULT_WAIT = API.polling.deadline
_INFINITE = float("inf")
# Jobs that were submitted together are not asked for together: delays vary by this share.
_JITTER = 0.1
# Polls under way at once; each is short, and they share the connections.
_CONCURRENCY = 8


class Polls:
    """The polls of one wait: when each is due, how long it may take, and what went wrong last.

    `deadline` is the seconds that the wait may take, or None; `interval` the seconds between polls,
    or None for the API's own schedule, slower and slower (`polling` in spec/api.yaml).
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

    @contextmanager
    def passing_failures(self) -> Iterator[None]:
        """Suppresses a failure that may be over by the next poll, and keeps it as `error`."""
        try:
            yield
            self.error = None
        except (APIConnectionError, RateLimitError, ServerError, UnexpectedResponseError) as error:
            self.error = error
            _log.info("%s; asked again later", excerpt(str(error), 500))


class _Waitable(Protocol):
    """A job as far as waiting goes."""

    @property
    def status(self) -> str: ...
    @property
    def progress(self) -> int | None: ...
    def _is_settled(self) -> bool: ...
    def _is_seen(self) -> bool: ...
    def _must_poll_first(self) -> bool: ...
    def _timeout_error(self, polls: Polls) -> JobTimeoutError: ...


class _SyncWaitable(_Waitable, Protocol):
    def _poll(self, polls: Polls) -> None: ...


class _AsyncWaitable(_Waitable, Protocol):
    async def _poll(self, polls: Polls) -> None: ...


_Any = TypeVar("_Any", bound=_Waitable)
_Sync = TypeVar("_Sync", bound=_SyncWaitable)
_Async = TypeVar("_Async", bound=_AsyncWaitable)


class ProgressReporter(Generic[_Any]):
    """Calls `on_progress` with a job whenever its status or progress has changed."""

    def __init__(self, call: Callable[[_Any], object] | None) -> None:
        if call is not None and not callable(call):
            kind = type(call).__qualname__
            raise ConfigurationError(f"on_progress: a {kind}, expected a function")
        self._call = call
        self._last: tuple[str, int | None] | None = None

    def report(self, job: _Any) -> object:
        """Call it if something has changed; returns what it returned."""
        if self._call is None or not job._is_seen():
            return None
        before, self._last = self._last, (job.status, job.progress)
        return self._call(job) if before != self._last else None


async def awaited(result: object) -> None:
    """Await what an async `on_progress` returned."""
    if isinstance(result, Awaitable):
        await result


def settle(job: _Sync, polls: Polls, reporter: ProgressReporter[_Sync]) -> None:
    """Wait until a job has ended, whether it succeeded or not. Raises JobTimeoutError."""
    if job._must_poll_first():
        job._poll(polls)
    reporter.report(job)
    while not job._is_settled():
        time.sleep(_pause(job, polls))
        job._poll(polls)
        reporter.report(job)


async def settle_async(job: _Async, polls: Polls, reporter: ProgressReporter[_Async]) -> None:
    """Wait until a job has ended, whether it succeeded or not. Raises JobTimeoutError."""
    import asyncio

    if job._must_poll_first():
        await job._poll(polls)
    await awaited(reporter.report(job))
    while not job._is_settled():
        await asyncio.sleep(_pause(job, polls))
        await job._poll(polls)
        await awaited(reporter.report(job))


def _pause(job: _Waitable, polls: Polls) -> float:
    """Seconds until the next poll. Raises JobTimeoutError when the time is up."""
    if (delay := polls.delay()) is None:
        raise job._timeout_error(polls)
    return delay


def wait_many(
    job_of: Callable[[str], _Sync],
    ids: Iterable[str],
    *,
    deadline: float | None,
    interval: float | None,
) -> Iterator[_Sync]:
    """The jobs of `ids`, each once, in the order in which they end, failed ones too.

    Raises JobTimeoutError, for one that has not ended, when the time is up.
    """
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

    jobs = [job_of(id) for id in _each_once(ids)]
    number = count()
    # Ordered by when each is due; at first all at once.
    due = [(0.0, next(number), job, Polls(deadline, interval)) for job in jobs]
    with ThreadPoolExecutor(min(_CONCURRENCY, max(1, len(due)))) as pool:
        polled: dict[Future[None], tuple[_Sync, Polls]] = {}
        try:
            while due or polled:
                while due and len(polled) < _CONCURRENCY and due[0][0] <= time.monotonic():
                    _, _, job, polls = heapq.heappop(due)
                    polled[pool.submit(job._poll, polls)] = job, polls
                pause = due[0][0] - time.monotonic() if due and len(polled) < _CONCURRENCY else None
                if not polled:
                    time.sleep(max(0.0, pause or 0.0))
                done, _ = wait(polled, timeout=pause, return_when=FIRST_COMPLETED)
                for future in done:
                    job, polls = polled.pop(future)
                    future.result()
                    if job._is_settled():
                        yield job
                    else:
                        moment = time.monotonic() + _pause(job, polls)
                        heapq.heappush(due, (moment, next(number), job, polls))
        finally:
            for future in polled:
                future.cancel()


async def wait_many_async(
    job_of: Callable[[str], _Async],
    ids: Iterable[str],
    *,
    deadline: float | None,
    interval: float | None,
) -> AsyncIterator[_Async]:
    """The jobs of `ids`, each once, in the order in which they end, failed ones too.

    Raises JobTimeoutError, for one that has not ended, when the time is up.
    """
    import asyncio

    jobs = [job_of(id) for id in _each_once(ids)]
    gate = asyncio.Semaphore(_CONCURRENCY)
    ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
    tasks = {
        asyncio.create_task(_settle_gated(job, gate, Polls(deadline, interval))): job
        for job in jobs
    }
    for task in tasks:
        task.add_done_callback(ended.put_nowait)
    try:
        for _ in range(len(tasks)):
            task = await ended.get()
            task.result()
            yield tasks[task]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _settle_gated(job: _AsyncWaitable, gate: asyncio.Semaphore, polls: Polls) -> None:
    import asyncio

    while True:
        async with gate:  # Not held while it sleeps.
            await job._poll(polls)
        if job._is_settled():
            return
        await asyncio.sleep(_pause(job, polls))


def _each_once(ids: Iterable[str]) -> Iterable[str]:
    if isinstance(ids, str):
        words = f"{show(ids)} is one id; pass a list of them"
        raise InvalidRequestError([Problem(rule="type", parameter="ids", detail=words)])
    return dict.fromkeys(ids)

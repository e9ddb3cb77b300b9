# A copy of codegen/runtime/_wait_many.py, where it is edited.
"""Waiting for many jobs at once: each comes as it ends, and one that can't be had keeps no other."""

from __future__ import annotations

import heapq
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import aclosing, closing
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Generic

from ._clock import monotonic
from ._errors import (
    AuthenticationError,
    ConfigurationError,
    FluxframeError,
    InvalidRequestError,
)
from ._problems import Problem
from ._redact import short_repr, show
from ._threads import PATIENCE, started
from ._waiting import AnyAsyncJob, AnyJob, AnySyncJob, AsyncWaitable, Polls, pause
from ._wire.event_loop import running_loop

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

# Polls under way at once; each is short, and they share the connections.
_CONCURRENCY = 8
# Errors that do not depend on which job is asked for.
_FOR_ALL = (AuthenticationError, ConfigurationError)
# How many of the other errors are told with the first.
_NOTES = 10


@dataclass(frozen=True, slots=True)
class End(Generic[AnyJob]):
    """What the waiting for one of many jobs came to: the job has ended, or `error` says why not."""

    id: str
    job: AnyJob
    error: FluxframeError | None = None

    __repr__ = short_repr


class _LastPolls:
    """The polls of many jobs that fall on their deadline, or after it where the caller was slow.

    Each may take a second; so once one of them has failed, the others are not tried.
    """

    def __init__(self) -> None:
        self._failed = False

    def take_note(self, polls: Polls) -> None:
        self._failed |= polls.over and polls.error is not None

    def are_vain(self, polls: Polls) -> bool:
        return self._failed and polls.over


class _Failures:
    """The jobs that could not be waited for; the others go on, and the first error comes last."""

    def __init__(self) -> None:
        self._errors: list[FluxframeError] = []

    def add(self, error: FluxframeError) -> None:
        self._errors.append(error)

    def raise_first(self) -> None:
        """Raise the first error, with a note of each other."""
        if not self._errors:
            return
        first, *others = self._errors
        for error in others[:_NOTES]:
            first.add_note(f"also: {error}")
        if len(others) > _NOTES:
            first.add_note(f"and {len(others) - _NOTES} more")
        raise first


def wait_many(
    job_of: Callable[[str], AnySyncJob],
    ids: Iterable[str],
    *,
    deadline: float | None,
    interval: float | None,
) -> Iterator[AnySyncJob]:
    """The jobs of `ids`, each once, in the order in which they end, failed ones too.

    Raises, when all others have come, the error of one that has not ended in time or can't be asked
    for.
    """
    failures = _Failures()
    with closing(ends(job_of, ids, deadline=deadline, interval=interval)) as found:
        for end in found:
            if end.error is None:
                yield end.job
            else:
                failures.add(end.error)
    failures.raise_first()


def ends(
    job_of: Callable[[str], AnySyncJob],
    ids: Iterable[str],
    *,
    deadline: float | None,
    interval: float | None,
) -> Generator[End[AnySyncJob], None, None]:
    """The end of each job of `ids`, in the order in which they come."""
    from concurrent.futures import FIRST_COMPLETED, wait

    number = count()
    # Ordered by when each is due; at first all at once.
    due = [(0.0, next(number), id, job_of(id), Polls(deadline, interval)) for id in _each_once(ids)]
    # Polls that are under way when the caller leaves are left to themselves, in threads of their own:
    # one may take as long as the server likes.
    polled: dict[Future[None], tuple[str, AnySyncJob, Polls]] = {}
    last = _LastPolls()
    while due or polled:
        while due and len(polled) < _CONCURRENCY and due[0][0] <= monotonic():
            _, _, id, job, polls = heapq.heappop(due)
            if last.are_vain(polls):
                yield End(id, job, job._timeout_error(polls))
            else:
                polled[started("fluxframe-poll", job._poll, polls)] = id, job, polls
        left = due[0][0] - monotonic() if due and len(polled) < _CONCURRENCY else None
        if not polled:
            time.sleep(max(0.0, left or 0.0))
        patience = min((each for each in (left, PATIENCE) if each is not None), default=None)
        done, _ = wait(polled, timeout=patience, return_when=FIRST_COMPLETED)
        # Jobs that have ended come before an error that ends it all.
        for future in sorted(done, key=lambda future: future.exception() is not None):
            id, job, polls = polled.pop(future)
            error = _own_error(future.exception())
            last.take_note(polls)
            if error is not None or job._is_settled():
                yield End(id, job, error)
            elif (delay := polls.delay()) is None:
                yield End(id, job, job._timeout_error(polls))
            else:
                heapq.heappush(due, (monotonic() + delay, next(number), id, job, polls))


async def wait_many_async(
    job_of: Callable[[str], AnyAsyncJob],
    ids: Iterable[str],
    *,
    deadline: float | None,
    interval: float | None,
) -> AsyncIterator[AnyAsyncJob]:
    """The jobs of `ids`, each once, in the order in which they end, failed ones too.

    Raises, when all others have come, the error of one that has not ended in time or can't be asked
    for.
    """
    failures = _Failures()
    async with aclosing(_ends(job_of, ids, deadline=deadline, interval=interval)) as found:
        async for end in found:
            if end.error is None:
                yield end.job
            else:
                failures.add(end.error)
    failures.raise_first()


async def _ends(
    job_of: Callable[[str], AnyAsyncJob],
    ids: Iterable[str],
    *,
    deadline: float | None,
    interval: float | None,
) -> AsyncGenerator[End[AnyAsyncJob], None]:
    import asyncio

    running_loop()
    gate, last = asyncio.Semaphore(_CONCURRENCY), _LastPolls()
    ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
    tasks: dict[asyncio.Task[None], tuple[str, AnyAsyncJob]] = {}
    for id in _each_once(ids):
        job = job_of(id)
        task = asyncio.create_task(_settle_gated(job, gate, Polls(deadline, interval), last))
        task.add_done_callback(ended.put_nowait)
        tasks[task] = id, job
    try:
        for _ in range(len(tasks)):
            task = await ended.get()
            yield End(*tasks[task], _own_error(task.exception()))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _settle_gated(
    job: AsyncWaitable, gate: asyncio.Semaphore, polls: Polls, last: _LastPolls
) -> None:
    import asyncio

    while True:
        async with gate:  # Not held while it sleeps.
            if last.are_vain(polls):
                raise job._timeout_error(polls)
            await job._poll(polls)
        last.take_note(polls)
        if job._is_settled():
            return
        await asyncio.sleep(pause(job, polls))


def _own_error(error: BaseException | None) -> FluxframeError | None:
    """An error that is about one job; raises one that all would meet."""
    if error is None:
        return None
    if isinstance(error, FluxframeError) and not isinstance(error, _FOR_ALL):
        return error
    raise error


def _each_once(ids: Iterable[str]) -> Iterable[str]:
    if isinstance(ids, str):
        words = f"{show(ids)} is one id; pass a list of them"
        raise InvalidRequestError([Problem(rule="type", parameter="ids", detail=words)])
    each = list(ids)
    for i, id in enumerate(each):
        if not isinstance(id, str):
            raise InvalidRequestError(
                [Problem(rule="type", parameter="ids", index=(i,), value=id, limit="string")]
            )
    return dict.fromkeys(each)

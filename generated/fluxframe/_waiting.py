# A copy of codegen/runtime/_waiting.py, where it is edited.
"""Waits for many jobs at once, and gives each back as soon as it has ended."""

from __future__ import annotations

import heapq
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING

from ._errors import InvalidRequestError
from ._jobs import AsyncJob, Job
from ._polling import Polls
from ._problems import Problem
from ._redact import show
from ._wire.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

# Polls under way at once; each is short, and they share the connections.
_CONCURRENCY = 8


def wait_many(
    transport: Transport, ids: Iterable[str], *, deadline: float | None, interval: float | None
) -> Iterator[Job]:
    """The jobs of `ids`, each once, in the order in which they end, failed ones too.

    Raises JobTimeoutError, for one that has not ended, when the time is up.
    """
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

    jobs = [Job(transport, {"id": id}, partial=True) for id in _each_once(ids)]
    number = count()
    # By the time that each is to be asked for; at first all at once.
    due = [(0.0, next(number), job, Polls(deadline, interval)) for job in jobs]
    with ThreadPoolExecutor(min(_CONCURRENCY, max(1, len(due)))) as pool:
        polled: dict[Future[None], tuple[Job, Polls]] = {}
        try:
            while due or polled:
                while due and len(polled) < _CONCURRENCY and due[0][0] <= time.monotonic():
                    _, _, job, polls = heapq.heappop(due)
                    polled[pool.submit(_poll, job, polls)] = job, polls
                pause = due[0][0] - time.monotonic() if due and len(polled) < _CONCURRENCY else None
                if not polled:
                    time.sleep(max(0.0, pause or 0.0))
                done, _ = wait(polled, timeout=pause, return_when=FIRST_COMPLETED)
                for future in done:
                    job, polls = polled.pop(future)
                    future.result()
                    if job.ended:
                        yield job
                    elif (delay := polls.delay()) is None:
                        raise job._timeout_error(polls)
                    else:
                        moment = time.monotonic() + delay
                        heapq.heappush(due, (moment, next(number), job, polls))
        finally:
            for future in polled:
                future.cancel()


def _each_once(ids: Iterable[str]) -> Iterable[str]:
    if isinstance(ids, str):
        words = f"{show(ids)} is one id; pass a list of them"
        raise InvalidRequestError([Problem(rule="type", parameter="ids", detail=words)])
    return dict.fromkeys(ids)


def _poll(job: Job, polls: Polls) -> None:
    with polls.tolerant():
        job._update(job._transport.send(job._get(polls)))


async def wait_many_async(
    transport: AsyncTransport, ids: Iterable[str], *, deadline: float | None, interval: float | None
) -> AsyncIterator[AsyncJob]:
    """The jobs of `ids`, each once, in the order in which they end, failed ones too.

    Raises JobTimeoutError, for one that has not ended, when the time is up.
    """
    import asyncio

    jobs = [AsyncJob(transport, {"id": id}, partial=True) for id in _each_once(ids)]
    gate = asyncio.Semaphore(_CONCURRENCY)
    ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
    tasks = {
        asyncio.create_task(_settled(job, gate, Polls(deadline, interval))): job for job in jobs
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


async def _settled(job: AsyncJob, gate: asyncio.Semaphore, polls: Polls) -> None:
    import asyncio

    while True:
        async with gate:
            with polls.tolerant():
                job._update(await job._transport.send(job._get(polls)))
        if job.ended:
            return
        if (delay := polls.delay()) is None:
            raise job._timeout_error(polls)
        await asyncio.sleep(delay)

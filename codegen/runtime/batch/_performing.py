"""Takes the steps of a row, in a thread or in a task."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from .._jobs import AsyncJob, Job
from .._resources import AsyncSubmissions, Submissions
from .._wire.transport import AsyncTransport, Transport
from ._durable import sync_file
from ._entry import Entry
from ._failures import StoppedError
from ._options import RowOptions
from ._steps import Load, Poll, Record, Save, Sleep, Step, Steps, Submit


class Performer:
    """Takes the steps of rows in the threads that call it.

    `record` puts an entry on the disk; told that this can be soon, it may return before. `load` reads
    what all workers have recorded of a row, where there are several. `halt` ends sleep.
    """

    def __init__(
        self,
        transport: Transport,
        options: RowOptions,
        record: Callable[[Entry, bool], object],
        load: Callable[[int], Iterable[Entry]] | None = None,
        *,
        halt: threading.Event,
    ) -> None:
        self._transport = transport
        self._options = options
        self._record = record
        self._load = load
        self._halt = halt
        # The row's steps see to further attempts themselves.
        self._submissions = Submissions(transport.with_options(max_retries=0))

    def perform(self, steps: Steps) -> Entry:
        """Take the steps of a row to their end."""
        try:
            step = next(steps)
            while True:
                try:
                    result = self._perform(step)
                except Exception as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            entry: Entry = end.value
            return entry

    def _perform(self, step: Step) -> Any:
        match step:
            case Load(row):
                assert self._load is not None
                return self._load(row)
            case Record(entry, soon):
                self._record(entry, soon)
                return None
            case Submit(request, key):
                return self._submissions._submit(request, idempotency_key=key, validation="off")
            case Poll(id, polls):
                job = Job._by_id(self._transport, id)
                job._update(self._transport.send(job._get(polls)))
                return job
            case Save(job, row):
                folder, prefix = self._options.folder, f"{row:06d}-"
                return [_flushed(image._save(folder, prefix=prefix)) for image in job.images]
            case Sleep(seconds):
                if self._halt.wait(seconds):
                    raise StoppedError
                return None


class AsyncPerformer:
    """Takes the steps of rows in the tasks that await it, as `Performer` does in threads."""

    def __init__(
        self,
        transport: AsyncTransport,
        options: RowOptions,
        record: Callable[[Entry, bool], Awaitable[object]],
        load: Callable[[int], Awaitable[Iterable[Entry]]] | None = None,
    ) -> None:
        self._transport = transport
        self._options = options
        self._record = record
        self._load = load
        self._submissions = AsyncSubmissions(transport.with_options(max_retries=0))

    async def perform(self, steps: Steps) -> Entry:
        """Take the steps of a row to their end."""
        try:
            step = next(steps)
            while True:
                try:
                    result = await self._perform(step)
                except (Exception, asyncio.CancelledError) as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            entry: Entry = end.value
            return entry

    async def _perform(self, step: Step) -> Any:
        match step:
            case Load(row):
                assert self._load is not None
                return await self._load(row)
            case Record(entry, soon):
                await self._record(entry, soon)
                return None
            case Submit(request, key):
                return await self._submissions._submit(
                    request, idempotency_key=key, validation="off"
                )
            case Poll(id, polls):
                job = AsyncJob._by_id(self._transport, id)
                job._update(await self._transport.send(job._get(polls)))
                return job
            case Save(job, row):
                folder, prefix = self._options.folder, f"{row:06d}-"
                paths = [await image._save(folder, prefix=prefix) for image in job.images]
                return await asyncio.to_thread(lambda: [*map(_flushed, paths)])
            case Sleep(seconds):
                await asyncio.sleep(seconds)
                return None


def _flushed(path: Path) -> str:
    """Make a saved image durable; returns its name."""
    sync_file(path)
    return path.name

# A copy of codegen/runtime/batch/_drivers.py, where it is edited.
"""`client.batch`: runs many requests, each paid for once, in threads or in tasks."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

from .._jobs import AsyncJob, Job
from .._resources import AsyncSubmissions, Submissions
from .._threads import started
from .._waiting import DEFAULT_WAIT, awaited
from .._wire.event_loop import running_loop
from .._wire.transport import AsyncTransport, Transport
from ._approvals import Approvals
from ._batch_run import BatchRun, count_rows, opened
from ._durable import sync_file
from ._entry import Entry
from ._failures import StoppedError
from ._files import read
from ._options import options_of
from ._rows import Request, Requests, Row, Rows, row
from ._steps import Poll, Record, Save, Sleep, Step, Steps, Submit
from ._summary import BatchProgress, BatchSummary


def _flushed(path: Path) -> str:
    """Make a saved image durable; returns its name."""
    sync_file(path)
    return path.name


class Batch:
    """Runs many requests, each paid for once, in threads: `client.batch`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def run(
        self,
        requests: Requests,
        *,
        journal: str | os.PathLike[str],
        out: str | os.PathLike[str] | None,
        manifest: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        resubmit: int = 2,
        interval: float | None = None,
        deadline: float | None = DEFAULT_WAIT,
        skip_invalid: bool = False,
        retry_failed: bool = False,
        resubmit_unknown: bool = False,
        on_progress: Callable[[BatchProgress], object] | None = None,
    ) -> BatchSummary:
        """Run many requests, in threads; returns when all are finished.

        What happens is recorded in `journal` before and after it does, so that the same call after a
        kill or a power cut goes on where it was and pays for nothing twice.

        Args:
            requests: Mappings (in the API's JSON or by Python names) or typed requests,
                read as they are needed; a table of pandas or polars; or the path of a .jsonl, .json or
                .csv file, all of which is checked before anything is sent. A column of a table is a
                parameter by its Python name; a list is JSON or has `;` between its items; an empty
                cell, None, NaN or NA is not given.
            journal: The file that makes the batch resumable; it names the batch.
            out: Folder for the images, such as `000042-JOB-1.jpg` for row 42 (from 0); with None
                they are not saved, and a later run with a folder fetches them.
            manifest: File to write in the end, one line of JSON per row; by default beside the journal,
                `run.manifest.jsonl` for `run.jsonl`.
            concurrency: Rows under way at once, at most; fewer for a while after a 429, which
                does not fail any row.
            resubmit: How often to submit a row again whose job failed for lack of capacity.
            interval: Seconds between polls of a job; by default the API's schedule.
            deadline: Seconds to wait for one row's job; None waits for ever.
            skip_invalid: Record the wrong rows of a file as refused, and run the others.
            retry_failed: Run again what failed or was refused in an earlier run. A job that is done
                but could not be saved is not submitted again.
            resubmit_unknown: Submit again what may have been submitted in an earlier run, so long ago
                that its key is forgotten. It may be paid for twice. What another API key may have
                submitted is settled by a run with that key, as long as it is not forgotten.
            on_progress: Called with a BatchProgress when a row is finished.

        Returns:
            What became of the rows; a row that fails does not stop the others.

        Raises:
            InvalidRequestError: A file has rows that are wrong; nothing was sent.
            JournalError: The journal is damaged, in use, or has other rows.
            FluxframeError: What makes all rows fail, such as a wrong key or a lack of credits; rows
                under way were completed first.
        """
        options = options_of(
            requests,
            journal=journal,
            out=out,
            manifest=manifest,
            concurrency=concurrency,
            resubmit=resubmit,
            interval=interval,
            deadline=deadline,
            skip_invalid=skip_invalid,
            retry_failed=retry_failed,
            resubmit_unknown=resubmit_unknown,
            on_progress=on_progress,
        )
        # The batch sees to further attempts itself, for all of its rows together.
        self._submissions = Submissions(self._transport.with_options(max_retries=0))
        rows, settings, approvals = read(requests), self._transport.settings, Approvals()
        total = count_rows(requests, options, settings.validation, approvals)
        halt = threading.Event()
        running: set[Future[Entry]] = set()
        with BatchRun(options, settings, total, approvals) as run, closing(rows):
            try:
                try:
                    for found in rows:
                        if (steps := run.steps(found)) is not None:
                            self._make_room(run, running, concurrency)
                            if run.error is not None:
                                break
                            # What is under way at Ctrl-C is recorded on disk.
                            running.add(started("fluxframe-batch", self._perform, run, halt, steps))
                    self._make_room(run, running, 1)
                    run.report(0)
                except Exception as error:
                    run.fail(error)
                    self._make_room(run, running, 1)
            except BaseException:
                run.fail(StoppedError())
                halt.set()
                raise
            return run.finish()

    def _make_room(self, run: BatchRun, running: set[Future[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            running -= done
            for future in done:
                run.settle(future)
            run.report(len(running))

    def _perform(self, run: BatchRun, halt: threading.Event, steps: Steps) -> Entry:
        """Take the steps of a row, in a thread."""
        try:
            step = next(steps)
            while True:
                try:
                    result = self._perform_step(run, halt, step)
                except Exception as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            entry: Entry = end.value
            return entry

    def _perform_step(self, run: BatchRun, halt: threading.Event, step: Step) -> Any:
        match step:
            case Record(entry, soon):
                written = run.journal.append(entry)
                return None if soon else written.result()
            case Submit(request, key):
                return self._submissions._submit(request, idempotency_key=key, validation="off")
            case Poll(id, polls):
                job = Job._by_id(self._transport, id)
                job._update(self._transport.send(job._get(polls)))
                return job
            case Save(job, row):
                return [
                    _flushed(image._save(run.out, prefix=f"{row:06d}-")) for image in job.images
                ]
            case Sleep(seconds):
                if halt.wait(seconds):
                    raise StoppedError
                return None


class AsyncBatch:
    """Runs many requests, each paid for once, in tasks: `client.batch` of `AsyncFluxframe`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def run(
        self,
        requests: Requests | AsyncIterable[Request],
        *,
        journal: str | os.PathLike[str],
        out: str | os.PathLike[str] | None,
        manifest: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        resubmit: int = 2,
        interval: float | None = None,
        deadline: float | None = DEFAULT_WAIT,
        skip_invalid: bool = False,
        retry_failed: bool = False,
        resubmit_unknown: bool = False,
        on_progress: Callable[[BatchProgress], object] | None = None,
    ) -> BatchSummary:
        """Run many requests, in tasks; returns when all are finished.

        What happens is recorded in `journal` before and after it does, so that the same call after a
        kill or a power cut goes on where it was and pays for nothing twice.

        Args:
            requests: Mappings (in the API's JSON or by Python names) or typed requests, also from an
                async iterable, read as they are needed; a table of pandas or polars; or the path of a
                .jsonl, .json or .csv file, all of which is checked before anything is sent. A column
                of a table is a parameter by its Python name; a list is JSON or has `;` between its
                items; an empty cell, None, NaN or NA is not given.
            journal: The file that makes the batch resumable; it names the batch.
            out: Folder for the images, such as `000042-JOB-1.jpg` for row 42 (from 0); with None
                they are not saved, and a later run with a folder fetches them.
            manifest: File to write in the end, one line of JSON per row; by default beside the journal,
                `run.manifest.jsonl` for `run.jsonl`.
            concurrency: Rows under way at once, at most; fewer for a while after a 429, which
                does not fail any row.
            resubmit: How often to submit a row again whose job failed for lack of capacity.
            interval: Seconds between polls of a job; by default the API's schedule.
            deadline: Seconds to wait for one row's job; None waits for ever.
            skip_invalid: Record the wrong rows of a file as refused, and run the others.
            retry_failed: Run again what failed or was refused in an earlier run. A job that is done
                but could not be saved is not submitted again.
            resubmit_unknown: Submit again what may have been submitted in an earlier run, so long ago
                that its key is forgotten. It may be paid for twice. What another API key may have
                submitted is settled by a run with that key, as long as it is not forgotten.
            on_progress: Called with a BatchProgress when a row is finished.

        Returns:
            What became of the rows; a row that fails does not stop the others.

        Raises:
            InvalidRequestError: A file has rows that are wrong; nothing was sent.
            JournalError: The journal is damaged, in use, or has other rows.
            FluxframeError: What makes all rows fail, such as a wrong key or a lack of credits; rows
                under way were completed first.
        """
        running_loop()
        options = options_of(
            requests,
            journal=journal,
            out=out,
            manifest=manifest,
            concurrency=concurrency,
            resubmit=resubmit,
            interval=interval,
            deadline=deadline,
            skip_invalid=skip_invalid,
            retry_failed=retry_failed,
            resubmit_unknown=resubmit_unknown,
            on_progress=on_progress,
        )
        self._submissions = AsyncSubmissions(self._transport.with_options(max_retries=0))
        rows = _any_rows(requests)
        settings, approvals = self._transport.settings, Approvals()
        total = await asyncio.to_thread(
            count_rows, requests, options, settings.validation, approvals
        )
        running: set[asyncio.Task[Entry]] = set()
        with await opened(options, settings, total, approvals) as run:
            try:
                try:
                    async with aclosing(rows):
                        async for found in rows:
                            if (steps := run.steps(found)) is not None:
                                await self._make_room(run, running, concurrency)
                                if run.error is not None:
                                    break
                                running.add(asyncio.create_task(self._perform(run, steps)))
                    await self._make_room(run, running, 1)
                    await awaited(run.report(0))
                except Exception as error:
                    run.fail(error)
                    await self._make_room(run, running, 1)
            except BaseException:
                run.fail(StoppedError())
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)
                raise
            return await asyncio.to_thread(run.finish)

    async def _make_room(self, run: BatchRun, running: set[asyncio.Task[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            for task in done:
                run.settle(task)
            await awaited(run.report(len(running)))

    async def _perform(self, run: BatchRun, steps: Steps) -> Entry:
        """Take the steps of a row, in a task."""
        try:
            step = next(steps)
            while True:
                try:
                    result = await self._perform_step(run, step)
                except (Exception, asyncio.CancelledError) as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            entry: Entry = end.value
            return entry

    async def _perform_step(self, run: BatchRun, step: Step) -> Any:
        match step:
            case Record(entry, soon):
                written = run.journal.append(entry)
                return None if soon else await asyncio.wrap_future(written)
            case Submit(request, key):
                return await self._submissions._submit(
                    request, idempotency_key=key, validation="off"
                )
            case Poll(id, polls):
                job = AsyncJob._by_id(self._transport, id)
                job._update(await self._transport.send(job._get(polls)))
                return job
            case Save(job, row):
                paths = [await image._save(run.out, prefix=f"{row:06d}-") for image in job.images]
                return await asyncio.to_thread(lambda: [*map(_flushed, paths)])
            case Sleep(seconds):
                await asyncio.sleep(seconds)
                return None


def _any_rows(requests: Requests | AsyncIterable[Request]) -> AsyncGenerator[Row, None]:
    if isinstance(requests, AsyncIterable):
        return _rows_of(requests)
    return _with_turns(read(requests))


async def _rows_of(requests: AsyncIterable[Request]) -> AsyncGenerator[Row, None]:
    position = 0
    async for request in requests:
        yield row(position, request)
        position += 1


async def _with_turns(rows: Rows) -> AsyncGenerator[Row, None]:
    """Rows that are read as they are needed, and now and then a turn for other tasks."""
    with closing(rows):
        for number, found in enumerate(rows):
            if number % 100 == 0:
                await asyncio.sleep(0)
            yield found

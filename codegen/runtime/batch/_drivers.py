"""`client.batch`: runs many requests, each paid for once, in threads or in tasks."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import aclosing, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._jobs import AsyncJob, Job
from .._waiting import DEFAULT_WAIT, awaited
from .._wire.transport import AsyncTransport, Transport
from ._journal import Entry, sync_folder
from ._rows import Request, Row, Rows, Source, read, row
from ._steps import (
    BatchProgress,
    BatchSummary,
    Look,
    Record,
    Run,
    Save,
    Sleep,
    Step,
    Steps,
    StoppedError,
    Submit,
    count_rows,
    settings_of,
)

if TYPE_CHECKING:
    from .._emitted.async_resources import AsyncImages
    from .._emitted.resources import Images


def _kept(path: Path) -> str:
    """See to it that a saved picture is on the disk; gives its name."""
    with path.open("rb") as file:
        if os.name == "posix":  # Elsewhere it takes a file that is open for writing.
            os.fsync(file.fileno())
    sync_folder(path.parent)
    return path.name


def _started(function: Callable[..., Entry], *arguments: object) -> Future[Entry]:
    """Call a function in a thread of its own.

    At its end Python does not wait for it: what is under way at Ctrl-C is on the disk.
    """
    future: Future[Entry] = Future()

    def run() -> None:
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="fluxframe-batch", daemon=True).start()
    return future


class Batch:
    """`client.batch`."""

    def __init__(self, images: Images, transport: Transport) -> None:
        # The batch sees to further attempts itself, for all of its rows together.
        self._kind = type(images)
        self._transport = transport

    def run(
        self,
        requests: Source,
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
        """Run many requests, in threads; returns when all are through.

        What happens is recorded in `journal` before and after it does, so that the same call after a
        kill or a power cut goes on where it was and pays for nothing twice.

        Args:
            requests: Mappings (in the API's JSON or by Python names) or typed requests,
                read as they are needed; or the path of a .jsonl or .csv file, all of which is checked
                before anything is sent. A column of a CSV is a parameter by its Python name; a list
                is JSON or has `;` between its items; an empty cell is not given.
            journal: The file that makes the batch resumable; it names the batch.
            out: Folder for the pictures, such as `000042-JOB-1.jpg` for row 42 (from 0); None
                saves none, which a later run with a folder makes up for.
            manifest: File to write in the end, a line of JSON a row; by default beside the journal,
                `run.manifest.jsonl` for `run.jsonl`.
            concurrency: Rows under way at once, at most; fewer for a while after a 429, which fails
                no row.
            resubmit: How often a row is submitted anew whose job failed for want of capacity.
            interval: Seconds between polls of a job; by default the API's schedule.
            deadline: Seconds to wait for one row's job; None waits without end.
            skip_invalid: Record the wrong rows of a file as refused, and run the others.
            retry_failed: Run again what failed or was refused in an earlier run. A job that is done
                but could not be saved is not submitted anew.
            resubmit_unknown: Submit anew what may have been submitted in an earlier run, so long ago
                that its key is forgotten. It may be paid for twice.
            on_progress: Called with a BatchProgress when a row is through.

        Returns:
            What became of the rows: an error of a row's own stops no other.

        Raises:
            InvalidRequestError: A file has rows that are wrong; nothing was sent.
            JournalError: The journal is damaged, in use, or has other rows.
            FluxframeError: What makes all rows fail, such as a wrong key or a lack of credits; rows
                under way were brought to their end first.
        """
        settings = settings_of(
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
        self._images = self._kind(self._transport.with_options(max_retries=0))
        rows = read(requests)
        total = count_rows(requests, settings, self._transport.settings.validation)
        halt = threading.Event()
        running: set[Future[Entry]] = set()
        with Run(settings, self._transport, total) as run, closing(rows):
            try:
                try:
                    for found in rows:
                        if (steps := run.steps(found)) is not None:
                            self._make_room(run, running, concurrency)
                            if run.error is not None:
                                break
                            running.add(_started(self._take, run, halt, steps))
                    self._make_room(run, running, 1)
                    run.tell(0)
                except Exception as error:
                    run.fail(error)
                    self._make_room(run, running, 1)
            except BaseException:
                run.fail(StoppedError())
                halt.set()
                raise
            return run.finish()

    def _make_room(self, run: Run, running: set[Future[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            running -= done
            for future in done:
                run.settle(future)
            run.tell(len(running))

    def _take(self, run: Run, halt: threading.Event, steps: Steps) -> Entry:
        """Take a row's steps, in a thread."""
        try:
            step = next(steps)
            while True:
                try:
                    result = self._do(run, halt, step)
                except Exception as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            entry: Entry = end.value
            return entry

    def _do(self, run: Run, halt: threading.Event, step: Step) -> Any:
        match step:
            case Record(entry, soon):
                written = run.journal.append(entry)
                return None if soon else written.result()
            case Submit(request, key):
                return self._images.generate(request, idempotency_key=key, validation="off")
            case Look(id, polls):
                job = Job(self._transport, {"id": id})
                job._update(self._transport.send(job._get(polls)))
                return job
            case Save(job, row):
                return [_kept(image._save(run.out, prefix=f"{row:06d}-")) for image in job.images]
            case Sleep(seconds):
                if halt.wait(seconds):
                    raise StoppedError
                return None


class AsyncBatch:
    """`client.batch`."""

    def __init__(self, images: AsyncImages, transport: AsyncTransport) -> None:
        # The batch sees to further attempts itself, for all of its rows together.
        self._kind = type(images)
        self._transport = transport

    async def run(
        self,
        requests: Source | AsyncIterable[Request],
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
        """Run many requests, in tasks; returns when all are through.

        What happens is recorded in `journal` before and after it does, so that the same call after a
        kill or a power cut goes on where it was and pays for nothing twice.

        Args:
            requests: Mappings (in the API's JSON or by Python names) or typed requests, also from an async iterable,
                read as they are needed; or the path of a .jsonl or .csv file, all of which is checked
                before anything is sent. A column of a CSV is a parameter by its Python name; a list
                is JSON or has `;` between its items; an empty cell is not given.
            journal: The file that makes the batch resumable; it names the batch.
            out: Folder for the pictures, such as `000042-JOB-1.jpg` for row 42 (from 0); None
                saves none, which a later run with a folder makes up for.
            manifest: File to write in the end, a line of JSON a row; by default beside the journal,
                `run.manifest.jsonl` for `run.jsonl`.
            concurrency: Rows under way at once, at most; fewer for a while after a 429, which fails
                no row.
            resubmit: How often a row is submitted anew whose job failed for want of capacity.
            interval: Seconds between polls of a job; by default the API's schedule.
            deadline: Seconds to wait for one row's job; None waits without end.
            skip_invalid: Record the wrong rows of a file as refused, and run the others.
            retry_failed: Run again what failed or was refused in an earlier run. A job that is done
                but could not be saved is not submitted anew.
            resubmit_unknown: Submit anew what may have been submitted in an earlier run, so long ago
                that its key is forgotten. It may be paid for twice.
            on_progress: Called with a BatchProgress when a row is through.

        Returns:
            What became of the rows: an error of a row's own stops no other.

        Raises:
            InvalidRequestError: A file has rows that are wrong; nothing was sent.
            JournalError: The journal is damaged, in use, or has other rows.
            FluxframeError: What makes all rows fail, such as a wrong key or a lack of credits; rows
                under way were brought to their end first.
        """
        settings = settings_of(
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
        self._images = self._kind(self._transport.with_options(max_retries=0))
        rows = (
            _async_rows(requests) if isinstance(requests, AsyncIterable) else _each(read(requests))
        )
        validation = self._transport.settings.validation
        total = await asyncio.to_thread(count_rows, requests, settings, validation)
        running: set[asyncio.Task[Entry]] = set()
        with Run(settings, self._transport, total) as run:
            try:
                try:
                    async with aclosing(rows):
                        async for found in rows:
                            if (steps := run.steps(found)) is not None:
                                await self._make_room(run, running, concurrency)
                                if run.error is not None:
                                    break
                                running.add(asyncio.create_task(self._take(run, steps)))
                    await self._make_room(run, running, 1)
                    await awaited(run.tell(0))
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

    async def _make_room(self, run: Run, running: set[asyncio.Task[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            for task in done:
                run.settle(task)
            await awaited(run.tell(len(running)))

    async def _take(self, run: Run, steps: Steps) -> Entry:
        """Take a row's steps, in a task."""
        try:
            step = next(steps)
            while True:
                try:
                    result = await self._do(run, step)
                except (Exception, asyncio.CancelledError) as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            entry: Entry = end.value
            return entry

    async def _do(self, run: Run, step: Step) -> Any:
        match step:
            case Record(entry, soon):
                written = run.journal.append(entry)
                return None if soon else await asyncio.wrap_future(written)
            case Submit(request, key):
                return await self._images.generate(request, idempotency_key=key, validation="off")
            case Look(id, polls):
                job = AsyncJob(self._transport, {"id": id})
                job._update(await self._transport.send(job._get(polls)))
                return job
            case Save(job, row):
                paths = [await image._save(run.out, prefix=f"{row:06d}-") for image in job.images]
                return await asyncio.to_thread(lambda: [*map(_kept, paths)])
            case Sleep(seconds):
                await asyncio.sleep(seconds)
                return None


async def _async_rows(source: AsyncIterable[Request]) -> AsyncGenerator[Row, None]:
    position = 0
    async for request in source:
        yield row(position, request)
        position += 1


async def _each(rows: Rows) -> AsyncGenerator[Row, None]:
    """Rows that are read as they are needed, and now and then a turn for other tasks."""
    with closing(rows):
        for number, found in enumerate(rows):
            if number % 100 == 0:
                await asyncio.sleep(0)
            yield found

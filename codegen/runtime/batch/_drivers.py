"""`client.batch`: runs many requests, each paid for once, in threads or in tasks."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import aclosing, closing

from .._threads import PATIENCE, started
from .._waiting import DEFAULT_WAIT, awaited
from .._wire.event_loop import running_loop
from .._wire.transport import AsyncTransport, Transport
from ._approvals import Approvals
from ._batch_run import BatchRun, count_rows, opened
from ._entry import Entry
from ._failures import ServerGoneError, StoppedError
from ._files import read
from ._gate import Gate
from ._options import options_of, row_options_of
from ._performing import AsyncPerformer, Performer
from ._rows import Request, Requests, Row, Rows, row
from ._shared_row import SharedRow
from ._store import AsyncRowStore, RowStore
from ._summary import BatchProgress, BatchSummary


class Batch:
    """Runs many requests, each paid for once, in threads: `client.batch`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._gate = Gate()  # Of the rows that are run one by one.

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

        Each step is recorded in `journal` before and after it is taken, so after a kill or a power cut the
        same call resumes where it was and pays for nothing twice.

        Args:
            requests: Mappings (in the API's JSON or by Python names) or typed requests,
                read as they are needed; a pandas or polars DataFrame; or the path of a .jsonl, .json or
                .csv file, all of which is checked before anything is sent. A column of a table is a
                parameter by its Python name; a list is JSON or has `;` between its items; an empty
                cell, None, NaN or NA is not given.
            journal: The file that makes the batch resumable; it names the batch.
            out: Folder for the images, such as `000042-JOB-1.jpg` for row 42 (from 0); with None
                they are not saved, and a later run with a folder fetches them.
            manifest: File to write at the end, one line of JSON per row; by default next to the journal,
                `run.manifest.jsonl` for `run.jsonl`.
            concurrency: Maximum number of rows at once; fewer for a while after a 429, which
                does not fail any row.
            resubmit: How many times to submit a row again whose job failed for lack of capacity.
            interval: Seconds between polls of a job; by default the API's schedule.
            deadline: Seconds to wait for one row's job; None waits forever.
            skip_invalid: Record invalid rows of a file as refused, and run the others.
            retry_failed: Run rows again that failed or were refused in an earlier run. A job that is done
                but could not be saved is not submitted again.
            resubmit_unknown: Submit again what may have been submitted in an earlier run, so long ago
                that its key is forgotten. It may be paid for twice. What another API key may have
                submitted is settled by a run with that key, as long as it is not forgotten.
            on_progress: Called with a BatchProgress when a row is finished.

        Returns:
            What became of the rows; a row that fails does not stop the others.

        Raises:
            InvalidRequestError: A file has invalid rows; nothing was sent.
            JournalError: The journal is damaged, in use, or has other rows.
            FluxframeError: An error that affects all rows, such as a wrong key or too few credits; rows
                in progress were finished first.
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
        rows, settings, approvals = read(requests), self._transport.settings, Approvals()
        total = count_rows(requests, options, settings.validation, approvals)
        halt = threading.Event()
        running: set[Future[Entry]] = set()
        with BatchRun(options, settings, total, approvals) as run, closing(rows):
            performer = Performer(self._transport, options, run.record, halt=halt)
            try:
                try:
                    for found in rows:
                        if (steps := run.steps(found)) is not None:
                            self._make_room(run, running, concurrency)
                            if run.error is not None:
                                break
                            # What is under way at Ctrl-C is recorded on disk.
                            running.add(started("fluxframe-batch", performer.perform, steps))
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

    def run_row(
        self,
        request: Request,
        *,
        batch: str,
        position: int,
        store: RowStore,
        out: str | os.PathLike[str] | None,
        resubmit: int = 2,
        interval: float | None = None,
        deadline: float | None = DEFAULT_WAIT,
        retry_failed: bool = False,
        resubmit_unknown: bool = False,
    ) -> Entry:
        """Run one row of a batch whose other rows may run on other machines.

        Any worker may call it any number of times, several at once: a row that is in progress elsewhere
        is submitted with the same key, and one that has ended is returned as it is.

        Args:
            request: A mapping (in the API's JSON or by Python names) or a typed request.
            batch: The name of the batch; with it, `position` and `request` are the row's identity.
            position: The row's position in the batch, from 0.
            store: Where all workers record what they know of rows, such as `FolderStore`.
            out: Folder for the images, such as `000042-JOB-1.jpg` for row 42; with None they are not
                saved, and a later call with a folder fetches them.
            resubmit: How many times to submit the row again if its job failed for lack of capacity.
            interval: Seconds between polls of the job; by default the API's schedule.
            deadline: Seconds to wait for the job; None waits forever.
            retry_failed: Run the row again if it failed or was refused in an earlier call.
            resubmit_unknown: Submit the row again if it may have been submitted, so long ago that its
                key is forgotten. It may be paid for twice.

        Returns:
            What became of the row. If it has not `ended`, its `error` says why, and another call
            continues it.

        Raises:
            JournalError: The store has another request at this position, or is damaged.
            FluxframeError: An error that affects all rows, such as a wrong key, too few credits, or a
                server that stays unreachable.
            OSError: The store or `out` can't be written to; nothing was sent without being recorded.
        """
        options = row_options_of(
            out=out,
            resubmit=resubmit,
            interval=interval,
            deadline=deadline,
            retry_failed=retry_failed,
            resubmit_unknown=resubmit_unknown,
        )
        shared = SharedRow(
            request,
            batch,
            position,
            store=store,
            options=options,
            settings=self._transport.settings,
            gate=self._gate,
        )
        options.make_out()
        performer = Performer(
            self._transport, options, shared.record, shared.load, halt=threading.Event()
        )
        try:
            return performer.perform(shared.steps())
        except ServerGoneError as error:
            gone = error.server_error
        raise gone  # Out there, as it is the cause of the other already.

    def _make_room(self, run: BatchRun, running: set[Future[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = wait(running, PATIENCE, return_when=FIRST_COMPLETED)
            running -= done
            for future in done:
                run.settle(future)
            run.report(len(running))


class AsyncBatch:
    """Runs many requests, each paid for once, in tasks: `client.batch` of `AsyncFluxframe`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self._gate = Gate()

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

        Each step is recorded in `journal` before and after it is taken, so after a kill or a power cut the
        same call resumes where it was and pays for nothing twice.

        Args:
            requests: Mappings (in the API's JSON or by Python names) or typed requests, also from an
                async iterable, read as they are needed; a table of pandas or polars; or the path of a
                .jsonl, .json or .csv file, all of which is checked before anything is sent. A column
                of a table is a parameter by its Python name; a list is JSON or has `;` between its
                items; an empty cell, None, NaN or NA is not given.
            journal: The file that makes the batch resumable; it names the batch.
            out: Folder for the images, such as `000042-JOB-1.jpg` for row 42 (from 0); with None
                they are not saved, and a later run with a folder fetches them.
            manifest: File to write at the end, one line of JSON per row; by default next to the journal,
                `run.manifest.jsonl` for `run.jsonl`.
            concurrency: Maximum number of rows at once; fewer for a while after a 429, which
                does not fail any row.
            resubmit: How many times to submit a row again whose job failed for lack of capacity.
            interval: Seconds between polls of a job; by default the API's schedule.
            deadline: Seconds to wait for one row's job; None waits forever.
            skip_invalid: Record invalid rows of a file as refused, and run the others.
            retry_failed: Run rows again that failed or were refused in an earlier run. A job that is done
                but could not be saved is not submitted again.
            resubmit_unknown: Submit again what may have been submitted in an earlier run, so long ago
                that its key is forgotten. It may be paid for twice. What another API key may have
                submitted is settled by a run with that key, as long as it is not forgotten.
            on_progress: Called with a BatchProgress when a row is finished.

        Returns:
            What became of the rows; a row that fails does not stop the others.

        Raises:
            InvalidRequestError: A file has invalid rows; nothing was sent.
            JournalError: The journal is damaged, in use, or has other rows.
            FluxframeError: An error that affects all rows, such as a wrong key or too few credits; rows
                in progress were finished first.
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
        rows = _any_rows(requests)
        settings, approvals = self._transport.settings, Approvals()
        total = await asyncio.to_thread(
            count_rows, requests, options, settings.validation, approvals
        )
        running: set[asyncio.Task[Entry]] = set()
        with await opened(options, settings, total, approvals) as run:
            performer = AsyncPerformer(self._transport, options, run.record_in_task)
            try:
                try:
                    async with aclosing(rows):
                        async for found in rows:
                            if (steps := run.steps(found)) is not None:
                                await self._make_room(run, running, concurrency)
                                if run.error is not None:
                                    break
                                running.add(asyncio.create_task(performer.perform(steps)))
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

    async def run_row(
        self,
        request: Request,
        *,
        batch: str,
        position: int,
        store: RowStore | AsyncRowStore,
        out: str | os.PathLike[str] | None,
        resubmit: int = 2,
        interval: float | None = None,
        deadline: float | None = DEFAULT_WAIT,
        retry_failed: bool = False,
        resubmit_unknown: bool = False,
    ) -> Entry:
        """Run one row of a batch whose other rows may run on other machines.

        Takes, returns and raises what the sync method does; the methods of `store` may be coroutines.
        """
        running_loop()
        options = row_options_of(
            out=out,
            resubmit=resubmit,
            interval=interval,
            deadline=deadline,
            retry_failed=retry_failed,
            resubmit_unknown=resubmit_unknown,
        )
        shared = SharedRow(
            request,
            batch,
            position,
            store=store,
            options=options,
            settings=self._transport.settings,
            gate=self._gate,
        )
        await asyncio.to_thread(options.make_out)
        performer = AsyncPerformer(
            self._transport, options, shared.record_in_task, shared.load_in_task
        )
        try:
            return await performer.perform(shared.steps())
        except ServerGoneError as error:
            gone = error.server_error
        raise gone  # Out there, as it is the cause of the other already.

    async def _make_room(self, run: BatchRun, running: set[asyncio.Task[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            for task in done:
                run.settle(task)
            await awaited(run.report(len(running)))


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

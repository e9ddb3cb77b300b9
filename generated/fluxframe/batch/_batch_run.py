# A copy of codegen/runtime/batch/_batch_run.py, where it is edited.
"""A batch as a whole: its rows, their progress, and its result."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import Future
from pathlib import Path

from .._errors import InvalidRequestError
from .._problems import Validation
from .._redact import without_query
from .._wire.settings import Settings
from ._approvals import Approvals, check_rows
from ._batch_state import BatchState
from ._durable import replace_whole
from ._entry import Entry
from ._failures import ServerGoneError, StoppedError
from ._files import read
from ._gate import Gate
from ._journal import Journal
from ._options import Options
from ._row_run import steps_of
from ._rows import Row, is_path
from ._steps import Steps
from ._summary import BatchProgress, BatchSummary


class BatchRun:
    """One run of a batch: what is the same in threads and in tasks.

    Use it as a context manager, which holds the journal.
    """

    def __init__(
        self, options: Options, settings: Settings, total: int | None, approvals: Approvals
    ) -> None:
        self._options = options
        self._total = total
        self._tally = Tally()
        self._reported: BatchProgress | None = None
        options.make_out()
        self.journal = Journal(options.journal, without_query(settings.base_url))
        self._state = BatchState(
            self.journal.batch,
            str(options.journal),
            options,
            settings,
            gate=Gate(options.concurrency),
            approvals=approvals,
        )

    def __enter__(self) -> BatchRun:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.journal.close()
        if error is not None:
            path = self._options.journal
            error.add_note(f"what was done is in {path}; the same call goes on from there")

    @property
    def error(self) -> BaseException | None:
        """The error that stopped submissions, if any."""
        return self._state.error

    def fail(self, error: BaseException) -> None:
        """Stop submitting; the first error given is the one that the batch raises."""
        self._state.fail(error)

    def steps(self, row: Row) -> Steps | None:
        """What remains to be done for a row; None if nothing. Raises JournalError for another row."""
        before = self.journal.entry(row.position)
        steps = steps_of(self._state, row, before)
        if steps is None and before is not None:
            self._tally.add(before)
        return steps

    def record(self, entry: Entry, soon: bool) -> None:
        """Put an entry into the journal; if it can be soon, nobody waits until it is on the disk."""
        written = self.journal.append(entry)
        if not soon:
            written.result()

    async def record_in_task(self, entry: Entry, soon: bool) -> None:
        """Put an entry into the journal; if it can be soon, nobody waits until it is on the disk."""
        written = self.journal.append(entry)
        if not soon:
            await asyncio.wrap_future(written)

    def settle(self, done: Future[Entry] | asyncio.Task[Entry]) -> None:
        """Count a finished row, or raise its error."""
        error = done.exception()
        if error is None:
            self._tally.add(done.result())
        elif not isinstance(error, StoppedError):
            self.fail(error)

    def report(self, under_way: int) -> object:
        """Call `on_progress` if something has changed; returns what it returns."""
        progress = self._tally.progress(under_way, self._total)
        call = self._options.on_progress
        if call is None or progress == self._reported or self.error is not None:
            return None
        self._reported = progress
        return call(progress)

    def finish(self) -> BatchSummary:
        """Write the manifest. Raises what the batch failed with."""
        if isinstance(self.error, ServerGoneError):
            raise self.error.server_error
        if self.error is not None:
            raise self.error
        # Rows count as the journal has them, also those that this run did not reach.
        options = self._options
        return summary_of(self.journal.entries(), options.manifest, options.journal)


def summary_of(entries: Iterable[Entry], manifest: Path, journal: Path | None) -> BatchSummary:
    """Write the manifest of the rows of a batch, in the order in which they come."""
    tally = Tally()

    def lines() -> Iterator[bytes]:
        for entry in entries:
            tally.add(entry)
            yield entry.manifest_line()

    replace_whole(manifest, lines())
    return tally.summary(manifest, journal)


async def opened(
    options: Options, settings: Settings, total: int | None, approvals: Approvals
) -> BatchRun:
    """A run, whose journal is read in a thread: one of a million rows takes seconds."""
    opening = asyncio.get_running_loop().run_in_executor(
        None, BatchRun, options, settings, total, approvals
    )
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_closed)
        raise


def _closed(opening: asyncio.Future[BatchRun]) -> None:
    """Close the journal of a run that nobody waits for any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().journal.close()


class Tally:
    """Counts rows by their outcome, and what they cost."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(("completed", "failed", "refused", "unknown"), 0)
        self._credits = 0.0

    def add(self, entry: Entry) -> None:
        """Count a row."""
        state = "failed" if entry.state == "unsaved" else entry.state
        self._counts[state if state in self._counts else "unknown"] += 1
        self._credits += entry.credits or 0

    def progress(self, under_way: int, total: int | None) -> BatchProgress:
        """How far a batch with these rows is."""
        counts = dict(self._counts)
        return BatchProgress(
            done=counts.pop("completed"),
            **counts,
            under_way=under_way,
            credits=self._credits,
            total=total,
        )

    def summary(self, manifest: Path, journal: Path | None) -> BatchSummary:
        """What became of a batch with these rows."""
        return BatchSummary(
            rows=sum(self._counts.values()),
            **self._counts,
            credits=self._credits,
            manifest=manifest,
            journal=journal,
        )


def count_rows(
    requests: object, options: Options, validation: Validation, approvals: Approvals
) -> int | None:
    """How many rows there are, if that can be told. Raises InvalidRequestError for a file's faults."""
    if not is_path(requests):
        return len(requests) if isinstance(requests, Sized) else None
    found = check_rows(read(requests), validation, approvals)
    if found.problems and not (options.skip_invalid and found.whole):
        raise InvalidRequestError([problem for _, problem in found.problems])
    return found.rows

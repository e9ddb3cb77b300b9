"""Runs many requests, each paid for once, whatever happens in between.

What becomes of a row is written once, as a generator of steps (`_Run.steps`) that does no I/O of its
own; `Batch` takes the steps in threads, `AsyncBatch` in tasks.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ._catalog import API
from ._check import Validation, check, enforce
from ._errors import (
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    FluxframeError,
    InsufficientCreditsError,
    InvalidRequestError,
    JournalError,
    PermissionDeniedError,
    RateLimitError,
    ResultError,
    ServerError,
    UnexpectedResponseError,
)
from ._gate import Gate, pause_after
from ._jobs import AsyncJob, Job
from ._jobs import _awaited as awaited
from ._journal import Entry, Journal, manifest_line, sync_folder, told, write_whole
from ._polling import DEFAULT_DEADLINE, Polls
from ._rows import Request, Row, Rows, Source, check_file, is_path, read, row
from ._transport import AsyncTransport, Transport, without_query

if TYPE_CHECKING:
    from ._async_client import AsyncImages
    from ._client import Images

# What makes all other rows fail as well.
_FATAL = (
    AuthenticationError,
    InsufficientCreditsError,
    PermissionDeniedError,
    ConfigurationError,
    JournalError,
)
# What leaves it open whether a submission has arrived.
_UNSURE = (APIConnectionError, ServerError, UnexpectedResponseError)
# How often a submission is sent under its key before its row is left for another run.
_SENDINGS = 5
# How a job says that it failed for want of capacity; no source tells the words, these are common.
_CAPACITY = re.compile(
    r"(?i)capacity|overloaded|high demand|too busy|queue is full|temporarily unavailable"
    r"|no (?:free |available )?(?:gpu|worker)|try again later|please retry"
)
# Seconds by which a key is thought to be forgotten too early rather than too late.
_MARGIN = 3600.0
# The longest sleep of a row that waits to be submitted, so that a batch that stops need not wait.
_GLANCE = 0.5


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is: rows by what became of them, and the credits that were paid.

    `done` are completed with their pictures; `unknown` are those that a later run must settle;
    `total` is None where the requests can't be counted beforehand.
    """

    done: int = 0
    failed: int = 0
    refused: int = 0
    unknown: int = 0
    under_way: int = 0
    credits: float = 0
    total: int | None = None

    def __str__(self) -> str:
        total = "" if self.total is None else f" of {self.total}"
        others = [
            f"{count} {name}"
            for name, count in (
                ("failed", self.failed),
                ("refused", self.refused),
                ("unknown", self.unknown),
                ("under way", self.under_way),
            )
            if count
        ]
        return ", ".join([f"{self.done}{total} done", *others, f"{self.credits:g} credits"])


@dataclass(frozen=True, slots=True, repr=False)
class BatchSummary:
    """What became of a batch's rows; the manifest has it row by row.

    `completed` rows have their pictures; `failed` had an error that is the row's own, `refused` broke
    a limit and were not sent, and `unknown` are rows that may or may not have been paid for, or whose
    job goes on: run the batch again. `credits` were paid.
    """

    rows: int
    completed: int
    failed: int
    refused: int
    unknown: int
    credits: float
    manifest: Path
    journal: Path

    @property
    def ok(self) -> bool:
        """Whether all rows are completed."""
        return self.completed == self.rows

    def __repr__(self) -> str:
        counts = [
            f"{count} {name}"
            for name, count in (
                ("completed", self.completed),
                ("failed", self.failed),
                ("refused", self.refused),
                ("unknown", self.unknown),
            )
            if count
        ]
        rows = f"{self.rows} row{'' if self.rows == 1 else 's'}"
        told = f"{', '.join(counts) or 'none'}; {self.credits:g} credits"
        return f"<BatchSummary {rows}: {told}; {self.manifest}>"


# The steps of a row.


@dataclass(frozen=True, slots=True)
class _Record:
    """Put an entry on the disk; go on before it is there if that is `soon` enough."""

    entry: Entry
    soon: bool = False


@dataclass(frozen=True, slots=True)
class _Submit:
    """Submit the request; gives its job."""

    request: Any
    key: str


@dataclass(frozen=True, slots=True)
class _Look:
    """Ask for a job; gives it as it is now."""

    job: str


@dataclass(frozen=True, slots=True)
class _Save:
    """Save the pictures of a job; gives the names of their files."""

    job: Any
    row: int


@dataclass(frozen=True, slots=True)
class _Sleep:
    seconds: float


_Step: TypeAlias = _Record | _Submit | _Look | _Save | _Sleep
_Steps: TypeAlias = Generator[_Step, Any, Entry]


class _StoppedError(Exception):
    """The batch ends before the row does; the row stays as it is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """The arguments of `run`, checked."""

    source: Any
    journal: Path
    manifest: Path
    out: Path | None
    concurrency: int
    resubmit: int
    interval: float | None
    deadline: float | None
    skip_invalid: bool
    retry_failed: bool
    resubmit_unknown: bool
    on_progress: Callable[[BatchProgress], object] | None


def _settings(
    source: Any,
    journal: str | os.PathLike[str],
    out: str | os.PathLike[str] | None,
    manifest: str | os.PathLike[str] | None,
    **others: Any,
) -> _Settings:
    path = Path(journal)
    beside = path.with_name(f"{path.stem}.manifest.jsonl")
    settings = _Settings(
        source=source,
        journal=path,
        manifest=beside if manifest is None else Path(manifest),
        out=None if out is None else Path(out),
        **others,
    )
    for name, least in (("concurrency", 1), ("resubmit", 0)):
        value = getattr(settings, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ConfigurationError(f"{name}: {value!r} is no integer of at least {least}")
    if settings.manifest == path:
        raise ConfigurationError(f"manifest: {path} is the journal")
    if is_path(source) and Path(source) in (path, settings.manifest):
        raise ConfigurationError(f"requests: {source} is the journal or the manifest")
    Polls(settings.deadline, settings.interval, 1.0)
    return settings


def key_of(batch: str, position: int, attempt: int, content: str) -> str:
    """The idempotency key of an attempt at a row of a batch."""
    whole = json.dumps([batch, position, attempt, content])
    return hashlib.sha256(whole.encode()).hexdigest()


class _Run:
    """A batch under way: what is the same in threads and in tasks.

    Use it as a context manager, which holds the journal.
    """

    def __init__(
        self, settings: _Settings, transport: Transport | AsyncTransport, total: int | None
    ) -> None:
        self.error: BaseException | None = None
        self._stopping = False
        self._settings = settings
        self._validation: Validation = transport.validation
        self._patience = transport.timeout
        self._total = total
        self._gate = Gate(settings.concurrency)
        self._counts: dict[str, int] = dict.fromkeys(("done", "failed", "refused", "unknown"), 0)
        self._credits = 0.0
        self._left_in_a_row = 0
        self._shown: BatchProgress | None = None
        if settings.out is not None:
            settings.out.mkdir(parents=True, exist_ok=True)
        self.journal = Journal(settings.journal, without_query(transport.base_url))

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.journal.close()
        if error is not None:
            path = self._settings.journal
            error.add_note(f"what was done is in {path}; the same call goes on from there")

    # The life of a row.

    def steps(self, row: Row) -> _Steps | None:
        """What is to be done for a row; None if nothing. Raises JournalError for another row."""
        before = self.journal.entry(row.position)
        if before is None:
            return self._begun(row, 0)
        if before.key != key_of(self.journal.batch, row.position, before.attempt, row.content):
            raise JournalError(
                f"{row.where} is not what {self.journal.path} has as row {row.position}; go on with the "
                "same requests in the same order, or begin another journal"
            )
        again = self._settings.retry_failed
        if before.state == "intent" and _forgotten(before):
            before = before.now("unknown", error=_FORGOTTEN)
            if not self._settings.resubmit_unknown:
                return _written(before)
        match before.state:
            case "intent" | "accepted":
                return self._row(row, before, recorded=True)
            case "unsaved" if again:
                return self._row(row, before.now("accepted"), recorded=True)
            case "completed" if self._settings.out is not None and not before.files:
                return self._row(row, before.now("accepted"), recorded=True)
            case "failed" | "refused" if again:
                return self._begun(row, before.attempt + 1)
            case "unknown" if self._settings.resubmit_unknown:
                return self._begun(row, before.attempt + 1)
        self._tally(before)
        return None

    def _begun(self, row: Row, attempt: int) -> _Steps:
        """A row that has not been submitted in this attempt."""
        entry = self._attempt(row, attempt)
        if row.request is None:
            return _written(entry.now("refused", error=row.fault))
        try:
            enforce(check(row.request), self._validation)
        except InvalidRequestError as error:
            return _written(entry.now("refused", error=told(error)))
        return self._row(row, entry, recorded=False)

    def _attempt(self, row: Row, attempt: int) -> Entry:
        return Entry(
            row=row.position,
            attempt=attempt,
            key=key_of(self.journal.batch, row.position, attempt, row.content),
            at=time.time(),
            state="intent",
            model=row.model,
            seed=row.seed,
        )

    def _row(self, row: Row, entry: Entry, *, recorded: bool) -> _Steps:
        """Take a row to its end, from wherever it is."""
        last = self._settings.resubmit + (0 if recorded else entry.attempt)
        while True:
            inside = False
            try:
                job = None
                if entry.job is None:
                    entry, job = yield from self._submitted(row, entry, recorded=recorded)
                    inside = job is not None
                if entry.job is not None:
                    entry = yield from self._followed(entry, job)
            except _FATAL:
                raise
            except FluxframeError as error:
                state = "refused" if isinstance(error, InvalidRequestError) else "failed"
                entry = entry.now(state, error=told(error))
            finally:
                if inside:
                    self._gate.leave()
            if not _lacked_capacity(entry) or entry.attempt >= last:
                yield _Record(entry)
                return entry
            yield from self._pause(pause_after(entry.attempt + 1))
            entry, recorded = self._attempt(row, entry.attempt + 1), False

    def _submitted(
        self, row: Row, entry: Entry, *, recorded: bool
    ) -> Generator[_Step, Any, tuple[Entry, Any]]:
        """Submit a row. Gives its job, in whose place at the gate it is, or None if that is unsure."""
        unsure, sendings = recorded, 0
        while True:
            if unsure and _forgotten(entry):
                return entry.now("unknown", error=_FORGOTTEN), None
            while (delay := self._gate.enter()) > 0:
                yield from self._pause(delay)
            cuts, job = self._gate.cuts, None
            try:
                if self._stopping:
                    raise _StoppedError
                if not recorded:
                    entry, recorded = replace(entry, at=time.time()), True
                    yield _Record(entry)
                job = yield _Submit(row.request, entry.key)
            except RateLimitError as error:
                self._gate.limited(cuts, error.retry_after)
                continue
            except _UNSURE as error:
                unsure, sendings = True, sendings + 1
                if sendings >= _SENDINGS or isinstance(error, UnexpectedResponseError):
                    self._left_in_a_row += 1
                    if self._left_in_a_row >= max(3, self._settings.concurrency):
                        raise _ServerGoneError(error) from error
                    return replace(entry, error=told(error)), None
            finally:
                if job is None:
                    self._gate.leave()
            if job is not None:
                self._gate.passed()
                self._left_in_a_row = 0
                entry = entry.now("accepted", job=job.id)
                yield _Record(entry, soon=True)  # The key stands for the job as well.
                return entry, job
            yield from self._pause(pause_after(sendings))

    def _pause(self, seconds: float) -> Generator[_Step, Any, None]:
        """Sleep before a submission, unless there will be none."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._stopping:
                raise _StoppedError
            yield _Sleep(min(left, _GLANCE))

    def _followed(self, entry: Entry, job: Any) -> _Steps:
        """Wait for a row's job and save its pictures; only what the job itself says is an end."""
        out = self._settings.out
        try:
            job = yield from self._waited(entry, job)
            if not job.succeeded:
                reason = job.error or "the server gives no reason"
                return entry.now("failed", error=told(f"job {job.id} is {job.status}: {reason}"))
            entry = replace(entry, credits=job.credit_cost)
            files = () if out is None else (yield _Save(job, entry.row))
        except _FATAL:
            raise
        except ResultError as error:
            return entry.now("unsaved", error=told(error))
        except FluxframeError as error:
            return replace(entry, error=told(error))
        if out is not None and not files:
            return entry.now("unsaved", error=f"job {job.id} has no pictures")
        return entry.now("completed", files=tuple(files))

    def _waited(self, entry: Entry, job: Any) -> Generator[_Step, Any, Any]:
        polls = Polls(self._settings.deadline, self._settings.interval, self._patience)
        # Of a job that is accepted and has ended already, nothing but that is known.
        at_once = job is None or job.ended
        found = None
        while found is None or not found.ended:
            if not at_once:
                if (delay := polls.delay()) is None:
                    raise FluxframeError(
                        f"job {entry.job} was not done after {self._settings.deadline:g} s and goes on"
                    ) from polls.error
                yield _Sleep(delay)
            at_once = False
            with polls.tolerant():
                found = yield _Look(str(entry.job))
        return found

    # The batch as a whole.

    @property
    def concurrency(self) -> int:
        """How many rows may be under way."""
        return self._settings.concurrency

    @property
    def out(self) -> Path:
        """The folder of the pictures."""
        assert self._settings.out is not None
        return self._settings.out

    def fail(self, error: BaseException) -> None:
        """Submit nothing any more; the first error is the batch's."""
        self._stopping = True
        self.error = self.error or error

    def settle(self, done: Future[Entry] | asyncio.Task[Entry]) -> None:
        """Count a row that is through, or fail as it did."""
        error = done.exception()
        if error is None:
            self._tally(done.result())
        elif not isinstance(error, _StoppedError):
            self.fail(error)

    def _tally(self, entry: Entry) -> None:
        self._counts[_outcome(entry)] += 1
        self._credits += entry.credits or 0

    def tell(self, under_way: int) -> object:
        """Call `on_progress` if there is something new."""
        shown = BatchProgress(
            **self._counts, under_way=under_way, credits=self._credits, total=self._total
        )
        call = self._settings.on_progress
        if call is None or shown == self._shown or self.error is not None:
            return None
        self._shown = shown
        return call(shown)

    def finish(self) -> BatchSummary:
        """Write the manifest. Raises what the batch failed with."""
        if self.error is not None:
            raise (
                self.error.server_error if isinstance(self.error, _ServerGoneError) else self.error
            )
        counts: dict[str, int] = dict.fromkeys(("done", "failed", "refused", "unknown"), 0)
        credits = 0.0

        def lines() -> Iterator[dict[str, Any]]:
            nonlocal credits
            for entry in self.journal.entries():
                counts[_outcome(entry)] += 1
                credits += entry.credits or 0
                yield manifest_line(entry)

        write_whole(self._settings.manifest, lines())
        return BatchSummary(
            rows=sum(counts.values()),
            completed=counts["done"],
            failed=counts["failed"],
            refused=counts["refused"],
            unknown=counts["unknown"],
            credits=credits,
            manifest=self._settings.manifest,
            journal=self._settings.journal,
        )


_FORGOTTEN = (
    "may have been submitted, so long ago that the server has forgotten its key; "
    "resubmit_unknown=True submits it anew"
)


class _ServerGoneError(Exception):
    """So many submissions in a row came to nothing that no more are made."""

    def __init__(self, server_error: FluxframeError) -> None:
        super().__init__(str(server_error))
        self.server_error = server_error


def _written(entry: Entry) -> _Steps:
    """The steps of a row that only has to be recorded."""
    yield _Record(entry)
    return entry


def _forgotten(entry: Entry) -> bool:
    """Whether the server may have forgotten the key of a submission, by the clock of this machine."""
    age = time.time() - entry.at
    return not -_MARGIN < age < API.idempotency_hours * 3600 - _MARGIN


def _lacked_capacity(entry: Entry) -> bool:
    """Whether a row's job failed so that another may not; one that was cancelled may have been paid."""
    failed, _, reason = (entry.error or "").partition(" is FAILED: ")
    return (
        entry.state == "failed" and failed == f"job {entry.job}" and bool(_CAPACITY.search(reason))
    )


def _outcome(entry: Entry) -> str:
    names = {"completed": "done", "unsaved": "failed", "failed": "failed", "refused": "refused"}
    return names.get(entry.state, "unknown")


def _total(source: Any, settings: _Settings, validation: Validation) -> int | None:
    """How many rows there are, if that can be told. Raises InvalidRequestError for a file's faults."""
    if not is_path(source):
        return len(source) if isinstance(source, Sized) else None
    count, problems = check_file(source, validation)
    if problems and not settings.skip_invalid:
        raise InvalidRequestError(problems)
    return count


def _kept(path: Path, row: int) -> str:
    """A saved picture under its row's name, on the disk; gives the name."""
    with path.open("rb") as file:
        if os.name == "posix":  # Elsewhere it takes a file that is open for writing.
            os.fsync(file.fileno())
    target = path.with_name(f"{row:06d}-{path.name}")
    path.replace(target)
    sync_folder(path.parent)
    return target.name


class Batch:
    """`client.batch`."""

    def __init__(self, images: Images, transport: Transport) -> None:
        self._images = images
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
        deadline: float | None = DEFAULT_DEADLINE,
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
        settings = _settings(
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
        rows = read(requests)
        total = _total(requests, settings, self._transport.validation)
        halt = threading.Event()
        running: set[Future[Entry]] = set()
        with (
            _Run(settings, self._transport, total) as run,
            closing(rows),
            ThreadPoolExecutor(concurrency, "fluxframe-batch") as pool,
        ):
            try:
                try:
                    for found in rows:
                        if (steps := run.steps(found)) is not None:
                            self._make_room(run, running, concurrency)
                            if run.error is not None:
                                break
                            running.add(pool.submit(self._take, run, halt, steps))
                    self._make_room(run, running, 1)
                    run.tell(0)
                except Exception as error:
                    run.fail(error)
                    self._make_room(run, running, 1)
            except BaseException:
                run.fail(_StoppedError())
                halt.set()
                raise
            return run.finish()

    def _make_room(self, run: _Run, running: set[Future[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            running -= done
            for future in done:
                run.settle(future)
            run.tell(len(running))

    def _take(self, run: _Run, halt: threading.Event, steps: _Steps) -> Entry:
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

    def _do(self, run: _Run, halt: threading.Event, step: _Step) -> Any:
        match step:
            case _Record(entry, soon):
                written = run.journal.append(entry)
                return None if soon else written.result()
            case _Submit(request, key):
                return self._images.submit(request, idempotency_key=key, validation="off")
            case _Look(job):
                return Job(self._transport, {"id": job}).refresh()
            case _Save(job, row):
                return [_kept(image.save(run.out), row) for image in job.images]
            case _Sleep(seconds):
                if halt.wait(seconds):
                    raise _StoppedError
                return None


class AsyncBatch:
    """`client.batch`."""

    def __init__(self, images: AsyncImages, transport: AsyncTransport) -> None:
        self._images = images
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
        deadline: float | None = DEFAULT_DEADLINE,
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
        settings = _settings(
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
        rows = (
            _async_rows(requests) if isinstance(requests, AsyncIterable) else _each(read(requests))
        )
        validation = self._transport.validation
        total = await asyncio.to_thread(_total, requests, settings, validation)
        running: set[asyncio.Task[Entry]] = set()
        with _Run(settings, self._transport, total) as run:
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
                run.fail(_StoppedError())
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)
                raise
            return await asyncio.to_thread(run.finish)

    async def _make_room(self, run: _Run, running: set[asyncio.Task[Entry]], most: int) -> None:
        """Wait until fewer than `most` rows are under way."""
        while len(running) >= most:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            for task in done:
                run.settle(task)
            await awaited(run.tell(len(running)))

    async def _take(self, run: _Run, steps: _Steps) -> Entry:
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

    async def _do(self, run: _Run, step: _Step) -> Any:
        match step:
            case _Record(entry, soon):
                written = run.journal.append(entry)
                return None if soon else await asyncio.wrap_future(written)
            case _Submit(request, key):
                return await self._images.submit(request, idempotency_key=key, validation="off")
            case _Look(job):
                return await AsyncJob(self._transport, {"id": job}).refresh()
            case _Save(job, row):
                paths = [await image.save(run.out) for image in job.images]
                return await asyncio.to_thread(lambda: [_kept(path, row) for path in paths])
            case _Sleep(seconds):
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

"""What becomes of the rows of a batch, as steps that threads or tasks take; no network I/O here."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from collections.abc import Callable, Generator, Iterator, Sized
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from .._catalog import API
from .._check import check_wire, enforce
from .._errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ConfigurationError,
    FluxframeError,
    InsufficientCreditsError,
    InvalidRequestError,
    JournalError,
    PermissionDeniedError,
    RateLimitError,
    ResultError,
    UnexpectedResponseError,
)
from .._life import failure_of
from .._problems import Validation
from .._redact import without_query
from .._waiting import Polls
from .._wire.retry import LONGEST_RETRY_AFTER, STATUSES
from .._wire.transport import AsyncTransport, Transport
from ._gate import Gate, pause_after
from ._journal import Entry, Journal, manifest_line, told, write_whole
from ._rows import Row, check_file, is_path

# What makes all other rows fail as well.
_FATAL = (
    AuthenticationError,
    InsufficientCreditsError,
    PermissionDeniedError,
    ConfigurationError,
    JournalError,
)
# How often a submission is sent under its key before its row is left for another run.
_SENDINGS = 5
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
class Record:
    """Put an entry on the disk; go on before it is there if that is `soon` enough."""

    entry: Entry
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit the request; gives its job."""

    request: Any
    key: str


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for a job; gives it as it is now. `polls` say how long that may take."""

    job: str
    polls: Polls


@dataclass(frozen=True, slots=True)
class Save:
    """Save the pictures of a job; gives the names of their files."""

    job: Any
    row: int


@dataclass(frozen=True, slots=True)
class Sleep:
    """Let time pass; raises StoppedError if the batch ends meanwhile."""

    seconds: float


Step: TypeAlias = Record | Submit | Look | Save | Sleep
Steps: TypeAlias = Generator[Step, Any, Entry]


class StoppedError(Exception):
    """The batch ends before the row does; the row stays as it is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
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


def settings_of(
    source: Any,
    journal: str | os.PathLike[str],
    out: str | os.PathLike[str] | None,
    manifest: str | os.PathLike[str] | None,
    **others: Any,
) -> Settings:
    path = Path(journal)
    beside = path.with_name(f"{path.stem}.manifest.jsonl")
    settings = Settings(
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
    Polls(settings.deadline, settings.interval)
    for name, file in (("journal", path), ("manifest", settings.manifest)):
        if not file.parent.is_dir():
            raise ConfigurationError(f"{name}: there is no folder {file.parent}")
    return settings


def key_of(batch: str, position: int, attempt: int, content: str) -> str:
    """The idempotency key of an attempt at a row of a batch."""
    whole = json.dumps([batch, position, attempt, content])
    return hashlib.sha256(whole.encode()).hexdigest()


def account_of(batch: str, api_key: str | None) -> str:
    """Tells API keys apart within a batch, and nothing else of them."""
    return hashlib.sha256(f"{batch} {api_key}".encode()).hexdigest()[:12]


class Run:
    """A batch under way: what is the same in threads and in tasks.

    Use it as a context manager, which holds the journal.
    """

    def __init__(
        self, settings: Settings, transport: Transport | AsyncTransport, total: int | None
    ) -> None:
        self.error: BaseException | None = None
        self._stopping = False
        self._settings = settings
        self._validation: Validation = transport.settings.validation
        self._total = total
        self._gate = Gate(settings.concurrency)
        self._counts: dict[str, int] = dict.fromkeys(("done", "failed", "refused", "unknown"), 0)
        self._credits = 0.0
        self._left_in_a_row = 0
        self._shown: BatchProgress | None = None
        if settings.out is not None:
            settings.out.mkdir(parents=True, exist_ok=True)
        self.journal = Journal(settings.journal, without_query(transport.settings.base_url))
        self._account = account_of(self.journal.batch, transport.settings.api_key)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.journal.close()
        if error is not None:
            path = self._settings.journal
            error.add_note(f"what was done is in {path}; the same call goes on from there")

    # The life of a row.

    def steps(self, row: Row) -> Steps | None:
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
        if before.state == "intent" and (fault := self._unsettled(before)):
            before = before.now("unknown", error=fault)
            if not self._settings.resubmit_unknown:
                return _written(before)
        match before.state:
            case "free":
                return self._begun(row, before.attempt)
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

    def _begun(self, row: Row, attempt: int) -> Steps:
        """A row that has not been submitted in this attempt."""
        entry = self._attempt(row, attempt)
        if row.request is None:
            return _written(entry.now("refused", error=row.fault))
        try:
            if self._validation != "off":
                enforce(check_wire(row.request), self._validation)
        except InvalidRequestError as error:
            return _written(entry.now("refused", error=told(error)))
        return self._row(row, entry, recorded=False)

    def _unsettled(self, entry: Entry) -> str | None:
        """Why the key of a submission does not tell any more whether it was accepted."""
        if _forgotten(entry):
            return f"may have been submitted, so long ago that its key is forgotten; {_ANEW}"
        if entry.account != self._account:
            return f"may have been submitted with another API key, whose keys are its own; {_ANEW}"
        return None

    def _attempt(self, row: Row, attempt: int) -> Entry:
        return Entry(
            row=row.position,
            attempt=attempt,
            key=key_of(self.journal.batch, row.position, attempt, row.content),
            at=time.time(),
            state="intent",
            account=self._account,
            model=row.model,
            seed=row.seed,
        )

    def _row(self, row: Row, entry: Entry, *, recorded: bool) -> Steps:
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
            except (*_FATAL, _ServerGoneError) as error:
                self.fail(error)  # Before another row is submitted.
                raise
            except FluxframeError as error:
                state = "refused" if isinstance(error, InvalidRequestError) else "failed"
                entry = entry.now(state, error=told(error))
            finally:
                if inside:
                    self._gate.leave()
            if not _lacked_capacity(entry) or entry.attempt >= last:
                yield Record(entry)
                return entry
            yield from self._pause(pause_after(entry.attempt + 1))
            entry, recorded = self._attempt(row, entry.attempt + 1), False

    def _submitted(
        self, row: Row, entry: Entry, *, recorded: bool
    ) -> Generator[Step, Any, tuple[Entry, Any]]:
        """Submit a row. Gives its job, in whose place at the gate it is, or None if that is unsure."""
        unsure, sendings, asked = recorded, 0, 0.0
        while True:
            if unsure and (fault := self._unsettled(entry)):
                return entry.now("unknown", error=fault), None
            while (delay := self._gate.enter()) > 0:
                yield from self._pause(delay)
            cuts, job = self._gate.cuts, None
            try:
                if self._stopping:
                    raise StoppedError
                if not recorded:
                    entry, recorded = replace(entry, at=time.time()), True
                    yield Record(entry)
                job = yield Submit(row.request, entry.key)
            except (AuthenticationError, InsufficientCreditsError, PermissionDeniedError) as error:
                self.fail(error)  # Before another row is submitted.
                if not unsure:  # Nothing was accepted, so that any key may submit it anew.
                    yield Record(entry.now("free"))
                raise
            except RateLimitError as error:
                if (error.retry_after or 0.0) > LONGEST_RETRY_AFTER:
                    if not unsure:
                        yield Record(entry.now("free"))
                    raise _ServerGoneError(error) from error
                self._gate.limited(cuts, error.retry_after)
                continue
            except (APIConnectionError, APIStatusError, UnexpectedResponseError) as error:
                if not _leaves_open(error, unsure=unsure):
                    raise
                unsure, sendings = True, sendings + 1
                asked = getattr(error, "retry_after", None) or 0.0
                if asked > LONGEST_RETRY_AFTER:
                    raise _ServerGoneError(error) from error
                if sendings >= _SENDINGS or not _may_pass(error):
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
                yield Record(entry, soon=True)  # The key stands for the job as well.
                return entry, job
            yield from self._pause(max(asked, pause_after(sendings)))

    def _pause(self, seconds: float) -> Generator[Step, Any, None]:
        """Sleep before a submission, unless there will be none."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._stopping:
                raise StoppedError
            yield Sleep(min(left, _GLANCE))

    def _followed(self, entry: Entry, job: Any) -> Steps:
        """Wait for a row's job and save its pictures; only what the job itself says is an end."""
        out = self._settings.out
        try:
            job = yield from self._waited(entry, job)
            if not job.succeeded:
                reason = job.error or "the server gives no reason"
                return entry.now("failed", error=told(f"job {job.id} is {job.status}: {reason}"))
            entry = replace(entry, credits=job.credit_cost)
            files = () if out is None else (yield Save(job, entry.row))
        except _FATAL:
            raise
        except ResultError as error:
            return entry.now("unsaved", error=told(error))
        except FluxframeError as error:
            return replace(entry, error=told(error))
        if out is not None and not files:
            return entry.now("unsaved", error=f"job {job.id} has no pictures")
        return entry.now("completed", files=tuple(files))

    def _waited(self, entry: Entry, job: Any) -> Generator[Step, Any, Any]:
        polls = Polls(self._settings.deadline, self._settings.interval)
        # Of a job that is accepted and has ended already, nothing but that is known.
        at_once = job is None or job.ended
        found = None
        while found is None or not found.ended:
            if not at_once:
                if (delay := polls.delay()) is None:
                    known = (
                        "could not be asked for within" if found is None else "was not done after"
                    )
                    raise FluxframeError(
                        f"job {entry.job} {known} {self._settings.deadline:g} s and goes on"
                    ) from polls.error
                yield Sleep(delay)
            at_once = False
            with polls.passing_failures():
                found = yield Look(str(entry.job), polls)
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
        elif not isinstance(error, StoppedError):
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


def _leaves_open(error: FluxframeError, *, unsure: bool) -> bool:
    """Whether a submission may have been accepted for all that an error says."""
    if not isinstance(error, APIStatusError) or _may_pass(error):
        return True
    # What is wrong with the request was wrong before; other answers tell of the last sending only.
    return (
        not isinstance(error, _FATAL)
        and error.status not in (400, 422)
        and (unsure or error.status == 409)
    )


def _may_pass(error: FluxframeError) -> bool:
    """Whether the same submission may go well a little later."""
    return not isinstance(error, APIStatusError) or error.status in STATUSES or error.status >= 500


_ANEW = "resubmit_unknown=True submits it anew"


class _ServerGoneError(Exception):
    """So many submissions in a row came to nothing that no more are made."""

    def __init__(self, server_error: FluxframeError) -> None:
        super().__init__(str(server_error))
        self.server_error = server_error


def _written(entry: Entry) -> Steps:
    """The steps of a row that only has to be recorded."""
    yield Record(entry)
    return entry


def _forgotten(entry: Entry) -> bool:
    """Whether the server may have forgotten the key of a submission, by the clock of this machine."""
    age = time.time() - entry.at
    return not -_MARGIN < age < API.idempotency_hours * 3600 - _MARGIN


def _lacked_capacity(entry: Entry) -> bool:
    """Whether a row's job failed so that another may not; one that was cancelled may have been paid."""
    failed, _, reason = (entry.error or "").partition(" is FAILED: ")
    cause = failure_of(reason)
    return (
        entry.state == "failed"
        and failed == f"job {entry.job}"
        and cause is not None
        and cause.resubmit
    )


def _outcome(entry: Entry) -> str:
    names = {"completed": "done", "unsaved": "failed", "failed": "failed", "refused": "refused"}
    return names.get(entry.state, "unknown")


def count_rows(source: Any, settings: Settings, validation: Validation) -> int | None:
    """How many rows there are, if that can be told. Raises InvalidRequestError for a file's faults."""
    if not is_path(source):
        return len(source) if isinstance(source, Sized) else None
    count, problems = check_file(source, validation)
    if problems and not settings.skip_invalid:
        raise InvalidRequestError(problems)
    return count

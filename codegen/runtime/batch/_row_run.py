"""The life of a row, from what is known of it to its end, as steps, without network I/O."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from .._clock import monotonic
from .._errors import (
    APIConnectionError,
    APIStatusError,
    FluxframeError,
    InvalidRequestError,
    JobCancelledError,
    JobFailedError,
    JournalError,
    RateLimitError,
    ResultError,
    UnexpectedResponseError,
)
from .._problems import Action, Advice
from .._waiting import Polls
from .._wire.keys import forgotten
from .._wire.retry import LONGEST_RETRY_AFTER
from ._batch_state import BatchState
from ._entry import Entry, error_text
from ._failures import (
    FATAL,
    REFUSED_FOR_ALL,
    OvertakenError,
    ServerGoneError,
    StoppedError,
    leaves_open,
    may_pass,
)
from ._gate import pause_after
from ._known import known_of
from ._rows import Row
from ._steps import Load, Poll, Record, Save, Sleep, Step, Steps, Submit

_FORGOTTEN = (
    "may have been submitted, so long ago that its key is forgotten; "
    f"{Advice(Action.RESUBMIT_UNKNOWN)}"
)
_FOREIGN = (
    "may have been submitted with another API key, which has its own idempotency keys; a run with "
    "that API key settles it"
)
# How often a submission is sent under its key before its row is left for another run.
_MOST_SENDS = 5
# Seconds; a row that waits to be submitted looks so often whether the batch stops.
_LONGEST_SLEEP = 0.5


def steps_of(batch: BatchState, row: Row, before: Entry | None) -> Steps | None:
    """What remains to be done for a row of which `before` is known; None if nothing.

    Raises JournalError if the journal has another row at its position.
    """
    if before is None:
        return _begin(batch, row, 0)
    if before.key != batch.key(row, before.attempt):
        if before.state == "refused":  # It was never sent, and has been corrected.
            return _begin(batch, row, 0)
        raise JournalError(
            f"{row.where} is not what {batch.place} has as row {row.position}; go on with the "
            "same requests in the same order, or begin another batch"
        )
    options = batch.options
    if before.state == "unknown" and options.resubmit_unknown and not forgotten(before.at):
        # Under its own key it is paid for once, whatever an earlier run made of it.
        before = before.in_state("intent")
    if before.state == "intent":
        if forgotten(before.at):
            before = before.in_state("unknown", error=_FORGOTTEN)
            if not options.resubmit_unknown:
                return _record(before)
        elif not batch.is_ours(before):
            # Not an end, nor submitted anew: a run with that API key settles it.
            return _record(replace(before, error=_FOREIGN))
    match before.state:
        case "free":
            return _begin(batch, row, before.attempt)
        case "intent" | "accepted":
            return RowRun(batch, row, before, recorded=True).steps()
        case "unsaved" if options.retry_failed:
            return RowRun(batch, row, before.in_state("accepted"), recorded=True).steps()
        case "completed" if options.out is not None and not before.files:
            return RowRun(batch, row, before.in_state("accepted"), recorded=True).steps()
        # A new attempt has a new key, and is paid for: the last one is known to have come to nothing,
        # or the caller has said that it may be paid for twice.
        case "failed" | "refused" if options.retry_failed:
            return _begin(batch, row, before.attempt + 1)
        case "unknown" if options.resubmit_unknown:
            return _begin(batch, row, before.attempt + 1)
    return None


def _begin(batch: BatchState, row: Row, attempt: int) -> Steps:
    """The steps of a row that has not been submitted in this attempt."""
    entry = batch.attempt(row, attempt)
    if row.request is None:
        return _record(entry.in_state("refused", error=error_text(row.problem)))
    try:
        batch.check(row)
    except InvalidRequestError as error:
        return _record(entry.in_state("refused", error=error_text(error)))
    return RowRun(batch, row, entry, recorded=False).steps()


def _record(entry: Entry) -> Steps:
    """The steps of a row that only has to be recorded."""
    yield Record(entry)
    return entry


class RowRun:
    """A row on its way to its end, from wherever it is.

    `recorded` says that the entry is on the disk, so that the row may have been submitted under its key.
    """

    def __init__(self, batch: BatchState, row: Row, entry: Entry, *, recorded: bool) -> None:
        self._batch = batch
        self._row = row
        self._entry = entry
        self._recorded = recorded
        self._inside = False  # Whether the row has a place at the gate.

    def steps(self) -> Steps:
        """Take the row to its end."""
        before = 0 if self._recorded else self._entry.attempt
        last = before + self._batch.options.resubmit
        while True:
            try:
                yield from self._attempt()
            finally:
                self._leave()
            entry = self._entry
            if entry.state != "failed" or not entry.resubmit or entry.attempt >= last:
                yield Record(entry)
                return entry
            # The failure itself is not recorded: a run that is killed now finds the job again, by its
            # id, and comes to the same end.
            yield from self._pause(pause_after(entry.attempt + 1))
            self._entry = self._batch.attempt(self._row, entry.attempt + 1)
            self._recorded = False

    def _attempt(self) -> Generator[Step, Any, None]:
        """Submit the row, unless it has a job, and follow the job to its end."""
        try:
            job = None
            if self._entry.job is None:
                job = yield from self._submit()
            if self._entry.job is not None:
                self._entry = yield from self._follow(job)
        except (*FATAL, ServerGoneError) as error:
            # Here, and not where the row's thread ends: before its place at the gate is free, for
            # which another row may be waiting.
            self._batch.fail(error)
            raise
        except FluxframeError as error:
            state = "refused" if isinstance(error, InvalidRequestError) else "failed"
            self._entry = self._entry.in_state(state, error=error_text(error))

    def _submit(self) -> Generator[Step, Any, Any]:
        """Submit the row until that is settled; returns its job, or None if another run must see to it.

        Its place at the gate is kept for the job: as many jobs are under way as submissions may be.
        """
        # Whether a job may exist under the key already. While it may not, a refusal is an end; once it
        # may, only the server's answer under the same key can tell.
        unsure, sends = self._recorded, 0
        while True:
            yield from self._enter()
            # Last before every sending: those before, and the gate, may have taken hours.
            if unsure and forgotten(self._entry.at):
                self._entry = self._entry.in_state("unknown", error=_FORGOTTEN)
                return None
            # Read before the request is sent: submissions that are under way together, and all meet a
            # 429, show the same number, and cut the gate once.
            cuts, pause = self._batch.gate.cuts, 0.0
            try:
                job = yield from self._send(unsure=unsure)
            except REFUSED_FOR_ALL as error:
                yield from self._stop(error, unsure=unsure)
                raise
            except RateLimitError as error:
                if (error.retry_after or 0.0) > LONGEST_RETRY_AFTER:
                    gone = ServerGoneError(error)
                    yield from self._stop(gone, unsure=unsure)
                    raise gone from error
                # Nothing was accepted by this sending, so that `unsure` stays as it is; and the pause
                # is the gate's, for all rows.
                self._batch.gate.limited(cuts, error.retry_after)
            except (APIConnectionError, APIStatusError, UnexpectedResponseError) as error:
                if not leaves_open(error, unsure=unsure):
                    raise
                unsure, sends = True, sends + 1
                if (again := self._pause_after(error, sends)) is None:
                    # Still an intent: another run sends it again, under the same key.
                    self._entry = replace(self._entry, error=error_text(error))
                    return None
                pause = again
            else:
                yield from self._accept(job)
                return job
            self._leave()
            yield from self._pause(pause or 0.0)

    def _send(self, *, unsure: bool) -> Generator[Step, Any, Any]:
        """Send the request once; returns the job."""
        # Behind the gate, where a row may have waited for long, and before the intent: a row that is
        # not sent any more leaves no trace of which another run would have to think that it was.
        if self._batch.stopping:
            raise StoppedError
        if not self._recorded or (not unsure and forgotten(self._entry.at)):
            # The key is first accepted now at the earliest, and the server forgets it so many hours later.
            self._entry = replace(self._entry, at=time.time())
            self._recorded = True
            # The driver comes back when the intent is on the disk, and only then is the request sent.
            # In the other order, a kill in between would leave a job that is paid for and that nobody
            # knows of; in this one, it leaves an intent, which the key settles.
            yield Record(self._entry)
            if self._batch.shared:
                yield from self._look_around()
        return (yield Submit(self._row.request or {}, self._entry.key))

    def _look_around(self) -> Generator[Step, Any, None]:
        """Raise OvertakenError if another worker has begun the row, or ended it, meanwhile."""
        # After its own intent is there: of two workers that begin a row at once, one finds the other's.
        batch, own = self._batch, self._entry
        others = list((yield Load(self._row.position)))
        if own not in others:  # One that forgets would let a row be paid for again after hours.
            raise JournalError(
                f"{batch.place}: the store does not return what was just saved in it; `save` is to "
                "return when it is there for all workers, and `load` with the records of all"
            )
        others.remove(own)
        begun = any(other.key == own.key and other.state != "free" for other in others)
        if begun or known_of(batch, self._row, [*others, own]) != own:
            known = known_of(batch, self._row, others)
            # Of two intents, either may be sent, as one that may have been before. Of what is further,
            # or of another API key, only that: nothing was sent under this one.
            if known is None or known.state != "intent" or not batch.is_ours(known):
                yield Record(own.in_state("free"))
            raise OvertakenError

    def _accept(self, job: Any) -> Generator[Step, Any, None]:
        self._batch.gate.passed()
        self._batch.unsettled_in_a_row = 0
        self._entry = self._entry.in_state("accepted", job=job.id)
        # Nobody waits for this one: if it is lost, the intent before it is on the disk, and its key
        # leads to the same job.
        yield Record(self._entry, soon=True)

    def _stop(self, error: BaseException, *, unsure: bool) -> Generator[Step, Any, None]:
        """Stop the batch over a sending that was refused, and record that the row is free."""
        # In this order: recording takes a while, in which another row would be submitted.
        self._batch.fail(error)
        # This sending was refused, and if none before is unsure, nothing was accepted: another run may
        # submit the row under any key, be it after hours or with another API key.
        if not unsure:
            yield Record(self._entry.in_state("free"))

    def _pause_after(self, error: FluxframeError, sends: int) -> float | None:
        """Seconds to wait before the next sending; None if the row is left. Raises ServerGoneError."""
        asked = getattr(error, "retry_after", None) or 0.0
        if asked > LONGEST_RETRY_AFTER:
            raise ServerGoneError(error) from error
        if sends < _MOST_SENDS and may_pass(error):
            return max(asked, pause_after(sends))
        # One row may break the server for reasons of its own; when as many are left as are under way,
        # with none accepted in between, it is not for the rows.
        self._batch.unsettled_in_a_row += 1
        if self._batch.unsettled_in_a_row >= max(3, self._batch.options.concurrency):
            raise ServerGoneError(error) from error
        return None

    def _enter(self) -> Generator[Step, Any, None]:
        while (delay := self._batch.gate.enter()) > 0:
            yield from self._pause(delay)
        self._inside = True

    def _leave(self) -> None:
        if self._inside:
            self._inside = False
            self._batch.gate.leave()

    def _pause(self, seconds: float) -> Generator[Step, Any, None]:
        """Sleep before a submission, unless the batch has stopped."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            if self._batch.stopping:
                raise StoppedError
            yield Sleep(min(left, _LONGEST_SLEEP))

    def _follow(self, job: Any) -> Steps:
        """Wait for the row's job and save its images; only what the job itself says is an end."""
        entry, out = self._entry, self._batch.options.out
        try:
            job = yield from self._wait(job)
            if not job.succeeded:
                return _failed(entry, job)
            entry = replace(entry, credits=job._cost)
            files = () if out is None else (yield Save(job, entry.row))
        except FATAL:
            raise
        except ResultError as error:
            return entry.in_state("unsaved", error=error_text(error))
        except FluxframeError as error:
            # The job is paid for, and goes on or is done: it stays accepted, for another run to follow.
            return replace(entry, error=error_text(error))
        if out is not None and not files:
            return entry.in_state("unsaved", error=f"job {job.id} has no images")
        return entry.in_state("completed", files=tuple(files))

    def _wait(self, job: Any) -> Generator[Step, Any, Any]:
        options = self._batch.options
        polls = Polls(options.deadline, options.interval)
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
                        f"job {self._entry.job} {known} {options.deadline:g} s and goes on"
                    ) from polls.error
                yield Sleep(delay)
            at_once = False
            with polls.passing_failures():
                found = yield Poll(str(self._entry.job), polls)
        return found


def _failed(entry: Entry, job: Any) -> Entry:
    """The end of a row whose job ended without a result."""
    reason = job.error or "the server gave no reason"
    resubmit = None
    try:
        job.raise_for_status()
    except JobFailedError as error:
        resubmit = error.resubmit
    except JobCancelledError:
        pass  # It may have been paid for, whatever its reason says.
    text = error_text(f"job {job.id} is {job.status}: {reason}")
    return entry.in_state("failed", error=text, resubmit=resubmit)

"""Follows a job that the server made, to its end: it is there, stays what it was, and lives as documented."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from .._clock import monotonic
from ._answers import misfit, moment, parsed, shortened
from ._calls import AcceptedJob, NotSentError, Send
from ._document import Json, api, found_at, one_at
from ._outcomes import Exchange, Outcome, Verdict
from ._steps import Fault, besides, call_of

# Seconds until a job is looked up again, at first; and how often in a row it may fail to be there, since
# what was written a moment ago need not be read everywhere.
_FIRST_PAUSE = 0.02
_LOOKUPS = 3
# What is looked at, in the order in which each rests upon those before it.
_ASPECTS = {
    "stored": "a job that was accepted",
    "same": "whose job it is",
    "input": "the request that a job is of",
    "transitions": "the status of a job, looked at again",
    "progress": "the progress of a job, looked at again",
    "ended_at": "when a job ended",
    "credits": "what a job costs",
    "files": "the files of a job",
    "ends": "a job that was waited for",
}


async def follow(
    send: Send,
    job: AcceptedJob,
    deadline: float | None = None,
    *,
    others: Iterable[AcceptedJob] = (),
) -> list[Outcome]:
    """The outcome of each thing that holds for a job in its life.

    `deadline` is how many seconds it may take, by default what the documents say, and `others` are the
    jobs that were made before: one with the same id is told, and not followed.
    """
    life: Json = api()["job"]
    reply = next(iter(api()["operations"][job.operation]["success"].values()))
    if said := misfit(job.exchange, reply["schema"]):
        fault = Fault(
            verdict=Verdict.FAIL,
            constraint=reply["constraint"],
            expected=reply["schema"],
            observed=said,
        )
        return [_told(job, fault.constraint, "the answer to a request", (job.exchange,), fault)]
    if any(other.id == job.id and other.exchange is not job.exchange for other in others):
        fault = Fault(
            verdict=Verdict.FAIL,
            constraint=f"{job.operation}/new-job",
            expected="an id of its own",
            observed="the id of another job",
        )
        return [_told(job, fault.constraint, "a request for another job", (job.exchange,), fault)]
    watch = _Watch(life, job)
    try:
        await _observe(send, watch, deadline)
    except NotSentError as error:
        watch.rest = Fault(verdict=Verdict.UNTESTED, constraint="", reason=error.reason)
    return watch.outcomes()


async def _observe(send: Send, watch: _Watch, deadline: float | None) -> None:
    polling = watch.life["polling"]
    until = monotonic() + (polling["deadline_seconds"] if deadline is None else deadline)
    call = call_of({"method": "GET", "path": watch.life["path"]}, {"job": watch.job.id})
    pause, failures = _FIRST_PAUSE, 0
    while True:
        exchange = await send(call)
        watch.exchanges.append(exchange)
        fault = watch.look(exchange)
        if fault is not None:
            failures += 1
            certain = fault.verdict.is_difference and fault.constraint != watch.id_of("stored")
            if certain or failures >= _LOOKUPS:
                watch.found(fault)
                return
        elif watch.is_done or watch.rest is not None:
            return
        else:
            failures = 0
        if monotonic() >= until:
            if fault is not None:
                watch.found(fault)
            elif not watch.has_ended:
                watch.fail("ends", "an end", watch.status)
            return
        if not watch.has_ended:
            await asyncio.sleep(min(pause, max(0.0, until - monotonic())))
            # At first more often than a client asks, so that a job that is made at once is seen alive.
            grown = 2 * pause if pause < polling["first_seconds"] else pause * polling["factor"]
            pause = min(grown, polling["most_seconds"])


class _Watch:
    """What is seen of a job."""

    def __init__(self, life: Json, job: AcceptedJob) -> None:
        self.life = life
        self.job = job
        self.at: Mapping[str, str] = api()["operations"][life["operation"]]["at"]
        self.exchanges: list[Exchange] = [job.exchange]
        self.faults: dict[str, Fault] = {}
        # What is said of all that was not found out.
        self.rest: Fault | None = None
        submitted = api()["operations"][job.operation]["at"].get("status")
        told = one_at(submitted, parsed(job.exchange))
        self.status: str = told if isinstance(told, str) and told else life["initial"]
        self.is_done = self.has_ended = False
        self._first: Json | None = None
        self._progress: float | None = None

    def id_of(self, aspect: str) -> str:
        """The id of a constraint."""
        id: str = self.life["constraints"][aspect]
        return id

    def found(self, fault: Fault) -> None:
        """Note what is wrong, after which nothing further can be told."""
        if fault.verdict.is_difference:
            self.faults.setdefault(fault.constraint, fault)
        self.rest = fault

    def fail(
        self, aspect: str, expected: str, observed: object, reading: str | None = None
    ) -> None:
        """Note that something does not hold."""
        verdict = Verdict.DIFFERS if reading else Verdict.FAIL
        said = Fault(
            verdict=verdict,
            constraint=self.id_of(aspect),
            expected=expected,
            observed=str(observed),
            reading=reading,
        )
        self.faults.setdefault(said.constraint, said)

    def look(self, exchange: Exchange) -> Fault | None:
        """Look at an answer; returns what is wrong if it does not show the job."""
        operation = api()["operations"][self.life["operation"]]
        reply = operation["success"].get(str(exchange.status))
        if reply is None:
            missing = operation["errors"].get("NotFound", {}).get("status")
            aspect = "stored" if exchange.status == missing else None
            return besides(self.life["operation"], exchange) or Fault(
                verdict=Verdict.FAIL,
                constraint=self.id_of(aspect) if aspect else f"{self.life['operation']}/answer",
                expected=f"status {next(iter(operation['success']))}",
                observed=f"status {exchange.status}",
            )
        if exchange.is_cut:
            return besides(self.life["operation"], exchange)
        if fault := misfit(exchange, reply["schema"]):
            return Fault(
                verdict=Verdict.FAIL,
                constraint=reply["constraint"],
                expected=reply["schema"],
                observed=fault,
            )
        self._see(parsed(exchange))
        return None

    def _see(self, body: Json) -> None:
        checks = (self._same, self._follows, self._moves, self._ends, self._costs, self._has_files)
        for check in checks:
            check(body)
            if self.rest is not None:
                return
        was_seen = self.has_ended
        self.has_ended = not self.life["transitions"].get(self.status)
        self.is_done = was_seen  # What has ended is looked at once more.

    def _same(self, body: Json) -> None:
        """It is the job that was asked for, of what was submitted."""
        job, seen = self.job, self._first or body
        self._first = seen
        for role, wanted in (
            ("id", job.id),
            ("model", job.model if job.model in job.body.values() else None),
            ("created_at", one_at(self.at.get("created_at"), seen)),
        ):
            there = one_at(self.at.get(role), body)
            if role in self.at and wanted is not None and there != wanted:
                pointer = self.at[role]
                self.fail("same", f"{pointer} of what was submitted", f"another {pointer}")
                self.rest = self.faults[self.id_of("same")]
                return
        told = one_at(self.at.get("input"), body)
        if isinstance(told, dict):
            sent = {name: (value, shortened(value)) for name, value in job.body.items()}
            other = [name for name, values in sent.items() if told.get(name) not in values]
            if other:
                self.fail("input", "what was submitted", f"another {other[0]} in it", "unknown")

    def _follows(self, body: Json) -> None:
        """Its status is one that the one before leads to, maybe over others that were not seen."""
        status, before = one_at(self.at["status"], body), self.status
        if status != before and status not in self._after(before):
            self.fail("transitions", "what follows the one before", status)
            self.rest = self.faults[self.id_of("transitions")]
        self.status = status

    def _after(self, status: str) -> set[str]:
        after: set[str] = set()
        new = {status}
        while new:
            new = {s for known in new for s in self.life["transitions"].get(known, ())} - after
            after |= new
        return after

    def _moves(self, body: Json) -> None:
        progress = one_at(self.at.get("progress"), body)
        if isinstance(progress, int | float):
            if self._progress is not None and progress < self._progress:
                self.fail("progress", "no less than before", "less than before")
            self._progress = progress

    def _ends(self, body: Json) -> None:
        """When it ended is told as soon as it has, and not before."""
        if "ended_at" not in self.at:
            return
        ended, told = (
            not self.life["transitions"].get(self.status),
            one_at(self.at["ended_at"], body),
        )
        if (told is not None) != ended:
            wanted, there = ("a time", "null") if ended else ("null until it ended", "a time")
            self.fail("ended_at", wanted, there)
            return
        created = moment(one_at(self.at.get("created_at"), body))
        last = moment(told)
        if created is not None and last is not None and last < created:
            self.fail("ended_at", "a time after it was made", "a time before that")

    def _costs(self, body: Json) -> None:
        cost = one_at(self.at.get("credits"), body)
        if isinstance(cost, int | float) and cost < 0:
            self.fail("credits", "at least 0", cost)

    def _has_files(self, body: Json) -> None:
        """There are as many files as were asked for when it has succeeded, and none before."""
        result = one_at(self.at.get("result"), body)
        files = [value for pointer in self.life["files"] for value in found_at(pointer, body)]
        count = sum(len(value) for value in files if isinstance(value, list))
        if isinstance(result, str):  # Its only file, as a URL.
            count = 1
        if self.status not in self.life["succeeded"]:
            if count:
                self.fail("files", "none until it succeeded", _files(count))
            return
        told = self.life["results"].get(self.job.model, {"count": 1})
        asked = one_at(told.get("at"), self.job.body)
        wanted = told["count"] if asked is None else asked
        if count != wanted:
            self.fail("files", _files(wanted), _files(count))

    def outcomes(self) -> list[Outcome]:
        """What was found out, and what was not."""
        answer = f"{self.life['operation']}/answer"
        says = {self.id_of(aspect): text for aspect, text in _ASPECTS.items()}
        says = {answer: "a job is shown as documented", **says}
        told = []
        for constraint, text in says.items():
            fault = self.faults.pop(constraint, None)
            if fault is None and constraint == self.id_of("files") and self._is_without_files():
                fault = Fault(verdict=Verdict.UNTESTED, constraint="", reason="prerequisite")
            told.append(
                _told(self.job, constraint, text, self.exchanges, fault or self._untold(constraint))
            )
        for constraint, fault in self.faults.items():
            told.append(_told(self.job, constraint, "a job is shown", self.exchanges, fault))
        return told

    def _is_without_files(self) -> bool:
        """Whether it ended, or did not, so that it need not have files."""
        return self.rest is None and self.status not in self.life["succeeded"]

    def _untold(self, constraint: str) -> Fault | None:
        """What is said of something that was not seen to be wrong; None if it was seen to be right."""
        if self.rest is None:
            return None
        if constraint == self.id_of("stored") and self._first is not None:
            return None
        if not self.rest.verdict.is_difference:
            return self.rest
        return Fault(verdict=Verdict.UNTESTED, constraint="", reason="prerequisite")


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _told(
    job: AcceptedJob,
    constraint: str,
    says: str,
    exchanges: Iterable[Exchange],
    fault: Fault | None,
) -> Outcome:
    """The outcome of an aspect of a job, with its submission and what was seen of it last."""
    first, *others = exchanges
    shown = (first, *others[-2:])
    fault = fault or Fault(verdict=Verdict.PASS, constraint="")
    return Outcome(
        vector=f"{constraint}/{job.name}",
        constraint=constraint,
        verdict=fault.verdict,
        says=says,
        expected=fault.expected,
        observed=fault.observed,
        exchanges=shown,
        reading=fault.reading,
        reason=fault.reason,
    )

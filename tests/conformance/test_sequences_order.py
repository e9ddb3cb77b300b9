"""Which sequences are sent, in which order, and with which jobs; what is not sent, and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fluxframe.conformance._calls import AcceptedJob, Call, NotSentError
from fluxframe.conformance._document import ApiSequence, JobsNeeded
from fluxframe.conformance._outcomes import Exchange, Outcome, Verdict
from fluxframe.conformance._sequences import run_sequences

PATHS = ("me/answer", "models/answer", "jobs.list/contains", "jobs.list/paging")
ONE, TWO, THREE, FOUR = PATHS


def sequence(constraint: str, *needs: str, **more: Any) -> ApiSequence:
    """A sequence that asks for a path of the constraint's name."""
    step = {
        "operation": "me",
        "method": "GET",
        "path": f"/{constraint}",
        "expect": {"200": {"schema": None, "constraint": None}},
    }
    given: dict[str, Any] = {"stage": 0, "steps": (step,), "readings": {}, **more}
    return ApiSequence(
        id=f"{constraint}/one",
        constraint=constraint,
        says="one",
        costs=False,
        needs=needs,
        **given,
    )


def answered(status: int | None, **body: Any) -> Exchange:
    return Exchange(
        method="GET",
        url="https://example.com/",
        headers={},
        started=datetime.now(UTC),
        seconds=0.1,
        status=status,
        answer_headers={"content-type": "application/json"},
        answer=json.dumps(body),
    )


def job(name: str, operation: str = "images.generate", key: str | None = "k") -> AcceptedJob:
    return AcceptedJob(
        id=name,
        operation=operation,
        model="flux-2-pro",
        body={"prompt": name},
        idempotency_key=key,
        exchange=answered(202),
    )


class Server:
    """Answers 200, or what is said for a path, and notes what it was asked."""

    def __init__(self, **statuses: int | None) -> None:
        self.asked: list[Call] = []
        self._statuses = statuses

    async def send(self, call: Call) -> Exchange:
        self.asked.append(call)
        name = {
            f"/{path}": name
            for name, path in zip(("one", "two", "three", "four"), PATHS, strict=True)
        }
        status = self._statuses.get(name.get(call.path, ""), 200)
        if status == 0:
            raise NotSentError("budget")
        return answered(status)

    def run(self, *sequences: ApiSequence, **more: Any) -> dict[str, Outcome]:
        outcomes = asyncio.run(run_sequences(self.send, sequences, **more))
        return {outcome.vector.removesuffix("/one"): outcome for outcome in outcomes}

    @property
    def paths(self) -> Sequence[str]:
        return [call.path.removeprefix("/") for call in self.asked]


CHAIN = (sequence(FOUR, THREE), sequence(THREE, TWO), sequence(TWO, ONE), sequence(ONE))


def test_what_is_needed_is_asked_first() -> None:
    server = Server()
    done = server.run(*CHAIN)
    assert server.paths == [ONE, TWO, THREE, FOUR]
    assert {outcome.verdict for outcome in done.values()} == {Verdict.PASS}


def test_what_builds_on_a_failure_is_not_asked() -> None:
    for status, verdict in ((404, Verdict.TIGHTER), (500, Verdict.INCONCLUSIVE)):
        server = Server(two=status)
        done = server.run(*CHAIN)
        assert server.paths == [ONE, TWO]
        assert done[TWO].verdict is verdict
        assert {done[name].reason for name in (THREE, FOUR)} == {"prerequisite"}
        again = Server()
        assert again.run(sequence(THREE, TWO), before=done.values())[THREE].reason == "prerequisite"
        assert again.asked == []


def test_what_was_not_sent_for_want_of_money_tells_nothing_of_the_rest() -> None:
    server = Server(two=0)
    done = server.run(*CHAIN)
    assert (done[TWO].verdict, done[TWO].reason) == (Verdict.UNTESTED, "budget")
    assert done[THREE].verdict is Verdict.PASS


def test_needs_in_a_circle_are_asked_all_the_same() -> None:
    server = Server()
    server.run(sequence(ONE, TWO), sequence(TWO, ONE))
    assert sorted(server.paths) == sorted([ONE, TWO])


def test_the_newest_jobs_that_fit_are_taken() -> None:
    jobs = [job("a"), job("b", "images.edit"), job("c", key=None)]

    def asked(needed: JobsNeeded) -> str | None:
        step = {**sequence(ONE).steps[0], "path": "/{job}"}
        server = Server()
        outcome = server.run(sequence(ONE, steps=(step,), jobs=needed), jobs=jobs, lacking="budget")
        return server.paths[0] if server.asked else outcome[ONE].reason

    assert asked(JobsNeeded(operation=None, count=1)) == "c"
    assert asked(JobsNeeded(operation=None, count=1, keyed=True)) == "b"
    assert asked(JobsNeeded(operation="images.generate", count=1, keyed=True)) == "a"
    assert asked(JobsNeeded(operation="images.edit", count=1, unlike={"prompt": "b"})) == "budget"
    assert asked(JobsNeeded(operation=None, count=4)) == "budget"


def test_jobs_of_odd_answers_are_not_taken() -> None:
    needs = sequence(ONE, jobs=JobsNeeded(operation=None, count=1))
    odd = Server().run(sequence(TWO))[TWO]
    odd = replace(odd, constraint="images.generate/answer", verdict=Verdict.FAIL)
    assert Server().run(needs, jobs=[job("a")], before=[odd])[ONE].reason == "prerequisite"


def test_what_later_steps_need_and_is_not_there_tells_nothing() -> None:
    first = {**sequence(ONE).steps[0], "save": {"it": {"at": "/it"}}}
    second = {**sequence(TWO).steps[0], "path": "/{it}"}
    server = Server()
    done = server.run(sequence(ONE, steps=(first, second)))
    assert done[ONE].reason == "prerequisite"
    assert server.paths == [ONE]

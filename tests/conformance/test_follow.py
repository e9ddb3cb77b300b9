"""A job that is followed, through answers that are told one by one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from codegen.spec.load import load
from fluxframe.conformance._calls import AcceptedJob, Call, NotSentError
from fluxframe.conformance._document import api
from fluxframe.conformance._follow import follow
from fluxframe.conformance._outcomes import Exchange, Outcome, Verdict

from .asgi import Json, findings

SPEC = load()
LIFE = SPEC.api.job
BEGUN, (DONE, *_) = LIFE.initial, LIFE.succeeded
FAILED = next(s for s in LIFE.ended if s not in (*LIFE.succeeded, *LIFE.cancelled))
ID = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"
OPERATION, MODEL = "images.generate", "flux-2-pro"
BODY: Json = {"model": MODEL, "prompt": "a fox"}


def exchange(status: int | None, body: Any = None) -> Exchange:
    return Exchange(
        method="GET",
        url="https://example.com/",
        headers={},
        started=datetime.now(UTC),
        seconds=0.1,
        status=status,
        answer_headers={"Content-Type": "application/json"},
        answer=json.dumps(body),
        error=None if status else "no answer",
    )


def job(status: str = BEGUN, **more: Any) -> Exchange:
    ended = status in LIFE.ended
    said: Json = {"id": ID, "status": status, "model": MODEL, "progress": None, "error": None}
    said |= {"creditCost": 4, "webhookStatus": None, "createdAt": "2026-01-01T00:00:00Z"}
    said |= {"completedAt": "2026-01-01T00:00:10Z" if ended else None, "input": BODY}
    if status == DONE:
        said["result"] = {"images": ["https://example.com/a.png"]}
    return exchange(200, {**said, **more})


MISSING = exchange(404, {"error": "no such job"})
SUBMITTED = AcceptedJob(
    id=ID,
    vectors=("pack",),
    operation=OPERATION,
    model=MODEL,
    body=BODY,
    idempotency_key="k",
    exchange=exchange(202, {"jobId": ID, "status": BEGUN}),
)


def followed(
    *answers: Exchange, deadline: float = 5, said: AcceptedJob = SUBMITTED
) -> list[Outcome]:
    """The outcomes of a job that is answered so; the last answer is repeated."""

    def each() -> Iterator[Exchange]:
        yield from answers
        while True:
            yield answers[-1]

    given = each()

    async def send(call: Call) -> Exchange:
        assert call.path.endswith(ID)
        return next(given)

    return asyncio.run(follow(send, said, deadline))


def verdicts(outcomes: list[Outcome]) -> dict[str, tuple[Verdict, str | None]]:
    return {o.constraint: (o.verdict, o.reason) for o in outcomes}


def test_a_job_that_ends_well_has_all_that_it_should() -> None:
    done = followed(job(), job(DONE))
    assert {o.verdict for o in done} == {Verdict.PASS}
    assert {o.constraint for o in done} >= {*api()["job"]["constraints"].values()}
    assert {o.vector for o in done} == {f"{o.constraint}/pack" for o in done}


def test_a_job_may_be_read_a_moment_after_it_was_written() -> None:
    assert findings(followed(MISSING, MISSING, job(DONE))) == set()
    assert findings(followed(MISSING)) == {"jobs.get/stored:fail"}


def test_a_failed_job_need_not_have_files() -> None:
    done = verdicts(followed(job(), job(FAILED, error="no", creditCost=0)))
    assert done["jobs.get/life/files"] == (Verdict.UNTESTED, "prerequisite")
    assert {verdict for verdict, _ in done.values()} == {Verdict.PASS, Verdict.UNTESTED}
    assert findings(followed(job(FAILED, result={"images": ["https://a.example/"]}))) == {
        "jobs.get/life/files:fail"
    }


def test_a_server_that_fails_for_a_moment_says_nothing() -> None:
    broken = exchange(503, {"error": "down"})
    assert findings(followed(broken, exchange(None), job(), broken, broken, job(DONE))) == set()
    for answer, reason in ((broken, "server_error"), (exchange(None), "network")):
        done = verdicts(followed(answer))
        assert set(done.values()) == {(Verdict.INCONCLUSIVE, reason)}
        known = verdicts(followed(job(), answer))
        assert known["jobs.get/stored"] == (Verdict.PASS, None)
        assert known["jobs.get/life/ends"] == (Verdict.INCONCLUSIVE, reason)


def test_a_job_that_does_not_end_in_time_is_told() -> None:
    done = followed(job(), deadline=0)
    assert findings(done) == {"jobs.get/life/ends:fail"}
    assert verdicts(done)["jobs.get/life/files"] == (Verdict.UNTESTED, "prerequisite")


def test_an_end_is_an_end() -> None:
    assert findings(followed(job(DONE), job(BEGUN))) == {"jobs.get/life/transitions:fail"}


def test_statuses_between_may_be_missed() -> None:
    assert findings(followed(job(BEGUN), job(DONE))) == set()
    first = exchange(202, {"jobId": ID, "status": DONE})
    late = AcceptedJob(
        id=ID,
        vectors=("pack",),
        operation=OPERATION,
        model=MODEL,
        body=BODY,
        idempotency_key="k",
        exchange=first,
    )
    assert findings(followed(job(BEGUN), said=late)) == {"jobs.get/life/transitions:fail"}


def test_an_older_result_is_one_file() -> None:
    assert findings(followed(job(DONE, result="https://example.com/a.png"))) == set()


def test_what_was_not_sent_is_untested() -> None:
    async def send(call: Call) -> Exchange:
        raise NotSentError("interrupted")

    done = verdicts(asyncio.run(follow(send, SUBMITTED, 5)))
    assert set(done.values()) == {(Verdict.UNTESTED, "interrupted")}


def test_a_submission_that_does_not_fit_is_not_followed() -> None:
    odd = exchange(202, {"jobId": ID, "status": {"is": "odd"}})
    said = AcceptedJob(
        id=ID,
        vectors=("pack",),
        operation=OPERATION,
        model=MODEL,
        body=BODY,
        idempotency_key="k",
        exchange=odd,
    )
    assert findings(followed(job(DONE), said=said)) == {"images.generate/answer:fail"}

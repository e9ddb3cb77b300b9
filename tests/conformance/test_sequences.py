"""Sequences and lives of jobs, against the emulator as it is and broken in one place: one cause, one finding."""

from __future__ import annotations

import asyncio
import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from codegen.spec.load import load
from fluxframe.conformance._document import api_constraints, sequences
from fluxframe.conformance._outcomes import Outcome, Verdict

from .asgi import Ask, Asked, Change, Json, Said, broken, emulator, findings, run

SPEC = load()
OPERATION, MODEL = "images.generate", "flux-2-pro"
BODIES: list[Json] = [{"model": MODEL, "prompt": f"fox number {number}"} for number in range(4)]
JOBS, GENERATE = "/v2/jobs", "/v2/images/generate"
# What differs from run to run: ids and times.
CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d\d-\d\dT")
# The id of a job that there never was.
STRANGER = "0b54c1de-5f0e-4c55-9b5e-0c8f8f0e6b1a"


def outcomes(app: Any, deadline: float = 5) -> list[Outcome]:
    key = f"{SPEC.api.authentication.prefix}{uuid.uuid4().hex}"
    return run(app, [(OPERATION, MODEL, BODIES)], deadline=deadline, key=key)


def is_job(asked: Asked) -> bool:
    return asked.method == "GET" and re.fullmatch(f"{JOBS}/[0-9a-f-]{{36}}", asked.path) is not None


def is_list(asked: Asked) -> bool:
    return asked.method == "GET" and asked.path == JOBS


def of(change: Any, *, on: Any = is_job, status: int = 200) -> Change:
    """A change of the bodies of some answers; `change` is given the body, and returns another or None."""

    async def changed(asked: Asked, ask: Ask) -> Said:
        said = await ask(asked)
        if not on(asked) or said.status != status:
            return said
        body = said.json
        other = change(body)
        return said.saying(body if other is None else other)

    return changed


def test_the_emulator_does_as_documented() -> None:
    done = outcomes(emulator())
    assert findings(done) == set()
    untested = {o.vector.split("/")[0] for o in done if o.verdict is not Verdict.PASS}
    # There are no jobs of these.
    assert untested == {name for name in SPEC.submissions() if name != OPERATION}
    assert len({o.vector for o in done}) == len(done)


def test_latency_and_reordering_raise_no_alarm() -> None:
    for seed in range(3):
        chance = random.Random(seed)

        async def late(asked: Asked, ask: Ask, chance: random.Random = chance) -> Said:
            await asyncio.sleep(chance.uniform(0, 0.01))
            said = await ask(asked)
            await asyncio.sleep(chance.uniform(0, 0.01))
            return said

        assert findings(outcomes(broken(emulator(), late))) == set()


async def never_stored(asked: Asked, ask: Ask) -> Said:
    return await ask(replace(asked, path=f"{JOBS}/{STRANGER}") if is_job(asked) else asked)


def loses() -> Change:
    seen: Counter[str] = Counter()

    async def lost(asked: Asked, ask: Ask) -> Said:
        seen[asked.path] += 1
        return await (never_stored if seen[asked.path] > 2 else _plain)(asked, ask)

    return lost


async def _plain(asked: Asked, ask: Ask) -> Said:
    return await ask(asked)


def swaps() -> Change:
    made: list[str] = []

    async def swapped(asked: Asked, ask: Ask) -> Said:
        if is_job(asked) and len(made) > 1:
            id = asked.path.rpartition("/")[2]
            other = {made[0]: made[1], made[1]: made[0]}.get(id, id)
            asked = replace(asked, path=f"{JOBS}/{other}")
        said = await ask(asked)
        if asked.path == GENERATE and said.status == 202:
            made.append(said.json["jobId"])
        return said

    return swapped


def goes_back() -> Change:
    seen: Counter[str] = Counter()

    def back(body: Json) -> None:
        if body["status"] != "QUEUED":
            seen[body["id"]] += 1
            if seen[body["id"]] > 1:
                body.update(status="QUEUED", completedAt=None, result=None)

    return of(back)


def never_ends(body: Json) -> None:
    body.update(status="PROCESSING", progress=1, completedAt=None, result=None)


def without_images(body: Json) -> None:
    if body["status"] == "COMPLETED":
        body["result"] = None


def one_image_more(body: Json) -> None:
    if body["result"]:
        body["result"]["images"] *= 2


def images_too_soon(body: Json) -> None:
    if body["status"] != "COMPLETED":
        body["result"] = {"images": ["https://example.com/a.png"]}


def falls() -> Change:
    counts = iter(range(90, 0, -1))
    return of(lambda body: body.update(progress=next(counts)))


def ended_too_soon(body: Json) -> None:
    body["completedAt"] = body["createdAt"]


def end_untold(body: Json) -> None:
    body["completedAt"] = None


def end_before_beginning(body: Json) -> None:
    if body["completedAt"]:
        body["completedAt"] = "2001-01-01T00:00:00.000Z"


def knows_any_id() -> Change:
    last: list[Said] = []

    async def known(asked: Asked, ask: Ask) -> Said:
        said = await ask(asked)
        if is_job(asked) and said.status == 404:
            if last:
                return last[-1]
            job = dict.fromkeys(("progress", "error", "creditCost", "webhookStatus"))
            job |= {"completedAt": None, "id": STRANGER, "status": "QUEUED", "model": MODEL}
            return said.saying({**job, "createdAt": "2026-01-01T00:00:00Z"}, 200)
        return said

    return known


def any_key(path: str) -> Change:
    async def open(asked: Asked, ask: Ask) -> Said:
        if asked.path.startswith(path) and "afk_" not in asked.headers.get("x-api-key", ""):
            asked = replace(asked, headers={**asked.headers, "x-api-key": "afk_anyone"})
        return await ask(asked)

    return open


async def no_idempotency(asked: Asked, ask: Ask) -> Said:
    return await ask(asked.without("idempotency-key"))


async def no_conflict(asked: Asked, ask: Ask) -> Said:
    said = await ask(asked)
    if said.status == 409:
        return said.saying({"jobId": STRANGER, "status": "QUEUED"}, 202)
    return said


async def key_of_any_length(asked: Asked, ask: Ask) -> Said:
    key = asked.headers.get("idempotency-key", "")
    return await ask(
        replace(
            asked, headers={**asked.headers, "idempotency-key": key[:255]} if key else asked.headers
        )
    )


async def one_job_for_all(asked: Asked, ask: Ask) -> Said:
    if asked.path == GENERATE and asked.headers.get("idempotency-key", "").count("-") == 4:
        first = json.dumps(BODIES[0]).encode()
        if json.loads(asked.body) in BODIES:
            headers = {**asked.headers, "idempotency-key": "k", "content-length": str(len(first))}
            return await ask(replace(asked, body=first, headers=headers))
    return await ask(asked)


async def repeats(asked: Asked, ask: Ask) -> Said:
    return await ask(asked.without("cursor") if is_list(asked) else asked)


async def repeats_the_last(asked: Asked, ask: Ask) -> Said:
    said = await ask(asked)
    if is_list(asked) and "cursor" in asked.query and said.status == 200:
        body, whole = said.json, await ask(asked.without("cursor", "limit"))
        before = [job for job in whole.json["jobs"] if job["id"] == asked.query["cursor"]]
        return said.saying({**body, "jobs": [*before, *body["jobs"]][: int(asked.query["limit"])]})
    return said


async def skips(asked: Asked, ask: Ask) -> Said:
    said = await ask(asked)
    if is_list(asked) and said.status == 200 and said.json["nextCursor"]:
        body = said.json
        whole = (await ask(asked.without("cursor", "limit"))).json["jobs"]
        ids = [job["id"] for job in whole]
        following = ids.index(body["nextCursor"]) + 1
        if following < len(ids):
            return said.saying({**body, "nextCursor": ids[following]})
    return said


def unlisted(body: Json) -> None:
    body["jobs"] = [job for job in body["jobs"] if "fox number 3" not in json.dumps(job)][1:]


def oldest_first(body: Json) -> None:
    for number, job in enumerate(body["jobs"]):
        job["createdAt"] = f"2026-01-01T00:00:{number:02}.000Z"


def a_model_less(body: Json) -> None:
    del body["models"][5:6]


def always_more(body: Json) -> None:
    body["hasMore"] = True


def blind_to(*names: str) -> Change:
    """Ignores what is allowed of a parameter, and still refuses what is not."""

    async def blind(asked: Asked, ask: Ask) -> Said:
        said = await ask(asked)
        if asked.method == "GET" and said.status == 200 and asked.query.keys() & {*names}:
            return await ask(asked.without(*names))
        return said

    return blind


def deaf_to(name: str, path: str) -> Change:
    async def deaf(asked: Asked, ask: Ask) -> Said:
        return await ask(asked.without(name) if asked.path == path else asked)

    return deaf


def answers(status: int, instead: int, body: Any = None, on: str = "") -> Change:
    """Another status in place of one, or another body."""

    async def other(asked: Asked, ask: Ask) -> Said:
        said = await ask(asked)
        if said.status == status and asked.path.startswith(on):
            return said.saying(said.json if body is None else body, instead)
        return said

    return other


def typed(media: str, path: str) -> Change:
    async def other(asked: Asked, ask: Ask) -> Said:
        said = await ask(asked)
        if asked.path == path and said.status == 200:
            return replace(said, headers={**said.headers, "content-type": media})
        return said

    return other


async def takes_any_method(asked: Asked, ask: Ask) -> Said:
    return await ask(replace(asked, method="GET") if asked.path == "/v2/me" else asked)


async def other_bytes(asked: Asked, ask: Ask) -> Said:
    said = await ask(asked)
    return replace(said, body=said.body + b"\0") if asked.path.startswith("/uploads") else said


async def takes_any_file(asked: Asked, ask: Ask) -> Said:
    said = await ask(asked)
    if asked.path == "/v2/uploads" and b"a red fox" in asked.body:
        body = asked.body.replace(b"a red fox", b"\x89PNG\r\n\x1a\n.")
        return await ask(replace(asked, body=body))
    return said


def path_is(path: str) -> Any:
    return lambda asked: asked.path == path and asked.method in ("GET", "POST")


BREAKS: Mapping[str, tuple[Change, str]] = {
    "never stored": (never_stored, "jobs.get/stored:fail"),
    "lost": (loses(), "jobs.get/stored:fail"),
    "swapped": (swaps(), "jobs.get/same-job:fail"),
    "another model": (of(lambda body: body.update(model="else")), "jobs.get/same-job:fail"),
    "another input": (of(lambda body: body.update(input={})), "jobs.get/input:differs"),
    "backwards": (goes_back(), "jobs.get/life/transitions:fail"),
    "unknown status": (of(lambda b: b.update(status="DONE")), "jobs.get/life/transitions:fail"),
    "never ends": (of(never_ends), "jobs.get/life/ends:fail"),
    "without images": (of(without_images), "jobs.get/life/files:fail"),
    "too many images": (of(one_image_more), "jobs.get/life/files:fail"),
    "images too soon": (of(images_too_soon), "jobs.get/life/files:fail"),
    "progress falls": (falls(), "jobs.get/life/progress:fail"),
    "ended too soon": (of(ended_too_soon), "jobs.get/life/ended-at:fail"),
    "end untold": (of(end_untold), "jobs.get/life/ended-at:fail"),
    "end before beginning": (of(end_before_beginning), "jobs.get/life/ended-at:fail"),
    "negative cost": (of(lambda body: body.update(creditCost=-1)), "jobs.get/life/credits:fail"),
    "job misfits": (of(lambda body: body.pop("model")), "jobs.get/answer:fail"),
    "unknown id": (knows_any_id(), "jobs.get/unknown-id:looser"),
    "any id": (
        answers(400, 404, {"error": "x"}, f"{JOBS}/"),
        "jobs.get/refusal:differs",
    ),
    "no auth of jobs": (any_key(f"{JOBS}/"), "jobs.get/authentication:looser"),
    "no auth": (any_key("/"), "api/authentication:looser"),
    "no auth of me": (any_key("/v2/me"), "me/authentication:looser"),
    "no auth of submissions": (any_key(GENERATE), "images.generate/authentication:looser"),
    "auth is forbidden": (answers(401, 403, on="/v2/me"), "me/authentication:fail"),
    "no idempotency": (no_idempotency, "images.generate/idempotency:fail"),
    "no conflict": (no_conflict, "images.generate/idempotency-conflict:differs"),
    "long keys": (key_of_any_length, "images.generate/idempotency-key/max_length:looser"),
    "one job for all": (one_job_for_all, "images.generate/new-job:fail"),
    "other success": (answers(202, 200, on=GENERATE), "images.generate/answer:fail"),
    "repeats": (repeats, "jobs.list/paging:fail"),
    "repeats the last": (repeats_the_last, "jobs.list/paging:fail"),
    "skips": (skips, "jobs.list/paging:fail"),
    "always more": (of(always_more, on=is_list), "jobs.list/paging:fail"),
    "unlisted": (of(unlisted, on=is_list), "jobs.list/contains:fail"),
    "oldest first": (of(oldest_first, on=is_list), "jobs.list/order:fail"),
    "list misfits": (of(lambda body: body.pop("hasMore"), on=is_list), "jobs.list/answer:fail"),
    "limit": (blind_to("limit"), "jobs.list/limit/obeyed:fail"),
    "status": (blind_to("status"), "jobs.list/status/filter:fail"),
    "model": (blind_to("model"), "jobs.list/model/filter:fail"),
    "search": (blind_to("search"), "jobs.list/search/filter:fail"),
    "modality": (blind_to("modality"), "models/modality/filter:fail"),
    "status unread": (deaf_to("status", JOBS), "jobs.list/status/values:looser"),
    "search unread": (deaf_to("search", JOBS), "jobs.list/search/format:looser"),
    "modality unread": (deaf_to("modality", "/v2/models"), "models/modality/values:looser"),
    "401 misfits": (answers(401, 401, {"message": "x"}), "api/unauthorized:fail"),
    "404 misfits": (answers(404, 404, {"message": "x"}, f"{JOBS}/"), "api/not-found:fail"),
    "400 misfits": (answers(400, 400, {}, GENERATE), "images.generate/refusal:fail"),
    "400 is 422": (answers(400, 422, on="/v2/models"), "models/refusal:fail"),
    "catalogue": (
        of(a_model_less, on=path_is("/v2/models")),
        "models/complete:fail",
    ),
    "me misfits": (of(lambda body: body.pop("user"), on=path_is("/v2/me")), "me/answer:fail"),
    "no JSON type": (typed("text/html", "/v2/me"), "me/answer:fail"),
    "any method": (takes_any_method, "api/method:differs"),
    "other bytes": (other_bytes, "uploads.create/kept:fail"),
    "any file": (takes_any_file, "uploads.create/content-type:looser"),
    "size": (
        of(lambda body: body.update(byteSize=1), on=path_is("/v2/uploads"), status=201),
        "uploads.create/told:fail",
    ),
    "429": (answers(400, 429, {"error": "x"}, JOBS), "api/too-many-requests:fail"),
    "500": (answers(400, 500, {"error": "x"}, "/v2/models"), ""),
}


@pytest.mark.parametrize("name", BREAKS)
def test_one_cause_is_one_finding(name: str) -> None:
    change, finding = BREAKS[name]
    done = outcomes(broken(emulator(), change), deadline=0.3)
    assert findings(done) == ({finding} if finding else set())
    assert {o.constraint for o in done} <= api_constraints().keys()
    # What is told is the same in the next run, by which known failures are known again.
    told = [text for o in done for text in (o.says, o.expected, o.observed)]
    assert [text for text in told if CHANGING.search(text)] == []


NONSENSE: Sequence[Any] = (
    None,
    True,
    -1,
    10**30,
    "",
    "\0",
    "..",
    "http://[",
    [],
    [{}],
    {},
    {"a": 1},
)


def nonsense(chance: random.Random, value: Any) -> Any:
    """A value with something else in some places."""
    if chance.random() < 0.05:
        return chance.choice(NONSENSE)
    if isinstance(value, list):
        return [nonsense(chance, item) for item in value]
    if isinstance(value, dict):
        return {name: nonsense(chance, inner) for name, inner in value.items()}
    return value


def test_whatever_a_server_answers_there_is_one_outcome_of_each(chance: random.Random) -> None:
    for _ in range(5):

        async def odd(asked: Asked, ask: Ask) -> Said:
            said = await ask(asked)
            if said.status == 202 or chance.random() < 0.5:
                return said  # There would be no jobs.
            if chance.random() < 0.1:
                return Said(chance.choice([200, 302, 429, 500, 599]), chance.randbytes(9))
            if not said.headers.get("content-type", "").startswith("application/json"):
                return said
            return said.saying(nonsense(chance, said.json))

        done = outcomes(broken(emulator(0.01), odd), deadline=0.05)
        names = Counter(outcome.vector for outcome in done)
        assert {sequence.id for sequence in sequences()} <= names.keys()
        assert set(names.values()) == {1}
        for outcome in done:
            assert outcome.constraint in api_constraints()
            open = outcome.verdict in (Verdict.UNTESTED, Verdict.INCONCLUSIVE)
            assert (outcome.reason is not None) == open
            assert (outcome.reading is not None) == (outcome.verdict is Verdict.DIFFERS)

"""Answers about another job than the one that was asked for: of a cache, or a confused proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fluxframe import JobTimeoutError, UnexpectedResponseError

from ..servers.http1 import Request, http, http_json
from ..servers.scripted import Server, job_json
from .calls import Kind, Use, all_of, both, call, value_of

OURS = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"
OTHER = "00000000-5f0e-4c55-9b5e-0c8f8f0e6b1a"
REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
PICTURE = b"\xff\xd8\xff\xe0 a picture"


class Confused:
    """Answers the first so many questions about a job with another."""

    def __init__(self, wrong: int, told: str = OTHER) -> None:
        self.wrong = wrong
        self.told = told
        self.submissions = 0
        self.url = ""

    def __call__(self, request: Request) -> bytes:
        if request.method == "POST":
            self.submissions += 1
            return http_json({"jobId": OURS, "status": "QUEUED"}, 202)
        if request.path.startswith("/files/"):
            return http(200, PICTURE)
        self.wrong -= 1
        id = self.told if self.wrong >= 0 else OURS
        result = {"images": [f"{self.url}/files/{id}.jpg"]}
        return http_json(job_json(id, result=result))


QUICK: dict[str, Any] = {"interval": 0.02, "deadline": 0.4}
WAYS: dict[str, Use] = {
    "get": lambda client: client.jobs.get(OURS),
    "refresh": lambda client: client.images.generate(REQUEST),
    "wait": lambda client: client.jobs.wait(OURS, **QUICK),
    "run": lambda client: client.images.run(REQUEST, **QUICK),
    "wait_many": lambda client: all_of(client.jobs.wait_many([OURS], **QUICK)),
}
each_way = pytest.mark.parametrize("way", WAYS)


def use(way: str) -> Use:
    async def run(client: Any) -> Any:
        found = await value_of(WAYS[way](client))
        if way == "refresh":
            await value_of(found.refresh())
        return found[0] if isinstance(found, list) else found

    return run


@both
@each_way
def test_it_is_asked_for_again(kind: Kind, way: str) -> None:
    answer = Confused(2)
    with Server(answer=answer) as server:
        job = call(kind, use(way), base_url=server.url)
    assert job.id == OURS
    assert answer.submissions <= 1


@both
@each_way
def test_it_is_never_believed(kind: Kind, way: str) -> None:
    answer = Confused(999)
    with (
        Server(answer=answer) as server,
        pytest.raises((UnexpectedResponseError, JobTimeoutError)) as caught,
    ):
        call(kind, use(way), base_url=server.url, max_retries=1)
    error = caught.value
    cause = error.__cause__ if isinstance(error, JobTimeoutError) else error
    assert isinstance(cause, UnexpectedResponseError)
    assert cause.job_id == OURS
    assert isinstance(cause.body, dict)
    assert cause.body["id"] == OTHER
    assert OURS in str(error)
    assert OTHER in str(error)
    assert answer.submissions <= 1


@both
@each_way
def test_an_id_in_other_letters_is_the_same(kind: Kind, way: str) -> None:
    with Server(answer=Confused(1, OURS.upper())) as server:
        assert call(kind, use(way), base_url=server.url).id == OURS.upper()


@both
def test_a_batch_saves_no_picture_of_another_job(kind: Kind, tmp_path: Path) -> None:
    answer = Confused(2)
    out = tmp_path / "out"

    def run(client: Any) -> Any:
        return client.batch.run([REQUEST], journal=tmp_path / "j.jsonl", out=out, interval=0.02)

    with Server(answer=answer) as server:
        answer.url = server.url
        assert call(kind, run, base_url=server.url).completed == 1
    assert [path.name for path in out.iterdir()] == [f"000000-{OURS}-1.jpg"]
    assert answer.submissions == 1

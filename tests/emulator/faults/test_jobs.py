"""What becomes of jobs, as a plain client sees it while the clock is moved on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from fluxframe.emulator import Emulator

from .raw import REQUEST

SECONDS = 100
GOOD = ["QUEUED", "PROCESSING", "COMPLETED"]


@pytest.fixture(scope="module")
def slow() -> Iterator[Emulator]:
    with Emulator(job_seconds=SECONDS) as emulator:
        yield emulator


@pytest.fixture
def client(slow: Emulator, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=slow.url, headers={"X-API-Key": key}) as made:
        yield made


def submitted(client: httpx.Client, fault: str) -> str:
    headers = {"X-Emulator-Fault": fault}
    answer = client.post("/v2/images/generate", json=REQUEST, headers=headers)
    assert answer.status_code == 202
    return str(answer.json()["jobId"])


def course(slow: Emulator, client: httpx.Client, id: str) -> tuple[list[str], Any]:
    """The statuses that a job goes through, and what is told of it at last."""
    seen: list[str] = []
    said: Any = None
    for _ in range(31):
        answer = client.get(f"/v2/jobs/{id}")
        said = answer.json()
        status = said["status"] if answer.status_code == 200 else str(answer.status_code)
        if seen[-1:] != [status]:
            seen.append(status)
        slow.clock.advance(SECONDS / 20)
    return seen, said


@pytest.mark.parametrize(
    ("fault", "statuses", "said"),
    [
        ("job=fail", [*GOOD[:2], "FAILED"], {"error": "No available capacity — please retry shortly"}),
        ('job=fail; reason="content policy"', [*GOOD[:2], "FAILED"],
         {"error": "Provider returned an error: content policy violation", "creditCost": 0}),
        ('job=fail; reason="The fox \\u2026 ran"', [*GOOD[:2], "FAILED"], {"error": "The fox … ran"}),
        ("job=hang", GOOD[:2], {"error": None, "result": None}),
        ("job=back", [*GOOD[:2], *GOOD], {"expired": False}),
        ("job=vanish", [*GOOD[:2], "404"], {}),
        ("job=unknown", [*GOOD[:2], "UNKNOWN"], {"result": None}),
        ("job=expired", GOOD, {"expired": True}),
        ("job=old_result", GOOD, {}),
        ("job=fail; reset=body; status=500; done", [], {}),
    ],
)  # fmt: skip
def test_what_becomes_of_a_job(
    slow: Emulator, client: httpx.Client, fault: str, statuses: list[str], said: dict[str, Any]
) -> None:
    if not statuses:  # The job goes wrong, and so does the answer.
        with pytest.raises(httpx.ReadError):
            submitted(client, fault)
        [id], statuses = (
            [job["id"] for job in client.get("/v2/jobs").json()["jobs"]],
            [*GOOD[:2], "FAILED"],
        )
    else:
        id = submitted(client, fault)
    seen, last = course(slow, client, id)
    assert seen == statuses
    assert {name: last[name] for name in said} == said


def test_what_fails_is_refunded(slow: Emulator, client: httpx.Client) -> None:
    def credits() -> int:
        return int(client.get("/v2/me").json()["team"]["credits"])

    before = credits()
    submitted(client, "job=fail")
    assert credits() < before
    slow.clock.advance(SECONDS)
    assert credits() == before


def test_expired_files_are_gone(slow: Emulator, client: httpx.Client) -> None:
    id = submitted(client, "job=expired")
    slow.clock.advance(SECONDS)
    [url] = client.get(f"/v2/jobs/{id}").json()["result"]["images"]
    assert client.get(url).status_code in (403, 404, 410)


def test_the_older_result_is_a_url(slow: Emulator, client: httpx.Client) -> None:
    id = submitted(client, "job=old_result")
    slow.clock.advance(SECONDS)
    url = client.get(f"/v2/jobs/{id}").json()["result"]
    assert client.get(url).headers["content-type"] == "image/jpeg"


def test_a_repeated_submission_is_the_job_that_there_is(
    slow: Emulator, client: httpx.Client
) -> None:
    """Whatever is to become of another."""
    headers = {"Idempotency-Key": "one"}
    ids = set()
    for fault in ("reset=after", "job=fail", "status=502; done", "delay=0"):
        try:
            said = {**headers, "X-Emulator-Fault": fault}
            ids.add(
                client.post("/v2/images/generate", json=REQUEST, headers=said).json().get("jobId")
            )
        except httpx.ReadError:
            continue
    assert len(ids - {None}) == 1
    assert len(client.get("/v2/jobs").json()["jobs"]) == 1


def test_a_reset_forgets_faults_and_brings_back_those_of_the_scenario() -> None:
    emulator = Emulator(scenario={"faults": [{"status": 503, "times": 1}]})
    [first] = emulator.faults
    first.draw()
    emulator.faults.add(status=500, key="afk_a")
    emulator.faults.add(status=500)
    emulator.reset("afk_a")
    assert [each.fault.status for each in emulator.faults] == [503, 500]
    emulator.reset()
    [again] = emulator.faults
    assert (again.id, again.seen, again.fault) == (1, 0, first.fault)

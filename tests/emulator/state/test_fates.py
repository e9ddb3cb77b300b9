"""What becomes of jobs that do not just succeed, as it is seen over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._state.fate import KINDS, NEVER, Fate, courses, due_at, status_at

from .conftest import JOBS, SECONDS, Connect, Json, Shop, credits_of, job_of, request_of, submit

COURSES = courses(contract().document.life)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=SECONDS) as running:
        yield running


@pytest.fixture
def api(emulator: Emulator, connect: Connect) -> httpx.Client:
    return connect(emulator)


def fated(api: httpx.Client, job: str) -> str:
    return submit(api, headers={"X-Emulator-Fault": f"job={job}"})


def seen(emulator: Emulator, api: httpx.Client, id: str, *shares: float) -> list[Json]:
    """The job at each share of its time."""
    found, passed = [], 0.0
    for share in shares:
        emulator.clock.advance((share - passed) * SECONDS)
        passed = share
        found.append(job_of(api, id))
    return found


def statuses(jobs: list[Json]) -> list[str]:
    return [job["status"] for job in jobs]


def test_a_job_that_fails_says_why_and_is_refunded(emulator: Emulator, api: httpx.Client) -> None:
    before = credits_of(api)
    id = fated(api, "fail; reason=no capacity")
    jobs = seen(emulator, api, id, 0, 0.5, 1)
    assert statuses(jobs) == ["QUEUED", "PROCESSING", "FAILED"]
    assert jobs[-1]["error"] == "no capacity"
    assert (jobs[-1]["progress"], jobs[-1]["creditCost"], jobs[-1]["result"]) == (0, 0, None)
    assert credits_of(api) == before


def test_a_job_that_hangs_never_ends(emulator: Emulator, api: httpx.Client) -> None:
    jobs = seen(emulator, api, fated(api, "hang"), 0, 0.5, 0.9, 1, 1000)
    assert statuses(jobs) == ["QUEUED", *["PROCESSING"] * 4]
    assert jobs[-1]["progress"] == jobs[-2]["progress"] < 99
    assert jobs[-1]["completedAt"] is None


def test_a_job_goes_back_and_on(emulator: Emulator, api: httpx.Client) -> None:
    jobs = seen(emulator, api, fated(api, "back"), 0, 0.4, 0.6, 0.8, 1)
    expected = ["QUEUED", "PROCESSING", "QUEUED", "PROCESSING", "COMPLETED"]
    assert statuses(jobs) == expected
    assert jobs[2]["progress"] == 0


def test_a_job_vanishes_that_was_accepted(emulator: Emulator, api: httpx.Client) -> None:
    id = fated(api, "vanish")
    assert statuses(seen(emulator, api, id, 0, 0.4)) == ["QUEUED", "PROCESSING"]
    assert [job["id"] for job in api.get(JOBS).json()["jobs"]] == [id]
    emulator.clock.advance(SECONDS)
    assert api.get(f"{JOBS}/{id}").status_code == 404
    assert api.get(JOBS).json()["jobs"] == []


def test_a_job_ends_in_a_status_that_no_document_has(emulator: Emulator, api: httpx.Client) -> None:
    job = seen(emulator, api, fated(api, "unknown"), 1)[0]
    assert job["status"] == "UNKNOWN"
    assert (job["result"], job["error"]) == (None, None)


def test_a_result_has_the_older_shape(emulator: Emulator, api: httpx.Client) -> None:
    job = seen(emulator, api, fated(api, "old_result"), 1)[0]
    assert job["status"] == "COMPLETED"
    assert isinstance(job["result"], str)
    assert api.get(job["result"]).status_code == 200


def test_the_files_of_an_expired_job_are_gone(emulator: Emulator, api: httpx.Client) -> None:
    id = fated(api, "expired")
    job = seen(emulator, api, id, 1)[0]
    assert (job["status"], job["expired"]) == ("COMPLETED", True)
    assert api.get(job["result"]["images"][0]).status_code == 404
    assert api.get(JOBS).json()["jobs"][0]["expired"] is True


def test_results_expire_when_the_document_says(emulator: Emulator, api: httpx.Client) -> None:
    kept = contract().document.raw["x-job"]["keptSeconds"]
    assert kept == 86_400
    id = submit(api, request_of(aspect_ratio="1:1"))
    emulator.clock.advance(SECONDS + kept - 30)
    (url,) = job_of(api, id)["result"]["images"]
    assert job_of(api, id)["expired"] is False
    assert api.get(url).status_code == 200
    emulator.clock.advance(30)
    assert job_of(api, id)["expired"] is True
    assert api.get(url).status_code == 404
    # Nor is it shown where another request refers to it.
    assert api.get(JOBS).json()["jobs"][0]["expired"] is True


@given(
    kind=st.sampled_from(["", *KINDS]),
    seconds=st.floats(0, 1e6),
    begun=st.floats(0, 2e9),
    ages=st.lists(st.floats(0, 2e6), max_size=8),
)
def test_what_is_written_down_is_what_is_said(
    kind: str, seconds: float, begun: float, ages: list[float]
) -> None:
    shop = Shop()
    shop.clock.at = begun
    fate = Fate(kind) if kind else None
    shop.add(shop.account(), seconds=seconds, fate=fate, credits=0)
    for age in sorted(ages):
        shop.clock.at = now = begun + age
        shop.store.settle(now)
        row = shop.store.db.execute("SELECT status, due FROM jobs").fetchone()
        said = status_at(COURSES[kind], begun, seconds, now)
        if not said:
            assert row is None
            return
        assert row[0] == said
        due = due_at(COURSES[kind], begun, seconds, now, ends=kind != "hang")
        pending = kind == "fail" and seconds == 0 and now == begun
        assert row[1] == due or pending
        assert due is None or now < due <= NEVER

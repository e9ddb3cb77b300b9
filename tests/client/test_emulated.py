"""The client against an emulator that misbehaves: jobs that are asked for, files, batches, and jobs that go wrong."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

import fluxframe.batch._gate
from fluxframe import (
    APIError,
    AsyncFluxframe,
    Fluxframe,
    JobFailedError,
    JobTimeoutError,
    NotFoundError,
    ResultExpiredError,
)
from fluxframe._wire import retry
from fluxframe.emulator import Emulator

from .calls import Kind, both, call, value_of

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
POLLED = "/v2/jobs/*"
PASSING = [
    *(
        f"{end}={place}"
        for end in ("reset", "close")
        for place in ("before", "after", "headers", "body")
    ),
    *(
        f"garbage={kind}"
        for kind in ("text", "html", "cut", "empty", "utf8", "binary", "protocol", "chunk")
    ),
    *(f"status={status}" for status in (408, 429, 500, 502, 503, 504, 520, 529)),
    "status=503; retry_after=0",
    "status=502; garbage=html",
    "truncate=20",
    "truncate=20; length=chunked",
    "length=9",
    'length=-9; headers={"Connection": "close"}',
]
# An answer that is odd, and right all the same.
HARMLESS = [
    "length=chunked",
    "length=none",
    "garbage=content_type",
    "garbage=no_content_type",
    "garbage=charset",
    "bytes_per_second=20000",
    "delay=0.01",
]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)
    monkeypatch.setattr(fluxframe.batch._gate, "_FIRST_PAUSE", 0.0)


def words(fault: str) -> dict[str, Any]:
    from fluxframe.emulator._faults.forms import fault_of_header

    return fault_of_header(fault).to_dict()


def run(kind: Kind, emulator: Emulator, key: str, use: Any, **options: Any) -> Any:
    return call(kind, use, base_url=emulator.url, api_key=key, **options)


@both
@pytest.mark.parametrize("fault", [*PASSING, *HARMLESS])
def test_a_job_is_waited_for_whatever_befalls_a_poll(
    emulator: Emulator, key: str, kind: Kind, fault: str
) -> None:
    async def use(client: Any) -> Any:
        job = await value_of(client.images.generate(**REQUEST))
        said = {**words(fault), "key": key, "path": POLLED, "times": 2}
        with emulator.faults.add(said) as planned:
            done = await value_of(client.jobs.wait(job.id, interval=0.001, deadline=20))
            assert planned.happened >= 1
        return done

    job = run(kind, emulator, key, use)
    assert (job.status, len(job.images)) == ("COMPLETED", 1)


@both
@pytest.mark.parametrize(
    "fault", ["stall=after", "stall=headers", "stall=body", "delay=30", "bytes_per_second=9"]
)
def test_a_poll_that_takes_too_long_is_made_again(
    emulator: Emulator, key: str, kind: Kind, fault: str
) -> None:
    with emulator.faults.add({**words(fault), "key": key, "path": POLLED, "times": 1}):
        job = run(
            kind,
            emulator,
            key,
            lambda client: client.images.run(REQUEST, interval=0.001),
            timeout=0.6,
        )
    assert job.status == "COMPLETED"


@both
@pytest.mark.parametrize(
    "fault",
    [
        *(f"{end}={place}" for end in ("reset", "close") for place in ("before", "after", "headers", "body")),
        *("truncate=0", "truncate=1000", "truncate=1000; reset=body", "truncate=1000; length=chunked"),
        *("status=500", "status=503", "status=429", "status=502; garbage=html", "length=9", "garbage=chunk"),
    ],
)  # fmt: skip
def test_a_file_is_complete_whatever_befalls_its_download(
    emulator: Emulator, key: str, kind: Kind, fault: str, tmp_path: Path
) -> None:
    async def use(client: Any) -> Any:
        job = await value_of(client.images.run(REQUEST, interval=0.001))
        path = job.images[0].url.removeprefix(emulator.url)
        with emulator.faults.add({**words(fault), "path": path, "times": 2}) as planned:
            saved = await value_of(job.images[0].save(tmp_path / "fox.jpg"))
            assert planned.happened == 2
        return saved, await value_of(job.images[0].bytes())

    saved, content = run(kind, emulator, key, use)
    assert Path(saved).read_bytes() == content
    Image.open(BytesIO(content)).load()
    assert [path.name for path in tmp_path.iterdir()] == ["fox.jpg"]


@both
@pytest.mark.parametrize("fault", [fault for fault in PASSING if "utf8" not in fault])
def test_an_upload_that_may_be_done_is_not_sent_again(
    emulator: Emulator, key: str, kind: Kind, fault: str
) -> None:
    """No key names it, so that it might be done twice."""
    path = "/v2/uploads"
    with emulator.faults.add({**words(fault), "key": key, "path": path}) as planned:
        with pytest.raises(APIError) as caught:
            run(
                kind, emulator, key, lambda client: client.uploads.create(b"\x89PNG\r\n\x1a\n" * 99)
            )
        assert (caught.value.attempts, planned.happened) == (1, 1)
    assert len(emulator.requests.all(path=path, key=key)) == 1


@both
def test_each_fate_of_a_job_is_told(emulator: Emulator, key: str, kind: Kind) -> None:
    async def use(client: Any) -> None:
        async def ended(fault: dict[str, Any]) -> Any:
            with emulator.faults.add({**fault, "key": key}):
                return await value_of(client.images.run(REQUEST, interval=0.001, deadline=1))

        for reason, again in (
            ("no available capacity", True),
            ("content policy", False),
            ("rain", None),
        ):
            with pytest.raises(JobFailedError) as failed:
                await ended({"job": "fail", "reason": reason})
            assert failed.value.resubmit is again
        with pytest.raises(JobTimeoutError):
            await ended({"job": "hang"})
        with pytest.raises(NotFoundError):
            await ended({"job": "vanish"})
        with pytest.raises(JobFailedError, match="UNKNOWN") as unknown:
            await ended({"job": "unknown"})
        assert unknown.value.resubmit is None
        assert (await ended({"job": "back"})).status == "COMPLETED"
        assert len((await ended({"job": "old_result"})).images) == 1
        with pytest.raises(ResultExpiredError):
            await value_of((await ended({"job": "expired"})).images[0].bytes())

    run(kind, emulator, key, use)


@both
def test_nothing_is_paid_twice_on_a_bad_day(key: str, kind: Kind) -> None:
    """Many submissions, each of which may be lost before or after its work is done, many times over."""
    storm = {
        "seed": 7,
        "faults": [
            {"delay": {"exponential": 0.002}},
            {"method": "POST", "reset": "after", "rate": 0.2},
            {"method": "POST", "close": "after", "rate": 0.1},
            {"method": "POST", "status": 504, "done": True, "rate": 0.1},
            {"method": "POST", "garbage": "cut", "rate": 0.1},
            {"method": "POST", "truncate": 9, "rate": 0.1},
            {"reset": "before", "rate": 0.1},
            {"status": 503, "rate": 0.1},
        ],
    }

    async def use(client: Any) -> list[str]:
        if kind is AsyncFluxframe:
            jobs = await asyncio.gather(*(client.images.generate(REQUEST) for _ in range(60)))
        else:
            jobs = [client.images.generate(REQUEST) for _ in range(60)]
        return [job.id for job in jobs]

    with Emulator(scenario=storm) as emulator:
        ids = run(kind, emulator, key, use, max_retries=30, deadline=60)
        assert len({*ids}) == 60
        assert {job.id for job in emulator.jobs} == {*ids}
        happened = {planned.fault.label: planned.happened for planned in emulator.faults}
        assert all(happened.values()), happened


def test_a_batch_pays_once_for_each_row_on_a_bad_day(
    key: str, tmp_path: Path, chance: Random
) -> None:
    storm = {
        "faults": [
            {"method": "POST", "reset": "after", "rate": 0.2},
            {"method": "POST", "job": "fail", "reason": "no available capacity", "rate": 0.2},
            {"reset": "body", "rate": 0.1},
            {"garbage": "html", "status": 502, "rate": 0.1},
        ],
    }
    rows = [{**REQUEST, "prompt": f"fox {number}"} for number in range(30)]
    with Emulator(scenario=storm, seed=chance.randrange(1 << 30), job_seconds=0.01) as emulator:

        def use(client: Any) -> Any:
            options: dict[str, Any] = {
                "journal": tmp_path / "a.jsonl",
                "out": None,
                "interval": 0.001,
            }
            # A row that meets a fault at each of its sendings is left to another run.
            while (summary := client.batch.run(rows, **options)).unknown:
                pass
            return summary

        summary = run(Fluxframe, emulator, key, use, max_retries=30, deadline=60)
        failed = [job for job in emulator.jobs if job.status == "FAILED"]
        assert summary.completed + summary.failed == 30
        assert len(list(emulator.jobs)) - len(failed) == summary.completed


def test_an_emulators_client_takes_what_any_client_takes() -> None:
    attempts = []
    with Emulator() as emulator:
        emulator.faults.add(operation="me", status=503)
        with pytest.raises(APIError) as caught, emulator.client(max_retries=0) as client:
            client.me()
        attempts.append(caught.value.attempts)

        async def ask() -> None:
            async with emulator.async_client(max_retries=1) as client:
                await client.me()

        with pytest.raises(APIError) as caught:
            asyncio.run(ask())
        attempts.append(caught.value.attempts)
    assert attempts == [1, 2]

"""Deadlines, pauses and jobs go on where a test has frozen the time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import freezegun
import pytest
import time_machine

import fluxframe
from fluxframe import APIError, AsyncFluxframe, JobTimeoutError
from fluxframe.emulator import Emulator

from ..servers.http1 import Request, http_json
from ..servers.scripted import Do, Server, Then, job_json
from .calls import Kind, Use, all_of, both, call, value_of

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
# Not frozen by any of them.
if sys.platform != "win32":
    now = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
else:
    now = partial(time.monotonic)


@contextmanager
def _freezegun() -> Iterator[None]:
    # Without `real_asyncio`, it freezes the event loop of the caller, too.
    with freezegun.freeze_time("2020-01-01", real_asyncio=True):
        yield


@contextmanager
def _time_machine() -> Iterator[None]:
    with time_machine.travel(0.0, tick=False):
        yield


freezers = pytest.mark.parametrize("freeze", [_freezegun, _time_machine])
Freeze = Callable[[], Any]


@freezers
@both
def test_a_job_of_the_emulator_ends_and_its_picture_comes(freeze: Freeze, kind: Kind) -> None:
    async def use(client: Any) -> bytes:
        job = await value_of(client.images.run(REQUEST, interval=0.02))
        picture: bytes = await value_of(job.images[0].bytes())
        return picture

    with freeze(), Emulator(job_seconds=0.1) as running:
        picture = call(kind, use, base_url=running.url)
    assert picture.startswith(b"\xff\xd8\xff")


def never(request: Request) -> bytes:
    """Jobs that never end."""
    return http_json(job_json("a", "PROCESSING"))


def down(request: Request) -> bytes:
    return http_json({"error": "Down"}, 503)


WAITS: dict[str, tuple[Any, Use]] = {
    "wait": (never, lambda client: client.jobs.wait("a", deadline=0.3, interval=0.1)),
    "wait_many": (
        never,
        lambda client: all_of(client.jobs.wait_many(["a"], deadline=0.3, interval=0.1)),
    ),
    "retries": (down, lambda client: client.with_options(deadline=0.3, max_retries=99).me()),
    "an attempt": (
        lambda request: [Then.STALL],
        lambda client: client.with_options(deadline=0.3).me(),
    ),
    "a drip": (
        lambda request: [part for _ in range(9999) for part in (b"H", 0.03)],
        lambda client: client.with_options(deadline=0.3).me(),
    ),
}


@freezers
@both
@pytest.mark.parametrize("wait", WAITS)
def test_a_deadline_comes(freeze: Freeze, kind: Kind, wait: str) -> None:
    answer, use = WAITS[wait]
    with Server(answer=answer) as server, freeze():
        start = now()
        with pytest.raises((JobTimeoutError, APIError)):
            call(kind, use, base_url=server.url)
        assert now() - start < 3


@freezers
def test_a_batch_goes_on_after_a_429(freeze: Freeze, tmp_path: Path) -> None:
    limited = Do(lambda good: [http_json({"error": "Slow down"}, 429, **{"Retry-After": "0.1"})])
    with Server([limited], answer=None) as server, freeze():
        done = call(
            fluxframe.Fluxframe,
            lambda client: client.batch.run(
                [REQUEST] * 3, journal=tmp_path / "j.jsonl", out=None, interval=0.02
            ),
            base_url=server.url,
        )
    assert done.completed == 3


def test_what_is_imported_in_frozen_time_is_not_frozen(emulator: Emulator, key: str) -> None:
    program = """
import freezegun
with freezegun.freeze_time("2020-01-01"):
    from fluxframe import Fluxframe
    with Fluxframe() as client:
        job = client.images.run({"model": "flux-2-pro", "prompt": "a fox"}, interval=0.02)
        print(job.status)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "APIFRAME_API_KEY": key,
            "APIFRAME_BASE_URL": emulator.url,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("COMPLETED\n", "")


@both
def test_the_time_of_day_is_that_of_the_test(kind: Kind) -> None:
    """What is meant to be the date is the date that is frozen."""
    with freezegun.freeze_time("2020-01-01", real_asyncio=True), Emulator(job_seconds=0) as running:
        job = call(kind, lambda client: client.images.run(REQUEST), base_url=running.url)
    assert job.created_at.year == 2020
    assert kind is AsyncFluxframe or job.succeeded

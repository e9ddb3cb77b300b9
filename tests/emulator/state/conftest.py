"""Stores, and jobs to put in them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._state.accounts import Account, Terms
from fluxframe.emulator._state.clock import Clock
from fluxframe.emulator._state.fate import Fate
from fluxframe.emulator._state.ids import new_id
from fluxframe.emulator._state.job import Job
from fluxframe.emulator._state.keys import Key
from fluxframe.emulator._state.store import Store

GENERATE, JOBS, ME, UPLOADS = "/v2/images/generate", "/v2/jobs", "/v2/me", "/v2/uploads"
MODELS = ["flux-1.1-pro", "flux-2-dev", "flux-2-flex", "flux-2-max", "flux-2-pro"]
SECONDS = 100.0
Json: TypeAlias = dict[str, Any]
_numbers = itertools.count()


class Stopped(Clock):
    """A clock that goes on only when it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.at = super().now()

    def now(self) -> float:
        return self.at + self.advanced


class Shop:
    """A store whose time stands still unless it is moved on, and what a handler does with it."""

    def __init__(self, folder: Path | None = None, *, credits: int = 1000, **limits: Any) -> None:
        self.clock = Stopped()
        self.terms = Terms(
            job_seconds=SECONDS,
            credits=credits,
            credits_per_megapixel=4,
            jobs_at_once=limits.pop("jobs_at_once", None),
        )
        self.store = Store(contract(), self.clock, folder, **limits)

    def account(self, key: str = "afk_x", *team: str, admin: bool = False) -> Account:
        return Account(self.store, self.terms, Key(key, admin=admin, team="t"), team or (key,))

    def job(
        self,
        *,
        model: str = "flux-2-pro",
        prompt: str = "a fox",
        credits: int = 4,
        seconds: float = SECONDS,
        fate: Fate | None = None,
    ) -> Job:
        return Job(
            home=self.store.home,
            id=new_id(),
            model=self.store.home.models[model],
            text=json.dumps({"model": model, "prompt": prompt}),
            seconds=seconds,
            credits=credits,
            created=self.clock.now(),
            begun=self.clock.now(),
            record={"size": [64, 64], "format": "png", "count": 1},
            fate=fate,
        )

    def add(
        self, account: Account, *, once: str | None = None, job: Job | None = None, **of: Any
    ) -> Job:
        return account.add(job or self.job(**of), operation="POST /x", once=once)


@pytest.fixture
def shop() -> Shop:
    return Shop()


Connect: TypeAlias = Callable[..., httpx.Client]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Opens clients of a server, each with a key of its own unless one is told."""
    clients: list[httpx.Client] = []

    def open_client(emulator: Emulator, key: str | None = None) -> httpx.Client:
        headers = {"X-API-Key": key or f"afk_{next(_numbers)}"}
        client = httpx.Client(
            base_url=emulator.url, headers=headers, trust_env=False, verify=False, timeout=30
        )
        clients.append(client)
        return client

    yield open_client
    for client in clients:
        client.close()


def request_of(model: str = "flux-2-pro", prompt: str = "a fox", **parameters: object) -> Json:
    request: Json = {"model": model, "prompt": prompt}
    return {**request, "fluxParams": parameters} if parameters else request


def submit(
    api: httpx.Client, request: Json | None = None, *, headers: Mapping[str, str] | None = None
) -> str:
    answer = api.post(GENERATE, json=request or request_of(), headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["jobId"])


def job_of(api: httpx.Client, id: str) -> Json:
    answer = api.get(f"{JOBS}/{id}")
    assert answer.status_code == 200, answer.text
    job: Json = answer.json()
    return job


def credits_of(api: httpx.Client) -> int:
    credits: int = api.get(ME).json()["team"]["credits"]
    return credits

"""Receivers of events, and what submits the jobs that they are of."""

from __future__ import annotations

import ssl
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import httpx

from fluxframe import webhooks
from fluxframe.emulator import Emulator

from ...servers.http1 import Request, http
from ...servers.scripted import Server

Json: TypeAlias = dict[str, Any]

SLOW = 1000.0  # The seconds of jobs that end as the clock is moved on.


class Receiver(Server):
    """Takes events, and answers each with the next status; then with 200."""

    def __init__(
        self, *statuses: int, tls: ssl.SSLContext | None = None, headers: Json | None = None
    ) -> None:
        self._statuses = iter(statuses)
        super().__init__(answer=lambda _: http(next(self._statuses, 200), headers=headers), tls=tls)

    @property
    def hook(self) -> str:
        return f"{self.url}/hook"

    def events(self, key: str, job: str | None = None) -> list[webhooks.Event]:
        """The events that came, all of which the client believes."""
        found = [verified(request, key) for request in list(self.requests)]
        return [event for event in found if job is None or event.job_id == job]

    def names(self, key: str, job: str | None = None) -> list[str]:
        return [event.raw["event"] for event in self.events(key, job)]


def verified(request: Request, key: str) -> webhooks.Event:
    return webhooks.verify(request.body, request.headers, key)


class Account:
    """One key of an emulator."""

    def __init__(self, client: httpx.Client, key: str) -> None:
        self.client, self.key = client, key

    def submit(
        self, url: str | None, wanted: Sequence[str] | None = None, **parameters: object
    ) -> str:
        body: Json = {"model": "flux-2-pro", "prompt": "a red fox"}
        body |= {"webhookUrl": url} if url is not None else {}
        body |= {"webhookEvents": list(wanted)} if wanted is not None else {}
        body |= {"fluxParams": parameters} if parameters else {}
        answer = self.client.post("/v2/images/generate", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["jobId"])

    def job(self, id: str) -> Json:
        job: Json = self.client.get(f"/v2/jobs/{id}").json()
        return job

    def status(self, id: str) -> str | None:
        status: str | None = self.job(id)["webhookStatus"]
        return status


@contextmanager
def account(emulator: Emulator) -> Iterator[Account]:
    """A key of its own."""
    key = f"afk_{uuid.uuid4().hex}"
    with httpx.Client(
        base_url=emulator.url,
        headers={"X-API-Key": key},
        trust_env=False,
        verify=False,
        timeout=30,
    ) as client:
        yield Account(client, key)


def until(condition: Callable[[], bool], emulator: Emulator) -> None:
    """Wait for what comes true with a delivery; the log tells when there is one."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, emulator.webhooks.as_json()[-3:]
        time.sleep(0.005)


def delivered(emulator: Emulator, me: Account, url: str) -> str:
    """The id of a job whose deliveries are over; pauses are passed over."""
    id = me.submit(url)

    def over() -> bool:
        emulator.clock.advance(60)
        return me.status(id) != "pending"

    until(over, emulator)
    return id

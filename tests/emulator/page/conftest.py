"""A server that nobody else asks, and how it is asked."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from fluxframe.emulator import Emulator

KEY = "afk_0123456789abcdef0123456789abcdef"
GENERATE = "/v2/images/generate"
FOX = {"model": "flux-2-pro", "prompt": "a red fox"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Asking:
    """How a server is asked by a client of no kind."""

    emulator: Emulator

    def __call__(
        self,
        method: str,
        target: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        key: str | None = None,
    ) -> Answer:
        parts = urlsplit(self.emulator.url)
        sent = dict(headers or {})
        if key:
            sent["X-API-Key"] = key
        if body is not None and not isinstance(body, str | bytes):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.putrequest(method, target, skip_host="Host" in sent)
            if body is not None:
                body = body.encode() if isinstance(body, str) else body
                sent["Content-Length"] = str(len(body))
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(
                answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()

    def submit(self, *, key: str = KEY, **members: Any) -> str:
        id: str = self("POST", GENERATE, {**FOX, **members}, key=key).json["jobId"]
        return id


@pytest.fixture
def emu() -> Iterator[Emulator]:
    with Emulator(job_seconds=0.0) as running:
        yield running


@pytest.fixture
def ask(emu: Emulator) -> Asking:
    return Asking(emu)

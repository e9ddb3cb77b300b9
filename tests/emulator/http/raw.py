"""HTTP/1.1 by hand: what is sent is what the test says, byte for byte."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

KEY = "afk_0123456789abcdef"
REQUEST = {"model": "flux-2-pro", "prompt": "a fox"}
PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """An answer as it came; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """A connection that answers are read from one by one."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").rpartition(":")
        self.socket = socket.create_connection((host, int(port)), PATIENCE)
        self._file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, *, without_body: bool = False) -> Answer:
        status = int(self._file.readline().split(b" ")[1])
        headers: dict[str, str] = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        size = 0 if without_body or status < 200 else int(headers.get("content-length", "0"))
        return Answer(status, headers, self._file.read(size))

    def is_at_its_end(self) -> bool:
        return self._file.read(1) == b""


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    connection = Connection(url)
    try:
        yield connection
    finally:
        connection._file.close()
        connection.socket.close()


def head(
    method: str, target: str, headers: Mapping[str, str] = {}, *, version: str = "1.1"
) -> bytes:
    """The head of a request, with a host and a key."""
    sent = {"Host": "emulator", "X-API-Key": KEY, **headers}
    lines = [f"{method} {target} HTTP/{version}", *(f"{n}: {v}" for n, v in sent.items() if v)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def post(
    target: str, body: bytes, headers: Mapping[str, str] = {}, *, version: str = "1.1"
) -> bytes:
    """A whole request with a body; of JSON, unless the headers say something else."""
    sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    return head("POST", target, sent, version=version) + body


def ask(url: str, request: bytes) -> Answer:
    """The answer to one request, on a connection of its own."""
    with connected(url) as connection:
        connection.send(request)
        return connection.read(without_body=request.startswith(b"HEAD "))

"""HTTP/1.1 as the servers here read and write it: bytes to requests, and an answer to bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Request:
    """A request that has arrived whole; its head is parsed when something in it is asked for."""

    head: bytes
    body: bytes

    @cached_property
    def _lines(self) -> list[str]:
        return self.head.decode("latin-1").split("\r\n")

    @property
    def method(self) -> str:
        return self._lines[0].split(" ")[0]

    @property
    def target(self) -> str:
        _, target, _ = self._lines[0].split(" ")
        return target

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """By name in small letters."""
        pairs = (line.partition(":") for line in self._lines[1:])
        return {name.lower(): value.strip() for name, _, value in pairs}


class Parser:
    """The requests in the bytes of a connection, however they are cut."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._head = -1  # Where the head ends, once that has arrived, and where the body does.
        self._end = 0

    def feed(self, data: bytes) -> None:
        self._data += data

    def take(self) -> Request | None:
        """The next request, or None until it is whole."""
        if self._head < 0:
            self._head = self._data.find(b"\r\n\r\n")
            if self._head < 0:
                return None
            self._end = self._head + 4 + _length(self._data[: self._head])
        if len(self._data) < self._end:
            return None
        request = Request(
            bytes(self._data[: self._head]), bytes(self._data[self._head + 4 : self._end])
        )
        del self._data[: self._end]
        self._head = -1
        return request


def _length(head: bytearray) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def http(
    status: int = 200,
    body: bytes | str = b"",
    headers: Mapping[str, str] | None = None,
    length: int | None = None,
) -> bytes:
    """An answer as it goes over the wire."""
    content = body.encode() if isinstance(body, str) else body
    lines = {"Content-Length": str(len(content) if length is None else length), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} So\r\n{head}\r\n".encode() + content


def http_json(value: object, status: int = 200, **headers: str) -> bytes:
    return http(status, json.dumps(value), {"Content-Type": "application/json", **headers})

"""A client of bare sockets: it sees what comes, byte by byte, and how it ends."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

REQUEST = {"model": "flux-2-pro", "prompt": "a fox"}


@dataclass(frozen=True)
class Seen:
    """What came, and how it ended: `whole` if the answer came to its end, else `closed`, `reset` or `open`."""

    data: bytes
    end: str

    @property
    def head(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[0]

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.data.split(b" ")[1])

    def header(self, name: str) -> str | None:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            said, _, value = line.partition(": ")
            if said.lower() == name:
                return value
        return None


class Connection:
    """A connection that is kept for as long as it can be."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self._host = parts.netloc
        self._key = key
        self._socket = socket.create_connection((parts.hostname, parts.port), 10)

    def close(self) -> None:
        self._socket.close()

    def ask(
        self,
        fault: str | None = None,
        *,
        method: str = "POST",
        path: str = "/v2/images/generate",
        patience: float = 10,
        first: float = 10,
    ) -> Seen:
        """The answer to a request, as far as it comes.

        `first` is how long its first byte is waited for, and `patience` how long all that follows.
        """
        body = json.dumps(REQUEST) if method == "POST" else ""
        fault = "" if fault is None else f"X-Emulator-Fault: {fault}\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nX-API-Key: {self._key}\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(f"{head}{kind}{fault}\r\n{body}".encode("latin-1"))
        return self.rest(patience, method, first)

    def rest(self, patience: float, method: str = "POST", first: float = 10) -> Seen:
        """What comes of an answer from now on."""
        data = bytearray()
        whole: int | None = None
        while len(data) != whole:
            if whole is None and _is_chunked_and_over(data):
                break
            self._socket.settimeout(patience if data else first)
            try:
                part = self._socket.recv(1 << 20)
            except TimeoutError:
                return Seen(bytes(data), "open")
            except ConnectionResetError:
                return Seen(bytes(data), "reset")
            if not part:
                return Seen(bytes(data), "closed")
            data += part
            if whole is None:
                whole = _length(bytes(data), method)
        return Seen(bytes(data), "whole")


def _length(data: bytes, method: str) -> int | None:
    """The bytes of an answer, if its head is there and says how many."""
    head, ended, _ = data.partition(b"\r\n\r\n")
    if not ended or not head.startswith(b"HTTP/"):
        return None
    seen = Seen(data, "")
    said = seen.header("content-length")
    if method == "HEAD" or seen.status in (204, 304):
        return len(head) + 4
    return None if said is None else len(head) + 4 + int(said)


def _is_chunked_and_over(data: bytearray) -> bool:
    return b"transfer-encoding: chunked\r\n" in data.lower() and data.endswith(b"\r\n0\r\n\r\n")


@contextmanager
def connection(url: str, key: str) -> Iterator[Connection]:
    """A connection, closed at the end."""
    made = Connection(url, key)
    try:
        yield made
    finally:
        made.close()

"""A server of raw sockets that does to each request what a script says, and keeps books."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import struct
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias


class Then(Enum):
    """What becomes of a connection once the bytes are sent."""

    RESET = auto()  # Torn down, without a word.
    CLOSE = auto()
    STALL = auto()  # Kept open until the client or the test goes away.


@dataclass(frozen=True)
class Request:
    """A request that has arrived whole."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


# Bytes to send, seconds to pause, and an end; as a function of the answer that would be right.
Parts: TypeAlias = Iterable[bytes | float | Then]
Deed: TypeAlias = Callable[[bytes], Parts]


@dataclass(frozen=True)
class Do:
    """What to do with one attempt; `makes` says whether it comes to a job."""

    deed: Deed
    makes: bool = True
    reads: bool = True


OK = Do(lambda good: [good])


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


class Server:
    """Listens on the loopback, as a context manager.

    `script` is what it does with the first requests, in their order; then it does as it should, which
    is what `answer` makes of a request or, without one, the jobs and uploads of the API: at most one
    job an idempotency key.
    """

    def __init__(
        self,
        script: Iterable[Do] = (),
        answer: Callable[[Request], bytes | Parts] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self.keys: list[str | None] = []
        self.jobs: dict[str, str] = {}
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._script = iter(script)
        self._answer = answer or self._api
        self._tls = tls
        self._lock = threading.Lock()
        self._gone = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listeners = [socket.create_server(("127.0.0.1", 0))]
        self.port: int = self._listeners[0].getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        with self._lock:
            return len(self._open)

    def script(self, *script: Do) -> None:
        """What it does from now on."""
        self._script = iter(script)

    def stop_listening(self) -> None:
        """Refuse whoever comes from now on."""
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def __enter__(self) -> Server:
        self._start(self._accept, self._listeners[0])
        return self

    def __exit__(self, *exc: object) -> None:
        self._gone.set()
        self.stop_listening()
        with self._lock:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def listen_on(self, port: int) -> None:
        """Listen on another port too."""
        self._listeners.append(socket.create_server(("127.0.0.1", port)))
        self._start(self._accept, self._listeners[-1])

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            with self._lock:
                self._open.add(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: Any) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                with self._lock:  # Before the handshake, so that it can be ended from outside.
                    self._open.discard(connection)
                    connection = self._tls.wrap_socket(
                        connection, server_side=True, do_handshake_on_connect=False
                    )
                    self._open.add(connection)
                connection.do_handshake()
            while self._serve_one(connection):
                pass
        except (OSError, ValueError):
            pass  # The client has gone, or distrusts us.
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _serve_one(self, connection: socket.socket) -> bool:
        """Serve one request; whether there may be another."""
        if self._tls is None and not connection.recv(1, socket.MSG_PEEK):
            return False
        with self._lock:
            do = next(self._script, OK)
        if not do.reads:
            return self._send(connection, do.deed(b""))
        request = _read(connection)
        if request is None:
            return False
        with self._lock:
            self.requests.append(request)
            made = self._answer(request) if do.makes else b""
        good = made if isinstance(made, bytes) else b""
        return self._send(connection, do.deed(good) if isinstance(made, bytes) else made)

    def _send(self, connection: socket.socket, parts: Parts) -> bool:
        for part in parts:
            if part is Then.STALL:
                with contextlib.suppress(OSError):  # Until the client goes.
                    connection.recv(1)
                return False
            if part is Then.RESET:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
            if part is Then.CLOSE:
                return False
            if isinstance(part, bytes):
                connection.sendall(part)
            elif isinstance(part, float) and self._gone.wait(part):
                return False
        return True

    def _api(self, request: Request) -> bytes:
        target = request.target.partition("?")[0]
        if (request.method, target) == ("POST", "/v2/images/generate"):
            key = request.headers.get("idempotency-key")
            self.keys.append(key)
            id = self.jobs.setdefault(key or str(uuid.uuid4()), str(uuid.uuid4()))
            return http_json({"jobId": id, "status": "QUEUED"}, 202)
        if (request.method, target) == ("POST", "/v2/uploads"):
            name = "https://files.example/a.png"
            return http_json({"url": name, "filename": "a.png", "contentType": "image/png"}, 201)
        if request.method == "GET" and target.startswith("/v2/jobs/"):
            return http_json(job_json(target.rpartition("/")[2]))
        return http_json({"error": "Not found"}, 404)


def job_json(id: str, status: str = "COMPLETED", **members: Any) -> dict[str, Any]:
    """A job as the server tells of it."""
    return {
        "id": id,
        "status": status,
        "model": "flux-2-pro",
        "progress": 100 if status == "COMPLETED" else None,
        "result": {"images": []} if status == "COMPLETED" else None,
        "error": None,
        "creditCost": 4,
        "webhookStatus": None,
        "createdAt": "2026-07-16T09:30:00.000Z",
        **members,
    }


def _read(connection: socket.socket) -> Request | None:
    """A request, or None if the client goes before it is whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    while len(body) < length:
        if not (more := connection.recv(65536)):
            return None
        body += more
    method, target, _ = first.split(" ")
    return Request(method, target, headers, body)


def drip(data: bytes, pause: float = 0.03) -> Iterator[bytes | float]:
    """Byte by byte."""
    for i in range(len(data)):
        yield data[i : i + 1]
        yield pause


def with_length(good: bytes, more: int) -> bytes:
    """An answer whose Content-Length is off by so many bytes."""
    return re.sub(
        rb"(?<=Content-Length: )[0-9]+", lambda found: b"%d" % (int(found[0]) + more), good
    )

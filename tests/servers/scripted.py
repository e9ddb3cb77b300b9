"""A server of raw sockets that does to each request what a script says, and keeps books."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self, TypeAlias

from .http1 import Parser, Request, http_json


class Then(Enum):
    """What becomes of a connection once the bytes are sent."""

    RESET = auto()  # Torn down, without a word.
    CLOSE = auto()
    STALL = auto()  # Kept open until the client or the test goes away.


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
        self.options: dict[str, Any] = {"base_url": self.url}

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

    def __enter__(self) -> Self:
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
            parser = Parser()
            while self._serve_one(connection, parser):
                pass
        except (OSError, ValueError):
            pass  # The client has gone, or distrusts us.
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _serve_one(self, connection: socket.socket, parser: Parser) -> bool:
        """Serve one request; whether there may be another."""
        if self._tls is None and not connection.recv(1, socket.MSG_PEEK):
            return False
        with self._lock:
            do = next(self._script, OK)
        if not do.reads:
            return self._send(connection, do.deed(b""))
        while (request := parser.take()) is None:
            if not (more := connection.recv(65536)):
                return False
            parser.feed(more)
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
        if (request.method, request.path) == ("POST", "/v2/images/generate"):
            key = request.headers.get("idempotency-key")
            self.keys.append(key)
            id = self.jobs.setdefault(key or str(uuid.uuid4()), str(uuid.uuid4()))
            return http_json({"jobId": id, "status": "QUEUED"}, 202)
        if (request.method, request.path) == ("POST", "/v2/uploads"):
            name = "https://files.example/a.png"
            return http_json({"url": name, "filename": "a.png", "contentType": "image/png"}, 201)
        if request.method == "GET" and request.path.startswith("/v2/jobs/"):
            return http_json(job_json(request.path.rpartition("/")[2]))
        return http_json({"error": "Not found"}, 404)


def hanging_up(answer: bytes) -> Server:
    """A server that sends these bytes to whoever asks, and closes the connection."""
    return Server(answer=lambda request: [answer, Then.CLOSE])


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

"""The children of emulator.py: two servers that are compared, a receiver of webhooks, and the load.

emulator_children.py serve emulator|starlette   prints its port; for each line of stdin, its CPU seconds
                                                and its peak in MiB; ends with stdin
emulator_children.py start emulator|starlette   answers one request of its own, and ends
emulator_children.py receive                    prints its port; for each line, how many posts came
emulator_children.py load PORT KIND COUNT CONNECTIONS [WEBHOOK]   prints what came of it, as JSON
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

KEY = "afk_0123456789abcdef"
ID = "5f0c1f5e-6a0e-4b7e-9a3c-2f4d8f1f9b11"
PROMPT = "a sleek silver sports car on a coastal highway"
PARAMETERS = {
    "aspect_ratio": "custom", "width": 1024, "height": 1024, "output_format": "png", "seed": 7,
}  # fmt: skip
BODY: dict[str, Any] = {"model": "flux-2-pro", "prompt": PROMPT, "fluxParams": PARAMETERS}
JOB = {
    "id": ID,
    "status": "PROCESSING",
    "model": "flux-2-pro",
    "progress": 40,
    "result": None,
    "error": None,
    "creditCost": 4,
    "webhookStatus": None,
    "createdAt": "2026-01-01T00:00:00.000Z",
    "completedAt": None,
    "input": BODY,
    "expired": False,
}
SUBMIT, POLL = "/v2/images/generate", "/v2/jobs/"


# The servers. Both are uvicorn's, in a thread, and set up in the same way.


def emulator(job_seconds: float) -> tuple[str, Callable[[], None]]:
    """The URL of an emulator, and what ends it."""
    from fluxframe.emulator import Emulator

    running = Emulator(job_seconds=job_seconds, credits=10**9).start()
    return running.url, running.stop


def starlette(job_seconds: float) -> tuple[str, Callable[[], None]]:
    """The URL of a bare app, which reads and writes the same JSON and does nothing else."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def submit(request: Request) -> JSONResponse:
        await request.json()
        return JSONResponse({"jobId": str(uuid.uuid4()), "status": "QUEUED"}, 202)

    async def poll(request: Request) -> JSONResponse:
        return JSONResponse({**JOB, "id": request.path_params["id"]})

    routes = [Route(SUBMIT, submit, methods=["POST"]), Route(f"{POLL}{{id}}", poll)]
    config = uvicorn.Config(
        Starlette(routes=routes), log_config=None, access_log=False, ws="none", http="h11",
        loop="asyncio",
    )  # fmt: skip
    server = uvicorn.Server(config)
    # With the protocol named, asyncio sends each answer at once (TCP_NODELAY), as the emulator's does.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.005)

    def stop() -> None:
        server.should_exit = True
        thread.join()

    return f"http://127.0.0.1:{listener.getsockname()[1]}", stop


SERVERS = {"emulator": emulator, "starlette": starlette}


def serve(name: str, job_seconds: float) -> None:
    url, stop = SERVERS[name](job_seconds)
    print(url.rpartition(":")[2], flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)
    stop()


def start(name: str) -> None:
    url, _ = SERVERS[name](1.0)
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as connection:
        connection.sendall(request_of("GET", f"{POLL}{ID}"))
        assert connection.recv(100).startswith(b"HTTP/1.1 ")
    os._exit(0)  # How long it takes to stop is not what is measured.


class Receiver(asyncio.Protocol):
    """Answers each post with 200; a post is told by its first line."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        posts = data.count(b"POST /hook ")
        Receiver.count += posts
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * posts)


async def receive() -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)

    def read() -> None:
        for _ in sys.stdin:
            print(Receiver.count, flush=True)

    await asyncio.to_thread(read)


# The load: requests that are made once, over connections that stay.


def request_of(method: str, target: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"X-API-Key: {KEY}", "Accept: */*"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Worker(asyncio.Protocol):
    """Sends a request when the one before is answered, as long as there are some left."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._data = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._go_on()

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, rest = bytes(self._data).partition(b"\r\n\r\n")
        if not end:
            return
        size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(rest) < size:
            return
        self._load.answered(int(head[9:12]), rest)
        self._data.clear()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.lost()

    def _go_on(self) -> None:
        if self._load.left > 0:
            self._load.left -= 1
            self._transport.write(self._load.request)
        else:
            self._transport.close()


class Load:
    """What is asked, and what came of it."""

    def __init__(self, request: bytes, count: int, connections: int) -> None:
        self.request = request
        self.left = count
        self.statuses: dict[int, int] = {}
        self.last = b""
        self._open = connections
        self._done = asyncio.Event()

    def answered(self, status: int, body: bytes) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.last = body

    def lost(self) -> None:
        self._open -= 1
        if not self._open:
            self._done.set()

    async def run(self, port: int, connections: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            try:
                await loop.create_connection(lambda: Worker(self), "127.0.0.1", port)
            except OSError:
                self.lost()
        await self._done.wait()


async def load(port: int, kind: str, count: int, connections: int, webhook: str | None) -> None:
    body = {**BODY, "webhookUrl": webhook} if webhook else BODY
    submission = request_of("POST", SUBMIT, json.dumps(body).encode())
    request = submission
    if kind == "poll":
        one = Load(submission, 1, 1)
        await one.run(port, 1)
        request = request_of("GET", f"{POLL}{json.loads(one.last)['jobId']}")
    made = Load(request, count, connections)
    begun = time.perf_counter()
    await made.run(port, connections)
    print(json.dumps({"seconds": time.perf_counter() - begun, "statuses": made.statuses}))


def main() -> None:
    match sys.argv[1:]:
        case ["serve", name, job_seconds]:
            serve(name, float(job_seconds))
        case ["start", name]:
            start(name)
        case ["receive"]:
            asyncio.run(receive())
        case ["load", port, kind, count, connections, *webhook]:
            hook = webhook[0] if webhook else None
            asyncio.run(load(int(port), kind, int(count), int(connections), hook))
        case arguments:
            sys.exit(f"unknown: {arguments}")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()

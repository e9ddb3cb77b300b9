"""A server that is just enough for a batch, fast, and counts what is paid for.

`TinyServer.answer` works behind httpx.MockTransport; `listening` puts it behind a real socket, and
`python -m tests.servers.tiny` runs it as a process that prints its URL.
"""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from fluxframe import AsyncFluxframe, Fluxframe

from .http1 import Parser, Request, http

PICTURE = b"\xff\xd8\xff\xe0 a picture"
CAPACITY = "No available capacity — please retry shortly"
URL = "http://tiny.test"


class Call(NamedTuple):
    """A request to the server."""

    method: str
    path: str
    key: str | None
    body: dict[str, Any]


@dataclass
class TinyServer:
    """Jobs end at once; what a prompt begins with says how: `lack2-…` lacks capacity twice.

    `before` may answer a request instead: it returns a status, JSON and perhaps headers, or None.
    """

    before: Callable[[Call], Any] | None = None
    remember: bool = True
    url: str = URL
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    connections: dict[asyncio.Task[Any] | None, asyncio.StreamWriter] = field(default_factory=dict)

    def answer(
        self, method: str, path: str, key: str | None, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON or bytes, and headers."""
        self.asked[method] += 1
        body = json.loads(content) if content else {}
        instead = self.before(Call(method, path, key, body)) if self.before is not None else None
        if instead is not None:
            status, told, *headers = instead
            return status, told, headers[0] if headers else {}
        if method == "POST":
            return self.submit(key, body)
        if path.startswith("/files/"):
            return 200, PICTURE, {}
        job = path.rpartition("/")[2]
        if not self.remember:
            return 200, {"id": job, "status": "COMPLETED", "creditCost": 4}, {}
        return (200, self.jobs[job], {}) if job in self.jobs else (404, {"error": "no job"}, {})

    def submit(self, key: str | None, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        """Accept a request, once a key."""
        assert key is not None
        assert len(key) <= 255
        if not self.remember:
            return 202, {"jobId": str(uuid.uuid4()), "status": "COMPLETED"}, {}
        prompt = body["prompt"]
        if prompt.startswith("bad"):
            return 400, {"error": "Invalid request", "details": {"prompt": ["no"]}}, {}
        if key not in self.keys:
            self.made[prompt] += 1
            self.keys[key] = id = str(uuid.uuid4())
            failed = prompt.startswith("fail")
            error = "Provider returned an error: NSFW" if failed else None
            if prompt.startswith("lack") and self.made[prompt] <= int(prompt[4]):
                failed, error = True, CAPACITY
            self.jobs[id] = {
                "id": id,
                "status": "FAILED" if failed else "COMPLETED",
                "model": body["model"],
                "error": error,
                "creditCost": 0 if failed else 4,
                "result": None
                if failed
                else {"images": [f"{self.url}/files/{id}.jpg?signature=secret"]},
            }
        return 202, {"jobId": self.keys[key], "status": "COMPLETED"}, {}

    def paid(self) -> Counter[str]:
        """How many jobs were completed of each model."""
        return Counter(job["model"] for job in self.jobs.values() if job["creditCost"])

    def client(self) -> Fluxframe:
        """A client without a socket."""
        http = httpx.Client(transport=httpx.MockTransport(self._handle))
        return Fluxframe(api_key="afk_tiny_secret", base_url=self.url, http_client=http)

    def async_client(self) -> AsyncFluxframe:
        """An async client without a socket."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._handle))
        return AsyncFluxframe(api_key="afk_tiny_secret", base_url=self.url, http_client=http)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        key = request.headers.get("idempotency-key")
        status, told, headers = self.answer(request.method, request.url.path, key, request.read())
        if isinstance(told, bytes):
            return httpx.Response(status, content=told, headers=headers)
        return httpx.Response(status, json=told, headers=headers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections[asyncio.current_task()] = writer
        try:
            parser = Parser()
            while data := await reader.read(65536):
                parser.feed(data)
                while (request := parser.take()) is not None:
                    writer.write(self._over_the_wire(request))
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            del self.connections[asyncio.current_task()]
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def _over_the_wire(self, request: Request) -> bytes:
        key = request.headers.get("idempotency-key")
        status, told, more = self.answer(request.method, request.path, key, request.body)
        return http(status, told if isinstance(told, bytes) else json.dumps(told), more)

    async def hang_up(self) -> None:
        """Close all connections."""
        for writer in self.connections.values():
            writer.close()
        await asyncio.gather(*filter(None, self.connections), return_exceptions=True)


@contextmanager
def listening(server: TinyServer) -> Iterator[TinyServer]:
    """The server at a port of its own, in a thread."""
    ready = threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def main() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listener:
            server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
            ready.set()
            await stop.wait()
            listener.close()
            await server.hang_up()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        for loop, stop in loops:
            loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _forever() -> None:
    server = TinyServer(remember=False)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201
    async with listener:
        await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(_forever())

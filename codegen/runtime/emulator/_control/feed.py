"""What happens, told as it does to whoever listens: server-sent events."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.types import Receive, Scope, Send

from .._service import Service
from .._state.entry import RequestSeen
from .._state.exchange import Exchange
from .._state.masking import masked
from .._webhooks.log import Delivery
from .desk import Desk
from .guard import ALWAYS

# Of one who does not read, so many are kept; the rest is lost, and that is told.
_KEPT = 200
_TICK, _HEARTBEAT = 0.25, 15.0
_WATCHED = 200
_BEGIN = b"retry: 1000\n\n"


class Listener:
    """One who listens, on an event loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue(_KEPT)
        self._lost = False

    def tell(self, event: str, data: Any) -> None:
        """Pass something on, from any thread."""
        self._call((event, data))

    def end(self) -> None:
        """Say that nothing follows."""
        self._call(None)

    def _call(self, message: tuple[str, Any] | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: tuple[str, Any] | None) -> None:
        while self._queue.full():
            self._queue.get_nowait()
            self._lost = True
        self._queue.put_nowait(message)

    async def next(self, seconds: float) -> tuple[str, Any] | None:
        """What is told next, or an empty event after so many seconds; None if nothing follows."""
        if self._lost:
            self._lost = False
            return "lost", {}
        try:
            return await asyncio.wait_for(self._queue.get(), seconds)
        except TimeoutError:
            return "", None


class Feed:
    """All who listen to a service."""

    def __init__(self, service: Service, desk: Desk) -> None:
        self._service = service
        self._desk = desk
        self._listeners: set[Listener] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def tell(self, event: str, data: Any) -> None:
        """Tell all who listen."""
        for listener in tuple(self._listeners):
            listener.tell(event, data)

    def close(self) -> None:
        """Let all answers end, since the server does."""
        for listener in tuple(self._listeners):
            listener.end()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what happens until whoever asked is gone, or the server is."""
        headers = {**ALWAYS, "content-type": "text/event-stream; charset=utf-8"}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body"})
            return
        listener = Listener()
        watch = _Watch(self._desk)
        gone = asyncio.create_task(_until_gone(receive))
        gone.add_done_callback(lambda _: listener.end())
        self._listeners.add(listener)

        def heard(exchange: Exchange) -> None:
            listener.tell("request", exchange)

        def posted(delivery: Delivery) -> None:
            listener.tell("webhook", masked(delivery.as_json(), None))

        ends = (
            self._service.journal.listen(heard),
            self._service.deliveries.log.listen(posted),
        )
        try:
            await _send(send, _BEGIN)
            await self._tell(listener, watch, send)
            await send({"type": "http.response.body"})
        finally:
            for end in ends:
                end()
            self._listeners.discard(listener)
            gone.cancel()

    async def _tell(self, listener: Listener, watch: _Watch, send: Send) -> None:
        silent = 0.0
        while True:
            seconds = _TICK if watch.is_needed else _HEARTBEAT
            message = await listener.next(seconds)
            if message is None:
                return
            event, data = message
            parts = [] if not event else [(event, data)]
            if isinstance(data, Exchange):
                parts = [(event, RequestSeen(data).as_row())]
                watch.add(data.job if data.model else None)  # Not each time that it is asked for.
            parts += [("job", job) for job in watch.changed()]
            silent = 0.0 if parts else silent + seconds
            if parts:
                await _send(send, b"".join(_event(*part) for part in parts))
            elif silent >= _HEARTBEAT:
                silent = 0.0
                await _send(send, b": still here\n\n")


class _Watch:
    """The jobs that one who listens is told of, until they end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, tuple[str, int] | None] = {}
        for id in reversed(desk.under_way()):
            self.add(id)

    @property
    def is_needed(self) -> bool:
        return bool(self._seen)

    def add(self, id: str | None) -> None:
        if id is not None and id not in self._seen:
            self._seen[id] = None
            while len(self._seen) > _WATCHED:
                del self._seen[next(iter(self._seen))]

    def changed(self) -> list[dict[str, Any]]:
        """Those whose state is another than it was; one that has ended is told of for the last time."""
        found = []
        for id, before in list(self._seen.items()):
            job = self._desk.job(id, unlike=before)
            if job is None:
                if not self._desk.has_job(id):
                    del self._seen[id]
                continue
            found.append(job)
            self._seen[id] = (job["status"], job["progress"])
            if job["ended"]:
                del self._seen[id]
        return found


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _event(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()

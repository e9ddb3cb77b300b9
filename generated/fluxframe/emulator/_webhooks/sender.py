# A copy of codegen/runtime/emulator/_webhooks/sender.py, where it is edited.
"""Posts over a few connections, which are kept open for what comes next."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeAlias

from ..._clock import monotonic
from .answer import Answer, GarbledError
from .targets import Target

MOST_FOR_A_HOST = 16
MOST_CONNECTIONS = 64
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
# Shorter than servers wait for another request, so that it never meets the end of the connection.
IDLE_SECONDS = 2.0

_Origin: TypeAlias = tuple[str, int, bool]


class Parcel(Protocol):
    """What is to be posted: where, and the request as it goes over the wire."""

    target: Target
    content: bytes


class Outcome(NamedTuple):
    """What came of a post: the status that was answered, or why there is none."""

    status: int | None
    reason: str | None
    seconds: float


class Sender:
    """The connections of one event loop. `over` is called on it with each parcel and what came of it."""

    def __init__(self, over: Callable[[Parcel, Outcome], None]) -> None:
        self._over = over
        self._queues: dict[_Origin, deque[Parcel]] = {}
        self._workers: dict[_Origin, set[asyncio.Task[None]]] = {}
        self._running = 0
        self._idle: dict[_Origin, list[tuple[float, _Connection]]] = {}
        self._sweep: asyncio.Task[None] | None = None
        self._trust: asyncio.Task[ssl.SSLContext] | None = None
        self._is_closed = False

    def post(self, parcel: Parcel) -> None:
        """Post as soon as there is a connection for it."""
        origin = _origin(parcel.target)
        self._queues.setdefault(origin, deque()).append(parcel)
        if len(self._workers.get(origin, ())) < MOST_FOR_A_HOST and (
            self._running < MOST_CONNECTIONS
        ):
            self._start(origin)

    async def close(self) -> None:
        """Give up what is under way, and what is not."""
        self._is_closed = True
        self._queues.clear()
        tasks: list[asyncio.Task[Any]] = [t for tasks in self._workers.values() for t in tasks]
        tasks += [task for task in (self._trust, self._sweep) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, origin: _Origin) -> None:
        task = asyncio.get_running_loop().create_task(self._work(origin))
        self._workers.setdefault(origin, set()).add(task)
        self._running += 1
        task.add_done_callback(lambda task: self._ended(origin, task))

    def _ended(self, origin: _Origin, task: asyncio.Task[None]) -> None:
        self._running -= 1
        self._workers[origin].discard(task)
        if not self._workers[origin]:
            del self._workers[origin]
        waiting = next((o for o in self._queues if o not in self._workers), None)
        if waiting is not None and not self._is_closed:
            self._start(waiting)

    async def _work(self, origin: _Origin) -> None:
        """Post what waits for a host, one after another."""
        connection: _Connection | None = None
        try:
            while queue := self._queues.get(origin):
                parcel = queue.popleft()
                if not queue:
                    del self._queues[origin]
                begun = monotonic()
                status, reason = None, None
                try:
                    status, connection = await self._posted(parcel, connection)
                except (OSError, GarbledError, TimeoutError) as error:
                    connection, reason = None, _reason(error, parcel.target)
                self._over(parcel, Outcome(status, reason, monotonic() - begun))
        finally:
            if connection is not None:
                self._keep(origin, connection)

    async def _posted(
        self, parcel: Parcel, connection: _Connection | None
    ) -> tuple[int, _Connection | None]:
        """The status that is answered, and the connection if it can be used again."""
        if connection is None or not connection.is_open:
            connection = self._kept(_origin(parcel.target))
        if connection is not None:
            try:
                return await connection.post(parcel.content)
            except _UnansweredError:
                pass  # It was closed while nothing was asked, and nothing was read.
        connection = await self._connected(parcel.target)
        return await connection.post(parcel.content)

    async def _connected(self, target: Target) -> _Connection:
        loop = asyncio.get_running_loop()
        trust = await self._trusted() if target.tls else None
        failure: OSError | None = None
        async with asyncio.timeout(CONNECT_SECONDS):
            for address in target.addresses:
                try:
                    _, connection = await loop.create_connection(
                        _Connection,
                        address,
                        target.port,
                        ssl=trust,
                        server_hostname=target.host if trust else None,
                    )
                except OSError as error:
                    failure = failure or error
                else:
                    return connection
        raise failure or OSError("no address")

    async def _trusted(self) -> ssl.SSLContext:
        """Whom to trust: reading it takes long, so that it is done once, in a thread."""
        if self._trust is None:
            reading = asyncio.to_thread(ssl.create_default_context)
            self._trust = asyncio.get_running_loop().create_task(reading)
        try:
            return await asyncio.shield(self._trust)
        except OSError:  # Such as of a file that a variable names.
            self._trust = None
            raise

    def _kept(self, origin: _Origin) -> _Connection | None:
        """An open connection that is not in use, the one that was last."""
        kept = self._idle.get(origin, [])
        while kept:
            _, connection = kept.pop()
            if connection.is_open:
                return connection
        return None

    def _keep(self, origin: _Origin, connection: _Connection) -> None:
        if self._is_closed or sum(map(len, self._idle.values())) >= MOST_CONNECTIONS:
            connection.close()
        if not connection.is_open:
            return
        self._idle.setdefault(origin, []).append((monotonic(), connection))
        if self._sweep is None or self._sweep.done():
            self._sweep = asyncio.get_running_loop().create_task(self._close_old())

    async def _close_old(self) -> None:
        """Close what is not used any more; at the end of the event loop, everything."""
        try:
            while self._idle:
                oldest = min(since for kept in self._idle.values() for since, _ in kept)
                await asyncio.sleep(oldest + IDLE_SECONDS - monotonic())
                self._close_idle(monotonic() - IDLE_SECONDS)
        finally:
            self._close_idle(float("inf"))

    def _close_idle(self, until: float) -> None:
        for origin, kept in list(self._idle.items()):
            for since, connection in kept:
                if since <= until:
                    connection.close()
            self._idle[origin] = [pair for pair in kept if pair[0] > until]
            if not self._idle[origin]:
                del self._idle[origin]


class _UnansweredError(ConnectionError):
    """A connection that had been used ended before a word of the answer."""


class _Connection(asyncio.Protocol):
    """Posts one thing at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: Answer | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._posts = 0

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def post(self, content: bytes) -> tuple[int, _Connection | None]:
        """The status that is answered, and this if it can be used again."""
        transport = self._transport
        if transport is None or transport.is_closing():
            raise _UnansweredError
        loop = asyncio.get_running_loop()
        answer = self._answer = Answer()
        waiter = self._waiter = loop.create_future()
        self._posts += 1
        transport.write(content)
        timer = loop.call_later(ANSWER_SECONDS, self._late)
        try:
            await waiter
        finally:
            timer.cancel()
            self._answer = self._waiter = None
            if not answer.is_reusable:
                transport.abort() if answer.status is None else transport.close()
        assert answer.status is not None
        return answer.status, self if answer.is_reusable else None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._waiter is None or self._waiter.done():
            self.close()  # Nothing was asked.
            return
        try:
            if self._answer.feed(data):
                self._waiter.set_result(None)
        except GarbledError as error:
            self._waiter.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is None or self._answer is None or self._waiter.done():
            return
        if self._answer.status is not None:
            self._waiter.set_result(None)
        elif self._posts > 1 and self._answer.is_untouched:
            self._waiter.set_exception(_UnansweredError())
        else:
            self._waiter.set_exception(exc or ConnectionError("it closed without an answer"))

    def _late(self) -> None:
        if self._waiter is None or self._answer is None or self._waiter.done():
            return
        if self._answer.status is not None:  # The rest does not matter.
            self._waiter.set_result(None)
        else:
            self._waiter.set_exception(TimeoutError(f"no answer in {ANSWER_SECONDS:g} s"))


def _origin(target: Target) -> _Origin:
    return target.host, target.port, target.tls


def _reason(error: Exception, target: Target) -> str:
    """Why there is no answer, in a line."""
    place = f"{target.host}:{target.port}"
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"{place}: its certificate is not trusted ({error.verify_message}); "
                "SSL_CERT_FILE can name the file of one that is"
            )
        case ConnectionRefusedError():
            return f"{place}: connection refused; nothing listens there"
        case ConnectionResetError():
            return f"{place}: it reset the connection"
        case TimeoutError() if not error.args:
            return f"{place}: no connection in {CONNECT_SECONDS:g} s"
        case _:
            return f"{place}: {error or type(error).__name__}"

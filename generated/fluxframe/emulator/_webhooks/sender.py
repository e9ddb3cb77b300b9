# A copy of codegen/runtime/emulator/_webhooks/sender.py, where it is edited.
"""Posts over a few connections, which are kept open for what comes next."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any

from ..._clock import monotonic
from .connection import Connection, Outcome, Parcel, UnansweredError
from .targets import Origin, Target

MOST_FOR_A_HOST = 16
MOST_CONNECTIONS = 64
CONNECT_SECONDS = 5.0
# Shorter than servers wait for another request, so that none meets the end of the connection.
IDLE_SECONDS = 2.0
_TENDED_SECONDS = 0.5


class Sender:
    """The connections of one event loop. `over` is called on it with each parcel and what came of it."""

    def __init__(self, over: Callable[[Parcel, Outcome], None]) -> None:
        self.over = over
        self._hosts: dict[Origin, _Host] = {}
        self._tending: asyncio.Task[None] | None = None
        self._trust: asyncio.Task[ssl.SSLContext] | None = None

    def post(self, parcel: Parcel) -> None:
        """Post as soon as there is a connection for it."""
        host = self._hosts.get(parcel.target.origin)
        if host is None:
            host = self._hosts[parcel.target.origin] = _Host(self, parcel.target)
            if self._tending is None or self._tending.done():
                self._tending = asyncio.get_running_loop().create_task(self._tend())
        host.post(parcel)

    async def close(self) -> None:
        """Give up what is under way, and what is not."""
        tasks: list[asyncio.Task[Any]] = [
            task for task in (self._trust, self._tending) if task is not None
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._close()  # Where it was cancelled before it began.

    def may_open(self) -> bool:
        """Whether there can be one more connection; one that is not in use makes room for it."""
        if sum(host.connections for host in self._hosts.values()) < MOST_CONNECTIONS:
            return True
        return any(host.spare() for host in self._hosts.values())

    def make_room(self) -> None:
        """A connection has gone: another host may have waited for that."""
        for host in self._hosts.values():
            if not host.connections:
                host.open()

    async def trust(self) -> ssl.SSLContext:
        """Whom to trust: reading it takes long, so that it is done once, in a thread."""
        if self._trust is None:
            reading = asyncio.to_thread(ssl.create_default_context)
            self._trust = asyncio.get_running_loop().create_task(reading)
        try:
            return await asyncio.shield(self._trust)
        except OSError:  # Such as of a file that a variable names.
            self._trust = None
            raise

    async def _tend(self) -> None:
        """Close what is not used any more, and end what takes too long; with the event loop, everything."""
        try:
            while self._hosts:
                await asyncio.sleep(_TENDED_SECONDS)
                now = monotonic()
                for origin, host in list(self._hosts.items()):
                    host.tend(now)
                    if host.is_unused:
                        del self._hosts[origin]
        finally:
            self._close()

    def _close(self) -> None:
        hosts, self._hosts = self._hosts, {}
        for host in hosts.values():
            host.close()


class _Host:
    """What is to be posted to one host, and the connections to it."""

    def __init__(self, sender: Sender, target: Target) -> None:
        self._sender = sender
        self._target = target
        self._queue: deque[Parcel] = deque()
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._opening: set[asyncio.Task[Any]] = set()

    @property
    def connections(self) -> int:
        """Those that are open or will be."""
        return len(self._open) + len(self._opening)

    @property
    def is_unused(self) -> bool:
        return not (self._queue or self._open or self._opening)

    def post(self, parcel: Parcel) -> None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                connection.post(parcel)
                return
        self._queue.append(parcel)
        self.open()

    def open(self) -> None:
        """Open a connection for what waits, unless there are enough."""
        if (
            len(self._opening) < len(self._queue)
            and self.connections < MOST_FOR_A_HOST
            and self._sender.may_open()
        ):
            task = asyncio.get_running_loop().create_task(self._connect())
            self._opening.add(task)

    def spare(self) -> bool:
        """Close a connection that is not in use; returns whether there was one."""
        if not self._idle:
            return False
        self._idle.pop(0).close()
        return True

    def tend(self, now: float) -> None:
        for connection in list(self._open):
            connection.check(now)
        for connection in self._idle:
            if now - connection.since >= IDLE_SECONDS:
                connection.close()
        self._idle = [connection for connection in self._idle if connection.is_open]

    def close(self) -> None:
        self._queue.clear()
        for task in self._opening:
            task.cancel()
        for connection in self._open:
            connection.parcel = None
            connection.abort()

    def over(self, connection: Connection, parcel: Parcel, outcome: Outcome) -> None:
        try:
            if isinstance(outcome.error, UnansweredError):
                self._queue.appendleft(
                    parcel
                )  # It closed while nothing was asked, and read nothing.
            else:
                self._sender.over(parcel, outcome)
        finally:
            self._go_on(connection)

    def gone(self, connection: Connection) -> None:
        self._open.discard(connection)
        self.open()
        self._sender.make_room()

    def _go_on(self, connection: Connection) -> None:
        """Use a connection for what waits."""
        if not connection.is_open:
            return
        if self._queue:
            connection.post(self._queue.popleft())
        else:
            self._idle.append(connection)

    async def _connect(self) -> None:
        begun, task = monotonic(), asyncio.current_task()
        assert task is not None
        try:
            connection = await self._connected()
        except OSError as error:
            self._opening.discard(task)
            if self._queue:
                self._sender.over(self._queue.popleft(), Outcome(None, error, monotonic() - begun))
            self.open()
        else:
            self._open.add(connection)
            self._go_on(connection)
        finally:
            self._opening.discard(task)

    async def _connected(self) -> Connection:
        target, loop = self._target, asyncio.get_running_loop()
        host, port, tls = target.origin
        failure = OSError("no address")
        async with asyncio.timeout(CONNECT_SECONDS):
            trust = await self._sender.trust() if tls else None
            for address in target.addresses:
                try:
                    _, connection = await loop.create_connection(
                        lambda: Connection(self),
                        address,
                        port,
                        ssl=trust,
                        server_hostname=host if trust else None,
                    )
                except OSError as error:
                    failure = error
                else:
                    return connection
        raise failure


def reason(error: Exception, target: Target) -> str:
    """Why there is no answer, in a line."""
    place = f"{target.origin.host}:{target.origin.port}"
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
            return f"{place}: {str(error) or type(error).__name__}"

# A copy of codegen/runtime/emulator/_faults/wire.py, where it is edited.
"""Sends an answer as a fault wants it, byte by byte where that is needed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from email.utils import formatdate

from starlette.types import Receive, Scope, Send

from .._http.answer import Answer
from .delays import MOST_SECONDS
from .fault import Fault
from .garbage import CHUNK, PROTOCOL, phrase
from .holds import Hold
from .protocol import connection_of, reset

_PIECE = 64 << 10
# How often a slow body goes on, at most.
_TICK = 0.02
_PROTOCOL = b"SSH-2.0-OpenSSH_9.6\r\n\r\n"
_BROKEN_CHUNK = b"zz\r\n"


class Wire:
    """What a fault does while an answer is sent."""

    def __init__(self, fault: Fault, hold: Hold, scope: Scope, receive: Receive) -> None:
        self._fault = fault
        self._hold = hold
        self._connection = connection_of(scope)
        self._receive = receive
        self._end = next((end for end in ("stall", "reset", "close") if getattr(fault, end)), None)
        self._place = getattr(fault, self._end) if self._end else None

    async def send(self, answer: Answer, send: Send, *, without_body: bool) -> None:
        """Send an answer, or what is left of it."""
        body = b"" if without_body or answer.status in (204, 304) else answer.body
        headers = self._headers(answer)
        if self._place in ("before", "after"):
            await self._finish(b"")
        elif self._fault.garbage == PROTOCOL:
            await self._finish(_PROTOCOL)
        elif self._breaks(body):
            await self._broken(answer, headers, body)
        else:
            await self._whole(answer, headers, body, send)

    def _breaks(self, body: bytes) -> bool:
        """Whether the connection does not outlive the answer."""
        fault = self._fault
        if self._end or fault.garbage == CHUNK:
            return True
        if fault.length == "none" and self._connection is not None:
            return True
        if fault.bytes_per_second and len(body) / fault.bytes_per_second > MOST_SECONDS:
            return True
        longer = isinstance(fault.length, int) and fault.length > 0
        return longer or (fault.truncate is not None and fault.truncate < len(body))

    def _headers(self, answer: Answer) -> list[tuple[bytes, bytes]]:
        """The headers of an answer, with the length that the fault wants to be told."""
        said = self._fault.headers or {}
        names = {name.lower() for name in said}
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in answer.headers.items()
            if name.lower() not in names
        ]
        if answer.content_type is not None and "content-type" not in names:
            headers.append((b"content-type", answer.content_type.encode("latin-1")))
        for name, value in said.items():
            texts = value if isinstance(value, list) else [value]
            headers += [(name.lower().encode(), text.encode("latin-1")) for text in texts]
        length = self._fault.length or 0
        if isinstance(length, int) and answer.status not in (204, 304):
            count = max(0, len(answer.body) + length)
            headers.append((b"content-length", b"%d" % count))
        return headers

    async def _whole(
        self, answer: Answer, headers: list[tuple[bytes, bytes]], body: bytes, send: Send
    ) -> None:
        """All of it, by the ordinary way: the connection is kept."""
        surplus = b""
        if isinstance(length := self._fault.length, int) and length < 0 and self._connection:
            body, surplus = body[:length], body[length:]  # What a server counts comes by its way.
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        for piece, seconds in self._pieces(body):
            if self._connection and self._connection.is_closing():
                await self._gone()
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            if seconds:
                await self._hold.sleep(seconds)
        if surplus and self._connection and not self._connection.is_closing():
            self._connection.write(surplus)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _broken(
        self, answer: Answer, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """As far as it gets, on a connection that ends with it."""
        head = self._head(answer, headers)
        if self._place == "headers":
            await self._finish(head[: len(head) // 2])
            return
        count = len(body)
        if self._fault.truncate is not None:
            count = min(count, self._fault.truncate)
        elif self._end:
            count //= 2
        is_chunked = self._fault.length == "chunked" or self._fault.garbage == CHUNK
        if self._connection is not None:
            self._connection.write(head)
            for piece, seconds in self._pieces(body[:count]):
                if self._connection.is_closing():
                    break
                framed = b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece
                self._connection.write(framed)
                if seconds:
                    await self._hold.sleep(seconds)
        await self._finish(_BROKEN_CHUNK if self._fault.garbage == CHUNK else b"")

    def _head(self, answer: Answer, headers: list[tuple[bytes, bytes]]) -> bytes:
        fault = self._fault
        if fault.length == "chunked" or fault.garbage == CHUNK:
            headers = [(n, v) for n, v in headers if n != b"content-length"]
            headers.append((b"transfer-encoding", b"chunked"))
        if fault.length == "none":
            headers = [*headers, (b"connection", b"close")]
        date = (b"date", formatdate(usegmt=True).encode())
        line = f"HTTP/1.1 {answer.status} {phrase(answer.status)}\r\n".encode()
        return line + b"".join(b"%b: %b\r\n" % each for each in [date, *headers]) + b"\r\n"

    def _pieces(self, body: bytes) -> Iterator[tuple[bytes, float]]:
        """A body in pieces, each with the seconds until the next."""
        speed = self._fault.bytes_per_second
        size = _PIECE if speed is None else max(1, int(speed * _TICK))
        most = len(body) if speed is None else int(speed * MOST_SECONDS)
        for start in itertools.islice(range(0, len(body), size), max(1, most // size + 1)):
            piece = body[start : start + size]
            yield piece, 0.0 if speed is None else len(piece) / speed

    async def _finish(self, last: bytes) -> None:
        """Send the last bytes, and end the connection in the way that the fault says."""
        connection = self._connection
        if connection is None:
            if self._end == "stall":
                await self._hold.sleep(MOST_SECONDS)
            raise ConnectionResetError(f"the emulator broke the connection: {self._fault.label}")
        if last and not connection.is_closing():
            connection.write(last)
        gone = asyncio.ensure_future(self._gone())
        if self._end == "stall":
            held = asyncio.ensure_future(self._hold.sleep(MOST_SECONDS))
            await asyncio.wait({gone, held}, return_when=asyncio.FIRST_COMPLETED)
            held.cancel()
        if self._end == "reset":
            await self._flushed(connection)
            reset(connection)
        else:
            connection.close()
        # The server makes an answer of its own where none was sent, unless the client is gone.
        await asyncio.wait({gone}, timeout=MOST_SECONDS)
        gone.cancel()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _flushed(self, connection: asyncio.Transport) -> None:
        """Wait until all that was written is sent: a reset forgets the rest."""
        await asyncio.sleep(0)  # What is written now is sent a moment later.
        while connection.get_write_buffer_size() and not connection.is_closing():  # noqa: ASYNC110 - see below
            await asyncio.sleep(0.001)  # Only the server is told when it is.

"""Reads what an answer holds, decompressed piece by piece, and never more than is wanted of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .._redact import short_repr
from .http import HttpResponse, UnreadableError

# A page of a hundred jobs has some 200 kB; the rest is room for pictures as `data:` URIs.
MOST_OF_ANSWER = 4 * 2**20
MOST_OF_ERROR = 2**20
# What is asked for: the others can't be decompressed within limits by what Python brings along.
CODINGS = ("gzip", "deflate")
_OTHER_CODINGS = frozenset(["br", "zstd", "compress", "x-compress", "dcb", "dcz"])
_PIECE = 64 * 1024


class Fault(StrEnum):
    """Why the content of an answer is not here, or not all of it."""

    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"  # Not compressed as it says.
    CONSUMED = "consumed"  # By a hook of the caller's client.


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer that has been read, up to a limit."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes = b""
    fault: Fault | None = None

    __repr__ = short_repr


class TooLongError(Exception):
    """There is more than is wanted."""


class Decoder:
    """Decompresses the content of an answer as it arrives, into pieces of 64 kB at most.

    Nothing on the way, such as what was compressed twice, may have more than twice `most` bytes.
    """

    def __init__(self, headers: Mapping[str, str], most: int) -> None:
        names: list[str] = []
        if "content-encoding" in headers:  # Several times faster than to get what is seldom there.
            names = [name.strip().lower() for name in headers["content-encoding"].split(",")]
        if other := _OTHER_CODINGS.intersection(names):
            raise UnreadableError(f"compressed with {min(other)}, which was not asked for")
        # In the reverse of the order in which they were applied; other names mean nothing.
        layers = [name.removeprefix("x-") for name in reversed(names)]
        self._layers = [_Inflater(name) for name in layers if name in CODINGS]
        self._left = [2 * most] * (len(self._layers) + 1)
        if len(self._layers) > 2:
            raise UnreadableError("compressed more than twice")

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The content in some bytes that arrived. Raises TooLongError or UnreadableError."""
        for start in range(0, len(data), _PIECE):
            yield from self._through(0, data[start : start + _PIECE])

    def _through(self, layer: int, data: bytes) -> Iterator[bytes]:
        self._left[layer] -= len(data)
        if self._left[layer] < 0:
            raise TooLongError
        if layer == len(self._layers):
            yield data
            return
        for piece in self._layers[layer].feed(data):
            yield from self._through(layer + 1, piece)

    def end(self) -> None:
        """Take note that all has arrived. Raises UnreadableError if something is missing."""
        if not all(layer.complete for layer in self._layers):
            raise UnreadableError("the compressed content breaks off")


class _Inflater:
    """Decompresses one layer, gzip or deflate."""

    def __init__(self, coding: str) -> None:
        self._begun = False
        self._start = b""
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16) if coding == "gzip" else None

    @property
    def complete(self) -> bool:
        """Whether it has ended, or not begun: an empty answer is not compressed."""
        return not self._begun or (self._zlib is not None and self._zlib.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        if self._zlib is None:
            # Deflate has a header of two bytes, which some servers leave out.
            self._start = data = self._start + data
            if len(data) < 2:
                return
            has_header = data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        try:
            while not self._zlib.eof:  # What follows the end is not content.
                piece = self._zlib.decompress(data, _PIECE)
                data = self._zlib.unconsumed_tail
                if piece:
                    yield piece
                if len(piece) < _PIECE:
                    break
        except zlib.error as error:
            raise UnreadableError(str(error)) from None


class _Content:
    """The content of one answer to a call, as far as it has arrived."""

    def __init__(self, answer: HttpResponse) -> None:
        self._answer = answer
        self._most = MOST_OF_ANSWER if 200 <= answer.status_code < 300 else MOST_OF_ERROR
        self._whole = bytearray()
        self._fault: Fault | None = None
        self._decoder: Decoder | None = None
        try:
            self._decoder = Decoder(answer.headers, self._most)
        except UnreadableError:
            self._fault = Fault.UNREADABLE

    def add(self, data: bytes) -> bool:
        """Add some bytes that arrived; whether more are wanted."""
        if self._decoder is None:
            return False
        try:
            for piece in self._decoder.pieces(data):
                self._whole += piece[: self._most - len(self._whole) + 1]
                if len(self._whole) > self._most:
                    raise TooLongError
        except TooLongError:
            self._fault = Fault.TOO_LONG
        except UnreadableError:
            self._fault = Fault.UNREADABLE
        return self._fault is None

    def end(self) -> ReadAnswer:
        """The answer, once no more is to come or is wanted."""
        if self._fault is None and self._decoder is not None:
            try:
                self._decoder.end()
            except UnreadableError:
                self._fault = Fault.UNREADABLE
        with memoryview(self._whole) as whole:  # Copied once: it may be large.
            content = bytes(whole[: self._most])
        self._whole.clear()
        return self._read(content)

    def given(self) -> ReadAnswer:
        """The answer, where somebody else has read it: a hook of the caller's, or who made it up."""
        try:
            content = self._answer.content
        except RuntimeError:
            self._fault = Fault.CONSUMED
            return self._read(b"")
        self._fault = Fault.TOO_LONG if len(content) > self._most else None
        return self._read(content[: self._most])

    def _read(self, content: bytes) -> ReadAnswer:
        return ReadAnswer(self._answer.status_code, self._answer.headers, content, self._fault)


def read(answer: HttpResponse) -> ReadAnswer:
    """What an answer holds; the connection is given back, or closed if there is more."""
    content = _Content(answer)
    if answer.is_stream_consumed or answer.is_closed:
        return content.given()
    try:
        for data in answer.iter_raw():
            if not content.add(data):
                break
        return content.end()
    finally:
        answer.close()


async def aread(answer: HttpResponse) -> ReadAnswer:
    """What an answer holds; the connection is given back, or closed if there is more."""
    content = _Content(answer)
    if answer.is_stream_consumed or answer.is_closed:
        return content.given()
    try:
        async for data in answer.aiter_raw():
            if not content.add(data):
                break
        return content.end()
    finally:
        await answer.aclose()


def accepted_codings(own: str) -> str:
    """The codings that are asked for: those of the caller's own client that can be read."""
    asked = [name.partition(";")[0].strip().lower() for name in own.split(",")]
    return ", ".join(name for name in CODINGS if name in asked) or "identity"

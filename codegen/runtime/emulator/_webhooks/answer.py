"""Reads the answer to a post: its status, and where it ends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# Of an answer, head and body.
MOST_BYTES = 64 << 10
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9][0-9])(?:[ \r]|$)")
_FIELDS = re.compile(
    rb"\r\n(content-length|transfer-encoding|connection):[ \t]*([^\r\n]*?)[ \t]*(?=\r\n|$)",
    re.IGNORECASE,
)
_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?")


class GarbledError(Exception):
    """What came is not an answer in HTTP/1.1."""


class Answer:
    """One answer, of which the bytes come in pieces.

    What its body says does not matter: it is read so that the connection can be used again, and given up
    where it is too long.
    """

    def __init__(self) -> None:
        self.status: int | None = None
        self.is_over = False
        self.is_reusable = False
        self._data = bytearray()
        self._left = MOST_BYTES
        self._keeps = False
        self._length: int | None = None  # Of the body, what is still to come.
        self._is_chunked = False

    @property
    def is_untouched(self) -> bool:
        """Whether nothing of it has come."""
        return self._left == MOST_BYTES

    def feed(self, data: bytes) -> bool:
        """Take in what came; returns whether the answer is over. Raises GarbledError."""
        self._left -= len(data)
        self._data += data
        if self.status is None:
            self._read_head()
        if self.status is not None and not self.is_over:
            self._read_body()
        if self._left <= 0 and not self.is_over:
            if self.status is None:
                raise GarbledError(f"a head of more than {MOST_BYTES} bytes")
            self._end(reusable=False)
        return self.is_over

    def _end(self, *, reusable: bool) -> None:
        self.is_over = True
        self.is_reusable = reusable and self._keeps and not self._data

    def _read_head(self) -> None:
        while self.status is None and (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._data[:end])
            del self._data[: end + 4]
            known = _known(head)
            if known is not None:  # Else the answer itself is still to come.
                self.status, self._keeps, self._length, self._is_chunked = known
        if self.status is None and not b"HTTP/1.".startswith(bytes(self._data[:7])):
            raise GarbledError(f"an answer that begins with {bytes(self._data[:40])!r}")

    def _read_body(self) -> None:
        if self._length is not None:
            taken = min(self._length, len(self._data))
            del self._data[:taken]
            self._length -= taken
            if not self._length:
                self._end(reusable=True)
        elif self._is_chunked:
            self._read_chunks()
        else:  # It ends with the connection.
            self._data.clear()

    def _read_chunks(self) -> None:
        while (end := self._data.find(b"\r\n")) >= 0:
            size = _SIZE.fullmatch(self._data, 0, end)
            if size is None:
                self._end(reusable=False)
                return
            length = int(size[1], 16)
            if not length:
                # After the last chunk there may be fields, and there is an empty line.
                if (last := self._data.find(b"\r\n\r\n", end)) >= 0:
                    del self._data[: last + 4]
                    self._end(reusable=True)
                return
            if len(self._data) < end + 2 + length + 2:
                return
            if self._data[end + 2 + length : end + 4 + length] != b"\r\n":
                self._end(reusable=False)
                return
            del self._data[: end + 4 + length]


class _Head(NamedTuple):
    """What a head says: the status, and where the body ends and the connection with it."""

    status: int
    keeps: bool
    length: int | None
    is_chunked: bool


# A receiver answers much the same each time, but for the date.
@lru_cache(maxsize=64)
def _known(head: bytes) -> _Head | None:
    """What a head says; None if that of the answer is still to come. Raises GarbledError."""
    found = _STATUS.match(head)
    if found is None or found[2] == b"101":
        raise GarbledError(f"an answer that begins with {head[:40]!r}")
    if found[2].startswith(b"1"):
        return None
    status, is_old = int(found[2]), found[1] == b"0"
    fields: dict[bytes, list[bytes]] = {}
    for name, value in _FIELDS.findall(head):
        parts = (part.strip().lower() for part in value.split(b","))
        fields.setdefault(name.lower(), []).extend(parts)
    options = fields.get(b"connection", ())
    keeps = b"keep-alive" in options if is_old else b"close" not in options
    codings, lengths = fields.get(b"transfer-encoding"), set(fields.get(b"content-length", ()))
    if status in (204, 304):
        return _Head(status, keeps, 0, is_chunked=False)
    if codings:
        return _Head(status, keeps, None, is_chunked=codings[-1] == b"chunked" and not lengths)
    if not lengths:
        return _Head(status, keeps, None, is_chunked=False)
    length = lengths.pop()
    if lengths or not re.fullmatch(rb"[0-9]{1,18}", length):
        raise GarbledError("a Content-Length that is not a number")
    return _Head(status, keeps, int(length), is_chunked=False)

# A copy of codegen/runtime/emulator/_http/body_limit.py, where it is edited.
"""How much of a body is read, and how much of it is kept for the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from .._contract import words
from .._contract.document import Operation
from .._state.exchange import KEPT_BYTES

# No source tells how long JSON may be: here, enough for pictures in data URLs.
MOST_OF_JSON = 10 << 20
# Bytes beside a file in its form or the longest text, of a character at most, and of a file where no source
# limits it.
_MOST_BESIDE = 1 << 20
_CHARACTER = 4
_MOST_OF_A_FILE = 32 << 20


def most_bytes(operation: Operation) -> int:
    """The most of a body: of JSON, or of the largest file and the form around it."""
    if (
        operation.form is None
    ):  # A text that is one too long is told as that, whatever its characters.
        return max(MOST_OF_JSON, _CHARACTER * operation.longest_text + _MOST_BESIDE)
    limits = operation.raw.get("x-upload", ())
    most = max((int(limit["maxBytes"]) for limit in limits), default=_MOST_OF_A_FILE)
    return most + _MOST_BESIDE


class Received:
    """A body as it comes in; of one that is too long, no more is read, and 413 is the answer."""

    def __init__(self, receive: Receive, headers: Mapping[str, str]) -> None:
        self._receive = receive
        self.most = MOST_OF_JSON
        declared = headers.get("content-length", "")
        self._declared = int(declared) if len(declared) <= 18 and declared.isdecimal() else 0
        self._count = 0
        self.begin = b""

    async def __call__(self) -> Message:
        if (
            self._declared > self.most
        ):  # Raised where the body is read, and its errors are answered.
            self._refuse()
        message = await self._receive()
        part = message.get("body", b"")
        if self._count < KEPT_BYTES:
            self.begin += part[: KEPT_BYTES - self._count]
        self._count += len(part)
        if self._count > self.most:
            self._refuse()
        return message

    def _refuse(self) -> NoReturn:
        raise HTTPException(413, words.payload_too_large(self.most))


class Incoming(Request):
    """A request, most of which come in one message."""

    async def body(self) -> bytes:
        """The whole body. Raises ClientDisconnect if there will not be more of it."""
        if not hasattr(self, "_body"):
            parts = []
            more = True
            while more:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                parts.append(message.get("body", b""))
                more = message.get("more_body", False)
            self._body = parts[0] if len(parts) == 1 else b"".join(parts)
            self._stream_consumed = True
        return self._body

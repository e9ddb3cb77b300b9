"""A server that spends as little as can be on a request, for measuring clients."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from .http1 import Parser


class CannedServer(asyncio.Protocol):
    """One connection: answers each request with what is ready for the start of its first line."""

    def __init__(self, answers: Sequence[tuple[bytes, bytes]]) -> None:
        self.answers = answers
        self.parser = Parser()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.parser.feed(data)
        while (request := self.parser.take()) is not None:
            head = request.head
            self.transport.write(
                next(answer for start, answer in self.answers if head.startswith(start))
            )

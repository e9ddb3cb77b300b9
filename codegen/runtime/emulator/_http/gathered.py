"""A connection whose writes of one moment go out at once: an answer's head and body in one packet."""

from __future__ import annotations

import asyncio
from typing import Any


class Gathered:
    """A transport; what is written to it is sent when the event loop comes round again, or before it ends."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send it soon."""
        if not data:
            return
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def flush(self) -> None:
        """Send what is written."""
        if self._parts:
            data = b"".join(self._parts)
            self._parts.clear()
            self._transport.write(data)

    def close(self) -> None:
        """Send what is written, and end."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Send what is written as far as it can be sent at once, and end."""
        self.flush()
        self._transport.abort()

# A copy of codegen/runtime/emulator/_faults/protocol.py, where it is edited.
"""HTTP/1.1 as uvicorn speaks it: the application is told of connections, and answers what is not HTTP."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Mapping
from typing import Any, Protocol, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from .._http.answer import JSON, Answer
from .._http.gathered import Gathered

_EXTENSION = "fluxframe.connection"


class Refusing(Protocol):
    """An application that says how what is not HTTP is answered."""

    def unreadable(self, text: str) -> Answer: ...


class Connection(H11Protocol):
    """A connection, of which the application is told so that it can be broken."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have the application told of the connection, in the scopes of its requests."""
        transport = cast("asyncio.Transport", Gathered(cast("asyncio.Transport", transport)))
        super().connection_made(transport)
        app = self.app

        def told(scope: Any, receive: Any, send: Any) -> Any:
            scope["extensions"] = {_EXTENSION: {"transport": transport}}
            return app(scope, receive, send)

        self.app = told

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP as the application does, and end the connection."""
        answer = cast("Refusing", self.config.app).unreadable(msg)
        headers = {
            "content-type": answer.content_type or JSON,
            "content-length": str(len(answer.body)),
            "connection": "close",
            **answer.headers,
        }
        lines = [
            "HTTP/1.1 400 Bad Request",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body)
        self.transport.close()


def connection_of(scope: Mapping[str, Any]) -> asyncio.Transport | None:
    """The connection that a request came by; None if no server of ours has it."""
    found = (scope.get("extensions") or {}).get(_EXTENSION)
    return cast("asyncio.Transport", found["transport"]) if found else None


def reset(transport: asyncio.Transport) -> None:
    """End a connection by an RST."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()

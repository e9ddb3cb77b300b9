"""The connection of a request is told to the application, so that it can be broken."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Mapping
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from .._http.gathered import Gathered

_EXTENSION = "fluxframe.connection"


class Protocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have the application told of the connection, in the scopes of its requests."""
        transport = cast("asyncio.Transport", Gathered(cast("asyncio.Transport", transport)))
        super().connection_made(transport)
        app = self.app

        def told(scope: Any, receive: Any, send: Any) -> Any:
            scope["extensions"] = {_EXTENSION: {"transport": transport}}
            return app(scope, receive, send)

        self.app = told


def connection_of(scope: Mapping[str, Any]) -> asyncio.Transport | None:
    """The connection that a request came by; None if no server of ours has it."""
    found = (scope.get("extensions") or {}).get(_EXTENSION)
    return cast("asyncio.Transport", found["transport"]) if found else None


def reset(transport: asyncio.Transport) -> None:
    """End a connection by an RST."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()

# A copy of codegen/runtime/emulator/_control/door.py, where it is edited.
"""Which requests are for the server itself; what answers them is loaded with the first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from .._service import Service
from . import PATH

if TYPE_CHECKING:
    from .app import Control


class Door:
    """The control API and the page of a service, as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def takes(self, path: str) -> bool:
        """Whether it answers at a path."""
        return (path.startswith(PATH) and path[len(PATH) :][:1] in ("", "/")) or path == self.page

    @cached_property
    def page(self) -> str:
        """Where the page is: of it and an operation of the API, the operation comes first."""
        taken = any(one.path == "/" for one in self._service.contract.document.operations)
        return f"{PATH}/page" if taken else "/"

    @cached_property
    def _control(self) -> Control:
        from .app import Control

        return Control(self._service, self.page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that it takes."""
        await self._control(scope, receive, send)

    def close(self) -> None:
        """Let answers end that go on until the server does."""
        if "_control" in vars(self):
            self._control.feed.close()

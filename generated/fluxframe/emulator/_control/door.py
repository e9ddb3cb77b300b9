# A copy of codegen/runtime/emulator/_control/door.py, where it is edited.
"""Where the control API and the page are; what is behind it is loaded when someone first comes."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from .._service import Service

if TYPE_CHECKING:
    from .app import Control

PATH = "/_emulator"
# Where a person's browser gets the files of jobs, which is not journaled.
SEEN_FILES = f"{PATH}/files/"


class Door:
    """The control API of a service, as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._control: Control | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a path that begins with that of the API, or for the page."""
        with self._lock:
            if self._control is None:
                from .app import Control

                self._control = Control(self._service, self.page_path)
        await self._control(scope, receive, send)

    def takes(self, path: str) -> bool:
        """Whether it answers at a path: of the API and the page at the root, the API comes first."""
        return path == self.page_path or path == PATH or path.startswith(f"{PATH}/")

    @cached_property
    def page_path(self) -> str:
        """Where the page is."""
        taken = any(one.path == "/" for one in self._service.contract.document.operations)
        return f"{PATH}/page" if taken else "/"

    def close(self) -> None:
        """Let all answers end that go on for as long as the server runs."""
        if self._control is not None:
            self._control.feed.close()

"""Counts what a server is asked, and the jobs that it makes: the same for whoever asks."""

from __future__ import annotations

from collections.abc import Callable

from ._asgi import Answer, App, Broken, Forward, Receive, Request, Scope, Send
from ._document import Document, place_of
from ._jobs import at_place


class Counted:
    """A server that may be begun anew, with a fault or without."""

    def __init__(self, document: Document) -> None:
        self._submits = [
            (operation, place_of(document.answer(operation), "id"))
            for operation in document.of_kind("submit")
        ]
        self._app: App | None = None
        self._jobs: set[str] = set()
        self.requests = 0

    @property
    def accepted(self) -> int:
        """How many jobs were made; a request that is sent again makes none."""
        return len(self._jobs)

    def begin(self, inner: App, fault: Callable[[App], App] | None = None) -> App:
        """Begin to count: what comes to the outside, and what the server behind the fault accepts."""
        self.requests, self._jobs = 0, set()
        noting: App = Broken(inner, self._noted)
        self._app = fault(noting) if fault else noting
        return self

    async def _noted(self, request: Request, forward: Forward) -> Answer:
        answer = await forward(request)
        for operation, place in self._submits:
            if answer.is_success and operation.takes(request.method, request.path):
                self._jobs.add(str(at_place(answer.json, place)))
        return answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.requests += 1
        assert self._app is not None
        await self._app(scope, receive, send)

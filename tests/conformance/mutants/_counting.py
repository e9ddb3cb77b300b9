"""Counts what a server is asked, and the jobs that it makes: the same for whoever asks."""

from __future__ import annotations

from collections.abc import Callable

from ._asgi import Answer, App, Broken, Forward, Receive, Request, Scope, Send
from ._document import Document, at_place, place_of


class Counted:
    """A server that may be begun anew, with a fault or without."""

    def __init__(self, document: Document) -> None:
        names = {model.operation.name: model.discriminator for model in document.models}
        self._submits = [
            (operation, place_of(document.answer(operation), "id"), (names[operation.name],))
            for operation in document.of_kind("submit")
            if operation.name in names
        ]
        self._app: App | None = None
        self._jobs: dict[str, str] = {}
        self.requests = 0

    @property
    def accepted(self) -> int:
        """How many jobs were made; a request that is sent again makes none."""
        return len(self._jobs)

    def accepted_for(self, value: str) -> int:
        """How many of them were made for a model, by the value that stands for it."""
        return sum(model == value for model in self._jobs.values())

    def begin(self, inner: App, fault: Callable[[App], App] | None = None) -> App:
        """Begin to count: what comes to the outside, and what the server behind the fault accepts."""
        self.requests, self._jobs = 0, {}
        noting: App = Broken(inner, self._noted)
        self._app = fault(noting) if fault else noting
        return self

    async def _noted(self, request: Request, forward: Forward) -> Answer:
        answer = await forward(request)
        for operation, place, discriminator in self._submits:
            if answer.is_success and operation.takes(request.method, request.path):
                id = str(at_place(answer.json, place))
                self._jobs[id] = str(at_place(request.json, discriminator))
        return answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.requests += 1
        assert self._app is not None
        await self._app(scope, receive, send)

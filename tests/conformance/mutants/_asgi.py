"""A server that does one thing wrong: an ASGI app around that of another, which sees each request whole."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """A request; the names of its headers are in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""

    @property
    def json(self) -> Any:
        """What its body says; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def with_json(self, body: Any) -> Request:
        """The same with another body."""
        headers = {**self.headers, "content-type": "application/json"}
        return replace(self, headers=headers, body=json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """What its body says; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def with_json(self, body: Any, status: int | None = None) -> Answer:
        """The same with another body."""
        headers = {**self.headers, "content-type": "application/json"}
        return Answer(status or self.status, headers, json.dumps(body).encode())


Forward: TypeAlias = Callable[[Request], Awaitable[Answer]]
Wrong: TypeAlias = Callable[[Request, Forward], Awaitable[Answer]]


class Broken:
    """An app of which each request is answered by `wrong`, which may ask the app behind it."""

    def __init__(self, app: App, wrong: Wrong) -> None:
        self._app = app
        self._wrong = wrong

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        request = Request(
            scope["method"],
            scope["path"],
            dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
            {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body,
        )

        async def forward(asked: Request) -> Answer:
            return await _ask(self._app, scope, request, asked)

        answer = await self._wrong(request, forward)
        headers = {**answer.headers, "content-length": str(len(answer.body))}
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
            }
        )
        shown = b"" if request.method == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": shown})


async def _ask(app: App, scope: Scope, original: Request, asked: Request) -> Answer:
    """What the app answers to a request; what it had in common with the original stays as it came."""
    headers = asked.headers
    if asked.body != original.body:
        headers = {**headers, "content-length": str(len(asked.body))}
    inner = {**scope, "method": asked.method}
    if headers != original.headers:
        inner["headers"] = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()]
    if asked.path != original.path:
        inner |= {"path": asked.path, "raw_path": asked.path.encode()}
    if asked.query != original.query:
        inner["query_string"] = urlencode(asked.query).encode()
    bodies = [asked.body]
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    await app(inner, receive, send)
    start = said[0]
    return Answer(
        start["status"],
        {n.decode("latin-1"): v.decode("latin-1") for n, v in start["headers"]},
        b"".join(message.get("body", b"") for message in said[1:]),
    )

# A copy of codegen/runtime/emulator/_control/wire.py, where it is edited.
"""Requests beside the API's own, read, and answered with an error where they go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope

from .._contract.document import Json
from .._http.answer import Answer
from .words import WrongError

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `base_url` is where the server is, as the request calls it."""

    method: str
    path: str
    base_url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def reads(self) -> bool:
        """Whether it only asks."""
        return self.method in ("GET", "HEAD")


async def asked(scope: Scope, receive: Receive) -> Asked:
    """A request with its body. Raises WrongError for one that is too long."""
    headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    base = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
    method: str = scope["method"]
    body = b"" if method in ("GET", "HEAD") else await _body(receive)
    return Asked(method, scope["path"], base, dict(query), headers, body)


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":  # Of what is asked, half may be something else.
            raise WrongError("the request ended before its body did")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _MOST_BYTES:
            raise WrongError(f"the body: expected at most {_MOST_BYTES} bytes", 413)
    return body


def once(body: bytes) -> Receive:
    """A body that was received already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    return receive


def problem(error: WrongError) -> Answer:
    """The answer that says what was wrong."""
    said: Json = {"error": str(error)}
    return Answer.of_json(said, error.status)

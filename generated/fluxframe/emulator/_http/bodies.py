# A copy of codegen/runtime/emulator/_http/bodies.py, where it is edited.
"""Bodies of requests: how long they may be, and the JSON and the form that they hold."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any, NoReturn

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .._contract import words
from .._contract.document import Operation
from .refusals import refuse


class BodyLimit:
    """Middleware that answers 413 to a body of more than `most` bytes, and keeps no more of it."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        size = int(declared) if declared[:18].isdigit() and len(declared) <= 18 else 0
        received = 0

        async def counted() -> Message:
            nonlocal received
            if size > self._most:  # Raised where the body is read, and its errors are answered.
                self._refuse()
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                self._refuse()
            return message

        await self._app(scope, counted, send)

    def _refuse(self) -> NoReturn:
        raise HTTPException(413, words.payload_too_large(self._most))


async def json_body(operation: Operation, request: Request) -> Any:
    """The JSON of a request's body. Refuses what is not JSON."""
    data = await request.body()
    try:
        body = json.loads(data, parse_constant=_no_constant, parse_float=_number)
        json.dumps(body, ensure_ascii=False).encode()  # Half a surrogate pair is not text.
    except (ValueError, RecursionError):
        refuse(operation, "BadRequest", words.INVALID_JSON)
    return body


def _number(text: str) -> float:
    """A number with a point or an exponent; what is an integer, as 1.0 and 1e3 are, is one."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")


async def form_fields(operation: Operation, request: Request) -> dict[str, str | bytes]:
    """The fields of a request's form, a file as its content; an empty file is none. Refuses what is no form."""
    fields: dict[str, str | bytes] = {}
    try:
        async with request.form() as form:
            for name, value in form.items():
                content = await value.read() if isinstance(value, UploadFile) else value
                if content or isinstance(content, str):
                    fields[name] = content
    except (ValueError, LookupError):  # Of the parser, which not every Starlette turns into a 400.
        refuse(operation, "BadRequest", words.INVALID_FORM)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        refuse(operation, "BadRequest", error.detail)
    return fields

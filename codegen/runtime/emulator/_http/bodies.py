"""The JSON and the form that bodies of requests hold."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any, NoReturn

from starlette.datastructures import UploadFile
from starlette.requests import Request

from .._contract import words
from .._contract.document import Operation
from .refusals import refuse


async def json_body(operation: Operation, request: Request) -> tuple[Any, str]:
    """The JSON of a request's body, and that as compact text. Refuses what is not JSON."""
    data = await request.body()
    try:
        body = json.loads(data, parse_constant=_no_constant, parse_float=_number)
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        text.encode()  # Half a surrogate pair is not text.
    except (ValueError, RecursionError):
        refuse(operation, "BadRequest", words.INVALID_JSON)
    return body, text


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
    from starlette.formparsers import MultiPartException  # Only uploads need it.

    fields: dict[str, str | bytes] = {}
    try:
        async with request.form() as form:
            for name, value in form.items():
                content = await value.read() if isinstance(value, UploadFile) else value
                if content or isinstance(content, str):
                    fields[name] = content
    except MultiPartException as error:
        refuse(operation, "BadRequest", error.message)
    except (
        ValueError,
        LookupError,
    ):  # Of the parser, which not every Starlette turns into its own.
        refuse(operation, "BadRequest", words.INVALID_FORM)
    return fields

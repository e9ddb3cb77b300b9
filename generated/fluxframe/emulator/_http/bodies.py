# A copy of codegen/runtime/emulator/_http/bodies.py, where it is edited.
"""The JSON and the form that bodies of requests hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from .._contract import words
from .._contract.document import Operation
from .._contract.json_text import read_json
from .answer import JSON
from .refusals import refuse


async def json_body(operation: Operation, request: Request) -> tuple[Any, str]:
    """The JSON of a request's body, and its text. Refuses what is not JSON.

    Raises HTTPException: 415 if the body is said to be something else, or is compressed.
    """
    data = await request.body()
    if data:
        _check_media_type(dict(request.scope["headers"]))
    try:
        text = data.decode().removeprefix("\ufeff")
        body = read_json(text)
        if b"\\u" in data:
            json.dumps(body, ensure_ascii=False).encode()  # Half a surrogate pair is not text.
    except (ValueError, RecursionError):
        refuse(operation, "BadRequest", words.INVALID_JSON)
    return body, text


def _check_media_type(headers: Mapping[bytes, bytes]) -> None:
    said = headers.get(b"content-type", b"").decode("latin-1")
    media_type = said.partition(";")[0].strip().lower()
    if media_type != JSON and not _OTHER_JSON.fullmatch(media_type):
        raise HTTPException(415, words.media_type(JSON, media_type), headers={"Accept": JSON})
    coding = headers.get(b"content-encoding", b"identity").decode("latin-1").strip().lower()
    if coding != "identity":
        text = words.content_coding(coding)
        raise HTTPException(415, text, headers={"Accept-Encoding": "identity"})


_OTHER_JSON = re.compile(r"application/[^/]+\+json")


async def form_fields(operation: Operation, request: Request) -> dict[str, str | bytes]:
    """The fields of a request's form, a file as its content; an empty file counts as missing. Refuses what is not a form."""
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

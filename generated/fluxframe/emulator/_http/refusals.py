# A copy of codegen/runtime/emulator/_http/refusals.py, where it is edited.
"""Answers with an error status, each in the form that the document says of its status."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NoReturn

from starlette.exceptions import HTTPException

from .._contract import words
from .._contract.document import Document, Operation
from .._contract.shape import Known
from .._contract.words import Details
from .answer import Answer


class RefusalError(Exception):
    """An answer with an error status."""

    def __init__(
        self, status: int, known: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.known = known
        self.headers = headers


def refuse(
    operation: Operation,
    error: str,
    text: str,
    details: Details | None = None,
    *,
    retry_after: float | None = None,
    **known: Any,
) -> NoReturn:
    """Answer with the error of a name; `retry_after` are the seconds until it is worth another try."""
    said = {"details": details} if details else {}
    seconds = None if retry_after is None else max(1, math.ceil(retry_after))
    headers = None if seconds is None else {"Retry-After": str(seconds)}
    raise RefusalError(operation.error(error), {"message": text, **said, **known}, headers)


def refused(document: Document, error: RefusalError) -> Answer:
    """The answer of a refusal."""
    return _answer(document, error.status, error.known, error.headers)


def server_error(document: Document) -> Answer:
    """The answer of an error of this server."""
    return _answer(document, 500, {"message": words.SERVER_ERROR})


def error_of_status(document: Document, status: int, text: str) -> Answer:
    """An answer with an error status that something other than the request is to blame for."""
    return _answer(document, status, {"message": text})


def http_error(document: Document, error: HTTPException) -> Answer:
    """An answer that is of no operation, such as for an unknown route."""
    return _answer(document, error.status_code, {"message": error.detail}, error.headers)


def _answer(
    document: Document,
    status: int,
    known: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Answer:
    answer = Answer.of_json(document.error_shape(status).filled(Known(known)), status)
    answer.headers.update(headers or {})
    return answer

# A copy of codegen/runtime/emulator/_http/refusals.py, where it is edited.
"""Answers with an error status, each in the form that the document says of its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .._contract import words
from .._contract.document import Operation, error_shape
from .._contract.shape import Known
from .._contract.words import Details


class RefusalError(Exception):
    """An answer with an error status."""

    def __init__(self, status: int, known: Mapping[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.known = known


def refuse(
    operation: Operation, error: str, text: str, details: Details | None = None, **known: Any
) -> NoReturn:
    """Answer with the error of a name."""
    said = {"details": details} if details else {}
    raise RefusalError(operation.error(error), {"message": text, **said, **known})


def _answer(status: int, known: Mapping[str, Any], headers: Any = None) -> Response:
    return JSONResponse(error_shape(status).filled(Known(known)), status, headers=headers)


async def refused(request: Request, error: Exception) -> Response:
    """The answer of a refusal."""
    assert isinstance(error, RefusalError)
    return _answer(error.status, error.known)


async def gone(request: Request, error: Exception) -> Response:
    """The client is gone; nobody reads it."""
    return Response(status_code=400)


async def server_error(request: Request, error: Exception) -> Response:
    """The answer of an error of this server."""
    return _answer(500, {"message": words.SERVER_ERROR})


async def http_error(request: Request, error: Exception) -> Response:
    """An answer of Starlette's own, such as for an unknown route."""
    assert isinstance(error, HTTPException)
    return _answer(error.status_code, {"message": error.detail}, error.headers)

"""An HTTP response to a Response with its JSON, or to the error that it stands for."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from .._answers import reason
from .._catalog import API, OPERATIONS
from .._errors import (
    APIStatusError,
    AuthenticationError,
    InsufficientCreditsError,
    UnexpectedResponseError,
    error_class,
)
from .._problems import Action, Advice
from .._redact import excerpt, masked, may_hold_key, redacted, without_key, without_query
from .._roles import said
from .bodies import MOST_OF_ANSWER, MOST_OF_ERROR, Fault, ReadAnswer
from .clients import location
from .details import details_of
from .json_text import JsonLimitError, read_json, text_of
from .retry import LONGEST_RETRY_AFTER, http_date, retry_after


def parsed(operation: str, answer: ReadAnswer) -> tuple[Any, bytes]:
    """The JSON of a response with a 2xx status, and its text. Raises UnexpectedResponseError.

    Should the server repeat the API key, it is in neither. Of an operation that answers nothing,
    whatever comes is passed over.
    """
    if OPERATIONS[operation].answer is None:
        return None, b""
    text = text_of(answer.content, answer.headers)
    try:
        if answer.fault is None:
            data = read_json(text)
            if may_hold_key(answer.content) and (clear := masked(data)) != data:
                return clear, json.dumps(clear).encode()
            return data, answer.content
        found = f"with {_kind(answer)} {_FAULTS[answer.fault]}"
    except JsonLimitError as beyond:
        found = f"with JSON of more than {beyond.limit} {beyond.what}, which is not read"
    except ValueError:
        found = f"with {_kind(answer)} where JSON was expected: {excerpt(text) or 'an empty body'}"
    # Outside the `except`, so that it does not carry what json raises, and without the body in a frame
    # that a traceback may show.
    error = _unreadable(operation, answer, found, text)
    del text
    raise error


def _unreadable(
    operation: str, answer: ReadAnswer, found: str, text: str
) -> UnexpectedResponseError:
    headers = without_key_in_headers(answer).headers
    # A part of what was too long is enough to see what it is.
    kept = masked(text if answer.fault is None else text[:MOST_OF_ERROR])
    words = f"status {answer.status_code} {found}"
    error = UnexpectedResponseError(words, status=answer.status_code, body=kept)
    error.operation = operation
    error.request_id = headers.get(API.request_id_header)
    return error


def without_key_in_headers(answer: ReadAnswer) -> ReadAnswer:
    """The answer itself, or should the server repeat the API key in a header, one without it."""
    headers: Any = answer.headers
    if not may_hold_key(b"".join(chain.from_iterable(headers.raw))):
        return answer
    pairs = [(without_key(name), without_key(value)) for name, value in headers.multi_items()]
    return replace(answer, headers=type(headers)(pairs, encoding="utf-8"))


_FAULTS: Mapping[Fault, str] = {
    Fault.TOO_LONG: f"of more than {MOST_OF_ANSWER} bytes, which is not read",
    Fault.UNREADABLE: "that can't be decompressed",
    Fault.CONSUMED: "that was consumed by an event hook of http_client; use response.read() there",
}


def _kind(answer: ReadAnswer) -> str:
    return excerpt(answer.headers.get("content-type", "no content type"))


def status_error(operation: str, answer: ReadAnswer) -> APIStatusError:
    """The error that a response with a status other than 2xx stands for, whatever it holds."""
    status = answer.status_code
    whole = text_of(answer.content, answer.headers)
    try:
        body = read_json(whole)
        # To look at each of some 100,000 texts takes a tenth of a second.
        body = masked(body) if may_hold_key(answer.content) else body
    except ValueError:
        body = masked(whole)
    told = reason(said(body, status, "message")) or reason(body)
    told = told if isinstance(body, dict) else None
    text = excerpt(whole) if told is None else redacted(told)
    headers = answer.headers
    error = error_class(status)(
        f"{status} {text}".rstrip(),
        status=status,
        body=body,
        details=details_of(body, status),
        request_id=headers.get(API.request_id_header),
        retry_after=asked_wait(headers),
    )
    error.operation = operation
    error.notes, error.advice = _notes(error), _advice(error, headers)
    return error


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that a response asks to wait, by the server's own clock if it tells it."""
    now = http_date(headers.get("date")) or time.time()
    return retry_after(headers.get("retry-after"), now=now)


def _notes(error: APIStatusError) -> tuple[str, ...]:
    """What is known in addition to the server's message."""
    if isinstance(error, InsufficientCreditsError) and error.required is not None:
        left = "" if error.available is None else f", {error.available:g} left"
        return (f"needs {error.required:g} credits{left}",)
    if error.retry_after is not None and error.retry_after > LONGEST_RETRY_AFTER:
        return (f"the server asks to wait {error.retry_after:g} s, longer than the client waits",)
    return ()


def _advice(error: APIStatusError, headers: Mapping[str, str]) -> Advice | None:
    """What to do next, where that is clear."""
    if isinstance(error, AuthenticationError):
        return Advice(Action.CHECK_KEY)
    if 300 <= error.status < 400 and (place := location(headers)):
        return Advice(Action.CHECK_BASE_URL, (without_query(place),))
    return None

# A copy of codegen/runtime/_wire/responses.py, where it is edited.
"""An HTTP response to a Response with its JSON, or to the error that it stands for."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from .._answers import Response as Response
from .._catalog import MODELS
from .._errors import (
    STATUS_ERRORS,
    APIStatusError,
    AuthenticationError,
    InsufficientCreditsError,
    ServerError,
    UnexpectedResponseError,
)
from .._problems import Action, Advice
from .._redact import (
    cut,
    excerpt,
    masked,
    may_hold_key,
    redacted,
    without_key,
    without_query,
)
from .http import HttpResponse
from .retry import LONGEST_RETRY_AFTER, http_date, retry_after


def parsed(operation: str, answer: HttpResponse) -> tuple[Any, bytes]:
    """The JSON of a response with a 2xx status, and its text. Raises UnexpectedResponseError.

    Should the server repeat the API key, it is in neither.
    """
    content = answer.content
    try:
        data = json.loads(content)
        if may_hold_key(content) and (clear := masked(data)) != data:
            return clear, json.dumps(clear).encode()
        return data, content
    except (ValueError, RecursionError):
        pass  # Raised below, where it does not carry what json raises, which holds the body.
    headers = without_key_in_headers(answer).headers
    kind = excerpt(headers.get("content-type", "no content type"))
    text = _text(answer)
    shown = excerpt(text) or "an empty body"
    error = UnexpectedResponseError(
        f"status {answer.status_code} with {kind} where JSON was expected: {shown}",
        status=answer.status_code,
        body=masked(text),
    )
    error.operation = operation
    error.request_id = headers.get("x-request-id")
    raise error


class UnreadResponse:
    """A response whose content a hook of the caller's has consumed, with only status and headers left."""

    content = b""
    text = ""

    def __init__(self, answer: HttpResponse | UnreadResponse) -> None:
        self.status_code: int = answer.status_code
        self.headers: Mapping[str, str] = answer.headers


def without_key_in_headers(
    answer: HttpResponse | UnreadResponse,
) -> HttpResponse | UnreadResponse:
    """The response itself, or should the server repeat the API key in a header, one without it."""
    headers: Any = answer.headers
    if not may_hold_key(b"".join(part for pair in headers.raw for part in pair)):
        return answer
    clear = UnreadResponse(answer)
    pairs = [(without_key(name), without_key(value)) for name, value in headers.multi_items()]
    clear.headers = type(headers)(pairs, encoding="utf-8")
    clear.content, clear.text = answer.content, _text(answer)
    return clear


def _text(answer: HttpResponse | UnreadResponse) -> str:
    try:
        return answer.text
    except (
        ValueError,
        TypeError,
        LookupError,
        AssertionError,
    ):  # Its charset is not a text encoding.
        return answer.content.decode("utf-8", "replace")


def status_error(operation: str, answer: HttpResponse | UnreadResponse) -> APIStatusError:
    """The error that a response with a status other than 2xx stands for."""
    status = answer.status_code
    whole = _text(answer)
    try:
        body = masked(json.loads(whole))
    except (ValueError, RecursionError):
        body = masked(whole)
    told = body.get("error") if isinstance(body, dict) else None
    text = redacted(told) if isinstance(told, str) else excerpt(whole)
    details = _details(body)
    kind = STATUS_ERRORS.get(status, ServerError if status >= 500 else APIStatusError)
    headers = answer.headers
    error = kind(
        f"{status} {text}".rstrip(),
        status=status,
        body=body,
        details=details,
        request_id=headers.get("x-request-id"),
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
    if 300 <= error.status < 400 and (location := headers.get("location")):
        return Advice(Action.CHECK_BASE_URL, (without_query(location),))
    return None


def _details(body: Any) -> dict[str, list[str]]:
    """The texts of a 400 by Python parameter: `fluxParams.width` is `width`."""
    details = body.get("details") if isinstance(body, dict) else None
    result: dict[str, list[str]] = {}
    names = {p.wire_name: p.name for model in MODELS.values() for p in model.parameters.values()}
    for path, texts in details.items() if isinstance(details, dict) else ():
        # What is wrong may be an item. The path is the server's, of whatever length.
        whole = re.sub(r"(?:\.[0-9]+)+$", "", cut(str(path), 200))
        name = whole.rpartition(".")[2]
        name = names.get(name, name)
        texts = texts if isinstance(texts, list) else [texts]
        result.setdefault(name, []).extend(map(str, texts))
    return result

"""Reads answers: the JSON of those that went well, and the error that any other stands for."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._catalog import MODELS
from .._errors import (
    STATUS_ERRORS,
    APIStatusError,
    AuthenticationError,
    InsufficientCreditsError,
    ServerError,
    UnexpectedResponseError,
)
from .http import SHORTEST_KEY, redacted, without_query
from .retry import LONGEST_RETRY_AFTER, http_date, retry_after


@dataclass(slots=True, eq=False)
class Response:
    """An answer as it came over HTTP, and `data`, the JSON in it.

    `attempts` is how often the request was sent, `elapsed` the seconds that took in all;
    `idempotency_key` is that of a submission.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    data: Any = field(repr=False)
    attempts: int
    elapsed: float
    idempotency_key: str | None = None

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, for its makers to find it by."""
        return self.headers.get("x-request-id")


def parsed(operation: str, answer: Any, secret: str | None) -> Any:
    """The JSON of an answer with a 2xx status. Raises UnexpectedResponseError.

    `secret` is not shown, should the server repeat it.
    """
    content: bytes = answer.content
    try:
        data = json.loads(content)
        return _masked(data, secret) if secret and secret.encode() in content else data
    except (ValueError, RecursionError):
        kind = answer.headers.get("content-type", "no content type")
        text = _text(answer)
        found = excerpt(redacted(text, secret)) or "an empty body"
        error = UnexpectedResponseError(
            f"{operation}: status {answer.status_code} with {kind} where JSON was expected: {found}",
            status=answer.status_code,
            body=_masked(text, secret),
        )
        error.request_id = answer.headers.get("x-request-id")
        raise error from None


def _text(answer: Any) -> str:
    try:
        text: str = answer.text
    except (ValueError, TypeError, LookupError, AssertionError):  # A charset that is none of text.
        text = answer.content.decode("utf-8", "replace")
    return text


def _masked(data: Any, secret: str | None) -> Any:
    """JSON without the API key, should the server repeat it."""
    if isinstance(data, str):
        return data.replace(secret, "…") if secret and len(secret) >= SHORTEST_KEY else data
    if isinstance(data, dict):
        return {_masked(name, secret): _masked(member, secret) for name, member in data.items()}
    return [_masked(item, secret) for item in data] if isinstance(data, list) else data


def status_error(operation: str, answer: Any, secret: str | None) -> APIStatusError:
    """The error that an answer with a status other than 2xx stands for."""
    status: int = answer.status_code
    whole = _text(answer)
    try:
        body = _masked(json.loads(whole), secret)
    except (ValueError, RecursionError):
        body = _masked(whole, secret)
    said = body.get("error") if isinstance(body, dict) else None
    text = redacted(said if isinstance(said, str) else excerpt(whole), secret)
    details = _details(body)
    lines = [redacted(f"{name}: {'; '.join(texts)}", secret) for name, texts in details.items()]
    kind = STATUS_ERRORS.get(status, ServerError if status >= 500 else APIStatusError)
    headers = answer.headers
    error = kind(
        "",
        status=status,
        body=body,
        details=details,
        request_id=headers.get("x-request-id"),
        retry_after=asked_wait(headers),
    )
    first = f"{operation}: {status} {text}".rstrip() + _advice(error, headers)
    error.args = ("\n".join([first, *lines]),)
    return error


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait, by the server's own clock if it tells it."""
    now = http_date(headers.get("date")) or time.time()
    return retry_after(headers.get("retry-after"), now=now)


def _advice(error: APIStatusError, headers: Mapping[str, str]) -> str:
    """What to do next, where that is plain."""
    if isinstance(error, InsufficientCreditsError) and error.required is not None:
        left = "" if error.available is None else f", {error.available:g} left"
        return f"; needs {error.required:g} credits{left}"
    if isinstance(error, AuthenticationError):
        return "; check api_key or APIFRAME_API_KEY"
    if error.retry_after is not None and error.retry_after > LONGEST_RETRY_AFTER:
        return f"; the server asks to wait {error.retry_after:g} s, more than is waited for"
    if 300 <= error.status < 400 and (location := headers.get("location")):
        return f"; it points to {without_query(location)}, which base_url can name if it is right"
    return ""


def submit_again(key: str) -> str:
    """What to do where it is not known whether a submission was accepted."""
    return (
        "; it may have been accepted, so submit it again with "
        f'idempotency_key="{key}", and it is paid for once'
    )


def _details(body: Any) -> dict[str, list[str]]:
    """The texts of a 400 by Python parameter: `fluxParams.width` is `width`."""
    details = body.get("details") if isinstance(body, dict) else None
    result: dict[str, list[str]] = {}
    names = {p.wire_name: p.name for model in MODELS.values() for p in model.parameters.values()}
    for path, texts in details.items() if isinstance(details, dict) else ():
        whole = re.sub(r"(?:\.[0-9]+)+$", "", str(path))  # What is wrong may be an item.
        name = whole.rpartition(".")[2]
        name = names.get(name, name)
        texts = texts if isinstance(texts, list) else [texts]
        result.setdefault(name, []).extend(map(str, texts))
    return result


def excerpt(text: str, width: int = 200) -> str:
    """The beginning of a text, on one line."""
    folded = " ".join(text.split())
    return folded if len(folded) <= width else folded[: width - 1] + "…"

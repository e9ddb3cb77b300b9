"""Bodies that are not what a client expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from .._http.answer import JSON, Answer

_LARGE_BYTES = 64 << 20
_HTML = "text/html; charset=utf-8"
_PAGE = """<html>
<head><title>{status} {phrase}</title></head>
<body>
<center><h1>{status} {phrase}</h1></center>
<hr><center>nginx</center>
</body>
</html>
"""
# An answer that is not HTTP at all, and a chunk whose size is not a number; these need the connection.
PROTOCOL, CHUNK = "protocol", "chunk"


def phrase(status: int) -> str:
    """What a status is called."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Error {status}"


def _swapped(value: Any) -> Any:
    """JSON of the same members, each of another type."""
    match value:
        case dict():
            return {name: _swapped(inner) for name, inner in value.items()}
        case list():
            return {str(index): inner for index, inner in enumerate(value)}
        case str():
            return [value]
        case None:
            return {}
        case _:
            return json.dumps(value)


def _types(answer: Answer) -> None:
    try:
        value = json.loads(answer.body)
    except ValueError:
        value = None
    answer.body = json.dumps(_swapped(value)).encode()


def _set(body: bytes | None, content_type: str | None) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer.body = answer.body if body is None else body
        answer.content_type = content_type

    return change


def _page(answer: Answer) -> None:
    text = _PAGE.format(status=answer.status, phrase=phrase(answer.status))
    answer.body, answer.content_type = text.encode(), _HTML


def _utf8(answer: Answer) -> None:
    """The text of the JSON, broken by bytes that are none of UTF-8."""
    begin, quote, rest = answer.body.partition(b'"')
    answer.body = begin + (quote or b'"') + b"\xff\xfe\xc3" + rest


def _cut(answer: Answer) -> None:
    answer.body = answer.body[: len(answer.body) // 2]


def _large(answer: Answer) -> None:
    answer.body = b" " * (_LARGE_BYTES - len(answer.body)) + answer.body


def _nothing(answer: Answer) -> None:
    """The answer is spoiled as it is sent."""


GARBAGE: Mapping[str, Callable[[Answer], None]] = {
    "text": _set(b"Service is warming up, try again soon.\n", "text/plain; charset=utf-8"),
    "html": _page,
    "empty": _set(b"", JSON),
    "cut": _cut,
    "types": _types,
    "list": _set(b"[]", JSON),
    "utf8": _utf8,
    "binary": _set(bytes(range(255, -1, -1)) * 4, JSON),
    "large": _large,
    "content_type": _set(None, _HTML),
    "no_content_type": _set(None, None),
    "charset": _set(None, f"{JSON}; charset=klingon"),
    PROTOCOL: _nothing,
    CHUNK: _nothing,
}

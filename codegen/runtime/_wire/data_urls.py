"""Reads the file that a `data:` URL is itself."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from .._errors import ResultError
from .._redact import cut

# Its media type and parameters, before the comma; they are short, and the data may have megabytes.
_HEAD = re.compile(r"(?i)data:([^,]{0,500}),")


def is_data_url(url: str) -> bool:
    """Whether it holds its file in itself."""
    return url[:5].lower() == "data:"


def shown_data_url(url: str) -> str:
    """What may be shown of a `data:` URL: what it holds, and how much."""
    head = _HEAD.match(url)
    return f"data:{cut(head[1], 60) if head else ''},… ({len(url)} characters)"


def data_of(url: str, max_bytes: int) -> bytes:
    """The content of a `data:` URL. Raises ResultError."""
    shown = shown_data_url(url)
    head = _HEAD.match(url)
    if head is None:
        raise ResultError(f"{shown} is not a data URL: it has no comma before its data")
    in_base64 = head[1].lower().replace(" ", "").endswith(";base64")
    # Of the data, whose size is told by its length, nothing is copied before.
    size = len(url) - head.end()
    least = size * 2 // 3 if in_base64 else size  # There may be line breaks.
    if url.find("%", head.end()) >= 0:
        least //= 3  # Each character may be written as three.
    if least > max_bytes:
        raise _too_big(shown, max_bytes)
    try:
        data = url[head.end() :].encode("ascii")
        data = unquote_to_bytes(data) if b"%" in data else data
        content = _from_base64(data) if in_base64 else data
    except (ValueError, binascii.Error):
        raise ResultError(f"{shown} can't be decoded") from None
    if len(content) > max_bytes:
        raise _too_big(shown, max_bytes)
    return content


def _from_base64(data: bytes) -> bytes:
    # In either alphabet, with spaces and line breaks, and without the signs at its end.
    data = data.translate(bytes.maketrans(b"-_", b"+/"), b" \t\r\n=")
    return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)


def _too_big(shown: str, max_bytes: int) -> ResultError:
    return ResultError(
        f"{shown} has more than max_bytes, which is {max_bytes}; pass a higher one if such a file is "
        "expected"
    )

"""Reads JSON from outside: in whatever encoding, and within limits of its own."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from typing import Any

# A page of a hundred jobs has some 3,000 values in 500 objects.
MOST_VALUES = 100_000
MOST_CONTAINERS = 20_000
DEEPEST = 100
MOST_DIGITS = 500

# Encodings of text in which servers write, by the names that Python has for them; others decode into
# something else than text, or in more than linear time.
_CHARSETS = re.compile(r"(iso8859|cp125|koi8|shift_jis|euc_|gb|big5|utf-16|utf-32)[\w-]*")


class JsonLimitError(ValueError):
    """JSON that goes beyond a limit: `what` there is more of than `limit`."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what, limit)
        self.what = what
        self.limit = limit


def text_of(content: bytes, headers: Mapping[str, str]) -> str:
    """The text in some bytes: UTF-8, or what their first bytes or their media type tell.

    JSON is UTF-8, so that it is tried first, whatever the media type says.
    """
    try:
        return content.decode(json.detect_encoding(content))
    except (UnicodeDecodeError, LookupError):
        pass
    media_type = headers.get("content-type", "")[:1000]
    told = re.search(r"(?i)charset\s*=\s*\"?([\w.:-]{1,40})", media_type)
    try:
        name = codecs.lookup(told[1]).name if told else ""
        if _CHARSETS.fullmatch(name):
            return content.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        pass
    return content.decode("utf-8", "replace")


def read_json(text: str) -> Any:
    """The value that is written in a text. Raises ValueError, JsonLimitError for one beyond a limit."""
    containers = text.count("[") + text.count("{")
    if containers > MOST_CONTAINERS:
        raise JsonLimitError("lists and objects", MOST_CONTAINERS)
    if containers + text.count(",") > MOST_VALUES:
        raise JsonLimitError("values", MOST_VALUES)
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise JsonLimitError("levels", DEEPEST) from None
    if containers > DEEPEST:
        _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        within = [item.values() if isinstance(item, dict) else item for item in level]
        level = [item for items in within for item in items if isinstance(item, dict | list)]
        if not level:
            return
    raise JsonLimitError("levels", DEEPEST)


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise JsonLimitError("digits in a number", MOST_DIGITS)
    return int(digits)


# Floats are read in linear time, however long.
_DECODER = json.JSONDecoder(parse_int=_integer)

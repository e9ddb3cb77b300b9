"""Requests in JSON: lines, a list or a single one, each with its line and those of its members."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn

from .._redact import show
from ._rows import Row, Rows, row, undecoded, unreadable
from ._sources import Source

_GAP = re.compile(r"[\s,]*")
_BLANK = " \t\r\n\v\f"


def read_lines(name: str, lines: Iterable[str]) -> Rows:
    """The rows of JSON lines; a blank line is none."""
    position = 0
    for number, line in enumerate(lines, 1):
        if text := line.strip(_BLANK):
            yield _row(position, name, number, text)
            position += 1


def read_document(name: str, text: str) -> Rows:
    """The rows of a text that is a request, a list of them, or JSON lines."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = text.split("\n")
        first, *others = (line for line in lines if line.strip(_BLANK)) if text.strip() else [""]
        if others and _is_whole(first):
            yield from read_lines(name, lines)
            return
        number = getattr(error, "lineno", 1)
        if (found := undecoded(text)) is not None:
            number = text.count("\n", 0, found) + 1
        yield _row(0, name, number, text)
        return
    line, at = 1, len(text) - len(text.lstrip())
    line += text.count("\n", 0, at)
    if not text.startswith("[", at):
        yield _row(0, name, line, text[at:])
        return
    before, at = at, _after_gap(text, at + 1)
    position = 0
    while not text.startswith("]", at):
        _, end = _LENIENT.raw_decode(text, at)
        line += text.count("\n", before, at)
        yield _row(position, name, line, text[at:end])
        position += 1
        before, at = at, _after_gap(text, end)


def _after_gap(text: str, at: int) -> int:
    """Where the next item of a list begins, or the list ends."""
    found = _GAP.match(text, at)
    return found.end() if found else at


def _is_whole(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _row(position: int, name: str, line: int, text: str) -> Row:
    source, raw = Source(name, line, text), text.encode(errors="surrogateescape")
    if undecoded(text) is not None:
        return unreadable(position, source, raw, "not UTF-8 text")
    try:
        value = _STRICT.decode(text)
    except RecursionError:
        return unreadable(position, source, raw, "not valid JSON: nested too deeply")
    except json.JSONDecodeError as error:
        fault = f"not valid JSON: {error.msg}, in column {error.colno}"
        return unreadable(position, source, raw, fault)
    except ValueError as error:
        # With the content that it had in earlier versions, which took it.
        content = row(position, json.loads(text)).content if _is_whole(text) else None
        return unreadable(position, source, raw, f"not valid JSON: {error}", content)
    if not isinstance(value, dict):
        fault = f"{show(value)} is not a JSON object, which a request is"
        return unreadable(position, source, raw, fault)
    return row(position, value, source)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"{show(twice)} is given twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


_LENIENT = json.JSONDecoder()
_STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_object)

# A copy of codegen/runtime/cli/_request_file.py, where it is edited.
"""Reads requests from text: JSON, a list in JSON, or JSON lines, with the line of each."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from .._problems import Problem
from .._redact import short_repr, show
from .._requests import wired

_GAP = re.compile(r"[\s,]*")
_STRING = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?')


@dataclass(frozen=True)
class FileRequest:
    """A request in a file: its text, the line where it begins, and its JSON or what is wrong with it."""

    line: int
    text: str
    body: Mapping[str, Any] | Problem

    __repr__ = short_repr

    def line_of(self, path: str) -> int:
        """The line of a member, such as `fluxParams.width`; the first of the request if it has none."""
        at = 0
        for name in filter(None, re.split(r"\[\d+\]|\.", path)):
            places = self._keys.get(name, [])
            following = bisect_left(places, at)
            at = places[following] if following < len(places) else at
        return self.line + bisect_left(self._breaks, at)

    @cached_property
    def _keys(self) -> Mapping[str, list[int]]:
        """Where each name stands as a key."""
        found: dict[str, list[int]] = {}
        for match in _STRING.finditer(self.text):
            if match[2]:
                found.setdefault(json.loads(match[1]), []).append(match.start())
        return found

    @cached_property
    def _breaks(self) -> list[int]:
        """Where its lines end."""
        return [match.start() for match in re.finditer("\n", self.text)]


def read(text: str) -> list[FileRequest]:
    """The requests in a text."""
    try:
        _load(text)
    except (ValueError, RecursionError) as error:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) > 1 and _is_whole(lines[0][1]):
            return [_request(number, line) for number, line in lines]
        return [FileRequest(getattr(error, "lineno", 1), text, _not_json(error))]
    return [_request(*part) for part in _parts(text)]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The requests of a JSON document, each with its line: itself, or the items of a list."""
    line, at = 1, len(text) - len(text.lstrip())
    line += text.count("\n", 0, at)
    if not text.startswith("[", at):
        yield line, text[at:]
        return
    decoder = json.JSONDecoder()
    before, at = at, _after_gap(text, at + 1)
    while not text.startswith("]", at):
        _, end = decoder.raw_decode(text, at)
        line += text.count("\n", before, at)
        yield line, text[at:end]
        before, at = at, _after_gap(text, end)


def _after_gap(text: str, at: int) -> int:
    """Where the next item of a list begins, or the list ends."""
    found = _GAP.match(text, at)
    return found.end() if found else at


def _request(line: int, text: str) -> FileRequest:
    try:
        value = _load(text)
    except (ValueError, RecursionError) as error:
        return FileRequest(line, text, _not_json(error))
    if not isinstance(value, dict):
        problem = Problem(rule="type", detail="not a request: a JSON object is expected")
        return FileRequest(line, text, problem)
    return FileRequest(line, text, wired(value))


def _is_whole(text: str) -> bool:
    try:
        _load(text)
    except (ValueError, RecursionError):
        return False
    return True


def _load(text: str) -> Any:
    return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"{show(twice)} is given twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _not_json(error: Exception) -> Problem:
    words = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return Problem(rule="json", detail=f"not valid JSON: {words}")

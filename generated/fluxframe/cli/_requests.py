# A copy of codegen/runtime/cli/_requests.py, where it is edited.
"""Requests in a file: JSON, a list of them, or JSON lines, with the line of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from .._problems import Problem
from .._requests import wired

_GAP = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a file: its text, the line where it begins, and what it says, if it is one."""

    line: int
    text: str
    body: Mapping[str, Any] | Problem

    def line_of(self, path: str) -> int:
        """The line of a member, such as `fluxParams.width`; the first of the request if it has none."""
        at = 0
        for part in re.split(r"\[\d+\]|\.", path):
            # A quote in a text is escaped, and a colon follows keys alone.
            key = re.compile(rf"(?<!\\){re.escape(json.dumps(part, ensure_ascii=False))}\s*:")
            found = key.search(self.text, at)
            at = found.start() if found else at
        return self.line + self.text.count("\n", 0, at)


def read(text: str) -> list[Request]:
    """The requests of a text."""
    try:
        _load(text)
    except (ValueError, RecursionError) as error:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) > 1 and _is_whole(lines[0][1]):
            return [_request(number, line) for number, line in lines]
        return [Request(getattr(error, "lineno", 1), text, _no_json(error))]
    return [_request(*part) for part in _parts(text)]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """A JSON document's requests, each with its line: itself, or the members of a list."""
    at = len(text) - len(text.lstrip())
    if not text.startswith("[", at):
        yield text.count("\n", 0, at) + 1, text[at:]
        return
    decoder = json.JSONDecoder()
    at = _after_gap(text, at + 1)
    while not text.startswith("]", at):
        _, end = decoder.raw_decode(text, at)
        yield text.count("\n", 0, at) + 1, text[at:end]
        at = _after_gap(text, end)


def _after_gap(text: str, at: int) -> int:
    """Where the next member of a list begins, or its end."""
    found = _GAP.match(text, at)
    return found.end() if found else at


def _request(line: int, text: str) -> Request:
    try:
        value = _load(text)
    except (ValueError, RecursionError) as error:
        return Request(line, text, _no_json(error))
    if not isinstance(value, dict):
        problem = Problem(rule="type", detail="not a request: a JSON object is expected")
        return Request(line, text, problem)
    return Request(line, text, wired(value))


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
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{twice} is there twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")


def _no_json(error: Exception) -> Problem:
    words = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return Problem(rule="json", detail=f"not valid JSON: {words}")

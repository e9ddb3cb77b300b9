"""Where in a file a request is, and each of its members."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property

_STRING = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?')


class Source:
    """Where a request is in a file, which is called `name`: the line where it begins, and its JSON."""

    def __init__(self, name: str, line: int, text: str = "") -> None:
        self.name = name
        self.line = line
        self._text = text

    def __str__(self) -> str:
        return f"{self.name}:{self.line}"

    def line_of(self, path: str) -> int:
        """The line of a member, such as `options.width`; the first of the request if it has none."""
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
        for match in _STRING.finditer(self._text):
            if match[2]:
                found.setdefault(json.loads(match[1]), []).append(match.start())
        return found

    @cached_property
    def _breaks(self) -> list[int]:
        """Where its lines end."""
        return [match.start() for match in re.finditer("\n", self._text)]

"""What a page shows of a job's result: its kind, and how many pictures every request makes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_START = re.compile(r"^\s*(?=\{)", re.MULTILINE)
_ALWAYS = re.compile(
    r"\balways (?:generates?|returns?|makes?|produces?|creates?) (?:exactly )?([1-9]\d{0,2}) "
    r"(?:images?|pictures?|results?|variations?)\b",
    re.IGNORECASE,
)
_MOST = 100  # Listings that are looked at.


@dataclass(frozen=True, slots=True)
class Outcome:
    """The kind of result and the count that a page shows; None for what it does not."""

    result: str | None
    count: int | None
    unread: list[str]


def read_outcome(text: str, results: Mapping[str, Collection[str]]) -> Outcome:
    """What the listings and sentences of a page show of results.

    `results` has the members of each kind of result.
    """
    members = {name for names in results.values() for name in names}
    shown: dict[str, None] = {}
    for listing in _listings(text):
        for found in _objects(listing):
            if members & found.keys():
                shown |= dict.fromkeys(found)
    kinds = sorted(
        (k for k in results if members & shown.keys() <= {*results[k]}),
        key=lambda k: len(results[k]),
    )
    unread = [
        f"the result has `{name}`, which no kind of result has"
        for name in shown
        if name not in members
    ]
    if shown and not kinds:
        unread.append(f"no kind of result has all of {', '.join(shown)}")
    counts = {int(match[1]) for match in _ALWAYS.finditer(text)}
    if len(counts) > 1:
        unread.append(f"the page says that every request makes {sorted(counts)} images")
    return Outcome(
        kinds[0] if shown and kinds else None, counts.pop() if len(counts) == 1 else None, unread
    )


def _listings(text: str) -> Iterator[Any]:
    """The JSON objects that begin a line; those of a command follow a quotation mark."""
    end = 0
    for count, match in enumerate(_START.finditer(text)):
        if count == _MOST:
            return
        if match.end() < end:
            continue
        try:
            value, end = json.JSONDecoder().raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        yield value


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one

"""The prose above the tables of a page to the title and the description of its model."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import NamedTuple

from ..naming import class_name
from ..spec.model import Family
from .context import Context
from .endpoint import Endpoint, read_endpoint
from .markdown import heading_words, outside_fences, words
from .tables import CellSplitter

_LONG = 60  # A line of this length is a sentence, and can go on in the next line.


class Prose(NamedTuple):
    """What the prose of a page says of a model; a text that is not there is empty."""

    title: str
    summary: str
    description: str
    endpoint: Endpoint | None


def read_prose(lines: list[str], model: str, family: Family, context: Context) -> Prose:
    """The title, summary, description and endpoint that stand above the first row of a table."""
    splitter = CellSplitter(family, lines)
    above = itertools.takewhile(lambda line: splitter.cells(line) is None, outside_fences(lines))
    parts = _paragraphs(above, context)
    name = class_name(model).casefold()
    titles = [index for index, part in enumerate(parts) if class_name(part).casefold() == name]
    titles += [index for index, part in enumerate(parts) if part.startswith("#")]
    endpoints = [
        (index, found)
        for index, part in enumerate(parts)
        if (found := read_endpoint(part, context)) is not None
    ]
    beside = {index for index, _ in endpoints}
    title = titles[0] if titles else _above_prose(parts)
    prose = [
        (index, part)
        for index, part in enumerate(parts)
        if index > title and index not in beside and not part.startswith(("#", "See "))
        if _is_prose(part)
    ]
    end, endpoint = endpoints[0] if endpoints else (title, None)
    return Prose(
        title=heading_words(parts[title]) if title >= 0 else "",
        summary=prose[0][1] if prose else "",
        description=next((part for index, part in prose[1:] if index > end), ""),
        endpoint=endpoint,
    )


def _is_prose(part: str) -> bool:
    return part.endswith((".", "!")) or len(part) >= _LONG


def _above_prose(parts: list[str]) -> int:
    """The place of the line right above the first sentence, which is the title; -1 without one."""
    first = next((index for index, part in enumerate(parts) if _is_prose(part)), 0)
    return first - 1


def _paragraphs(lines: Iterable[str], context: Context) -> list[str]:
    """The lines, with those that a long line goes on in joined to it."""
    parts: list[list[str]] = []
    goes_on = False
    for line in lines:
        if line and goes_on and not line.startswith("#") and not read_endpoint(line, context):
            parts[-1].append(words(line))
        elif line:
            parts.append([words(line)])
        goes_on = len(line) >= _LONG and line[-1] not in ".!?:"
    return [" ".join(part) for part in parts]

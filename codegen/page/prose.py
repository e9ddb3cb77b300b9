"""The prose above the tables of a page to the title and the description of its model."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import NamedTuple

from ..naming import class_name
from ..spec.model import Family
from .decode import LONGEST
from .markdown import heading_words, outside_fences, words
from .tables import CellSplitter

_ENDPOINT = re.compile(r'\b(?P<path>POST */[\w/.{}-]+?) *(?:[—–-]+ *)?model: *"(?P<model>[^"]+)"')
_LONG = 60  # A line of this length is a sentence, and can go on in the next line.


class Prose(NamedTuple):
    """What the prose of a page says of a model; a text that is not there is empty."""

    title: str
    summary: str
    description: str
    source: str
    other_model: bool  # The page names another model than the one that is asked for.


def read_prose(lines: list[str], model: str, family: Family) -> Prose:
    """The title, summary, description and endpoint that stand above the first row of a table."""
    splitter = CellSplitter(family, lines)
    above = itertools.takewhile(lambda line: splitter.cells(line) is None, outside_fences(lines))
    parts = _paragraphs(above)
    name = class_name(model).casefold()
    titles = [index for index, part in enumerate(parts) if class_name(part).casefold() == name]
    titles += [index for index, part in enumerate(parts) if part.startswith("#")]
    title = titles[0] if titles else -1
    endpoints = [
        (index, match)
        for index, part in enumerate(parts)
        if (match := _ENDPOINT.search(part[:LONGEST]))
    ]
    beside = {index for index, _ in endpoints}
    prose = [
        (index, part)
        for index, part in enumerate(parts)
        if index > title and index not in beside and not part.startswith(("#", "See "))
        if part.endswith((".", "!")) or len(part) >= _LONG
    ]
    end, endpoint = endpoints[0] if endpoints else (title, None)
    path = re.sub(" *(?=/)", " ", endpoint["path"], count=1) if endpoint else ""
    return Prose(
        title=heading_words(parts[title]) if titles else "",
        summary=prose[0][1] if prose else "",
        description=next((part for index, part in prose[1:] if index > end), ""),
        source=f'{path}, model: "{endpoint["model"]}"' if endpoint else "",
        other_model=endpoint is not None and endpoint["model"] != model,
    )


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """The lines, with those that a long line goes on in joined to it."""
    parts: list[list[str]] = []
    goes_on = False
    for line in lines:
        if line and goes_on and not line.startswith("#") and not _ENDPOINT.search(line[:LONGEST]):
            parts[-1].append(words(line))
        elif line:
            parts.append([words(line)])
        goes_on = len(line) >= _LONG and line[-1] not in ".!?:"
    return [" ".join(part) for part in parts]

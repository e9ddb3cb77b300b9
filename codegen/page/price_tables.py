"""The tables of a section on prices, in which a copy may have run cells together."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from .markdown import without_marks
from .tables import CellSplitter

Table: TypeAlias = list[list[str]]
_HEADER = re.compile(
    r"(?P<name>[A-Za-z_][\w ]*(?<! ))??(?P<credits>credits?(?: per [A-Za-z ]+)?)", re.IGNORECASE
)


def price_tables(
    lines: Sequence[str], values: Callable[[str], Collection[str]]
) -> tuple[list[Table], list[str]]:
    """The tables among the lines, each with its header, and the other lines.

    `values` has the values of the parameter that a column's header names.
    """
    tables: list[Table] = []
    texts: list[str] = []
    together: list[Table] = []
    table: Table | None = None
    splitter = CellSplitter()
    for line in lines:
        cells = splitter.cells(line)
        if cells and all(re.fullmatch(":?-+:?", cell) for cell in cells):
            continue
        if not cells and table in together and re.search(r"\d$", line) and len(line) < 100:
            cells = [line]
        header = None if cells else _HEADER.fullmatch(line)
        if cells is None:
            table = None
        if header:
            cells = [cell for cell in header.groups() if cell]
        if not cells:
            texts += [line] if line else []
            continue
        if table is None:
            table = []
            tables.append(table)
            if header:
                together.append(table)
        table.append([without_marks(cell) for cell in cells])
    for table in together:
        if len(table[0]) == 2:
            table[1:] = _split([row[0] for row in table[1:]], values(table[0][0]))
    return [table for table in tables if len(table) > 1], texts


def _split(rows: list[str], values: Collection[str]) -> list[list[str]]:
    """Each row as a value and its credits; as it is where that can't be told."""
    known = {value.casefold() for value in values}
    places = [_places(row, known) for row in rows]
    if any(len(one) > 1 for one in places) and all(row.isdecimal() for row in rows):
        places = _proportional(rows, places)
    if any(len(one) != 1 for one in places):
        return [[row] for row in rows]
    return [[row[: one[0]], row[one[0] :]] for row, one in zip(rows, places, strict=True)]


def _places(row: str, known: Collection[str]) -> list[int]:
    """Where the credits may begin."""
    places = [place for place in range(1, len(row)) if re.fullmatch("[0-9]+", row[place:])]
    if known:
        return [place for place in places if row[:place].casefold() in known]
    return places if row.isdecimal() else places[:1]


def _proportional(rows: list[str], places: list[list[int]]) -> list[list[int]]:
    """The places at which the credits are the same number of times each value."""
    found: list[list[list[int]]] = []
    for first in places[0]:
        value, credits = int(rows[0][:first]), int(rows[0][first:])
        fitting = [
            [place for place in one if int(row[place:]) * value == int(row[:place]) * credits]
            for row, one in zip(rows, places, strict=True)
        ]
        if value and all(len(one) == 1 for one in fitting):
            found.append(fitting)
    return found[0] if len(found) == 1 else places

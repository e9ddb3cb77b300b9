# A copy of codegen/runtime/conformance/reports/_page_data.py, where it is edited.
"""What the matrix of the HTML page shows, and the JSON that its cells open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from ..._redact import short_repr
from .. import _words
from .._outcomes import Outcome, Report, Verdict
from .._vectors import Constraint

SIGNS: Mapping[Verdict, str] = {
    Verdict.FAIL: "×",
    Verdict.LOOSER: "+",
    Verdict.TIGHTER: "−",
    Verdict.DIFFERS: "≈",
    Verdict.INCONCLUSIVE: "?",
    Verdict.PASS: "✓",
    Verdict.UNTESTED: "·",
}
# What was not sent says less than what was: a cell is untested if nothing of it was sent.
WORST = tuple(SIGNS)
_LONGEST_VALUE = 80
_LONGEST_NAME = 200
_WHOLE = "request"

# Constraints, each with what came of its vectors.
Tested: TypeAlias = list[tuple[Constraint, Sequence[Outcome]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A parameter of a model, or an aspect of an operation, with all that was tested of it."""

    row: str
    name: str
    tested: Tested
    number: int

    __repr__ = short_repr

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """Those of its vectors, the worst first."""
        found = {outcome.verdict for _, outcomes in self.tested for outcome in outcomes}
        return [verdict for verdict in WORST if verdict in found]

    @property
    def label(self) -> str:
        """What is read out: `width: looser, 2 of 9`."""
        all_of_it = [outcome.verdict for _, outcomes in self.tested for outcome in outcomes]
        worst = self.verdicts[0]
        return f"{self.name}: {worst}, {all_of_it.count(worst)} of {len(all_of_it)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Models that have their parameters in the same place, or what holds for no model alone."""

    title: str
    place: str
    rows: Mapping[str, Mapping[str, Cell]]

    __repr__ = short_repr

    @property
    def columns(self) -> Sequence[str]:
        """The parameters of all its models."""
        names = dict.fromkeys(name for cells in self.rows.values() for name in cells)
        return sorted(names, key=lambda name: name not in (_WHOLE, self.place))


class Grid:
    """All cells of a report, in their groups."""

    def __init__(self, report: Report) -> None:
        outcomes: dict[str, list[Outcome]] = {}
        for outcome in report.outcomes:
            outcomes.setdefault(outcome.constraint, []).append(outcome)
        self._tested: Tested = [(report.constraints[id], found) for id, found in outcomes.items()]

    @cached_property
    def groups(self) -> Sequence[Group]:
        """Those of models by operation and place, in the order of the report; then the API."""
        rows: dict[str, Tested] = {}
        for constraint, outcomes in self._tested:
            rows.setdefault(_words.subject(constraint), []).append((constraint, outcomes))
        groups: dict[tuple[bool, str, str], dict[str, Mapping[str, Cell]]] = {}
        number = 0
        for row, tested in rows.items():
            first = tested[0][0]
            place = _place(constraint.parameter for constraint, _ in tested)
            cells: dict[str, Tested] = {}
            for constraint, found in tested:
                cells.setdefault(_column(constraint, place), []).append((constraint, found))
            of_model = first.model is not None
            title = _words.subject(_operation(first)) if of_model else "The API"
            key = (not of_model, title, place)
            groups.setdefault(key, {})[row] = {
                name: Cell(row, name, inside, number + index)
                for index, (name, inside) in enumerate(sorted(cells.items(), key=_of_whole(place)))
            }
            number += len(cells)
        return [
            Group(title, place, inside)
            for (_, title, place), inside in sorted(groups.items(), key=lambda one: one[0][0])
        ]

    @property
    def cells(self) -> Sequence[Cell]:
        """All of them, by their numbers."""
        found = [
            cell
            for group in self.groups
            for cells in group.rows.values()
            for cell in cells.values()
        ]
        return sorted(found, key=lambda cell: cell.number)

    @property
    def models(self) -> Sequence[str]:
        """The models that were tested."""
        return list(dict.fromkeys(c.model for c, _ in self._tested if c.model is not None))


def _operation(constraint: Constraint) -> Constraint:
    return Constraint(id="", kind="", operation=constraint.operation)


def _place(parameters: Iterator[str]) -> str:
    """The member of a request that holds most of its dotted parameters, or nothing."""
    heads = [head for name in parameters for head, dot, _ in [name.partition(".")] if dot]
    return max(dict.fromkeys(heads), key=heads.count, default="")


def _of_whole(place: str) -> Callable[[tuple[str, Tested]], bool]:
    """Puts what is of the whole request before its parameters."""
    return lambda named: named[0] not in (_WHOLE, place)


def _column(constraint: Constraint, place: str) -> str:
    if constraint.model is None:
        return constraint.id.partition("/")[2] or constraint.id
    return constraint.parameter.removeprefix(f"{place}.") or _WHOLE


def sent(constraint: Constraint, outcome: Outcome) -> str:
    """What a vector sent, in short: its parameter's value, or the request's method and path."""
    if not outcome.exchanges:
        return ""
    last = outcome.exchanges[-1]
    if constraint.model is None or not constraint.parameter:
        others = len(outcome.exchanges) - 1
        more = f" after {_words.counted(others, 'request')}" if others else ""
        target = re.sub("^[^/?#]*//[^/?#]*|#.*", "", last.url)
        return _words.plain(f"{last.method} {target}{more}", _LONGEST_VALUE)
    place = _words.value_at(constraint, outcome)
    if place is _words.MISSING:
        return "left out"
    if isinstance(place, str) and len(place) > _LONGEST_VALUE:
        return _words.plain(f"{len(place)} characters: {place}", _LONGEST_VALUE)
    value = json.dumps(place, ensure_ascii=False, default=str)
    return _words.plain(value, _LONGEST_VALUE)


@dataclass(slots=True)
class Texts:
    """Texts by their numbers, so that each is written once."""

    numbers: dict[str, int] = field(default_factory=dict)

    __repr__ = short_repr

    def number(self, text: str) -> int:
        """The number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))


def script_data(grid: Grid, shown: Mapping[int, str]) -> str:
    """The JSON of all cells, safe in a script element.

    `shown` has the names of the elements that show an outcome in full, by the outcome's `id()`.
    """
    texts = Texts()
    cells = [
        [
            texts.number(_words.plain(cell.row, _LONGEST_NAME)),
            texts.number(_words.plain(cell.name, _LONGEST_NAME)),
            [list(_constraint(texts, c, outcomes, shown)) for c, outcomes in cell.tested],
        ]
        for cell in grid.cells
    ]
    data = {"signs": SIGNS, "texts": list(texts.numbers), "cells": cells}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _constraint(
    texts: Texts, constraint: Constraint, outcomes: Sequence[Outcome], shown: Mapping[int, str]
) -> Iterator[Any]:
    yield texts.number(_words.plain(constraint.id, _LONGEST_NAME))
    yield texts.number(headline(constraint))
    yield [
        [texts.number(source), *map(texts.number, said)]
        for source, said in _words.quotes(constraint).items()
    ]
    yield [
        [texts.number(source), texts.number(said)]
        for source, said in _words.readings(constraint).items()
    ]
    vectors = []
    for outcome in outcomes:
        status = outcome.exchanges[-1].status if outcome.exchanges else None
        said, name = titles(outcome)
        vector = [
            texts.number(said),
            outcome.verdict,
            texts.number(name),
            texts.number(sent(constraint, outcome)),
            status or 0,
            shown.get(id(outcome), 0),
        ]
        vectors.append(vector if vector[-1] else vector[:-1])
    yield vectors


def headline(constraint: Constraint) -> str:
    """A constraint in a few words: its kind and limit."""
    limit = _words.plain(_words.limit_text(constraint), 160)
    kind = _words.plain(constraint.kind, 60).replace("_", " ")
    return f"{kind}: {limit}" if limit else kind


def titles(outcome: Outcome) -> tuple[str, str]:
    """What a vector says, and beside that the last part of its id, if it says anything else."""
    name, said = slug(outcome), _words.plain(outcome.says, _LONGEST_NAME)
    return said or name, "" if said.replace(" ", "-") in ("", name) else name


def slug(outcome: Outcome) -> str:
    """The last part of a vector's id."""
    return _words.plain(outcome.vector.removeprefix(f"{outcome.constraint}/"), 100)

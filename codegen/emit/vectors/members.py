"""The vectors of what a request holds: its fields and its model's parameters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...spec.schema import Schema
from .cases import Case, Way
from .making import Making
from .model import REMOVED
from .request import Given, Place
from .told import inner, plain, readings_of, source_of

# Kinds that a server checks in one place, whatever parameter has them.
_CHECKED_ONCE = frozenset({"format"})


def add_members(making: Making, cases: Mapping[Place, Sequence[Case]]) -> None:
    """The vectors of all members but of that which tells requests apart."""
    often: Counter[str] = Counter()
    for place, member in making.request.members.items():
        if member.required:
            _required(making, place, member)
        if place in cases:
            _member(
                making, place, member, _chosen(making, place, member, cases[place], often), cases
            )


def _required(making: Making, place: Place, member: Schema) -> None:
    source, line = source_of(member, "required"), making.line(place, ("required",))
    readings = readings_of(member, "required")
    id = making.constraint(place, "required", source, line, True, readings=readings)
    making.add(id, "missing", "without it", {place: REMOVED}, accepted=False, of=place)


def _member(
    making: Making,
    place: Place,
    member: Schema,
    chosen: Sequence[Case],
    cases: Mapping[Place, Sequence[Case]],
) -> None:
    for case in chosen:
        schema, path = inner(member, case.inner)
        id = making.constraint(
            (*place, *case.inner),
            case.kind,
            source_of(schema, case.kind) or source_of(member, case.kind),
            making.line(place, (*path, case.kind)),
            getattr(schema, case.kind, None),
            unit=schema.unit,
            readings=readings_of(schema, case.kind),
        )
        accepted, unknown = case.accepted, case.unknown
        for name, put in _beside(making, place, case, cases):
            making.add(id, name, case.says, put, accepted=accepted, of=place, unknown=unknown)


def _chosen(
    making: Making, place: Place, member: Schema, cases: Sequence[Case], often: Counter[str]
) -> list[Case]:
    """The cases of a member, without some of those that are refused where the like was tried before.

    A server has one check of a form, of which later parameters are tried with two and another in turn,
    and one of the fields that all requests have, which are tried with two.
    """
    wrong: dict[tuple[Way, str], list[Case]] = {}
    for case in cases:
        if not case.accepted:
            wrong.setdefault((case.inner, case.kind), []).append(case)
    left_out: list[Case] = []
    for (way, kind), refused in wrong.items():
        rest = refused[2:]
        limit = json.dumps(plain(getattr(inner(member, way)[0], kind, None)))
        if making.request.parameter(place) is None:
            left_out += rest
        elif kind in _CHECKED_ONCE:
            turn = often[f"{kind} {limit}"]
            often[f"{kind} {limit}"] += 1
            left_out += [
                case
                for number, case in enumerate(rest)
                if turn and number != (turn - 1) % len(rest)
            ]
    return [case for case in cases if case not in left_out]


def _beside(
    making: Making, place: Place, case: Case, cases: Mapping[Place, Sequence[Case]]
) -> Iterator[tuple[str, Given]]:
    """A case by itself; one that needs others, with both ends of their ranges in turn."""
    changes = {place: case.value}
    if not case.accepted:
        yield case.name, changes
        return
    there = {**making.made.bases["least"], **changes}
    company = making.request.company(there, [place], counted=False)
    ends = {other: found for other in company if (found := _ends(cases.get(other, ())))}
    for turn, name in enumerate((case.name, f"{case.name}-2") if ends else (case.name,)):
        chosen = {other: found[(n + turn) % 2] for n, (other, found) in enumerate(ends.items())}
        yield name, {**company, **chosen, **changes}


def _ends(cases: Sequence[Case]) -> list[Any]:
    """The two ends of the range of a member; nothing if it has not both."""
    found = {
        case.kind: case.value
        for case in cases
        if case.accepted and not case.inner and case.name == "at"
    }
    ends = [found[kind] for kind in ("minimum", "maximum") if kind in found]
    return ends if len(ends) == 2 else []

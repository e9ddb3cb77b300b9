"""Two documents, value by value: every constraint that one of them has, and what the other says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .documents import Json
from .operations import Operation, Operations, Value, headers_of
from .shapes import MORE, Place, Places, Reader, Shape
from .verdicts import Verdict, compare, compare_sets

WHOLE = "whole"  # In place of a constraint: the value, or the operation, as a whole.

# What a document says: of a value, or of an operation in words.
Said: TypeAlias = "Shape | frozenset[str] | None"


@dataclass(frozen=True, slots=True)
class Pair:
    """A constraint of something, or that as a whole, as both have it; `place` is in a value."""

    what: str
    place: Place
    constraint: str
    verdict: Verdict
    ours: Said
    theirs: Said

    @property
    def name(self) -> str:
        """What it is of, as it is told."""
        return f"{self.what}{shown(self.place)}".removeprefix(".")


def shown(place: Place) -> str:
    """The steps to a value in a value."""
    return "".join(".*" if step == MORE else step for step in place)


class Side:
    """A document of which two are compared."""

    def __init__(self, document: Json) -> None:
        self.operations = Operations(document)
        self.requests, self.answers = Reader(document), Reader(document, answers=True)


def pair_values(
    ours: Places, theirs: Places, samples: frozenset[str], what: str = ""
) -> Iterator[Pair]:
    """Every constraint of a value and of all that is in it.

    Nothing is told of what is inside of a value that only one has, or says anything of.
    """
    told: set[Place] = set()
    for place in {**ours, **theirs}:
        if any(place[:count] in told for count in range(len(place))):
            continue
        one, other = ours.get(place), theirs.get(place)
        if one is None or other is None:
            told.add(place)
            verdict = Verdict.ONLY_OURS if other is None else Verdict.ONLY_THEIRS
            yield Pair(what, place, WHOLE, verdict, one, other)
            continue
        found = list(compare(one, other, samples))
        if one.free or other.free:
            found = [each for each in found if each[0] in ("type", "required", "nullable")]
        unlike = ("unread", Verdict.DIFFERS) in found
        if unlike or one.free or other.free or not one.types & other.types:
            told.add(place)
        for constraint, verdict in found:
            yield Pair(what, place, constraint, verdict, one, other)


def pair_operations(
    ours: tuple[Side, Operation], theirs: tuple[Side, Operation], samples: frozenset[str]
) -> Iterator[Pair]:
    """What an operation takes beside its body, where it is, and the statuses of its answers."""
    one, other = ours[1], theirs[1]
    yield _in_words("server", one.bases, other.bases)
    yield _in_words("auth", one.ways, other.ways)
    yield _in_words("success", frozenset(one.success), frozenset(other.success))
    for status in {**dict.fromkeys(one.errors), **dict.fromkeys(other.errors)}:
        pair = (frozenset({status} & {*each.errors}) for each in (one, other))
        yield _in_words(f"error {status}", *pair)
    if one.body or other.body:
        yield _in_words("body", *(frozenset(filter(None, (o.content,))) for o in (one, other)))
    if one.body and other.body:
        needs = one.body.required, other.body.required
        looser = Verdict.LOOSER if needs[0] else Verdict.TIGHTER
        words = [frozenset({"required" if needed else "optional"}) for needed in needs]
        agrees = Verdict.AGREES if needs[0] == needs[1] else looser
        yield Pair("body", (), "required", agrees, *words)
    sides = ours[0].requests, theirs[0].requests
    yield from _pair_all(sides, one.parameters, other.parameters, samples)
    sides = ours[0].answers, theirs[0].answers
    for status in one.answers.keys() & other.answers.keys():
        here, there = (
            {f"{status} header {name}": Value(schema, False) for name, schema in each.items()}
            for each in (headers_of(o.answers[status]) for o in (one, other))
        )
        if here and there:  # A document that names none does not say that there are none.
            yield from _pair_all(sides, here, there, samples)


def _pair_all(
    sides: tuple[Reader, Reader],
    ours: Mapping[str, Value],
    theirs: Mapping[str, Value],
    samples: frozenset[str],
) -> Iterator[Pair]:
    for name in {**ours, **theirs}:
        places: list[Places] = [
            side.places(each[name].schema, each[name].required) if name in each else {}
            for side, each in zip(sides, (ours, theirs), strict=True)
        ]
        yield from pair_values(places[0], places[1], samples, name)


def _in_words(what: str, ours: frozenset[str], theirs: frozenset[str]) -> Pair:
    verdict = compare_sets(ours, theirs)
    if not (ours and theirs):
        verdict = Verdict.ONLY_OURS if ours else Verdict.ONLY_THEIRS if theirs else Verdict.AGREES
    return Pair(what, (), WHOLE, verdict, ours, theirs)

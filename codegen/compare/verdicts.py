"""The shape of a parameter beside another: which constraint is looser, and which is tighter."""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from .shapes import Shape
from .values import Interval


class Verdict(StrEnum):
    """What the other document says beside ours."""

    AGREES = "agrees"
    LOOSER = "theirs is looser"
    TIGHTER = "theirs is tighter"
    CONTRADICTORY = "contradictory"
    DIFFERS = "differs"  # How they differ can't be decided.
    ONLY_OURS = "only ours"
    ONLY_THEIRS = "only theirs"


def compare(
    ours: Shape, theirs: Shape, samples: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Verdict]]:
    """Every constraint, and what theirs is beside ours.

    `samples` are texts to try on patterns, which can't be compared in general.
    """
    yield "type", _verdict(ours.types <= theirs.types, theirs.types <= ours.types)
    yield "required", _verdict(ours.required >= theirs.required, theirs.required >= ours.required)
    yield "nullable", _verdict(theirs.nullable >= ours.nullable, ours.nullable >= theirs.nullable)
    if ours.unread or theirs.unread:
        same = bool(ours.parts) and ours.parts == theirs.parts
        yield "unread", Verdict.AGREES if same else Verdict.DIFFERS
        return
    shared = ours.types & theirs.types
    if shared - {"array", "object"}:
        pairs = (ours, theirs), (theirs, ours)
        yield "values", _verdict(*(_values_within(*pair, samples) for pair in pairs))
    # Where one names every value, they were held against the limits of the other.
    unnamed = not (ours.values.listed or theirs.values.listed)
    if shared & {"integer", "number"} and unnamed:
        yield "range", _interval_verdict(ours.range, theirs.range)
        multiples = ours.multiple_of, theirs.multiple_of
        yield "multiple_of", _verdict(_divides(*multiples), _divides(*reversed(multiples)))
    if "string" in shared and unnamed:
        yield "length", _interval_verdict(ours.length, theirs.length)
    if "array" in shared:
        yield "items", _interval_verdict(ours.count, theirs.count)
        yield "unique", _verdict(ours.unique >= theirs.unique, theirs.unique >= ours.unique)
    if "object" in shared:
        yield "members", _verdict(ours.closed >= theirs.closed, theirs.closed >= ours.closed)
    if shared:
        yield "default", _default_verdict(ours.default, theirs.default)
        yield "rules", Verdict.AGREES if ours.rules == theirs.rules else Verdict.DIFFERS


def compare_sets(ours: frozenset[str], theirs: frozenset[str]) -> Verdict:
    """What a set of theirs is beside ours."""
    return _verdict(ours <= theirs, theirs <= ours)


def _verdict(ours_within: bool | None, theirs_within: bool | None) -> Verdict:
    """The verdict on two sets by whether each is within the other; None is not known."""
    if ours_within is None or theirs_within is None:
        return Verdict.DIFFERS
    if ours_within:
        return Verdict.AGREES if theirs_within else Verdict.LOOSER
    return Verdict.TIGHTER if theirs_within else Verdict.CONTRADICTORY


def _values_within(one: Shape, other: Shape, samples: frozenset[str]) -> bool | None:
    """Whether `other` has every value that `one` has; None where that can't be decided."""
    limited = one.values.listed or other.values.listed
    here, there = (one, other) if limited else (one.values, other.values)
    tried: list[object] = [*one.values.named, *other.values.named, *samples]
    if limited:
        tried += [True, False, *(n + step for n in _numbers(one, other) for step in (-1, 0, 1))]
    if any(here.holds(value) and there.holds(value) is False for value in tried):
        return False
    forms_within = not one.values.free and one.values.forms <= other.values.forms
    named_within = all(there.holds(value) for value in one.values.named)
    sure = (forms_within and named_within) or (other.values.free and not limited)
    return True if sure else None


def _numbers(*shapes: Shape) -> Iterator[int | float]:
    """The numbers at which one of the shapes may begin or end."""
    for shape in shapes:
        for number in (0, *shape.values.named, shape.range[0][0], shape.range[1][0]):
            if isinstance(number, int | float) and -math.inf < number < math.inf:
                yield number


def _interval_verdict(ours: Interval, theirs: Interval) -> Verdict:
    low, high = ours
    their_low, their_high = theirs
    return _verdict(
        their_low <= low and high <= their_high, low <= their_low and their_high <= high
    )


def _divides(one: Fraction | None, other: Fraction | None) -> bool:
    """Whether every multiple of `one` is one of `other`; None stands for no restriction."""
    return other is None or (one is not None and one % other == 0)


def _default_verdict(ours: tuple[object, ...], theirs: tuple[object, ...]) -> Verdict:
    if ours == theirs:
        return Verdict.AGREES
    if ours and theirs:
        return Verdict.CONTRADICTORY
    return Verdict.ONLY_OURS if ours else Verdict.ONLY_THEIRS

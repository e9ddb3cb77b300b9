"""Sets of JSON values: numbers in an interval, texts of a form, and values by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from ..spec.patterns import searched

# A number, and where the end is beside it: 1 is just above it, -1 just below it.
Bound: TypeAlias = tuple[int | float, int]
Interval: TypeAlias = tuple[Bound, Bound]

EVERY: Interval = ((-math.inf, 0), (math.inf, 0))
ANY_SIZE: Interval = ((0, 0), (math.inf, 0))
ANY_TYPE = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
SCALARS = frozenset({"string", "integer", "number", "boolean"})


class Form(NamedTuple):
    """What a text must match, and the formats, such as `uri`, that it must have; all of them."""

    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    def __and__(self, other: Form) -> Form:
        """The requirements of both."""
        return Form(joined(self.patterns, other.patterns), joined(self.formats, other.formats))

    def holds(self, value: object) -> bool | None:
        """Whether a value has the form, as all have but texts; None where that can't be decided."""
        if not isinstance(value, str):
            return True
        found = [searched(pattern, value) for pattern in self.patterns]
        if None in found and False not in found:
            return None
        matches = False not in found
        # Engines differ in whether `$` stands before a last line break too.
        unsure = bool(self.formats) or (bool(self.patterns) and value.endswith("\n"))
        return None if matches and unsure else matches


ANY_FORM = Form()


@dataclass(frozen=True, slots=True)
class Values:
    """A set of values: those named, texts of a form, or all."""

    named: frozenset[Any] = frozenset()
    forms: frozenset[Form] = frozenset()
    free: bool = False

    @property
    def listed(self) -> bool:
        """Whether every value is named."""
        return not self.free and not self.forms

    def holds(self, value: object) -> bool | None:
        """Whether a value is in the set; None where that can't be decided."""
        if self.free or value in self.named:
            return True
        answers = [form.holds(value) for form in self.forms if isinstance(value, str)]
        return True if True in answers else None if None in answers else False


def is_within(
    value: object, within: Interval, multiple_of: Fraction | None, length: Interval
) -> bool:
    """Whether a number keeps its limits, or a text its length."""
    if isinstance(value, str):
        return length[0] <= (len(value), 0) <= length[1]
    if (number := finite(value)) is None:
        return True
    multiple = multiple_of is None or Fraction(str(number)) % multiple_of == 0
    return multiple and within[0] <= (number, 0) <= within[1]


def kinds_of(value: object) -> set[str]:
    """The types of a JSON value, of which a schema names one."""
    names = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    if isinstance(value, float):
        return {"integer"} if value.is_integer() else {"number"}
    return {names.get(type(value), "null")}


def finite(value: object) -> int | float | None:
    """A finite number, or None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else None


def overlap(one: Interval, two: Interval) -> Interval:
    """The numbers that are in both."""
    return max(one[0], two[0]), min(one[1], two[1])


def joined(one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items of both, without repeating what is in the first."""
    return (*one, *(value for value in two if value not in one))


def common_multiple(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    """The least common multiple of both; None stands for no restriction."""
    if one is None or two is None:
        return one or two
    over = one.denominator * two.denominator
    return Fraction(math.lcm(int(one * over), int(two * over)), over)

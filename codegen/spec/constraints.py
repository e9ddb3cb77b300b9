"""The kinds of constraints, one row per kind: its types, what is tried, what loosens it and what breaks it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import boundaries as near
from .boundaries import Boundaries

NUMBERS = frozenset({"integer", "number"})
TEXT = frozenset({"string"})
LIST = frozenset({"array"})
SCALARS = NUMBERS | TEXT | {"boolean"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of constraint, by its name in the spec.

    `boundaries(limit, beside)` are values at, just inside and just outside of a limit; sizes, where sizes
    break it. `loosens(before, after)` tells whether all that was allowed still is; None stands for no constraint.
    `breaks(size, limit)` tells whether a number, or the length of a text or a list, is refused, and
    `broken` says it. The values themselves are compared one by one.
    """

    name: str
    types: frozenset[str]
    keyword: str | None
    boundaries: Boundaries
    loosens: Callable[[Any, Any], bool] | None = None
    breaks: Callable[[Any, Any], Any] | None = None
    broken: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether it is one end of a range."""
        return self.loosens in (_lower, _higher)


def _lower(before: Any, after: Any) -> bool:
    return after is None or (before is not None and after < before)


def _higher(before: Any, after: Any) -> bool:
    return after is None or (before is not None and after > before)


def _divides(before: Any, after: Any) -> bool:
    return after is None or (before is not None and before % after == 0)


def _gone(before: Any, after: Any) -> bool:
    return not after


def _new(before: Any, after: Any) -> bool:
    return not before


def _larger(before: Any, after: Any) -> bool:
    """Whether a new quantity, which is one choice beside others, has all of the old one."""
    if before is None or after is None:
        return before is None
    return bool(after.unit == before.unit and after.maximum > before.maximum)


_BELOW, _ABOVE = "below the minimum of", "above the maximum of"
_NOT_ABOVE, _NOT_BELOW, _NO_MULTIPLE = "not above", "not below", "not a multiple of"

KINDS = (
    Kind("minimum", NUMBERS, "minimum", near.lowest, _lower, operator.lt, _BELOW),
    Kind("maximum", NUMBERS, "maximum", near.highest, _higher, operator.gt, _ABOVE),
    Kind("exclusive_minimum", NUMBERS, "exclusiveMinimum", near.above, _lower, operator.le, _NOT_ABOVE),
    Kind("exclusive_maximum", NUMBERS, "exclusiveMaximum", near.below, _higher, operator.ge, _NOT_BELOW),
    Kind("multiple_of", NUMBERS, "multipleOf", near.multiples, _divides, operator.mod, _NO_MULTIPLE),
    Kind("min_length", TEXT, "minLength", near.lowest, _lower, operator.lt, _BELOW),
    Kind("max_length", TEXT, "maxLength", near.highest, _higher, operator.gt, _ABOVE),
    Kind("min_items", LIST, "minItems", near.lowest, _lower, operator.lt, _BELOW),
    Kind("max_items", LIST, "maxItems", near.highest, _higher, operator.gt, _ABOVE),
    Kind("unique_items", LIST, "uniqueItems", near.repeated, _gone),
    Kind("nullable", SCALARS | LIST | {"object"}, None, near.null, _new),
    Kind("values", SCALARS, "enum", near.members),
    Kind("format", TEXT, "format", near.formats, _new),
    Kind("quantity", TEXT, None, near.quantities, _larger),
    Kind("pattern", TEXT, "pattern", near.patterns, _gone),
)  # fmt: skip
# The names of the two ends of a range, both of which are in it.
ENDS = (("minimum", "maximum"), ("min_length", "max_length"), ("min_items", "max_items"))
# The names of those that say what is allowed; a value needs to fit just one of them.
CHOICES = ("values", "format", "quantity")

"""What the shape of a parameter says of each constraint, as data and in words."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..emit import json_schema
from ..spec.descriptions import NO_ITEM_TWICE, interval, multiple, one_of, quantity
from ..spec.schema import Parameter, Quantity
from ..spec.whole import Spec
from .pairs import WHOLE, Said
from .patterns import pattern_values
from .shapes import Shape
from .values import ANY_SIZE, ANY_TYPE, EVERY, Form, Interval, Values
from .verdicts import compare

_FREE = Values(free=True)


@dataclass(frozen=True, slots=True)
class _Constraint:
    """How a shape has a constraint, and how it is told; `nothing` is what says nothing."""

    of: Callable[[Shape], Any]
    nothing: object
    unsaid: str
    say: Callable[[Any, str], str]


def _say_types(types: frozenset[str], _: str) -> str:
    hidden = {"integer"} if "number" in types else set[str]()  # A number may be one.
    return " or ".join(sorted(types - hidden - {"null"})) or "none"


def _say_range(limits: Interval, unit: str) -> str:
    return _say_interval(limits, unit, -math.inf)


def _say_count(limits: Interval, _: str) -> str:
    return _say_interval(limits, "items", one="item")


def _say_interval(limits: Interval, unit: str, least: float = 0, one: str = "") -> str:
    (low, above), (high, below) = limits
    begin = None if (low, above) == (least, 0) else low
    end = None if high == math.inf else high
    return interval(begin, end, unit, one=one, above=bool(above), below=bool(below))


def _say_all(texts: frozenset[str], _: str) -> str:
    return "; ".join(sorted(texts))


_CONSTRAINTS: Mapping[str, _Constraint] = {
    "type": _Constraint(lambda s: s.types | {"null"}, ANY_TYPE, "any", _say_types),
    "required": _Constraint(lambda s: s.required, False, "optional", lambda *_: "required"),
    "nullable": _Constraint(lambda s: s.nullable, False, "never null", lambda *_: "may be null"),
    "range": _Constraint(lambda s: s.range, EVERY, "any", _say_range),
    "multiple_of": _Constraint(lambda s: s.multiple_of, None, "any", lambda of, _: multiple(of)),
    "length": _Constraint(lambda s: s.length, ANY_SIZE, "any", _say_interval),
    "items": _Constraint(lambda s: s.count, ANY_SIZE, "any", _say_count),
    "unique": _Constraint(lambda s: s.unique, False, "items may repeat", lambda *_: NO_ITEM_TWICE),
    "members": _Constraint(lambda s: s.closed, False, "others may come", lambda *_: "no others"),
    "default": _Constraint(
        lambda s: s.default, (), "none", lambda values, _: " ".join(map(json.dumps, values))
    ),
    "rules": _Constraint(lambda s: s.rules, frozenset(), "none", _say_all),
    "unread": _Constraint(lambda s: s.unread, frozenset(), "one range for all", _say_all),
    "values": _Constraint(
        lambda s: _FREE if s.values.free else s.values, _FREE, "any", lambda *_: ""
    ),
}


def said(constraint: str, shape: Shape) -> object:
    """What a shape says of a constraint, to be compared; None if it says nothing."""
    row = _CONSTRAINTS[constraint]
    value: object = row.of(shape)
    return None if value == row.nothing else value


def all_said(shape: Shape) -> dict[str, object]:
    """All that a shape says, by constraint."""
    found = ((constraint, said(constraint, shape)) for constraint, _ in compare(shape, shape))
    return {constraint: value for constraint, value in found if value is not None}


class Words:
    """Shapes in words; a pattern of the spec is called what the spec calls it."""

    def __init__(self, spec: Spec) -> None:
        self._titles = dict(_titles(spec))

    def said(self, constraint: str, what: Said) -> object:
        """What a document says of a constraint, to be compared; None if it says nothing."""
        if not isinstance(what, Shape):
            return what or None
        return all_said(what) if constraint == WHOLE else said(constraint, what)

    def say(self, constraint: str, what: Said, unit: str = "") -> str:
        """A constraint, or all that is said of a value."""
        if not isinstance(what, Shape):
            return ", ".join(sorted(what or ())) or "none"
        if constraint == WHOLE:
            return self.describe(what, unit)
        if constraint == "unread":
            return self._apart(what, unit)
        row = _CONSTRAINTS[constraint]
        if said(constraint, what) is None:
            return row.unsaid
        return self._values(what) if constraint == "values" else row.say(row.of(what), unit)

    def describe(self, shape: Shape, unit: str = "") -> str:
        """All that is said of a value."""
        return ", ".join(self.say(each, shape, unit) for each in all_said(shape)) or "any"

    def _apart(self, shape: Shape, unit: str) -> str:
        """What is compared as it stands: the alternatives, or why nothing is known."""
        parts = "; or ".join(self.describe(part, unit) for part in shape.parts)
        if shape.unread:
            return parts or ", ".join(sorted(shape.unread))
        return self.describe(shape, unit)

    def _values(self, shape: Shape) -> str:
        forms = [self._titles.get(form) or _say_form(form) for form in shape.values.forms]
        named = [json.dumps(value, ensure_ascii=False) for value in shape.values.named]
        return one_of([*sorted(forms), *sorted(named)]) or "none"


def _say_form(form: Form) -> str:
    patterns = [re.sub(r"^\^\(\?:(.*)\)\$$", r"^\1$", pattern) for pattern in form.patterns]
    return " and ".join([*patterns, *(f"format: {name}" for name in form.formats)])


def _titles(spec: Spec) -> Iterator[tuple[Form, str]]:
    """What the patterns of the spec are called."""
    named = [(form.pattern, form.title) for form in spec.formats.values()]
    for limit in quantities(spec):
        pattern = json_schema.text_pattern(spec, Parameter.model_construct(quantity=limit))
        named.append((pattern or "", quantity(limit)))
    for pattern, title in named:
        for form in pattern_values(json_schema.anchored(pattern)).forms:
            yield form, title


def quantities(spec: Spec) -> Iterator[Quantity]:
    """The quantities of all parameters."""
    for model in spec.models.values():
        for parameter in model.parameters.values():
            if parameter.quantity is not None:
                yield parameter.quantity

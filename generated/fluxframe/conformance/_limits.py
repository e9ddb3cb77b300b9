# A copy of codegen/runtime/conformance/_limits.py, where it is edited.
"""The limits of a model's requests that can be looked for, and the way to each."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, TypeAlias

from .._redact import short_repr
from ._vectors import Body, Change, Constraint, ModelVectors, Vector, changed

Value: TypeAlias = int | float

# Which way is out, and what is measured.
_NUMBERS = {"minimum": -1, "maximum": 1, "exclusive_minimum": -1, "exclusive_maximum": 1}
_TEXTS = {"min_length": -1, "max_length": 1}
_LISTS = {"min_items": -1, "max_items": 1}
_QUANTITY = "quantity"  # Whose limit is a number and its unit.
_OUT = {**_NUMBERS, **_TEXTS, **_LISTS, _QUANTITY: 1}
_FINE = Decimal("0.01")  # The step of numbers that have none.
# Steps to the first jump at least; how many jumps away it is looked, and steps at least.
_NEAR, _FAR, _FAR_STEPS = 8, 64, 1024
_LONGEST = 1 << 24  # Characters of a text that is sent.


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit as a row of positions: at 0 is the last value that the documents allow, at 1 the first
    that they don't, and so on outwards to `last`; inwards they go to `first`.
    """

    constraint: str
    model: str
    parameter: str
    kind: str
    documented: Any
    origin: Decimal
    step: Decimal
    is_integer: bool
    first: int
    last: int
    jump: int
    is_natural_end: bool  # Nothing is beyond the last position, such as a length below 0.
    base: str
    changes: tuple[Change, ...]
    sample: Any
    vector: str | None  # That of position 0, if there is one.
    is_doubtful: bool  # Another source has another limit.

    __repr__ = short_repr

    @property
    def path(self) -> tuple[str, ...]:
        """Where it is in a request."""
        return tuple(self.parameter.split("."))

    def value(self, position: int) -> Value:
        """The number, length or count at a position."""
        value = self.origin + _OUT[self.kind] * position * self.step
        return int(value) if self.is_integer else float(value)

    def told(self, last: int) -> Any:
        """The limit, in the words of its kind, of a server that takes values to a position."""
        if last == 0:
            return self.documented
        if self.kind == _QUANTITY:
            return {**self.documented, "maximum": self.value(last)}
        return self.value(last + 1 if self.kind.startswith("exclusive") else last)

    def weight(self, position: int) -> int:
        """How many times the price of a documented request one at a position may cost."""
        if (
            self.kind not in ("maximum", "exclusive_maximum", _QUANTITY)
            or position < 1
            or self.origin <= 0
        ):
            return 1
        ratio = Decimal(str(self.value(position))) / self.origin
        return int(ratio.to_integral_value(ROUND_CEILING))

    def body(self, vectors: ModelVectors, position: int) -> Body:
        """A request that is right but for the value at a position, should that be wrong."""
        change = Change(at=self.path, value=self._made(self.value(position)))
        return changed(vectors.bases[self.base], [*self.changes, change])

    def _made(self, size: Value) -> Any:
        if self.kind in _NUMBERS:
            return size
        if self.kind == _QUANTITY:
            return f"{size} {self.documented['unit']}"
        count = int(size)
        if self.kind in _TEXTS:
            text = self.sample or "x"
            return text[:count] + text[-1] * (count - len(text))
        return [self.sample[index % len(self.sample)] for index in range(count)]

    def search(self) -> Generator[int, bool, int | None]:
        """The last position that is taken, asked for one by one; None if none is, as far as is asked.

        What is refused costs nothing, so that limits are come upon from there.
        """
        if self.last < 1 or not (yield 1):
            if (yield 0):
                return 0
            refused, away = 0, 1
            while not (yield max(-away, self.first)):
                refused, away = -away, 2 * away
                if refused <= self.first:
                    return None
            return (yield from _between(max(-away, self.first), refused, in_sight=True))
        taken, position = 1, min(self.jump, self.last)
        while taken < self.last and (yield position):
            taken, position = position, min(4 * position, self.last)
        if taken == self.last:
            return taken
        return (yield from _between(taken, position, in_sight=False))


def _between(taken: int, refused: int, *, in_sight: bool) -> Generator[int, bool, int]:
    """The last position that is taken between two; `in_sight` if it is as likely here as there."""
    while refused - taken > 1:
        quarters = 3 if in_sight else 2
        middle = min(taken + max(1, (refused - taken) * quarters // 4), refused - 1)
        if (yield middle):
            taken, in_sight = middle, True
        else:
            refused = middle
    return taken


def limits_of(vectors: ModelVectors) -> Iterator[Limit]:
    """The limits of numbers, lengths and counts of a model that a request can be made for."""
    for constraint in vectors.constraints.values():
        if constraint.kind in _OUT and constraint.parameter:
            limit = _limit(vectors, constraint)
            if limit is not None:
                yield limit


def _limit(vectors: ModelVectors, constraint: Constraint) -> Limit | None:
    path = tuple(constraint.parameter.split("."))
    others = {c.kind: c.limit for c in vectors.constraints.values() if _same(c, constraint)}
    measured = constraint.kind in _TEXTS or constraint.kind in _LISTS
    unit = constraint.limit["unit"] if constraint.kind == _QUANTITY else None
    out = _OUT[constraint.kind]
    documented = Decimal(str(constraint.limit["maximum"] if unit else constraint.limit))
    is_integer = (
        measured
        or unit is not None
        or others.get("type") == "integer"
        or _whole(vectors, constraint)
    )
    grid = None if measured or "multiple_of" not in others else Decimal(str(others["multiple_of"]))
    step = grid or (Decimal(1) if is_integer else _FINE)
    origin = documented
    if grid is not None:
        inwards = ROUND_FLOOR if out > 0 else ROUND_CEILING
        origin = (documented / grid).to_integral_value(inwards) * grid
    if constraint.kind.startswith("exclusive") and origin == documented:
        origin -= out * step
    vector = _at(vectors, constraint, path, origin, unit)
    if vector is None:  # Such as a limit of the items of a list.
        return None
    sample = _put(vector, path)
    if measured and not sample:
        return None
    least = 1 if unit else 0 if measured else None
    other = _other_end(constraint.kind, others, least)
    first, last, jump = _reach(origin, step, out, other, measured)
    return Limit(
        constraint=constraint.id,
        model=vectors.model,
        parameter=constraint.parameter,
        kind=constraint.kind,
        documented=constraint.limit,
        origin=origin,
        step=step,
        is_integer=is_integer and step == step.to_integral_value(),
        first=first,
        last=last,
        jump=jump,
        is_natural_end=measured and out < 0,
        base=vector.base,
        changes=tuple(change for change in vector.changes if change.at != path),
        sample=sample,
        vector=vector.id if _size(sample, unit) == origin else None,
        is_doubtful=bool(constraint.readings),
    )


def _same(one: Constraint, other: Constraint) -> bool:
    return one.parameter == other.parameter and one.id != other.id


def _whole(vectors: ModelVectors, constraint: Constraint) -> bool:
    """Whether no vector of a limit puts a fraction there."""
    path = tuple(constraint.parameter.split("."))
    own = [each for each in vectors.vectors.values() if each.constraint == constraint.id]
    return not any(isinstance(_put(each, path), float) for each in own) and isinstance(
        constraint.limit, int
    )


def _at(
    vectors: ModelVectors,
    constraint: Constraint,
    path: tuple[str, ...],
    origin: Decimal,
    unit: str | None,
) -> Vector | None:
    """The vector to begin with: that of the last value that is to be accepted, if there is one.

    What another constraint of the parameter has a vector for, this one has none for.
    """
    there = [
        vector
        for vector in vectors.vectors.values()
        if vector.expect == "accepted" and _put(vector, path) is not None
    ]
    return min(
        there,
        key=lambda v: (_size(_put(v, path), unit) != origin, v.constraint != constraint.id),
        default=None,
    )


def _put(vector: Vector, path: tuple[str, ...]) -> Any:
    return next((c.put for c in vector.changes if c.at == path and not c.removed), None)


def _size(value: Any, unit: str | None) -> Decimal | None:
    if unit is not None:
        found = re.fullmatch(rf"([0-9]+) {re.escape(unit)}", str(value))
        return Decimal(found[1]) if found else None
    if isinstance(value, str | list):
        return Decimal(len(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else None


def _other_end(kind: str, others: dict[str, Any], least: int | None) -> Decimal | None:
    """The documented value that the other end of a range has, the least of all if it is not said."""
    word, _, _ = kind.removeprefix("exclusive_").partition("_")
    turns = {"minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min"}
    turned = turns.get(word, "")
    for name in (kind.replace(word, turned), f"exclusive_{turned}", turned):
        if name in others and name in _OUT:
            return Decimal(str(others[name]))
    return None if least is None or _OUT[kind] < 0 else Decimal(least)


def _reach(
    origin: Decimal, step: Decimal, out: int, other: Decimal | None, measured: bool
) -> tuple[int, int, int]:
    """The first and the last position, and the first jump outwards."""
    span = max(abs(origin), abs(other or Decimal(0))) / step
    jump = max(_NEAR, int(span))
    last = max(_FAR * jump, _FAR_STEPS)
    first = -last if other is None else -int(abs(origin - other) / step)
    if measured:
        last = int(origin) if out < 0 else min(last, max(1, _LONGEST - int(origin)))
    return first, last, jump

"""The values that are to be tried of a schema, by the table of constraint kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeAlias

from ...spec.boundaries import Beside
from ...spec.constraints import CHOICES, KINDS, Kind
from ...spec.lint.violations import broken
from ...spec.schema import Schema
from ...spec.whole import Spec
from .goods import Goods

MANY = 4  # Values of one parameter that are to be accepted, for each of which there is a request.
LONG = 60  # Characters of a text that is written out.
Way: TypeAlias = tuple[str, ...]
Strangers: TypeAlias = Mapping[Way, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text so many times."""

    text: str
    times: int

    @property
    def put(self) -> str:
        """The text itself."""
        return self.text * self.times


def put(value: Any) -> Any:
    """A value as it is sent."""
    return value.put if isinstance(value, Repeated) else value


@dataclass(frozen=True, slots=True)
class Case:
    """A value of a member, and the constraint that it is for: its kind, and the way to it in the member."""

    inner: Way
    kind: str
    name: str
    says: str
    value: Any
    accepted: bool
    unknown: bool = False


_Wrong: TypeAlias = tuple[str, str, Callable[[Any], Any]]
_NULL: _Wrong = ("null", "null", lambda good: None)
_TRUE: _Wrong = ("boolean", "true", lambda good: True)
_TEXT: _Wrong = ("numeric-text", "a number as text", str)
# What is tried of each type, the least that is wrong first.
_TYPES: Mapping[str, Sequence[_Wrong]] = {
    "integer": (("fraction", "a fraction", lambda good: good + 0.5), _NULL, _TEXT, _TRUE),
    "number": (_TEXT, _NULL, _TRUE),
    "string": (("number", "a number", lambda good: 1), _NULL),
    "boolean": (
        ("text", '"true"', lambda good: "true"),
        _NULL,
        ("one", "1", lambda good: 1),
        ("zero", "0", lambda good: 0),
    ),
    "array": (
        ("scalar", "what is not a list", lambda good: good[0] if good else "x"),
        _NULL,
        ("object", "an object", lambda good: {}),
    ),
    "object": (("list", "a list that holds it", lambda good: [good]), _NULL),
}


class Cases:
    """The cases of schemas."""

    def __init__(self, spec: Spec, goods: Goods, strangers: Strangers) -> None:
        self._spec, self._goods, self._strangers = spec, goods, strangers
        self._forms = {name: (form.pattern, form.example) for name, form in spec.formats.items()}

    def of(self, schema: Schema, name: str) -> Iterator[Case]:
        """What is tried of a member and of all in it: values that break one constraint, or none."""
        seen: set[tuple[Way, str, str, bool]] = set()
        for case in self._tried(schema, (name,)):
            key = (case.inner, case.kind, case.name, case.accepted)
            if key not in seen and self._is_so(schema, case):
                seen.add(key)
                yield case

    def _is_so(self, schema: Schema, case: Case) -> bool:
        """Whether a case is accepted, or breaks its own constraint alone."""
        found = {(each.path, each.kind) for each in broken(self._spec, schema, put(case.value))}
        if case.accepted or not found:
            return case.accepted and not found
        return len(found) == 1 and _same(found.pop(), (case.inner, case.kind))

    def _tried(self, schema: Schema, way: Way) -> Iterator[Case]:
        for number, branch in enumerate(schema.any_of or ()):
            for case in self._tried(branch, way):
                yield replace(case, inner=(str(number), *case.inner))
        goods = self._goods.of(schema)
        if not goods:
            return
        tried: list[Case] = []
        for kind in KINDS:
            if getattr(schema, kind.name) is not None:
                tried += self._of_kind(schema, kind, goods, way)
        yield from tried
        yield from _of_type(schema, goods, tried)
        if schema.items is not None:
            yield from self._of_items(schema, schema.items, way)
        if schema.properties is not None:
            yield from self._of_properties(schema, schema.properties, way)

    def _of_kind(
        self, schema: Schema, kind: Kind, goods: Sequence[Any], way: Way
    ) -> Iterator[Case]:
        listed = schema.values or ()
        strangers = [v for v in self._strangers.get(way, ()) if v not in listed]
        step = schema.multiple_of or (None if schema.type == "number" else 1)
        beside = Beside(goods, step, strangers, self._forms)
        for near in kind.boundaries(getattr(schema, kind.name), beside):
            value = near.value
            if kind.breaks is not None and schema.type in ("string", "array"):
                if value < 0:
                    continue
                value = self._sized(schema, value, goods)
            yield Case((), kind.name, near.name, near.says, value, near.inside, near.unknown)

    def _sized(self, schema: Schema, size: int, goods: Sequence[Any]) -> Any:
        """A text or a list of a size."""
        if schema.items is not None:
            if schema.unique_items:
                return list(islice(self._goods.distinct(schema.items), size))
            items = self._goods.of(schema.items)
            return [items[number % len(items)] for number in range(size)] if items else []
        if size > LONG and schema.format is None and schema.pattern is None:
            return Repeated("x", size)
        return str(goods[0])[:size].ljust(size, "x")

    def _of_items(self, schema: Schema, items: Schema, way: Way) -> Iterator[Case]:
        goods = self._goods.of(items)
        least = max((schema.min_items or 0) - 1, 0)
        for case in self._tried(items, way):
            beside = [good for good in goods if good != case.value]
            if not isinstance(case.value, Repeated) and (beside or not least):
                value = [*(beside[number % len(beside)] for number in range(least)), case.value]
                yield replace(case, inner=("items", *case.inner), value=value)

    def _of_properties(
        self, schema: Schema, properties: Mapping[str, Schema], way: Way
    ) -> Iterator[Case]:
        full = self._goods.of(schema)[0]
        least = {name: full[name] for name, member in properties.items() if member.required}
        for name, member in properties.items():
            for case in self._tried(member, (*way, name)):
                if not isinstance(case.value, Repeated):
                    value = {**least, name: case.value}
                    yield replace(case, inner=(name, *case.inner), value=value)
            if member.required:
                value = {key: one for key, one in full.items() if key != name}
                yield Case((name,), "required", "missing", "without it", value, accepted=False)
        strange = next(
            name for name in ("unknown", "unknown_", "unknown__") if name not in properties
        )
        value = {**full, strange: 1}
        yield Case((), "unknown", "stranger", "a member that nobody knows", value, accepted=False)
        yield Case((), "unknown", "all", "all members that are known", full, accepted=True)


def _of_type(schema: Schema, goods: Sequence[Any], tried: Sequence[Case]) -> Iterator[Case]:
    """Values of other types, and an ordinary one of its own."""
    if schema.type == "boolean":
        for good in goods:
            name = str(good).lower()
            yield Case((), "type", f"is-{name}", name, good, accepted=True)
    elif schema.type is not None:
        # One that lies between limits is as ordinary as any, and takes no request of its own.
        inside = [case.value for case in tried if case.accepted and "-" in case.name]
        between = [value for value in inside if type(value) is type(goods[0])]
        value = between[0] if sum(case.accepted for case in tried) >= MANY and between else goods[0]
        yield Case((), "type", "ordinary", "an ordinary value", value, accepted=True)
    for name, says, wrong in _TYPES.get(schema.type or "", ()):
        yield Case((), "type", name, says, wrong(goods[0]), accepted=False)


def _same(found: tuple[Way, str], own: tuple[Way, str]) -> bool:
    """Whether what is broken is what was to be: choices are broken together, and branches by any of them."""
    if found == own:
        return True
    (path, kind), (inner, wanted) = found, own
    if kind == "any_of":
        return inner[: len(path)] == path and len(inner) > len(path)
    return path == inner and kind in CHOICES and wanted in CHOICES

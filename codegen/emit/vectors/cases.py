"""The values that are to be tried of a schema, by the table of constraint kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ...spec.boundaries import Beside
from ...spec.constraints import CHOICES, KINDS, Kind
from ...spec.lint.violations import broken
from ...spec.schema import Schema
from ...spec.whole import Spec
from .goods import Goods

LONG = 60  # Characters of a text that is written out.
Strangers: TypeAlias = Mapping[tuple[str, ...], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text so many times."""

    text: str
    times: int

    @property
    def put(self) -> str:
        """The text itself."""
        return self.text * self.times


@dataclass(frozen=True, slots=True)
class Case:
    """A value that is tried of a constraint: of which schema inside of a member, and whether it is right."""

    inner: tuple[str, ...]
    kind: str
    name: str
    says: str
    value: Any
    accepted: bool
    unknown: bool = False


_Wrong: TypeAlias = tuple[str, str, Callable[[Any], Any]]
_NULL: _Wrong = ("null", "null", lambda good: None)
_LIST: _Wrong = ("list", "a list that holds it", lambda good: [good])
_TRUE: _Wrong = ("boolean", "true", lambda good: True)
_TEXT: _Wrong = ("numeric-text", "a number as text", str)
# What is tried of each type, beside values of it.
_TYPES: Mapping[str, Sequence[_Wrong]] = {
    "integer": (_TEXT, ("fraction", "a fraction", lambda good: good + 0.5), _TRUE, _NULL),
    "number": (_TEXT, _TRUE, _NULL),
    "string": (("number", "a number", lambda good: 1), _NULL, _LIST),
    "boolean": (
        ("text", '"true"', lambda good: "true"),
        ("one", "1", lambda good: 1),
        ("zero", "0", lambda good: 0),
        _NULL,
    ),
    "array": (
        ("scalar", "what is no list", lambda good: good[0] if good else "x"),
        _NULL,
        ("object", "an object", lambda good: {}),
    ),
    "object": (_LIST, _NULL, ("text", "a text", lambda good: "x")),
}


class Cases:
    """The cases of schemas."""

    def __init__(self, spec: Spec, goods: Goods, strangers: Strangers) -> None:
        self._spec, self._goods, self._strangers = spec, goods, strangers
        self._forms = {name: (form.pattern, form.example) for name, form in spec.formats.items()}

    def of(self, schema: Schema, name: str) -> Iterator[Case]:
        """What is tried of a member and of all in it: values that break one constraint, or none."""
        for case in self._tried(schema, (name,)):
            value = case.value.put if isinstance(case.value, Repeated) else case.value
            found = {(each.path, each.kind) for each in broken(self._spec, schema, value)}
            own = (case.inner, case.kind)
            if case.accepted:
                if not found:
                    yield case
            elif len(found) == 1 and _same(found.pop(), own):
                yield case

    def _tried(self, schema: Schema, way: tuple[str, ...]) -> Iterator[Case]:
        for number, branch in enumerate(schema.any_of or ()):
            for case in self._tried(branch, way):
                yield replace(case, inner=(str(number), *case.inner))
        goods = self._goods.of(schema)
        if not goods:
            return
        for name, says, wrong in _TYPES.get(schema.type or "", ()):
            yield Case((), "type", name, says, wrong(goods[0]), accepted=False)
        if schema.type is not None and not (schema.values or schema.format):
            for number, good in enumerate(goods[:2]):
                name = "ordinary" if number == 0 else f"ordinary-{number + 1}"
                yield Case((), "type", name, "an ordinary value", good, accepted=True)
        for kind in KINDS:
            yield from self._of_kind(schema, kind, goods, way)
        if schema.items is not None:
            yield from self._of_items(schema, schema.items, way)
        if schema.properties is not None:
            yield from self._of_properties(schema, schema.properties, way)

    def _of_kind(
        self, schema: Schema, kind: Kind, goods: Sequence[Any], way: tuple[str, ...]
    ) -> Iterator[Case]:
        limit = getattr(schema, kind.name)
        if limit is None:
            return
        beside = Beside(
            goods,
            whole=schema.type != "number",
            strangers=self._strangers.get(way, ()),
            forms=self._forms,
        )
        for boundary in kind.boundaries(limit, beside):
            value = boundary.value
            if kind.breaks is not None and schema.type in ("string", "array"):
                if value < 0:
                    continue
                value = self._sized(schema, value, goods)
            yield Case((), kind.name, boundary.name, boundary.says, value, boundary.inside)

    def _sized(self, schema: Schema, size: int, goods: Sequence[Any]) -> Any:
        """A text or a list of a size."""
        if schema.items is not None:
            if schema.unique_items:
                return [
                    good
                    for _, good in zip(
                        range(size), self._goods.distinct(schema.items), strict=False
                    )
                ]
            items = self._goods.of(schema.items)
            return [items[number % len(items)] for number in range(size)] if items else []
        good = str(goods[0])
        if size > LONG and schema.format is None and schema.pattern is None:
            return Repeated("x", size)
        return good[:size].ljust(size, "x")

    def _of_items(self, schema: Schema, items: Schema, way: tuple[str, ...]) -> Iterator[Case]:
        goods = self._goods.of(items)
        for case in self._tried(items, way):
            if isinstance(case.value, Repeated):
                continue
            beside = [good for good in goods if good != case.value]
            least = max((schema.min_items or 0) - 1, 0)
            if least and not beside:
                continue
            value = [*(beside[number % len(beside)] for number in range(least)), case.value]
            yield replace(case, inner=("items", *case.inner), value=value)

    def _of_properties(
        self, schema: Schema, properties: Mapping[str, Schema], way: tuple[str, ...]
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
                yield Case((name,), "required", "given", "with it", full, accepted=True)
        stranger = "unknown" if "unknown" not in properties else "unknown_"
        value = {**full, stranger: 1}
        yield Case((), "unknown", "stranger", "a member that nobody knows", value, accepted=False)


def _same(found: tuple[tuple[str, ...], str], own: tuple[tuple[str, ...], str]) -> bool:
    """Whether what is broken is what was to be: choices are broken together, and branches by any of them."""
    if found == own:
        return True
    (path, kind), (inner, wanted) = found, own
    if kind == "any_of":
        return inner[: len(path)] == path and len(inner) > len(path)
    return path == inner and kind in CHOICES and wanted in CHOICES

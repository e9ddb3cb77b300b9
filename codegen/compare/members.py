"""The objects of a Spec, unfolded: what is where in one, and what the parts of it are called."""

from __future__ import annotations

from collections.abc import Iterator

from ..spec.schema import Schema
from ..spec.whole import Spec
from .shapes import ITEM, MORE, Place


class Members:
    """A value of the spec and all that is in it."""

    def __init__(self, spec: Spec, schema: Schema) -> None:
        self._objects: dict[Place, str] = {}
        self._units: dict[Place, str] = {}
        for place, name, unit in _walk(spec, schema, (), frozenset()):
            if name:
                self._objects[place] = name
            if unit:
                self._units.setdefault(place, unit)

    def owner(self, place: Place) -> tuple[Place, str, Place]:
        """Where the innermost object is that a value is in, its name, and the way on."""
        for count in range(len(place) - 1, -1, -1):
            if place[:count] in self._objects:
                return place[:count], self._objects[place[:count]], place[count:]
        return (), self._objects.get((), ""), place

    def unit(self, place: Place) -> str:
        """The unit of a value."""
        return self._units.get(place, "")


def _walk(
    spec: Spec, schema: Schema, place: Place, above: frozenset[str], *, named: bool = True
) -> Iterator[tuple[Place, str, str]]:
    """Every value: its place, the object that it is by name, and its unit."""
    if schema.ref is not None and schema.ref in spec.objects and schema.ref not in above:
        target = spec.objects[schema.ref]
        if target.properties is not None and named:
            yield place, schema.ref, ""
        yield from _walk(spec, target, place, above | {schema.ref})
    yield place, "", schema.unit or ""
    for branch in schema.any_of or ():
        yield from _walk(spec, branch, place, above, named=False)
    for name, member in (schema.properties or {}).items():
        yield from _walk(spec, member, (*place, f".{name}"), above)
    if schema.items is not None:
        yield from _walk(spec, schema.items, (*place, ITEM), above)
    if schema.additional is not None:
        yield from _walk(spec, schema.additional, (*place, MORE), above)

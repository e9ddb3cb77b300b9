"""The constraints of a schema fit its type and one another, and its default fits them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from .. import patterns
from ..constraints import ENDS, KINDS
from ..document import Path
from ..model import Definition, Schema, Spec, Type
from .problems import Problem, unknown
from .violations import violations

_STRUCTURE = {"array": {"items"}, "object": {"properties", "additional"}}
# What each type takes, by name.
_TAKES = {
    type_: {kind.name for kind in KINDS if type_ in kind.types} | _STRUCTURE.get(type_, set())
    for type_ in get_args(Type)
}


def check_schema(spec: Spec, file: str, path: Path, schema: Schema) -> Iterator[Problem]:
    """What is wrong with a schema and all that is in it."""
    yield from _check_references(spec, file, path, schema)
    yield from _check_constraints(spec, file, path, schema)
    if schema.items is not None:
        yield from check_schema(spec, file, (*path, "items"), schema.items)
    for name, inner in (schema.properties or {}).items():
        yield from check_schema(spec, file, (*path, "properties", name), inner)
    for index, branch in enumerate(schema.any_of or []):
        yield from check_schema(spec, file, (*path, "any_of", index), branch)


def _check_references(spec: Spec, file: str, path: Path, schema: Schema) -> Iterator[Problem]:
    if schema.ref is not None and schema.ref not in spec.objects:
        yield unknown("object", file, (*path, "ref"), schema.ref, spec.objects)
    if schema.format is not None and schema.format not in spec.formats:
        yield unknown("format", file, (*path, "format"), schema.format, spec.formats)


def _check_constraints(spec: Spec, file: str, path: Path, schema: Schema) -> Iterator[Problem]:
    kind = schema.type or ("object" if schema.properties is not None else None)
    if kind is None and schema.ref is None and schema.any_of is None and not _extends(schema):
        hint = "write `type: …`, one of " + ", ".join(get_args(Type))
        yield Problem(file, path, "there is no type", hint, at_key=True)
    for constraint in sorted(set().union(*_TAKES.values())):
        if kind and getattr(schema, constraint) is not None and constraint not in _TAKES[kind]:
            message = f"`{constraint}` means nothing for the type {kind}"
            hint = f"{kind} takes " + ", ".join(sorted(_TAKES[kind]))
            yield Problem(file, (*path, constraint), message, hint, at_key=True)
    for low, high in ENDS:
        least, most = getattr(schema, low), getattr(schema, high)
        if least is not None and most is not None and least > most:
            message = f"the {low} {least} is above the {high} {most}"
            yield Problem(file, (*path, low), message, "no value is between them; correct one")
    if schema.pattern is not None and (fault := patterns.fault(schema.pattern)):
        yield Problem(file, (*path, "pattern"), fault)
    if schema.default is not None:
        for violation in violations(spec, schema, schema.default):
            hint = "correct the default, or the constraint"
            yield Problem(file, (*path, "default"), f"the default {violation}", hint)
    if kind == "array" and schema.items is None:
        yield Problem(file, path, "an array must say its `items`", at_key=True)


def _extends(schema: Schema) -> bool:
    return isinstance(schema, Definition) and schema.extends is not None

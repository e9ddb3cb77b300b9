"""The constraints of a schema fit its type and one another, and its default fits them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from .. import patterns
from ..constraints import ENDS, KINDS
from ..document import Path
from ..model import Definition
from ..schema import Schema, Type
from ..whole import Spec
from .problems import Problem, unknown
from .violations import violations

_STRUCTURE = {"array": {"items"}, "object": {"properties", "additional"}}
# Those that say what a text may be, of which a reading can follow one only.
_FORMS = ("format", "quantity", "pattern")
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


def check_parameter(spec: Spec, file: str, path: Path, schema: Schema) -> Iterator[Problem]:
    """What client, typed requests and emulator could not all enforce of a parameter, at any depth."""
    if schema.ref is not None:
        message = "a parameter can't refer to an object"
        yield Problem(file, (*path, "ref"), message, "write its `properties` here", at_key=True)
    if schema.open or schema.additional is not None:
        at = "open" if schema.open else "additional"
        message = "what a parameter takes has to be listed: nothing can check the rest"
        yield Problem(file, (*path, at), message, f"remove `{at}`", at_key=True)
    if schema.type == "object" and not schema.properties:
        message = "a parameter that is an object must say its `properties`"
        yield Problem(file, path, message, at_key=True)
    if schema.any_of is not None:
        beside = [kind.name for kind in KINDS if kind.name != "nullable"]
        for name in ("type", *beside):
            if getattr(schema, name) is not None:
                message = f"`{name}` can't stand beside `any_of`"
                yield Problem(file, (*path, name), message, "write it in each branch", at_key=True)
    forms = [name for name in _FORMS if getattr(schema, name) is not None]
    if len(forms) > 1 or (schema.pattern is not None and schema.values is not None):
        at, other = ("pattern", "values") if len(forms) == 1 else (forms[1], forms[0])
        message = f"`{at}` can't stand beside `{other}`"
        hint = "write one pattern for all that the text may be"
        yield Problem(file, (*path, at), message, hint, at_key=True)
    for name, inner in (schema.properties or {}).items():
        yield from check_parameter(spec, file, (*path, "properties", name), inner)
    for index, branch in enumerate(schema.any_of or ()):
        yield from check_parameter(spec, file, (*path, "any_of", index), branch)
    if schema.items is not None:
        yield from check_parameter(spec, file, (*path, "items"), schema.items)


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
    if kind == "file" and path[1:2] != ("body",):
        yield Problem(file, (*path, "type"), "only a part of a form can be a file")
    if kind == "array" and schema.items is None:
        yield Problem(file, path, "an array must say its `items`", at_key=True)


def _extends(schema: Schema) -> bool:
    return isinstance(schema, Definition) and schema.extends is not None

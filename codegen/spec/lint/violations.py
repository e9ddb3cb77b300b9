"""What is wrong with a value: a default, a part of an example, or one that a server is to refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from .. import patterns
from ..constraints import KINDS, LIST, NUMBERS, TEXT
from ..schema import Constraints, Parameter, Schema, Settings
from ..whole import Spec


class Violation(NamedTuple):
    """A constraint that a value breaks: its kind, the way to what it is of, and words that follow a name.

    The way leads through members by their names, and from a list to its `items`.
    """

    path: tuple[str, ...]
    kind: str
    words: str


def violations(spec: Spec, schema: Constraints, value: object) -> Iterator[str]:
    """Each constraint that a value breaks, in words that follow its name."""
    return (violation.words for violation in broken(spec, schema, value))


def broken(
    spec: Spec, schema: Constraints, value: object, path: tuple[str, ...] = ()
) -> Iterator[Violation]:
    """Each constraint that a value breaks, and where; a list says it of each item."""
    if value is None and schema.nullable:
        return
    if isinstance(schema, Schema) and schema.any_of is not None:
        if all(any(broken(spec, branch, value)) for branch in schema.any_of):
            words = f"{json.dumps(value, ensure_ascii=False)} fits none of `any_of`"
            yield Violation(path, "any_of", words)
        return
    if not _has_type(schema.type, value):
        article = "an" if schema.type in ("array", "integer", "object") else "a"
        words = f"{json.dumps(value, ensure_ascii=False)} is not {article} {schema.type}"
        yield Violation(path, "type", words)
        return
    for kind, words in _outside(schema, value):
        yield Violation(path, kind, words)
    if isinstance(value, str):
        for kind, words in _of_text(spec, schema, value):
            yield Violation(path, kind, words)
    elif isinstance(value, list):
        inner = schema.items if isinstance(schema, Schema) else None
        for item in value if inner else []:
            yield from broken(spec, inner or schema, item, (*path, "items"))
        if schema.unique_items and _repeats(value):
            yield Violation(path, "unique_items", "repeats an item")
    elif isinstance(value, dict):
        yield from _of_members(spec, schema, value, path)
    elif schema.values is not None and value not in schema.values:
        listed = ", ".join(map(str, schema.values))
        yield Violation(path, "values", f"{json.dumps(value)} is not one of {listed}")


def broken_rules(
    parameters: Mapping[str, Parameter], given: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    """Each rule between parameters that a request breaks and the API refuses: its parameter, and words."""
    for name, value in given.items():
        parameter = parameters.get(name)
        if parameter is None:
            continue
        for need in parameter.requires:
            if need.enforced and need.when in (None, value) and need.parameter not in given:
                yield name, f"requires `{need.parameter}`"
        for other in parameter.excludes:
            if other.enforced and other.when in (None, value) and other.parameter in given:
                yield name, f"excludes `{other.parameter}`"
        for limit in parameter.limits:
            is_told = value is not None or not parameter.nullable
            if limit.enforced and is_told and applies(limit.when, parameters, given):
                bare = Constraints.model_construct(None, **limit.stated())
                for _, words in _outside(bare, value):
                    yield name, words
                if bare.values is not None and value not in bare.values:
                    yield name, f"is not one of {', '.join(map(str, bare.values))}"


def applies(
    settings: Settings, parameters: Mapping[str, Parameter], given: Mapping[str, object]
) -> bool:
    """Whether all the parameters have one of the values that a rule names, by their defaults too."""
    return all(
        given.get(name, parameters[name].default if name in parameters else None)
        in (wanted if isinstance(wanted, list) else [wanted])
        for name, wanted in settings.items()
    )


def _repeats(items: list[object]) -> bool:
    written = [json.dumps(item, sort_keys=True) for item in items]
    return len(set(written)) < len(written)


def _of_members(
    spec: Spec, schema: Constraints, value: dict[str, object], path: tuple[str, ...]
) -> Iterator[Violation]:
    known = (schema.properties if isinstance(schema, Schema) else None) or {}
    for name, inner in value.items():
        if name in known:
            for each in broken(spec, known[name], inner, (*path, name)):
                yield each._replace(words=f"`{name}`: {each.words}")
        elif known:
            yield Violation(path, "unknown", f"`{name}` is unknown")
    for name, member in known.items():
        if member.required and name not in value:
            yield Violation((*path, name), "required", f"`{name}` is missing")


def _outside(schema: Constraints, value: object) -> Iterator[tuple[str, str]]:
    """The limits that a number, or the length of a text or a list, is outside of: kinds, and words."""
    size: int | float
    match value:
        case str():
            size, types, words = len(value), TEXT, f"has {len(value)} characters,"
        case list():
            size, types, words = len(value), LIST, f"has {len(value)} items,"
        case int() | float() if not isinstance(value, bool):
            size, types, words = value, NUMBERS, f"{value} is"
        case _:
            return
    for kind in KINDS:
        limit = getattr(schema, kind.name)
        if kind.breaks is None or kind.types != types or limit is None:
            continue
        if kind.breaks(size, limit):
            yield kind.name, f"{words} {kind.broken} {limit}"


def _of_text(spec: Spec, schema: Constraints, value: str) -> Iterator[tuple[str, str]]:
    if schema.values is not None and value in schema.values:
        return
    form = spec.formats.get(schema.format or "")
    if form is not None and patterns.matched(form.pattern, value) is False:
        yield "format", f'"{value}" is not {form.title}'
    elif form is None and schema.quantity is None and schema.values is not None:
        yield "values", f'"{value}" is not one of ' + ", ".join(map(str, schema.values))
    if schema.quantity is not None:
        unit = schema.quantity.unit
        match = re.fullmatch(rf"(0|[1-9][0-9]*)(?:\.[0-9]+)? ?{re.escape(unit)}", value)
        if match is None:
            yield "quantity", f'"{value}" is not a quantity in {unit}'
        elif Fraction(value.removesuffix(unit).strip()) > schema.quantity.maximum:
            words = f'"{value}" is above the maximum of {schema.quantity.maximum} {unit}'
            yield "quantity", words
    if schema.pattern is not None and patterns.matched(schema.pattern, value) is False:
        yield "pattern", f'"{value}" does not match {schema.pattern}'


def _has_type(kind: str | None, value: object) -> bool:
    if kind in ("integer", "number"):
        allowed = int if kind == "integer" else (int, float)
        return isinstance(value, allowed) and not isinstance(value, bool)
    types = {"string": str, "boolean": bool, "array": list, "object": dict, "file": bytes}
    return kind is None or isinstance(value, types[kind])

"""What is wrong with a value that the spec itself has: a default, or a part of an example."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from .. import patterns
from ..constraints import KINDS, LIST, NUMBERS, TEXT
from ..schema import Constraints, Parameter, Schema, Settings
from ..whole import Spec


def violations(spec: Spec, schema: Constraints, value: object) -> Iterator[str]:
    """Each constraint that a value breaks, in words that follow its name."""
    if value is None and schema.nullable:
        return
    if isinstance(schema, Schema) and schema.any_of is not None:
        if all(any(violations(spec, branch, value)) for branch in schema.any_of):
            yield f"{json.dumps(value, ensure_ascii=False)} fits none of `any_of`"
        return
    if not _has_type(schema.type, value):
        article = "an" if schema.type in ("array", "integer", "object") else "a"
        yield f"{json.dumps(value, ensure_ascii=False)} is not {article} {schema.type}"
        return
    yield from _outside(schema, value)
    if isinstance(value, str):
        yield from _of_text(spec, schema, value)
    elif isinstance(value, list):
        inner = schema.items if isinstance(schema, Schema) else None
        for item in value if inner else []:
            yield from violations(spec, inner or schema, item)
        if schema.unique_items and _repeats(value):
            yield "repeats an item"
    elif isinstance(value, dict):
        yield from _of_members(spec, schema, value)
    elif schema.values is not None and value not in schema.values:
        yield f"{json.dumps(value)} is not one of {', '.join(map(str, schema.values))}"


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
                for words in _outside(bare, value):
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


def _of_members(spec: Spec, schema: Constraints, value: dict[str, object]) -> Iterator[str]:
    known = (schema.properties if isinstance(schema, Schema) else None) or {}
    for name, inner in value.items():
        if name in known:
            yield from (f"`{name}`: {words}" for words in violations(spec, known[name], inner))
        elif known:
            yield f"`{name}` is unknown"
    for name, member in known.items():
        if member.required and name not in value:
            yield f"`{name}` is missing"


def _outside(schema: Constraints, value: object) -> Iterator[str]:
    """The limits that a number, or the length of a text or a list, is outside of."""
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
            yield f"{words} {kind.broken} {limit}"


def _of_text(spec: Spec, schema: Constraints, value: str) -> Iterator[str]:
    if schema.values is not None and value in schema.values:
        return
    form = spec.formats.get(schema.format or "")
    if form is not None and patterns.matched(form.pattern, value) is False:
        yield f'"{value}" is not {form.title}'
    elif form is None and schema.values is not None:
        yield f'"{value}" is not one of ' + ", ".join(map(str, schema.values))
    if schema.quantity is not None:
        unit = schema.quantity.unit
        match = re.fullmatch(rf"([0-9]+(?:\.[0-9]+)?) ?{re.escape(unit)}", value)
        if match is None:
            yield f'"{value}" is not a quantity in {unit}'
        elif float(match[1]) > schema.quantity.maximum:
            yield f'"{value}" is above the maximum of {schema.quantity.maximum} {unit}'
    if schema.pattern is not None and patterns.matched(schema.pattern, value) is False:
        yield f'"{value}" does not match {schema.pattern}'


def _has_type(kind: str | None, value: object) -> bool:
    if kind in ("integer", "number"):
        allowed = int if kind == "integer" else (int, float)
        return isinstance(value, allowed) and not isinstance(value, bool)
    types = {"string": str, "boolean": bool, "array": list, "object": dict, "file": bytes}
    return kind is None or isinstance(value, types[kind])

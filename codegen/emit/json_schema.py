"""Values of the spec as JSON Schema, for the OpenAPI document: constraints, roles, and rules between parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ..naming import class_name
from ..spec.constraints import KINDS
from ..spec.descriptions import describe
from ..spec.model import Format
from ..spec.schema import Constraints, Parameter, Quantity, Schema, Settings
from ..spec.whole import Spec

Json: TypeAlias = dict[str, Any]

# The kinds of constraints that JSON Schema has a keyword for, which holds the same value.
_COPIED = [kind for kind in KINDS if kind.keyword and kind.name not in ("format", "pattern")]


def anchored(pattern: str) -> str:
    """A pattern for the spec text as one for JSON Schema, which searches."""
    return f"^(?:{pattern})$"


def text_pattern(spec: Spec, schema: Constraints) -> str | None:
    """One pattern for all that a text may be, or None where nothing is said of it."""
    choices: list[str] = []
    if schema.format is not None:
        choices.append(spec.formats[schema.format].pattern)
    if schema.quantity is not None:
        choices.append(_quantity_pattern(schema.quantity))
    if schema.pattern is not None:
        choices.append(schema.pattern)
    if choices and schema.values:
        choices += [_escaped(str(value)) for value in schema.values]
    return "|".join(choices) or None


def _quantity_pattern(quantity: Quantity) -> str:
    """Decimals from 0 to the maximum, with an optional space before the unit."""
    below = "|".join(str(number) for number in range(quantity.maximum))
    number = rf"(?:{below})(?:\.[0-9]+)?|{quantity.maximum}(?:\.0+)?"
    return f"(?:{number}) ?{_escaped(quantity.unit)}"


def _escaped(text: str) -> str:
    """Like re.escape, with escapes that every engine knows."""
    return re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", text)


def reference(name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def is_shared(form: Format) -> bool:
    """Whether a format is a component; one that JSON Schema knows stands where it is used."""
    return form.json_schema_format is None


def format_schema(form: Format) -> Json:
    """A format as a component."""
    result: Json = {
        "type": "string",
        "description": f"{form.title[:1].upper()}{form.title[1:]}.",
        "pattern": anchored(form.pattern),
        "examples": [form.example],
    }
    if form.reads:
        result["x-reads"] = form.reads
    return result


def json_schema(spec: Spec, schema: Schema) -> Json:
    """The JSON Schema of a value, with what it means, its role and its sizes."""
    result = _bare(spec, schema)
    if schema.nullable:
        result = _nullable(result)
    if schema.default is not None:
        result["default"] = schema.default
    if description := describe(schema, spec.formats):
        result["description"] = description
    if schema.role is not None:
        result["x-role"] = schema.role
    if schema.sizes:
        result["x-sizes"] = {
            value: size.model_dump(exclude_defaults=True) for value, size in schema.sizes.items()
        }
    return result


def members(spec: Spec, properties: Mapping[str, Schema], result: Json, *more: str) -> Json:
    """The schema of an object with its properties added, and which of them have to be there."""
    result["properties"] = {name: json_schema(spec, inner) for name, inner in properties.items()}
    if required := [name for name, inner in properties.items() if inner.required] + list(more):
        result["required"] = required
    return result


def _bare(spec: Spec, schema: Schema) -> Json:
    if schema.ref is not None:
        return reference(schema.ref)
    if schema.any_of is not None:
        return {"anyOf": [json_schema(spec, branch) for branch in schema.any_of]}
    kind = schema.type or "object"
    if kind == "string":
        return _text(spec, schema)
    if kind == "file":
        return {"type": "string", "format": "binary"}
    result: Json = {"type": kind}
    if kind == "object":
        result["additionalProperties"] = (
            json_schema(spec, schema.additional) if schema.additional else schema.open
        )
        return members(spec, schema.properties, result) if schema.properties else result
    if schema.items is not None:
        result["items"] = json_schema(spec, schema.items)
    return result | copied(schema)


def copied(schema: Constraints) -> Json:
    """The constraints that JSON Schema has under another name only."""
    return {
        str(kind.keyword): value
        for kind in _COPIED
        if (value := getattr(schema, kind.name)) is not None
    }


def _text(spec: Spec, schema: Schema) -> Json:
    result: Json = {"type": "string"}
    form = spec.formats.get(schema.format or "")
    if form is not None and form.json_schema_format and not schema.values:
        result["format"] = form.json_schema_format
    elif form is not None and is_shared(form) and not schema.values:
        result = reference(class_name(schema.format or ""))
    elif pattern := text_pattern(spec, schema):
        result["pattern"] = anchored(pattern)
    if schema.values is not None and "pattern" not in result:
        result["enum"] = schema.values
    for kind in _COPIED:
        limit = getattr(schema, kind.name)
        if kind.name != "values" and limit is not None:
            result[str(kind.keyword)] = limit
    if schema.open and "enum" in result:
        return {"anyOf": [result, {"type": "string"}]}
    return result


def _nullable(schema: Json) -> Json:
    if "enum" in schema:
        schema = {**schema, "enum": [*schema["enum"], None]}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema  # All else is said of values of one type only.


def enforced(parameters: Mapping[str, Parameter]) -> Iterator[Json]:
    """The rules between parameters that the API is said to enforce, each as a schema of them all."""
    for name, parameter in parameters.items():
        for need in parameter.requires:
            if need.enforced:
                yield _rule(name, need.when, {"required": [need.parameter]})
        for other in parameter.excludes:
            if other.enforced:
                yield _rule(name, other.when, {"not": {"required": [other.parameter]}})
        for limit in parameter.limits:
            if limit.enforced:
                bare = copied(Constraints.model_construct(None, **limit.stated()))
                then = {"properties": {name: _nullable(bare) if parameter.nullable else bare}}
                yield {"if": _beside(limit.when, parameters), "then": then}


def _rule(name: str, when: object, then: Json) -> Json:
    given: Json = {"required": [name]}
    if when is not None:
        given["properties"] = {name: {"const": when}}
    return {"if": given, "then": then}


def _beside(settings: Settings, parameters: Mapping[str, Parameter]) -> Json:
    """The schema of requests in which other parameters have certain values, by their defaults too."""
    wanted = {
        name: values if isinstance(values, list) else [values] for name, values in settings.items()
    }
    result: Json = {"properties": {name: {"enum": values} for name, values in wanted.items()}}
    if given := [n for n, values in wanted.items() if parameters[n].default not in values]:
        result["required"] = given
    return result


def advised(parameters: Mapping[str, Parameter]) -> Iterator[Json]:
    """The rules between parameters that nobody is said to enforce, as data."""
    for name, parameter in parameters.items():
        for rule in ("used_when", "ignored_when"):
            if settings := getattr(parameter, rule):
                yield {"parameter": name, "rule": rule, "when": settings}
        for rule in ("requires", "excludes"):
            for entry in getattr(parameter, rule):
                if not entry.enforced:
                    told = {"parameter": name, "rule": rule, "other": entry.parameter}
                    yield told if entry.when is None else {**told, "when": {name: entry.when}}
        for limit in parameter.limits:
            if not limit.enforced:
                yield {"parameter": name, "rule": "limit", "when": limit.when, **limit.stated()}

"""A body to what a model's file says of it: operation, container, fields and parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..compare.documents import Json, as_mapping, listed
from ..spec.model import Family, Format, Operation
from ..spec.schema import Schema
from .limits import LimitReader, Limits
from .read import Body
from .schemas import Document

_NOTES = frozenset(
    {"title", "description", "example", "examples", "discriminator", "type"}
    | {"x-label", "x-model", "x-family"}
)


@dataclass(frozen=True)
class Known:
    """What the spec has that a body is read beside."""

    formats: Mapping[str, Format]
    operations: Mapping[str, Operation]
    requests: Mapping[str, Mapping[str, Schema]]  # The fields of each request object.
    families: Mapping[str, Family]


@dataclass
class Draft:
    """A body in the words of the spec."""

    body: Body
    operation: str | None = None  # None where the spec lacks it.
    container: str | None = None
    container_required: bool = False
    parameters: dict[str, Limits] = field(default_factory=dict)
    fields: dict[str, Limits] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def draft(document: Document, body: Body, known: Known) -> Draft:
    """What a body says, split into the fields of its request and the parameters of its model."""
    result = Draft(body, _operation(body, known))
    reader = LimitReader(document, known.formats)
    fields = _fields(result.operation, known)
    members = as_mapping(body.variant["properties"])
    required = listed(body.variant, "required")
    others = [name for name in members if name not in fields and name != body.member]
    result.container = _container(document, members, others, known)
    if result.operation is not None:
        _read_fields(result, reader, members, required, fields)
    _read_rest(result, body.variant, ("properties", "required", "additionalProperties"))
    if result.container is None:
        _read_parameters(result, reader, {name: members[name] for name in others}, required)
        return result
    inner = document.flat(members[result.container])
    _read_parameters(result, reader, as_mapping(inner.get("properties")), listed(inner, "required"))
    _read_rest(result, inner, ("properties", "required", "additionalProperties"))
    needs = any(limits.said.get("required") for limits in result.parameters.values())
    result.container_required = result.container in required and not needs
    if needs and result.container not in required:
        result.unread.append(f"{result.container} is not required, though what it holds is")
    for name in others:
        if name != result.container:
            place = f"{name} stands beside {result.container}"
            result.unread.append(f"{place}: {json.dumps(members[name], ensure_ascii=False)}")
    return result


def _operation(body: Body, known: Known) -> str | None:
    """The operation's name in the spec; a server's or another prefix may stand before its path."""
    for name, operation in known.operations.items():
        one, two = sorted((operation.path.rstrip("/"), body.path.rstrip("/")), key=len)
        if operation.method == body.method and two.endswith(one):
            return name
    return None


def _fields(operation: str | None, known: Known) -> Mapping[str, Schema]:
    """The fields of the operation's requests; those of any where the spec lacks it."""
    if operation is not None:
        return known.requests.get(known.operations[operation].body.request or "", {})
    return {name: each for fields in known.requests.values() for name, each in fields.items()}


def _container(document: Document, members: Json, others: list[str], known: Known) -> str | None:
    """The member that holds the parameters; None if they are members of the request itself."""
    containers = {family.container for family in known.families.values()}
    for name in others:
        schema = document.flat(members[name])
        if "properties" in schema and (name in containers or len(others) == 1):
            return name
    return None


def _read_parameters(
    result: Draft, reader: LimitReader, members: Json, required: list[Any]
) -> None:
    for name, schema in members.items():
        limits = reader.read(schema)
        if name in required:
            limits.said["required"] = True
        result.parameters[name] = limits
    if missing := [name for name in required if name not in members and result.container]:
        result.unread.append(f"required: {json.dumps(missing)}")


def _read_fields(
    result: Draft,
    reader: LimitReader,
    members: Json,
    required: list[Any],
    fields: Mapping[str, Schema],
) -> None:
    """What this body says of the fields of its request in another way than the spec."""
    for name, field_ in fields.items():
        if name == result.body.member:
            continue
        if name not in members:
            result.without.append(name)
            continue
        limits = reader.read(members[name])
        said = {**limits.said, **({"required": True} if name in required else {})}
        spec = field_.model_dump(exclude_defaults=True, exclude_none=True)
        changed = {
            key: value for key, value in said.items() if _same(spec.get(key)) != _same(value)
        }
        # What only the spec says is its own reading; the document lets more through.
        if field_.required and name not in required:
            changed["required"] = False
        if changed or limits.unread:
            result.fields[name] = Limits(changed, limits.unread, limits.words)


def _same(value: Any) -> Any:
    """A value in a form in which notes and the order of values do not count."""
    if isinstance(value, dict):
        notes = ("summary", "source", "readings", "unit", "role")
        return {key: _same(inner) for key, inner in value.items() if key not in notes}
    return sorted(map(repr, value)) if isinstance(value, list) else value


def _read_rest(result: Draft, schema: Json, read: tuple[str, ...]) -> None:
    """The rules of an object: a parameter that needs another is said, the rest is left."""
    if schema.get("additionalProperties", True) is not False:
        value = json.dumps(schema.get("additionalProperties", True), ensure_ascii=False)
        result.unread.append(f"additionalProperties: {value}")
    for rule in listed(schema, "allOf"):
        _read_rule(result, as_mapping(rule))
    if {"if", "then"} & {*schema}:
        _read_rule(result, {key: schema[key] for key in ("if", "then", "else") if key in schema})
    for name, needed in as_mapping(schema.get("dependentRequired")).items():
        for other in needed if isinstance(needed, list) else []:
            _requires(result, name, {"parameter": other, "enforced": True})
    passed = {*read, *_NOTES, "allOf", "if", "then", "else", "dependentRequired"}
    for key, value in schema.items():
        if key not in passed:
            result.unread.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")


def _read_rule(result: Draft, rule: Json) -> None:
    """`if` a parameter is given, perhaps with a value, `then` others are required."""
    given, then = as_mapping(rule.get("if")), as_mapping(rule.get("then"))
    names, values = listed(given, "required"), as_mapping(given.get("properties"))
    plain = {*rule} == {"if", "then"} and {*given} <= {"required", "properties"}
    if not (plain and {*then} == {"required"} and len(names) == 1 and {*values} <= {*names}):
        result.unread.append(json.dumps(rule, ensure_ascii=False))
        return
    condition = as_mapping(values.get(names[0], {}))
    whens = [condition["const"]] if "const" in condition else listed(condition, "enum") or [None]
    for when in whens:
        for other in then["required"]:
            said = {"parameter": other, "enforced": True}
            _requires(result, names[0], said if when is None else {"when": when, **said})


def _requires(result: Draft, name: str, said: Json) -> None:
    if name in result.parameters:
        result.parameters[name].said.setdefault("requires", []).append(said)
    else:
        result.unread.append(f"{name} requires {json.dumps(said, ensure_ascii=False)}")

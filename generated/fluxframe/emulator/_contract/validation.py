# A copy of codegen/runtime/emulator/_contract/validation.py, where it is edited.
"""Checks what comes in against the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from . import words
from .document import Json, Operation, document, operations
from .words import Details


def request_objects() -> list[str]:
    """The names of the objects that requests are, one an operation that takes them."""
    return [operation.requests for operation in operations() if operation.requests]


def request_schemas(object: str) -> tuple[str, dict[str, str]]:
    """The member that tells requests apart, and the name of the schema that each value stands for."""
    said: Json = document()["components"]["schemas"][object]["discriminator"]
    mapping = {value: target.rpartition("/")[2] for value, target in said["mapping"].items()}
    return said["propertyName"], mapping


def check_request(body: Any, object: str | None = None) -> Details:
    """What is wrong with a request, by the path of each part; empty if nothing is.

    `object` is what all requests of its operation are; if it is not told, the first that has a model
    which the request is for.
    """
    if not isinstance(body, dict):
        return {"": [words.not_an_object(body)]}
    if object is None:
        object = next(filter(lambda name: _told(body, name), request_objects()), None)
    object = object or request_objects()[0]
    member, schemas = request_schemas(object)
    schema = _told(body, object)
    if schema is None:
        return {member: [words.not_an_option([*schemas], body.get(member))]}
    return _faults(json.dumps({"$ref": f"#/components/schemas/{schema}"}), body)


def _told(body: Json, object: str) -> str | None:
    """The name of the schema that a request has to fit."""
    member, schemas = request_schemas(object)
    value = body.get(member)
    return schemas.get(value) if isinstance(value, str) else None


def check_parameters(
    operation: Operation, wanted: str, given: Mapping[str, str]
) -> tuple[Json, Details]:
    """The parameters in a place, as their types by their roles, and what is wrong with them.

    Those without a role are by their names.
    """
    values: Json = {}
    details: Details = {}
    for (place, name), parameter in operation.parameters.items():
        shown = name.lower() if place == "header" else name
        if place != wanted:
            continue
        if name not in given:
            if parameter.get("required"):
                details[shown] = [words.MISSING]
            continue
        value = _typed(given[name], parameter["schema"])
        values[parameter.get("x-role", name)] = value
        for texts in _faults(json.dumps(parameter["schema"]), value).values():
            details.setdefault(shown, []).extend(texts)
    return values, details


def check_form(schema: Json, given: Mapping[str, Any]) -> Details:
    """What is wrong with the fields of a form; a file is b''."""
    properties: Json = schema.get("properties", {})
    typed = {
        name: "" if value == b"" else _typed(value, properties.get(name, {}))
        for name, value in given.items()
    }
    details = _faults(json.dumps(schema), typed)
    for name in file_fields(schema):
        if name in details or given.get(name, b"") != b"":
            details[name] = [words.FILE_EXPECTED]
    return details


def file_fields(schema: Json) -> Iterator[str]:
    """The names of a form's fields that are files."""
    for name, inner in schema.get("properties", {}).items():
        if inner.get("format") == "binary":
            yield name


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a schema, as JSON; it may refer to the document's components."""
    whole = {**json.loads(schema), "components": document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _faults(schema: str, value: Any) -> Details:
    details: Details = {}
    try:
        errors = list(_validator(schema).iter_errors(value))
    except ValueError:  # The engine goes 255 levels deep.
        return {"": [words.TOO_DEEP]}
    for error in errors:
        path = ".".join(map(str, error.instance_path))
        for name, text in words.of_fault(error, _schema_at(error.schema_path[:-1])):
            where = ".".join(filter(None, [path, name]))
            details.setdefault(where, []).append(text)
    return details


def _schema_at(path: list[str | int]) -> Json:
    """The schema at a path of the document; an empty one if the path leaves it."""
    place: Any = document()
    for part in path:
        if isinstance(place, dict) and part in place:
            place = place[part]
        elif isinstance(place, list) and isinstance(part, int) and part < len(place):
            place = place[part]
        else:
            return {}
    return place if isinstance(place, dict) else {}


def _typed(text: str, schema: Json) -> Any:
    """A parameter's text as what its schema wants, or as it is for the check to refuse."""
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?[0-9]{1,18}", text):
            return int(text)
        case "number" if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", text):
            return float(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
    return text

"""Checks what comes in against the OpenAPI document, with texts in the manner of the real server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import jsonschema_rs

Json: TypeAlias = dict[str, Any]
Details: TypeAlias = dict[str, list[str]]


@cache
def document() -> Json:
    """The OpenAPI document."""
    package = files(__name__.rsplit(".", 2)[0])  # It may be in a zip, where no path leads.
    loaded: Json = json.loads(package.joinpath("_emitted", "openapi.json").read_bytes())
    return loaded


def request_schemas() -> dict[str, str]:
    """The name of the schema of each model's requests, by the model's id."""
    mapping: Json = document()["components"]["schemas"]["GenerateRequest"]["discriminator"][
        "mapping"
    ]
    return {model: target.rpartition("/")[2] for model, target in mapping.items()}


def check_request(body: Any) -> Details:
    """What is wrong with a request, by the path of each part; empty if nothing is."""
    if not isinstance(body, dict):
        return {"": [f"Invalid input: expected object, received {_kind(body)}"]}
    model = body.get("model")
    schemas = request_schemas()
    if not isinstance(model, str) or model not in schemas:
        options = "|".join(json.dumps(id) for id in schemas)
        return {"model": [f"Invalid option: expected one of {options}, received {_show(model)}"]}
    reference = {"$ref": f"#/components/schemas/{schemas[model]}"}
    return _faults(_validator(json.dumps(reference)), body)


def check_parameters(path: str, method: str, given: Mapping[str, str]) -> tuple[Json, Details]:
    """The path and query parameters of an operation as their types, and what is wrong with them."""
    values: Json = {}
    details: Details = {}
    for parameter in document()["paths"][path][method].get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "header" or name not in given:
            continue
        values[name] = _typed(given[name], parameter["schema"])
        validator = _validator(json.dumps(parameter["schema"]))
        for texts in _faults(validator, values[name]).values():
            details.setdefault(name, []).extend(texts)
    return values, details


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a schema, as JSON; it may refer to the document's components."""
    whole = {**json.loads(schema), "components": document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _faults(validator: jsonschema_rs.Draft202012Validator, value: Any) -> Details:
    details: Details = {}
    try:
        errors = list(validator.iter_errors(value))
    except ValueError:  # The engine goes 255 levels deep.
        return {"": ["Invalid input: nested too deeply"]}
    for error in errors:
        path = ".".join(map(str, error.instance_path))
        for name, text in _texts(error):
            where = ".".join(filter(None, [path, name]))
            details.setdefault(where, []).append(text)
    return details


def _texts(error: jsonschema_rs.ValidationError) -> list[tuple[str, str]]:
    """The member that an error is about, below the error's path, and what to say of it."""
    fault: Json = error.kind.as_dict()
    value, limit = error.instance, fault.get("limit")
    size = len(value) if isinstance(value, str | list) else value
    match error.kind.name:
        case "minimum":
            text = f"Too small: expected number to be >={limit}, received {value}"
        case "maximum":
            text = f"Too big: expected number to be <={limit}, received {value}"
        case "exclusiveMinimum":
            text = f"Too small: expected number to be >{limit}, received {value}"
        case "exclusiveMaximum":
            text = f"Too big: expected number to be <{limit}, received {value}"
        case "minLength":
            text = f"Too small: expected string to have >={limit} characters, received {size}"
        case "maxLength":
            text = f"Too big: expected string to have <={limit} characters, received {size}"
        case "minItems":
            text = f"Too small: expected array to have >={limit} items, received {size}"
        case "maxItems":
            text = f"Too big: expected array to have <={limit} items, received {size}"
        case "enum":
            options = "|".join(json.dumps(option) for option in fault["options"])
            text = f"Invalid option: expected one of {options}, received {_show(value)}"
        case "type":
            wanted = " or ".join(fault["types"])
            text = f"Invalid input: expected {wanted}, received {_kind(value)} {_show(value)}"
        case "pattern":
            about = _schema_at(error.schema_path[:-1]).get("description", fault["pattern"])
            text = f"Invalid string: received {_show(value)}. {about}"
        case "additionalProperties":
            return [(name, f'Unrecognized key: "{name}"') for name in fault["unexpected"]]
        case "required":
            missing = str(fault["property"])
            return [(missing, "Invalid input: expected a value, received undefined")]
        case _:
            text = error.message
    return [("", text)]


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
    is_integer = schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]{1,18}", text)
    return int(text) if is_integer else text


def _kind(value: Any) -> str:
    for kind, name in (
        (bool, "boolean"),
        (int | float, "number"),
        (str, "string"),
        (list, "array"),
        (dict, "object"),
    ):
        if isinstance(value, kind):
            return name
    return "null"


def _show(value: Any, width: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else f"{text[: width - 1]}…"

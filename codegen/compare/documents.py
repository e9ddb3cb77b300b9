"""A file to an OpenAPI 3 document, and what is safe to read of one."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, TypeAlias

import yaml

from ..spec import document
from ..spec.diagnostics import SpecError
from ..spec.document import DEEPEST

Json: TypeAlias = dict[str, Any]


class DocumentError(ValueError):
    """A document that can't be compared; the message says in a line why."""


def parse(name: str, data: bytes) -> Json:
    """The OpenAPI 3 document in `data`, JSON or YAML. Raises DocumentError if it is not one."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise DocumentError(f"{name} is HTML or XML, not an OpenAPI document")
    try:
        found = _value(name, data)
    except SpecError as error:
        first = error.diagnostics[0]
        place = f"line {first.position.line}, column {first.position.column}"
        message = f"{name} is neither JSON nor YAML: {first.message} ({place})"
        raise DocumentError(message) from None
    except RecursionError:
        raise DocumentError(f"{name} is nested too deeply") from None
    if not isinstance(found, dict):
        raise DocumentError(f"{name} contains a {type(found).__name__}, not an OpenAPI document")
    if "swagger" in found:
        raise DocumentError(f"{name} is Swagger {found['swagger']}; only OpenAPI 3 is read")
    if not str(found.get("openapi")).startswith("3."):
        raise DocumentError(f"{name} is not an OpenAPI 3 document: it does not say `openapi: 3.…`")
    return found


def _value(name: str, data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        _check_events(name, data)
    return document.parse(name, data).value


def _check_events(name: str, data: bytes) -> None:
    """Refuse what grows or nests without end before any of it is built."""
    depth = 0
    events = yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    # An error ends the events; `document.parse` says which it is, and reads no further either.
    with suppress(yaml.YAMLError, UnicodeError):
        for event in events:
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                alias = f"the YAML alias `*{event.anchor}`"
                raise DocumentError(f"{name} has {alias}; write the value out")
            if depth > DEEPEST:
                raise DocumentError(f"{name} is nested too deeply")


def as_mapping(value: object) -> Json:
    """A value if it is a mapping, else an empty one."""
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def listed(schema: Json, key: str) -> list[Any]:
    """A member if it is a list, else an empty one."""
    value = schema.get(key)
    return value if isinstance(value, list) else []

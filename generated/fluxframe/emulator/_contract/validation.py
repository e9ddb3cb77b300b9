# A copy of codegen/runtime/emulator/_contract/validation.py, where it is edited.
"""Checks what comes in against the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import words
from .document import Document, Json, Operation
from .words import Details

if TYPE_CHECKING:
    import jsonschema_rs


class Checks:
    """What a document says of requests."""

    def __init__(self, document: Document) -> None:
        self._document = document
        # By the schema, which is kept so that no other one has its id.
        self._validators: dict[int, tuple[Json, jsonschema_rs.Draft202012Validator]] = {}
        self._requests: dict[str, Json] = {}
        self._mappings: dict[str, tuple[str, dict[str, str]]] = {}

    @cached_property
    def request_objects(self) -> list[str]:
        """The names of the objects that requests are, one an operation that takes them."""
        return [o.requests for o in self._document.operations if o.requests]

    def request_schemas(self, object: str) -> tuple[str, dict[str, str]]:
        """The member that tells requests apart, and the name of the schema that each value stands for."""
        if object not in self._mappings:
            said: Json = self._document.raw["components"]["schemas"][object]["discriminator"]
            targets = {value: to.rpartition("/")[2] for value, to in said["mapping"].items()}
            self._mappings[object] = said["propertyName"], targets
        return self._mappings[object]

    def request(self, body: Any, object: str | None = None) -> Details:
        """What is wrong with a request, by the path of each part; empty if nothing is.

        `object` is what all requests of its operation are; if it is not told, the first that has a model
        which the request is for.
        """
        if not isinstance(body, dict):
            return {"": [words.not_an_object(body)]}
        if object is None:
            object = next(filter(lambda name: self._told(body, name), self.request_objects), None)
        object = object or self.request_objects[0]
        member, schemas = self.request_schemas(object)
        schema = self._told(body, object)
        if schema is None:
            return {member: [words.not_an_option([*schemas], body.get(member))]}
        if schema not in self._requests:
            self._requests[schema] = {"$ref": f"#/components/schemas/{schema}"}
        return self._faults(self._requests[schema], body)

    def _told(self, body: Json, object: str) -> str | None:
        """The name of the schema that a request has to fit."""
        member, schemas = self.request_schemas(object)
        value = body.get(member)
        return schemas.get(value) if isinstance(value, str) else None

    def parameters(
        self, operation: Operation, wanted: str, given: Mapping[str, str]
    ) -> tuple[Json, Details]:
        """The parameters in a place, as their types by their roles, and what is wrong with them.

        Those without a role are by their names. Names of headers are in small letters.
        """
        values: Json = {}
        details: Details = {}
        for name, parameter in operation.placed.get(wanted, {}).items():
            text = given.get(name)
            if text is None or (wanted == "header" and not text):  # An empty header says nothing.
                if parameter.get("required"):
                    details[name] = [words.MISSING]
                continue
            value = _typed(text, parameter["schema"])
            values[parameter["x-role"] if "x-role" in parameter else parameter["name"]] = value
            for texts in self._faults(parameter["schema"], value).values():
                details.setdefault(name, []).extend(texts)
        return values, details

    def form(self, schema: Json, given: Mapping[str, Any]) -> Details:
        """What is wrong with the fields of a form; a file is b''."""
        properties: Json = schema.get("properties", {})
        typed = {
            name: "" if value == b"" else _typed(value, properties.get(name, {}))
            for name, value in given.items()
        }
        details = self._faults(schema, typed)
        for name in file_fields(schema):
            if name in details or given.get(name, b"") != b"":
                details[name] = [words.FILE_EXPECTED]
        return details

    def _validator(self, schema: Json) -> jsonschema_rs.Draft202012Validator:
        """The validator of a schema, which may refer to the document's components."""
        known = self._validators.get(id(schema))
        if known is None:
            import jsonschema_rs  # Not needed to start.

            whole = schema
            if "$ref" in str(schema):  # It takes long to read them.
                whole = {**schema, "components": self._document.raw["components"]}
            made = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
            known = self._validators[id(schema)] = schema, made
        return known[1]

    def _faults(self, schema: Json, value: Any) -> Details:
        details: Details = {}
        try:
            validator = self._validator(schema)
            if validator.is_valid(value):
                return details
            errors = list(validator.iter_errors(value))
        except ValueError:  # The engine goes 255 levels deep.
            return {"": [words.TOO_DEEP]}
        for error in errors:
            path = ".".join(map(str, error.instance_path))
            for name, text in words.of_fault(error, self._schema_at(error.schema_path[:-1])):
                where = ".".join(filter(None, [path, name]))
                details.setdefault(where, []).append(text)
        return details

    def _schema_at(self, path: list[str | int]) -> Json:
        """The schema at a path of the document; an empty one if the path leaves it."""
        place: Any = self._document.raw
        for part in path:
            if isinstance(place, dict) and part in place:
                place = place[part]
            elif isinstance(place, list) and isinstance(part, int) and part < len(place):
                place = place[part]
            else:
                return {}
        return place if isinstance(place, dict) else {}


def file_fields(schema: Json) -> Iterator[str]:
    """The names of a form's fields that are files."""
    for name, inner in schema.get("properties", {}).items():
        if inner.get("format") == "binary":
            yield name


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

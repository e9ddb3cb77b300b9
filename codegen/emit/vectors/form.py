"""The JSON Schema of the files of vectors."""

from __future__ import annotations

from typing import Any

from .sequences_schema import API_SCHEMA

Json = dict[str, Any]

_TEXT: Json = {"type": "string", "minLength": 1}
_CREDITS: Json = {"type": ["integer", "null"], "minimum": 0}
_VERDICT: Json = {"enum": ["accepted", "refused"]}
_FORMAT: Json = {"const": 1}


def _object(properties: Json, *optional: str, **more: Any) -> Json:
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **more,
    }


def _by_name(values: Json) -> Json:
    return {"type": "object", "additionalProperties": values}


def _list(items: Json, **more: Any) -> Json:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


_PLACE = _list(_TEXT, minItems=1)
_CHANGE: Json = {
    "description": "What differs from the base, at a path of names through objects.",
    "oneOf": [
        _object({"at": _PLACE, "value": {"description": "It is put there."}}),
        _object(
            {"at": _PLACE, "text": _TEXT, "times": {"type": "integer", "minimum": 1}},
            description="The text is put there so many times in a row.",
        ),
        _object(
            {"at": _PLACE, "removed": {"const": True}},
            description="What is there is taken away.",
        ),
    ],
}
_CONSTRAINT = _object(
    {
        "kind": _TEXT,
        "parameter": {"type": "string", "description": "Its dotted path; empty for the request."},
        "limit": {"description": "What the spec says."},
        "unit": _TEXT,
        "source": _by_name(_list(_TEXT)),
        "readings": _by_name({"description": "What the source says instead."}),
    },
    "parameter",
    "limit",
    "unit",
    "source",
    "readings",
)
_VECTOR = _object(
    {
        "id": _TEXT,
        "constraint": _TEXT,
        "expect": _VERDICT,
        "base": _TEXT,
        "changes": _list(_ref("change")),
        "says": _TEXT,
        "sure": {
            "enum": ["documented", "readings", "unknown"],
            "default": "documented",
            "description": "Whether the sources are clear, part, or leave it open.",
        },
        "readings": _by_name({"$ref": "#/$defs/verdict"}),
    },
    "sure",
    "readings",
    description="A request and what is to come of it. A refused one breaks its constraint alone.",
)
_PACK = _object(
    {"id": _TEXT, "base": _TEXT, "vectors": _list(_TEXT, minItems=1), "credits": _CREDITS},
    description="Vectors that go into one request, with the credits of it. Any of them may be left out.",
)
_MODEL = _object(
    {
        "format": _FORMAT,
        "model": _TEXT,
        "operation": _TEXT,
        "method": _TEXT,
        "path": _TEXT,
        "credits": {**_CREDITS, "description": "The most that a request costs; null if not known."},
        "parent": _object(
            {"at": _PLACE, "models": _list(_TEXT)},
            description="Where a request has the id of a job of the caller's, and the models that it is of.",
        ),
        "bases": _by_name({"type": "object"}),
        "constraints": _by_name(_ref("constraint")),
        "vectors": _list(_ref("vector")),
        "packs": _list(_ref("pack")),
    },
    "parent",
)
SCHEMA: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Vectors: what a server must refuse and accept",
    "description": "index.json, api.json, places.json and models/ID.json, in this order.",
    "anyOf": [_ref("index"), _ref("api"), _ref("places"), _ref("model")],
    "$defs": {
        "index": _object({"format": _FORMAT, "models": _list(_TEXT)}),
        # With an id of its own, as it has definitions of its own.
        "api": {**API_SCHEMA, "$id": "urn:vectors:api"},
        "places": {
            "description": "The file and the line of each constraint in the spec.",
            **_by_name(
                {"type": "array", "prefixItems": [_TEXT, {"type": "integer", "minimum": 1}]}
            ),
        },
        "model": _MODEL,
        "constraint": _CONSTRAINT,
        "vector": _VECTOR,
        "change": _CHANGE,
        "pack": _PACK,
        "verdict": _VERDICT,
    },
}

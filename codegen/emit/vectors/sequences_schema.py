"""The JSON Schema of `api.json`, which says how the sequences are run in any language."""

from __future__ import annotations

from typing import Any

from ..json_schema import Json


def _object(description: str, required: Json, optional: Json | None = None) -> Json:
    return {
        "type": "object",
        "description": description,
        "properties": {**required, **(optional or {})},
        "required": [*required],
        "additionalProperties": False,
    }


def _map(of: Json, description: str = "") -> Json:
    said = {"description": description} if description else {}
    return {"type": "object", **said, "additionalProperties": of}


def _array(of: Json, description: str = "") -> Json:
    return {"type": "array", **({"description": description} if description else {}), "items": of}


def _text(description: str = "") -> Json:
    return {"type": "string", **({"description": description} if description else {})}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


_COUNT: Json = {"type": "integer", "minimum": 0}
_BOOL: Json = {"type": "boolean"}
_ANY: Json = {}
_POINTER = _text("A JSON Pointer; `*` stands for every item of a list.")
_STATUS = {"type": "object", "propertyNames": {"pattern": "^[1-5][0-9][0-9]$"}}

_REPLY = _object(
    "What an answer holds.",
    {
        "schema": _or_null(
            _text("The object of the OpenAPI document; null if it is not looked at.")
        ),
        "constraint": _or_null(_text("What is blamed if the answer is another.")),
    },
)
_CHECK = _object(
    "What holds for an answer: `every` or `some` value at the pointer is this one, it `holds` all of them, "
    "there are at `most` so many, the dates are `falling`, the number is `below` this one, or the `content` is these bytes, in base64.",
    {"is": {"enum": ["every", "some", "holds", "most", "falling", "below", "content"]}},
    {"at": _POINTER, "value": _ANY},
)
_SAVE = _object(
    "What a later step has in braces: the first value at a pointer, or the one of the item in which what "
    "is at `where` is `value`.",
    {"at": _POINTER},
    {"where": _POINTER, "value": _text()},
)
_PAGES = _object(
    "The request is repeated with the cursor of the answer before, by `size` items and by `most`: both ways "
    "show the same items in the same order, none twice, and there is a cursor exactly if there is more.",
    {
        "cursor": _text("The parameter that takes the cursor."),
        "limit": _or_null(_text("The parameter that takes the size.")),
        "size": _COUNT,
        "most": _COUNT,
        "at": _map(_POINTER, "Where the ids, the next cursor, and whether there is more are."),
    },
)
_FILE = _object("A file.", {"name": _text(), "type": _text(), "base64": _text()})
_RAW = _object(
    "A body as text: `before`, `text` so many `times`, and `after`.",
    {"text": _text()},
    {"times": _COUNT, "before": _text(), "after": _text()},
)
_STEP = _object(
    "A request, and what is to come of it. Braces stand for what is known: `{job}`, `{job.key}` and "
    "`{job.body}` are the id, the idempotency key and the request of the first job that is needed, `{unique}` "
    "is a UUID of the run, and the others were saved by steps before.",
    {
        "operation": _text("The operation that it is about."),
        "method": _text(),
        "path": _text("Below the base URL, or a whole URL."),
        "expect": {
            **_STATUS,
            "description": "By status, what is answered.",
            "additionalProperties": _ref("reply"),
        },
    },
    {
        "query": _map(_text()),
        "headers": _map(_text()),
        "body": {"type": ["object", "string"], "description": "JSON, or its name in braces."},
        "raw": _ref("raw"),
        "form": _map({"anyOf": [_text(), _ref("file")]}),
        "auth": {"enum": ["none"], "description": "It is sent without the key."},
        "otherwise": _text("What is blamed for another error than the expected ones."),
        "checks": _array(_ref("check")),
        "save": _map(_ref("save")),
        "pages": _ref("pages"),
    },
)
_JOBS = _object(
    "The jobs that a sequence is run with.",
    {"operation": _or_null(_text("What they were submitted to.")), "count": _COUNT},
    {
        "keyed": {**_BOOL, "description": "They had an idempotency key."},
        "unlike": {"type": "object", "description": "They were made of another request than this."},
    },
)
_SEQUENCE = _object(
    "Steps that are run one after the other; the first that fails decides.",
    {
        "id": _text(),
        "constraint": _text("What is blamed for another status, or a check that does not hold."),
        "says": _text(),
        "stage": {**_COUNT, "description": "Those of a lower one come first."},
        "costs": {**_BOOL, "description": "Whether a conformant server takes credits for it."},
        "needs": _array(_text(), "Constraints without which it says nothing."),
        "steps": {**_array(_ref("step")), "minItems": 1},
    },
    {
        "sure": {
            "enum": ["readings", "unknown"],
            "description": "Documented, where it is not said.",
        },
        "readings": _map({"enum": ["accepted", "refused"]}, "By source, what others expect."),
        "jobs": _ref("jobs"),
    },
)
_CONSTRAINT = _object(
    "What is tested.",
    {
        "kind": _text(),
        "operation": _or_null(_text()),
        "parameter": _text(),
        "limit": _ANY,
        "source": _map(_array(_text())),
        "readings": _map(_ANY),
    },
)
_OPERATION = _object(
    "An operation: what it answers, and where the parts of a success are, by their roles.",
    {
        "kind": _text(),
        "method": _text(),
        "path": _text(),
        "authenticated": _BOOL,
        "success": {**_STATUS, "additionalProperties": _ref("reply")},
        "errors": _map(
            _object(
                "An error.",
                {**_REPLY["properties"], "status": _COUNT, "retry_after": _BOOL},
            )
        ),
        "at": _map(_POINTER),
    },
    {"idempotency": _object("Its key.", {"header": _text(), "max_length": _COUNT})},
)
_JOB = _object(
    "How a job is followed: it is looked up until nothing follows its status, with pauses that grow. "
    "`results` says for a model how many files it makes, where that is not 1: what is `at` a pointer in the "
    "request, or `count`. `constraints` are blamed.",
    {
        "operation": _text(),
        "path": _text(),
        "initial": _text(),
        "transitions": _map(_array(_text())),
        "succeeded": _array(_text()),
        "polling": _map({"type": "number"}),
        "files": _array(_POINTER),
        "results": _map(_object("How many.", {"count": _COUNT}, {"at": _POINTER})),
        "constraints": _map(_text()),
    },
)

API_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What holds for operations",
    **_object(
        "What holds for the operations of the API, whatever model a request is for.",
        {
            "format": {"const": 1},
            "authentication": _object(
                "The header of the key, and its value, where `{key}` stands for the key.",
                {"header": _text(), "value": _text()},
            ),
            "operations": _map(_ref("operation")),
            "job": _ref("job"),
            "constraints": _map(_ref("constraint")),
            "sequences": _array(_ref("sequence")),
        },
    ),
    "$defs": {
        "check": _CHECK,
        "constraint": _CONSTRAINT,
        "file": _FILE,
        "job": _JOB,
        "jobs": _JOBS,
        "operation": _OPERATION,
        "pages": _PAGES,
        "raw": _RAW,
        "reply": _REPLY,
        "save": _SAVE,
        "sequence": _SEQUENCE,
        "step": _STEP,
    },
}

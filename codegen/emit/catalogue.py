"""Spec to the catalogue: what the client knows of the API, as JSON that `_catalog.py` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from ..naming import argument, identifier
from ..spec.model import Api, Family, Model, Operation
from ..spec.schema import Parameter, Schema
from ..spec.whole import Spec

Json: TypeAlias = dict[str, Any]

# The constraints that are copied as they stand.
_LIMITS = (
    "minimum",
    "maximum",
    "exclusive_minimum",
    "exclusive_maximum",
    "multiple_of",
    "min_length",
    "max_length",
    "pattern",
    "min_items",
    "max_items",
    "unique_items",
    "default",
)


def catalogue(spec: Spec) -> dict[str, bytes]:
    """The files of the catalogue by their names: `api.json`, and one of each family."""
    return {
        "api.json": _file(_whole(spec), depth=2),
        **{
            f"families/{family.id}.json": _file(_family(spec, family), depth=3)
            for family in spec.families.values()
        },
    }


def argument_names(spec: Spec, model: Model) -> dict[str, str]:
    """The unique Python name of everything that a request for a model takes."""
    taken: set[str] = set()
    result: dict[str, str] = {}
    for name in (*spec.request_fields(), *model.parameters):
        result[name] = argument(name, taken)
        taken.add(result[name])
    return result


def operation_names(operation: Operation) -> dict[str, str]:
    """The unique Python name of each parameter of an operation, beside `self` and the timeout."""
    result: dict[str, str] = {}
    for name in (*operation.path_parameters, *operation.query):
        result[name] = identifier(name, {"self", "timeout", *result.values()})
    return result


def _whole(spec: Spec) -> Json:
    return {
        "api": _api(spec.api),
        "formats": {
            name: {"title": form.title, "pattern": form.pattern, "example": form.example}
            for name, form in spec.formats.items()
        },
        "operations": {name: _operation(op) for name, op in spec.operations.items()},
        "fields": {
            argument(name): _parameter(argument(name), name, field)
            for name, field in spec.request_fields().items()
        },
        "families": {
            family.id: {
                "container": family.container,
                "models": [m.id for m in spec.models.values() if m.family == family.id],
            }
            for family in spec.families.values()
        },
    }


def _api(api: Api) -> Json:
    return {
        "title": api.title,
        "base_url": api.base_url,
        "key_header": api.authentication.header,
        "key_prefix": api.authentication.prefix,
        "idempotency_header": api.idempotency.header,
        "idempotency_max_length": api.idempotency.max_length,
        "idempotency_hours": api.idempotency.hours,
        "signature_header": api.webhooks.signature_header,
        "polling": {
            "first": float(api.polling.first_seconds),
            "factor": float(api.polling.factor),
            "maximum": float(api.polling.maximum_seconds),
            "deadline": float(api.polling.deadline_seconds),
        },
        "accepted": api.job.accepted,
        "statuses": list(api.job.transitions),
        "ended": api.job.ended,
        "succeeded": api.job.succeeded,
        "ended_at": api.job.ended_at,
        "failures": [
            {"words": failure.words, "resubmit": failure.resubmit, "summary": failure.summary}
            for failure in api.job.failures
        ],
    }


def _operation(operation: Operation) -> Json:
    parameters = {**operation.path_parameters, **operation.query}
    names = operation_names(operation)
    return _given(
        method=operation.method,
        path=operation.path,
        status=operation.success.status,
        anonymous=not operation.authenticated,
        idempotent_by_key=operation.idempotent_by_key,
        max_bytes=max((limit.max_megabytes for limit in operation.upload), default=0) << 20,
        parameters={
            names[name]: _parameter(names[name], name, schema)
            for name, schema in parameters.items()
        },
    )


def _family(spec: Spec, family: Family) -> Json:
    return {m.id: _model(spec, m) for m in spec.models.values() if m.family == family.id}


def _model(spec: Spec, model: Model) -> Json:
    names = argument_names(spec, model)
    return {
        "title": model.title,
        "summary": model.summary,
        "description": model.description,
        "parameters": {
            names[name]: _parameter(names[name], name, parameter)
            for name, parameter in model.parameters.items()
        },
        "examples": {name: example.request for name, example in model.examples.items()},
    }


def _parameter(name: str, wire_name: str, schema: Schema) -> Json:
    limits = {key: getattr(schema, key) for key in _LIMITS}
    quantity = schema.quantity
    entry = _given(
        wire_name=None if wire_name == name else wire_name,
        type=schema.type or "object",
        summary=schema.summary,
        unit=schema.unit,
        required=schema.required,
        format=schema.format,
        quantity=quantity and {"unit": quantity.unit, "maximum": quantity.maximum},
        items=schema.items and _parameter(name, name, schema.items),
    )
    entry |= {key: value for key, value in limits.items() if value is not None}
    if schema.values is not None:
        entry["values"] = schema.values
    if isinstance(schema, Parameter):
        entry |= _given(used_when=schema.used_when, ignored_when=schema.ignored_when)
        entry |= _given(requires=[r.model_dump(exclude_defaults=True) for r in schema.requires])
    return entry


def _given(**members: object) -> Json:
    """The members whose values are not empty."""
    return {
        name: value for name, value in members.items() if value not in (None, False, "", {}, [])
    }


def _file(value: Json, *, depth: int) -> bytes:
    return (_written(value, depth) + "\n").encode()


def _written(value: Any, depth: int) -> str:
    """JSON with a line for each member of so many levels of mappings; what is deeper is one line."""
    if depth == 0 or not isinstance(value, Mapping) or not value:
        return json.dumps(value, ensure_ascii=False)
    members = (f"{json.dumps(name)}: {_written(inner, depth - 1)}" for name, inner in value.items())
    # Not textwrap.indent: for it a line ends at characters that JSON leaves in a text, such as U+0085.
    return "{\n " + ",\n".join(members).replace("\n", "\n ") + "\n}"

"""Spec to the catalogue: what the client knows of the API, as JSON that `_catalog.py` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from ..naming import argument, identifier
from ..spec.constraints import KINDS
from ..spec.model import Api, Family, Model, Operation
from ..spec.schema import Parameter, Schema
from ..spec.whole import Spec

Json: TypeAlias = dict[str, Any]

# The constraints that are copied as they stand.
_LIMITS = [kind.name for kind in KINDS if kind.name not in ("format", "quantity")]


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
    for name in (*spec.fields(model), *model.parameters):
        result[name] = argument(name, taken)
        taken.add(result[name])
    return result


def operation_names(operation: Operation) -> dict[str, str]:
    """The unique Python name of each parameter of an operation, beside `self` and the timeout."""
    result: dict[str, str] = {}
    form = operation.body.multipart or {}
    for name in (*operation.path_parameters, *operation.query, *form):
        result[name] = identifier(name, {"self", "timeout", *result.values()})
    return result


def _whole(spec: Spec) -> Json:
    return {
        "api": _api(spec.api),
        "sources": {id: said.called or f"the {id}" for id, said in spec.sources.items()},
        "formats": {
            name: {"title": form.title, "pattern": form.pattern, "example": form.example}
            for name, form in spec.formats.items()
        },
        "operations": {name: _operation(spec, op) for name, op in spec.operations.items()},
        "requests": {
            object: {
                "discriminator": spec.discriminator(object),
                "fields": _parameters(spec.objects[object].properties or {}),
            }
            for object in spec.submissions().values()
        },
        "families": {
            family.id: {
                "title": family.title,
                "vendor": family.vendor,
                **_given(container=family.container),
            }
            for family in spec.families.values()
        },
        "models": {
            model.id: _given(
                family=model.family,
                operation=spec.operation_of(model),
                discriminator=model.discriminator,
            )
            for model in spec.models.values()
        },
        "roles": {name: spec.roles(name) for name in _answered(spec)},
    }


def _answered(spec: Spec) -> list[str]:
    """The objects that the client finds the members of by their roles."""
    names = [spec.api.job.object]
    names += [op.success.object for op in spec.operations.values() if op.success.object]
    names += [error.object for error in spec.api.errors.values()]
    names += spec.api.webhooks.events.values()
    for name in tuple(names):  # What a list has.
        for member in (spec.objects[name].properties or {}).values():
            if member.role == "items" and member.items is not None and member.items.ref:
                names.append(member.items.ref)
    return sorted(set(names))


def _api(api: Api) -> Json:
    return {
        "title": api.title,
        "name": api.name,
        "base_url": api.base_url,
        "key_variable": api.environment.api_key,
        "base_url_variable": api.environment.base_url,
        "key_header": api.authentication.header,
        "key_scheme": api.authentication.scheme,
        "key_prefix": api.authentication.prefix,
        "idempotency_header": api.idempotency.header,
        "idempotency_max_length": api.idempotency.max_length,
        "idempotency_hours": api.idempotency.hours,
        "request_id_header": api.request_id_header,
        "signature_header": api.webhooks.signature_header,
        "signature_scheme": api.webhooks.signature.scheme,
        "signature_prefix": api.webhooks.signature.prefix,
        "event_header": api.webhooks.event_header,
        "events": api.webhooks.events,
        "polling": {
            "first": float(api.polling.first_seconds),
            "factor": float(api.polling.factor),
            "maximum": float(api.polling.maximum_seconds),
            "deadline": float(api.polling.deadline_seconds),
        },
        "job": api.job.object,
        "errors": {
            status: {"name": error.name, "object": error.object}
            for status, error in api.errors.items()
        },
        "initial": api.job.initial,
        "statuses": list(api.job.transitions),
        "ended": api.job.ended,
        "succeeded": api.job.succeeded,
        "cancelled": api.job.cancelled,
        "failures": [
            {"words": failure.words, "resubmit": failure.resubmit, "summary": failure.summary}
            for failure in api.job.failures
        ],
    }


def _operation(spec: Spec, operation: Operation) -> Json:
    schemas = {**operation.path_parameters, **operation.query, **(operation.body.multipart or {})}
    names = operation_names(operation)
    return _given(
        kind=spec.kind_of(operation),
        summary=operation.summary,
        method=operation.method,
        path=operation.path,
        status=operation.success.status,
        answer=operation.success.object,
        request=operation.body.request,
        anonymous=not operation.authenticated,
        idempotent_by_key=operation.idempotent_by_key,
        max_bytes=max((limit.max_megabytes for limit in operation.upload), default=0) << 20,
        parameters={
            names[name]: _parameter(names[name], name, schema) for name, schema in schemas.items()
        },
    )


def _family(spec: Spec, family: Family) -> Json:
    return {m.id: _model(spec, m) for m in spec.models.values() if m.family == family.id}


def _model(spec: Spec, model: Model) -> Json:
    names = argument_names(spec, model)
    shared = spec.objects[spec.request_object(model)].properties or {}
    fields = spec.fields(model)
    result = spec.api.results[spec.result_of(model)]
    return {
        "title": model.title,
        "summary": model.summary,
        "description": model.description,
        **_given(
            container_required=spec.container_required(model),
            result=result.object,
            media=result.media,
            count=model.count,
            price=_price(model),
            without=[argument(name) for name in shared if name not in fields],
            fields=_parameters({name: fields[name] for name in model.fields if name in fields}),
        ),
        "parameters": {
            names[name]: _parameter(names[name], name, parameter)
            for name, parameter in model.parameters.items()
        },
        "examples": {name: example.request for name, example in model.examples.items()},
    }


def _price(model: Model) -> Json | None:
    return (
        None
        if model.price is None
        else model.price.model_dump(exclude_defaults=True, exclude={"source"})
    )


def _parameters(schemas: Mapping[str, Schema]) -> Json:
    """Values by their Python names, such as the fields of a request."""
    return {argument(name): _parameter(argument(name), name, s) for name, s in schemas.items()}


def _parameter(name: str, wire_name: str, schema: Schema) -> Json:
    limits = {key: getattr(schema, key) for key in _LIMITS}
    quantity = schema.quantity
    entry = _given(
        wire_name=None if wire_name == name else wire_name,
        type=schema.type or ("any" if schema.any_of else "object"),
        summary=schema.summary,
        unit=schema.unit,
        role=schema.role,
        required=schema.required,
        format=schema.format,
        quantity=quantity and {"unit": quantity.unit, "maximum": quantity.maximum},
        items=schema.items and _parameter(name, name, schema.items),
        any_of=[_parameter(name, name, branch) for branch in schema.any_of or ()],
        properties={
            inner: _parameter(inner, inner, member)
            for inner, member in (schema.properties or {}).items()
        },
    )
    entry |= {key: value for key, value in limits.items() if value is not None}
    if schema.default is not None:
        entry["default"] = schema.default
    if isinstance(schema, Parameter):
        for rule in ("used_when", "ignored_when"):
            entry |= _given(**{rule: getattr(schema, rule)})
        for rule in ("requires", "excludes"):
            rules = [known.model_dump(exclude_defaults=True) for known in getattr(schema, rule)]
            entry |= _given(**{rule: rules})
        entry |= _given(
            limits=[
                {"when": limit.when, **_given(enforced=limit.enforced), **limit.stated()}
                for limit in schema.limits
            ]
        )
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

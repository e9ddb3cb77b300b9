"""Spec to an OpenAPI 3.1 document that is as tight as the spec: each model has its own shape."""

from __future__ import annotations

from ..naming import class_name, snake_case
from ..spec.model import Authentication, Error, JobFailure, Model, Operation, Price, Signature
from ..spec.schema import Schema
from ..spec.whole import Spec
from .json_schema import (
    Json,
    advised,
    enforced,
    format_schema,
    is_shared,
    json_schema,
    members,
    reference,
)


def build(spec: Spec) -> Json:
    """The OpenAPI document of the whole API; the same spec always makes the same document."""
    api = spec.api
    life = api.job
    return {
        "openapi": "3.1.0",
        "info": {
            "title": api.title,
            "version": api.version,
            "summary": api.summary,
            "x-name": api.name,
            "x-request-id-header": api.request_id_header,
        },
        "servers": [{"url": api.base_url}],
        "security": [{"apiKey": []}],
        "paths": _paths(spec),
        "webhooks": {
            event: _webhook(spec, event, name) for event, name in api.webhooks.events.items()
        },
        "components": {
            "schemas": _schemas(spec),
            "responses": {error.name: _error_response(error) for error in spec.api.errors.values()},
            "securitySchemes": {
                "apiKey": {**_security(api.authentication), "x-variable": api.environment.api_key}
            },
        },
        "x-job": {
            "object": life.object,
            "initial": life.initial,
            "transitions": life.transitions,
            "succeeded": life.succeeded,
            "cancelled": life.cancelled,
            **({} if life.kept_hours is None else {"keptSeconds": life.kept_hours * 3600}),
            "failures": [{"words": each.words, "text": _said(each)} for each in life.failures],
        },
    }


def _said(failure: JobFailure) -> str:
    """What a job says that failed for a reason, as a source has it."""
    texts = [
        text
        for said in failure.source.values()
        for text in ([said] if isinstance(said, str) else said)
    ]
    return next((text for text in texts if failure.words in text.lower()), failure.words)


def _security(auth: Authentication) -> Json:
    """How a request says who it is from."""
    described = {"description": f"{auth.summary} It begins with `{auth.prefix}`."}
    known = {"x-prefix": auth.prefix}
    if auth.scheme and auth.header.lower() == "authorization":
        return {"type": "http", "scheme": auth.scheme.lower(), **described, **known}
    if auth.scheme:
        known["x-scheme"] = auth.scheme
    return {"type": "apiKey", "in": "header", "name": auth.header, **described, **known}


def request_class(model: Model) -> str:
    """The name of the schema of a model's requests."""
    return class_name(model.id) + "Request"


def params_class(model: Model) -> str:
    """The name of the schema of a model's own parameters."""
    return class_name(model.id) + "Params"


def _paths(spec: Spec) -> Json:
    paths: Json = {}
    for name, operation in spec.operations.items():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            spec, name, operation
        )
    return paths


def _operation(spec: Spec, name: str, operation: Operation) -> Json:
    result: Json = {
        "operationId": snake_case(name),
        "summary": operation.summary,
        "tags": [name.partition(".")[0]],
        "x-kind": spec.kind_of(operation),
    }
    if not operation.authenticated:
        result["security"] = []
    parameters = [
        _parameter(spec, place, key, schema)
        for place, schemas in (("path", operation.path_parameters), ("query", operation.query))
        for key, schema in schemas.items()
    ]
    if operation.idempotent_by_key:
        rule = spec.api.idempotency
        parameters.append(
            {
                "name": rule.header,
                "in": "header",
                "description": f"{rule.summary} It lives for {rule.hours} hours.",
                "schema": {"type": "string", "maxLength": rule.max_length},
                "x-role": "idempotency_key",
                "x-lifetime-seconds": rule.hours * 3600,
            }
        )
    if parameters:
        result["parameters"] = parameters
    if body := _body(spec, name, operation):
        result["requestBody"] = body
    if operation.upload:
        result["x-upload"] = [
            {
                "kind": limit.kind,
                "contentTypes": limit.content_types,
                "maxBytes": limit.max_megabytes * 1024 * 1024,
            }
            for limit in operation.upload
        ]
    if operation.kept_hours is not None:
        result["x-kept-seconds"] = operation.kept_hours * 3600
    object = operation.success.object
    success: Json = {"description": "It is done; the answer is empty."}
    if object is not None:
        success["description"] = spec.objects[object].summary or "Success."
        success["content"] = {"application/json": {"schema": reference(object)}}
    result["responses"] = {
        str(operation.success.status): success,
        **{
            str(status): {"$ref": f"#/components/responses/{spec.api.errors[str(status)].name}"}
            for status in operation.errors
        },
    }
    return result


def _body(spec: Spec, name: str, operation: Operation) -> Json:
    """What an operation sends; empty if it sends nothing."""
    content: Json
    if operation.body.request:
        examples = {
            f"{model.id}.{example_name}": {"summary": example.summary, "value": example.request}
            for model, example_name, example in spec.examples()
            if spec.operation_of(model) == name
        }
        schema = {"schema": reference(operation.body.request), "examples": examples}
        content = {"application/json": schema}
    elif operation.body.multipart:
        form: Json = {"type": "object"}
        members(spec, operation.body.multipart, form)
        content = {"multipart/form-data": {"schema": form}}
    else:
        return {}
    return {"required": True, "content": content}


def _parameter(spec: Spec, place: str, name: str, schema: Schema) -> Json:
    result: Json = {"name": name, "in": place, "required": schema.required}
    described = json_schema(spec, schema)
    for key in ("description", "x-role"):
        if key in described:
            result[key] = described.pop(key)
    return {**result, "schema": described}


def _error_response(error: Error) -> Json:
    result: Json = {"description": error.summary}
    if error.retry_after:
        seconds = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
        result["headers"] = {"Retry-After": seconds}
    return {**result, "content": {"application/json": {"schema": reference(error.object)}}}


def _webhook(spec: Spec, event: str, name: str) -> Json:
    hooks = spec.api.webhooks
    headers = [
        {
            "name": hooks.event_header,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "const": event},
        },
        {
            "name": hooks.signature_header,
            "in": "header",
            "required": True,
            "description": _signed(hooks.signature),
            "x-signature": hooks.signature.model_dump(),
            "schema": {"type": "string"},
        },
    ]
    return {
        "post": {
            "operationId": f"on_{snake_case(event)}",
            "summary": spec.objects[name].summary or event,
            "security": [],
            "parameters": headers,
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": reference(name)}},
            },
            "responses": {"200": {"description": "The event was taken."}},
        }
    }


_SIGNATURES = {
    "hmac_sha256": "HMAC-SHA256 of the raw body, keyed by the API key",
    "hmac_sha256_of_key_digest": "HMAC-SHA256 of the raw body, keyed by the SHA-256 of the API key",
}


def _signed(signature: Signature) -> str:
    return f"{_SIGNATURES[signature.scheme]}, as {signature.prefix}<hex>."


def _schemas(spec: Spec) -> Json:
    """The components: formats, objects, and for every model its parameters and its request."""
    result: Json = {
        class_name(name): format_schema(form)
        for name, form in spec.formats.items()
        if is_shared(form)
    }
    requests = spec.request_objects()
    for name, definition in spec.objects.items():
        if name not in requests:
            result[name] = json_schema(spec, definition)
    for operation, object in spec.submissions().items():
        mapping: dict[str, str] = {}
        for model in spec.models_of(operation).values():
            if spec.container(model) is not None:
                result[params_class(model)] = _params(spec, model)
            result[request_class(model)] = _request(spec, model)
            mapping[spec.discriminator_value(model)] = reference(request_class(model))["$ref"]
        result[object] = {
            "description": spec.objects[object].summary or object,
            "oneOf": [{"$ref": target} for target in mapping.values()] or [{"not": {}}],
            "discriminator": {"propertyName": spec.discriminator(object), "mapping": mapping},
        }
    return result


def _request(spec: Spec, model: Model) -> Json:
    """The schema of a model's requests, and what is known of the model."""
    fields, container = spec.fields(model), spec.container(model)
    result: Json = {
        "type": "object",
        "title": f"{model.title} request",
        "description": f"A request for {model.title}. {model.summary}",
        "additionalProperties": False,
    }
    if container is None:
        result |= _with_rules(members(spec, {**fields, **model.parameters}, result), model)
    else:
        more = [container] if spec.container_required(model) else []
        members(spec, fields, result, *more)
        result["properties"][container] = reference(params_class(model))
    discriminator = spec.discriminator(spec.request_object(model))
    result["properties"][discriminator] = {
        "type": "string",
        "const": spec.discriminator_value(model),
        "description": fields[discriminator].summary or "What the request is for.",
        "x-role": "discriminator",
    }
    result["x-model"] = model.id
    result["x-label"] = model.title
    result["x-family"] = model.family
    kind = spec.api.results[spec.result_of(model)]
    result["x-result"] = {"object": kind.object, "media": kind.media, "count": model.count or 1}
    if model.price:
        result["x-price"] = _price(model.price)
    return result


def _price(price: Price) -> Json:
    result = price.model_dump(exclude_defaults=True, exclude={"source", "by"})
    for parameter, credits in (price.by or {}).items():
        result["by"] = {"parameter": parameter, "credits": credits}
    return result


def _params(spec: Spec, model: Model) -> Json:
    result: Json = {
        "type": "object",
        "title": f"{model.title} parameters",
        "description": f"The parameters of {model.title}.",
        "additionalProperties": False,
    }
    return _with_rules(members(spec, model.parameters, result), model)


def _with_rules(schema: Json, model: Model) -> Json:
    """The schema of an object that has a model's parameters, with the rules between them."""
    if rules := list(enforced(model.parameters)):
        schema["allOf"] = rules
    if advice := list(advised(model.parameters)):
        schema["x-rules"] = advice
    return schema

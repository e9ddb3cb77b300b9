"""Spec to an OpenAPI 3.1 document that is as tight as the spec: each model has its own shape."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from ..naming import class_name, snake_case
from ..spec.descriptions import describe
from ..spec.model import Error, Format, Model, Operation
from ..spec.schema import Constraints, Quantity, Requirement, Schema
from ..spec.whole import Spec

Json: TypeAlias = dict[str, Any]


def build(spec: Spec) -> Json:
    """The OpenAPI document of the whole API; the same spec always makes the same document."""
    api = spec.api
    auth = api.authentication
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": api.version, "summary": api.summary},
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
                "apiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": auth.header,
                    "description": f"{auth.summary} It begins with `{auth.prefix}`.",
                }
            },
        },
    }


def request_class(model: Model) -> str:
    """The name of the schema of a model's requests."""
    return class_name(model.id) + "Request"


def params_class(model: Model) -> str:
    """The name of the schema of a model's own parameters."""
    return class_name(model.id) + "Params"


def anchored(pattern: str) -> str:
    """A pattern for the spec text as one for JSON Schema, which searches."""
    return f"^(?:{pattern})$"


def text_pattern(spec: Spec, schema: Constraints) -> str | None:
    """One pattern for all that a text may be, or None where nothing is said of it."""
    choices: list[str] = []
    if schema.format is not None:
        choices.append(spec.formats[schema.format].pattern)
    if schema.quantity is not None:
        choices.append(_quantity_pattern(schema.quantity))
    if schema.pattern is not None:
        choices.append(schema.pattern)
    if choices and schema.values:
        choices += [_escaped(str(value)) for value in schema.values]
    return "|".join(choices) or None


def _quantity_pattern(quantity: Quantity) -> str:
    """Decimals from 0 to the maximum, with an optional space before the unit."""
    below = "|".join(str(number) for number in range(quantity.maximum))
    number = rf"(?:{below})(?:\.[0-9]+)?|{quantity.maximum}(?:\.0+)?"
    return f"(?:{number}) ?{_escaped(quantity.unit)}"


def _escaped(text: str) -> str:
    """Like re.escape, with escapes that every engine knows."""
    return re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", text)


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
            }
        )
    if parameters:
        result["parameters"] = parameters
    if body := _body(spec, operation):
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
    success = {
        "description": spec.objects[operation.success.object].summary or "Success.",
        "content": {"application/json": {"schema": _ref(operation.success.object)}},
    }
    result["responses"] = {
        str(operation.success.status): success,
        **{
            str(status): {"$ref": f"#/components/responses/{spec.api.errors[str(status)].name}"}
            for status in operation.errors
        },
    }
    return result


def _body(spec: Spec, operation: Operation) -> Json:
    """What an operation sends; empty if it sends nothing."""
    content: Json
    if operation.body.request:
        examples = {
            f"{model.id}.{example_name}": {"summary": example.summary, "value": example.request}
            for model, example_name, example in spec.examples()
        }
        schema = {"schema": _ref(operation.body.request), "examples": examples}
        content = {"application/json": schema}
    elif operation.body.multipart:
        name = operation.body.multipart
        form = {
            "type": "object",
            "required": [name],
            "properties": {name: {"type": "string", "format": "binary"}},
        }
        content = {"multipart/form-data": {"schema": form}}
    else:
        return {}
    return {"required": True, "content": content}


def _parameter(spec: Spec, place: str, name: str, schema: Schema) -> Json:
    result: Json = {"name": name, "in": place, "required": schema.required}
    described = _schema(spec, schema)
    if description := described.pop("description", None):
        result["description"] = description
    return {**result, "schema": described}


def _error_response(error: Error) -> Json:
    result: Json = {"description": error.summary}
    if error.retry_after:
        seconds = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
        result["headers"] = {"Retry-After": seconds}
    return {**result, "content": {"application/json": {"schema": _ref(error.object)}}}


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
            "description": hooks.signature,
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
                "content": {"application/json": {"schema": _ref(name)}},
            },
            "responses": {"200": {"description": "The event was taken."}},
        }
    }


def _schemas(spec: Spec) -> Json:
    """The components: formats, objects, and for every model its parameters and its request."""
    result: Json = {
        class_name(name): _format(form) for name, form in spec.formats.items() if _is_shared(form)
    }
    _, _, request_name = spec.request_operation()
    for name, definition in spec.objects.items():
        if name != request_name:
            result[name] = _schema(spec, definition)
    mapping: dict[str, str] = {}
    for model in spec.models.values():
        result[params_class(model)] = _params(spec, model)
        result[request_class(model)] = _request(spec, model)
        mapping[model.id] = f"#/components/schemas/{request_class(model)}"
    result[request_name] = {
        "description": spec.objects[request_name].summary or request_name,
        "oneOf": [{"$ref": target} for target in mapping.values()],
        "discriminator": {"propertyName": "model", "mapping": mapping},
    }
    return result


def _request(spec: Spec, model: Model) -> Json:
    fields = spec.request_fields()
    properties = {name: _schema(spec, field) for name, field in fields.items()}
    properties["model"] = {"type": "string", "const": model.id, "description": "The model's id."}
    container = spec.container(model)
    properties[container] = _ref(params_class(model))
    required = [name for name, field in fields.items() if field.required]
    if any(parameter.required for parameter in model.parameters.values()):
        required.append(container)
    result: Json = {
        "type": "object",
        "title": f"{model.title} request",
        "description": f"A request for {model.title}. {model.summary}",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
        "x-label": model.title,
    }
    if model.price:
        credits = {"credits": model.price.credits, "megapixels": model.price.megapixels}
        result["x-price"] = credits
    return result


def _params(spec: Spec, model: Model) -> Json:
    result: Json = {
        "type": "object",
        "title": f"{model.title} parameters",
        "description": f"The parameters of {model.title}.",
        "additionalProperties": False,
        "properties": {
            name: _schema(spec, parameter) for name, parameter in model.parameters.items()
        },
    }
    if required := [name for name, p in model.parameters.items() if p.required]:
        result["required"] = required
    conditions = [
        _condition(name, requirement)
        for name, parameter in model.parameters.items()
        for requirement in parameter.requires
        if requirement.enforced
    ]
    if conditions:
        result["allOf"] = conditions
    return result


def _condition(name: str, requirement: Requirement) -> Json:
    given: Json = {"required": [name]}
    if requirement.when is not None:
        given["properties"] = {name: {"const": requirement.when}}
    return {"if": given, "then": {"required": [requirement.parameter]}}


def _is_shared(form: Format) -> bool:
    """Whether a format is a component; one that JSON Schema knows stands where it is used."""
    return form.json_schema_format is None


def _format(form: Format) -> Json:
    pattern = anchored(form.pattern)
    description = f"{form.title[:1].upper()}{form.title[1:]}."
    return {
        "type": "string",
        "description": description,
        "pattern": pattern,
        "examples": [form.example],
    }


def _schema(spec: Spec, schema: Schema) -> Json:
    """The JSON Schema of a value."""
    result = _bare_schema(spec, schema)
    if schema.nullable:
        result = _nullable(result)
    if description := describe(schema):
        result["description"] = description
    return result


def _bare_schema(spec: Spec, schema: Schema) -> Json:
    if schema.ref is not None:
        return _ref(schema.ref)
    if schema.any_of is not None:
        return {"anyOf": [_schema(spec, branch) for branch in schema.any_of]}
    kind = schema.type or "object"
    if kind == "string":
        return _text(spec, schema)
    result: Json = {"type": kind}
    if kind == "object":
        result["additionalProperties"] = (
            _schema(spec, schema.additional) if schema.additional else schema.open
        )
        if schema.properties is not None:
            result["properties"] = {
                name: _schema(spec, inner) for name, inner in schema.properties.items()
            }
            if required := [name for name, inner in schema.properties.items() if inner.required]:
                result["required"] = required
        return result
    if schema.items is not None:
        result["items"] = _schema(spec, schema.items)
    for ours, theirs in (
        ("values", "enum"),
        ("minimum", "minimum"),
        ("maximum", "maximum"),
        ("exclusive_minimum", "exclusiveMinimum"),
        ("exclusive_maximum", "exclusiveMaximum"),
        ("multiple_of", "multipleOf"),
        ("min_items", "minItems"),
        ("max_items", "maxItems"),
        ("unique_items", "uniqueItems"),
        ("default", "default"),
    ):
        if (value := getattr(schema, ours)) is not None:
            result[theirs] = value
    return result


def _text(spec: Spec, schema: Schema) -> Json:
    result: Json = {"type": "string"}
    form = spec.formats.get(schema.format or "")
    if form is not None and form.json_schema_format and not schema.values:
        result["format"] = form.json_schema_format
    elif form is not None and _is_shared(form) and not schema.values:
        return _ref(class_name(schema.format or ""))
    elif pattern := text_pattern(spec, schema):
        result["pattern"] = anchored(pattern)
    elif schema.values is not None:
        result["enum"] = schema.values
    if schema.min_length is not None:
        result["minLength"] = schema.min_length
    if schema.max_length is not None:
        result["maxLength"] = schema.max_length
    if schema.default is not None:
        result["default"] = schema.default
    if schema.open and "enum" in result:
        return {"anyOf": [result, {"type": "string"}]}
    return result


def _nullable(schema: Json) -> Json:
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}

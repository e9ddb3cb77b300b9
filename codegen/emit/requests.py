"""Spec to the classes of typed requests, one per model, by datamodel-code-generator."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from datamodel_code_generator import generate
from datamodel_code_generator.enums import (
    DataModelType,
    InputFileType,
    StrictTypes,
    TargetPydanticVersion,
)
from datamodel_code_generator.format import Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

from ..naming import argument, class_name, snake_case
from ..spec.descriptions import describe
from ..spec.lint.names import SHARED
from ..spec.model import Model
from ..spec.schema import Schema
from ..spec.whole import Spec
from .catalogue import argument_names
from .openapi import anchored, text_pattern

Json: TypeAlias = dict[str, Any]


def request_modules(spec: Spec, header: str) -> dict[str, str]:
    """The source of each family's module, by its name, and of that which they share."""
    schemas: Json = {
        f"{SHARED}.{class_name(name)}": {"type": "string", "pattern": anchored(form.pattern)}
        for name, form in spec.formats.items()
    }
    schemas[f"{SHARED}.Request"] = _shared(spec)
    for model in spec.models.values():
        schemas[f"{snake_case(model.family)}.{class_name(model.id)}"] = _request(spec, model)
    document = {
        "openapi": "3.1.0",
        "info": {"title": spec.api.title, "version": spec.api.version},
        "paths": {},
        "components": {"schemas": schemas},
    }
    modules = generate(
        json.dumps(document),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        target_pydantic_version=TargetPydanticVersion.V2_14,
        custom_file_header=f'{header}\n"""Requests as values, one class per model; what is left out is `MISSING`."""',
        disable_timestamp=True,
        formatters=[Formatter.BUILTIN],
        import_overrides={"BaseModel": "..._request"},
        # Lax mode would take "512", True and 512.0 for an integer.
        strict_types=[StrictTypes.str, StrictTypes.int, StrictTypes.float, StrictTypes.bool],
        # What is left out is told from None, which no parameter takes.
        use_missing_sentinel=True,
        enum_field_as_literal=LiteralType.All,
        use_one_literal_as_default=True,
        use_annotated=True,
        field_constraints=True,
        use_type_alias=True,
        use_standard_collections=True,
        use_union_operator=True,
        use_schema_description=True,
        # Below each field, where editors read it; the words are those of spec/descriptions.py.
        use_field_description=True,
        use_single_line_docstring=True,
        use_double_quotes=True,
    )
    if not isinstance(modules, dict):
        raise TypeError("datamodel-code-generator returned no modules")
    return {
        path[-1].removesuffix(".py"): str(source)
        for path, source in modules.items()
        if path != ("__init__.py",)
    }


def _shared(spec: Spec) -> Json:
    """What every request has beside the parameters of its model."""
    fields = {name: field for name, field in spec.request_fields().items() if name != "model"}
    return {
        "type": "object",
        "description": "What a request for any model takes.",
        "required": [argument(name) for name, field in fields.items() if field.required],
        "properties": {argument(name): _field(spec, field) for name, field in fields.items()},
    }


def _request(spec: Spec, model: Model) -> Json:
    names = argument_names(spec, model)
    own = {
        "type": "object",
        "required": ["model"]
        + [names[name] for name, parameter in model.parameters.items() if parameter.required],
        "properties": {
            "model": {"type": "string", "const": model.id, "description": "The model's id."},
            **{names[name]: _field(spec, p) for name, p in model.parameters.items()},
        },
    }
    return {
        "description": f"A request for {model.title}. {model.summary}",
        "allOf": [_reference("Request"), own],
    }


def _field(spec: Spec, schema: Schema) -> Json:
    return {**_schema(spec, schema), "description": describe(schema)}


def _schema(spec: Spec, schema: Schema) -> Json:
    """The JSON Schema of a value, with choices apart from forms, so that editors offer them."""
    kind = schema.type or "object"
    result: Json = {"type": kind}
    if kind == "number":  # So that a 5 is not sent as 5.0.
        result["type"] = ["integer", "number"]
    if kind == "array" and schema.items is not None:
        result["items"] = _schema(spec, schema.items)
    for ours, theirs in (
        ("minimum", "minimum"),
        ("maximum", "maximum"),
        ("exclusive_minimum", "exclusiveMinimum"),
        ("exclusive_maximum", "exclusiveMaximum"),
        ("multiple_of", "multipleOf"),
        ("min_length", "minLength"),
        ("max_length", "maxLength"),
        ("min_items", "minItems"),
        ("max_items", "maxItems"),
        ("unique_items", "uniqueItems"),
    ):
        if (value := getattr(schema, ours)) is not None:
            result[theirs] = value
    if kind == "string":
        return _text(spec, schema, result)
    if schema.values is not None:
        result["enum"] = schema.values
    return result


def _text(spec: Spec, schema: Schema, result: Json) -> Json:
    bare = schema.model_copy(update={"values": None})
    form: Json | None = None
    if schema.format is not None and schema.quantity is None and schema.pattern is None:
        form = _reference(class_name(schema.format))
    elif pattern := text_pattern(spec, bare):
        form = {**result, "pattern": anchored(pattern)}
    if schema.values:
        choices = {**result, "enum": schema.values}
        return choices if form is None else {"anyOf": [choices, form]}
    return form or result


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{SHARED}.{name}"}

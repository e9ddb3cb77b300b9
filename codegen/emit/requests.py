"""Spec to the classes of typed requests, one per model, by datamodel-code-generator."""

from __future__ import annotations

import json
from collections.abc import Callable
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
from ..spec.constraints import CHOICES, KINDS
from ..spec.descriptions import describe
from ..spec.lint.names import SHARED
from ..spec.model import Model
from ..spec.schema import Schema
from ..spec.whole import Spec
from .catalogue import argument_names
from .json_schema import anchored, text_pattern

Json: TypeAlias = dict[str, Any]


def request_modules(spec: Spec, header: str) -> dict[str, str]:
    """The source of each family's module, by its name, and of that which they share."""
    schemas: Json = {
        f"{SHARED}.{class_name(name)}": {"type": "string", "pattern": anchored(form.pattern)}
        for name, form in spec.formats.items()
    }
    for object in sorted(spec.submissions().values()):
        schemas[f"{SHARED}.{class_name(object)}"] = _shared(spec, object)
    for model in spec.models.values():
        schemas |= _Request(spec, model).schemas()
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
        builtin_format_line_length=100,  # Otherwise that of the folder in which it runs.
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


def _shared(spec: Spec, object: str) -> Json:
    """What every request that is an object of a kind has beside the parameters of its model."""
    definition = spec.objects[object]
    base = spec.objects[definition.extends].properties if definition.extends else None
    known = [
        (name, field)
        for name, field in (definition.properties or {}).items()
        if field.role != "discriminator"
    ]
    # What is its own is of more interest than what all objects of requests have.
    fields = dict(sorted(known, key=lambda item: item[0] in (base or {})))
    return {
        "type": "object",
        "description": (definition.summary or "").strip() or f"What every {object} has.",
        "required": [argument(name) for name, field in fields.items() if field.required],
        "properties": {argument(name): _field(spec, field) for name, field in fields.items()},
    }


class _Request:
    """The schemas of a model's class, and of the classes of values that are objects in it."""

    def __init__(self, spec: Spec, model: Model) -> None:
        self._spec = spec
        self._model = model
        self._module = snake_case(model.family)
        self._nested: Json = {}

    def schemas(self) -> Json:
        """The schemas by the names of their classes."""
        spec, model = self._spec, self._model
        names = argument_names(spec, model)
        object = spec.request_object(model)
        discriminator = spec.discriminator(object)
        fields = {name: f for name, f in spec.fields(model).items() if name != discriminator}
        # What differs is told anew; without a field, all that are left are.
        differing = (
            fields if model.without else {n: f for n, f in fields.items() if n in model.fields}
        )
        properties = {names[name]: self._field(name, f) for name, f in differing.items()}
        properties |= {names[name]: self._field(name, p) for name, p in model.parameters.items()}
        told = {**differing, **model.parameters}
        own = {
            "type": "object",
            "required": [
                names[discriminator],
                *(names[name] for name, schema in told.items() if schema.required),
            ],
            "properties": {
                names[discriminator]: {
                    "type": "string",
                    "const": spec.discriminator_value(model),
                    "description": spec.fields(model)[discriminator].summary or "",
                },
                **properties,
            },
        }
        described = f"A request for {model.title}. {model.summary}"
        request: Json = {"description": described}
        if model.without:
            request |= own
        else:
            request["allOf"] = [_reference(class_name(object)), own]
        return {f"{self._module}.{class_name(model.id)}": request, **self._nested}

    def _field(self, name: str, schema: Schema) -> Json:
        return _field(self._spec, schema, lambda inner: self._object(name, inner))

    def _object(self, name: str, schema: Schema) -> Json:
        """A reference to the class of a value that is an object."""
        base = f"{self._module}.{class_name(self._model.id)}{class_name(name)}"
        key, number = base, 1
        while key in self._nested:
            number += 1
            key = f"{base}{number}"
        self._nested[key] = {}  # Its place; it may have objects in it.
        members = schema.properties or {}
        self._nested[key] = {
            "type": "object",
            "description": schema.summary or f"The members of `{name}`.",
            "required": [member for member, inner in members.items() if inner.required],
            "properties": {member: self._field(member, inner) for member, inner in members.items()},
        }
        return {"$ref": f"#/components/schemas/{key}"}


Objects: TypeAlias = Callable[[Schema], Json]


def _no_objects(schema: Schema) -> Json:
    raise TypeError("a field of a request is no object")


def _field(spec: Spec, schema: Schema, objects: Objects = _no_objects) -> Json:
    return {**_schema(spec, schema, objects), "description": describe(schema, spec.formats)}


def _schema(spec: Spec, schema: Schema, objects: Objects) -> Json:
    """The JSON Schema of a value, with choices apart from forms, so that editors offer them."""
    result = _bare(spec, schema, objects)
    if not schema.nullable:
        return result
    if (
        result.get("type") == "array"
    ):  # Else its limits would be those of an alias, which editors don't show.
        return {**result, "type": ["array", "null"]}
    return {"anyOf": [result, {"type": "null"}]}


def _bare(spec: Spec, schema: Schema, objects: Objects) -> Json:
    if schema.any_of is not None:
        return {"anyOf": [_schema(spec, branch, objects) for branch in schema.any_of]}
    kind = schema.type or "object"
    if kind == "object":
        return objects(schema)
    result: Json = {"type": kind}
    if kind == "number":  # So that a 5 is not sent as 5.0.
        result["type"] = ["integer", "number"]
    if kind == "array" and schema.items is not None:
        result["items"] = _schema(spec, schema.items, objects)
    for constraint in KINDS:
        value = getattr(schema, constraint.name)
        is_copied = constraint.keyword and constraint.name not in (*CHOICES, "pattern")
        if is_copied and value is not None:
            result[str(constraint.keyword)] = value
    if kind == "string":
        return _text(spec, schema, result)
    # A number with a fraction can't be a Literal; the base class checks what is left here.
    if schema.values is not None and not any(isinstance(v, float) for v in schema.values):
        return {"enum": schema.values}
    return result


def _text(spec: Spec, schema: Schema, result: Json) -> Json:
    bare = schema.model_copy(update={"values": None})
    form: Json | None = None
    plain = schema.quantity is None and schema.pattern is None and len(result) == 1
    if schema.format is not None and plain:
        form = _reference(class_name(schema.format))
    elif pattern := text_pattern(spec, bare):
        form = {**result, "pattern": anchored(pattern)}
    if schema.values:
        choices = {"type": "string", "enum": schema.values}
        return choices if form is None else {"anyOf": [choices, form]}
    return form or result


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{SHARED}.{name}"}

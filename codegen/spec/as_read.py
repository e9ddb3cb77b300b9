"""A Spec to the one that it would be if a source were right where it is on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from .model import Format, Model, Operation
from .schema import Parameter, Reading, Schema
from .whole import Spec

S = TypeVar("S", bound=Schema)

# Any JSON value, as a schema of the spec.
_ANYTHING = [
    *(Schema.model_construct(type=type_) for type_ in ("string", "number", "boolean", "array")),
    Schema.model_construct(type="object", open=True),
]


def as_read_by(spec: Spec, source: str) -> Spec:
    """The spec with what is on record of a source in place of its own facts."""
    read = _Reading(spec, source)
    models = {
        id: model.model_copy(
            update={
                "parameters": read.members({**model.parameters, **_borrowed(spec, model, source)}),
                "fields": read.members(model.fields),
            }
        )
        for id, model in spec.models.items()
    }
    objects = {name: read.schema(definition) for name, definition in spec.objects.items()}
    return replace(
        spec,
        models=models,
        objects=objects,
        formats={name: _format(form, source) for name, form in spec.formats.items()},
        operations={name: read.operation(each) for name, each in spec.operations.items()},
    )


def as_read(spec: Spec, source: str, schema: S) -> S:
    """A schema as a source has it, which does not leave it out."""
    return _Reading(spec, source).schema(schema)


def _borrowed(spec: Spec, model: Model, source: str) -> dict[str, Parameter]:
    """The parameters that a model has as the source reads it, and that here other models have alone.

    Of those, the first that has one says how it is; what it is beside others, or by default, is left aside.
    """
    family = spec.families[model.family]
    if source not in family.one_shape:
        return {}
    others = [other for other in spec.models.values() if other.family == family.id]
    return {
        name: next(p for p in found if p).model_copy(update=_UNBOUND)
        for name in family.parameters
        if name not in model.parameters
        and any(found := [other.parameters.get(name) for other in others])
    }


_UNBOUND: dict[str, object] = {
    "default": None,
    "required": False,
    "used_when": {},
    "ignored_when": {},
    "requires": [],
    "excludes": [],
    "limits": [],
}


class _Reading:
    """What a source says in place of the schemas of a spec."""

    def __init__(self, spec: Spec, source: str) -> None:
        self._spec, self._source = spec, source

    def members(self, members: dict[str, S]) -> dict[str, S]:
        """The members that the source has, as it has them."""
        return {
            name: self.schema(member)
            for name, member in members.items()
            if not (reading := member.readings.get(self._source)) or not reading.absent
        }

    def schema(self, schema: S) -> S:
        """A schema as the source has it, with what it is made of."""
        update: dict[str, object] = {}
        if schema.items is not None:
            update["items"] = self.schema(schema.items)
        if schema.properties is not None:
            update["properties"] = self.members(schema.properties)
        if schema.any_of is not None:
            update["any_of"] = [self.schema(branch) for branch in schema.any_of]
        if schema.additional is not None:
            update["additional"] = self.schema(schema.additional)
        reading = schema.readings.get(self._source)
        if reading is not None:
            schema = self._resolved(schema)
            update |= _said(reading)
        return schema.model_copy(update=update)

    def _resolved(self, schema: S) -> S:
        """A schema that says itself what it refers to, so that it can say something else."""
        if schema.ref is None:
            return schema
        target = self._spec.objects[schema.ref]
        given = {name: getattr(schema, name) for name in schema.model_fields_set - {"ref"}}
        shared = {name: getattr(target, name) for name in target.model_fields_set & _OF_A_SCHEMA}
        return type(schema).model_construct(**{**shared, **given})

    def operation(self, operation: Operation) -> Operation:
        """An operation as the source has it; `document_of` has its answers."""
        update: dict[str, object] = {
            "query": self.members(operation.query),
            "path_parameters": self.members(operation.path_parameters),
        }
        reading = operation.readings.get(self._source)
        if reading is not None and reading.errors is not None:
            update["errors"] = reading.errors
        return operation.model_copy(update=update)


_OF_A_SCHEMA = Schema.model_fields.keys() - {"readings", "source"}


def _said(reading: Reading) -> dict[str, object]:
    """What a reading says, as members of a schema."""
    if reading.anything:
        return {"any_of": _ANYTHING, "ref": None, "nullable": True}
    own = reading.model_fields_set - {"absent", "anything"}
    update: dict[str, object] = {name: getattr(reading, name) for name in own}
    if update.get("values") == []:
        update["values"] = None
    elif "values" in update:  # They name the quantities one by one.
        update.setdefault("quantity", None)
    return update


def _format(form: Format, source: str) -> Format:
    """A format as a source has it."""
    reading = form.readings.get(source)
    update = {key: getattr(reading, key) for key in reading.model_fields_set} if reading else {}
    return form.model_copy(update=update)

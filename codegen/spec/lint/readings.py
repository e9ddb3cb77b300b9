"""What the spec has on record of other sources names what is there, and says something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .. import patterns
from ..document import Path
from ..model import Operation
from ..schema import Schema
from ..whole import Spec
from .problems import Problem, unknown


def check_readings(spec: Spec) -> Iterator[Problem]:
    """What is wrong with the readings of a spec, and with what it leaves out on purpose."""
    for file, path, readings in _all(spec):
        for id in readings:
            if id not in spec.sources:
                where = (*path, "readings", id)
                yield unknown("source", file, where, id, spec.sources, at_key=True)
    for family in spec.families.values():
        for index, id in enumerate(family.one_shape):
            if id not in spec.sources:
                yield unknown("source", family.file, ("one_shape", index), id, spec.sources)
    for file, path, schema in _schemas(spec):
        yield from _check_schema(spec, file, path, schema)
    for name, operation in spec.operations.items():
        yield from _check_operation(spec, name, operation)
    covered = {f"{each.method} {each.path}" for each in spec.operations.values()}
    for index, entry in enumerate(spec.api.not_covered):
        for number, name in enumerate(entry.operations):
            if name in covered:
                message = f"`{name}` is an operation of the spec"
                where = ("not_covered", index, "operations", number)
                yield Problem("api.yaml", where, message, "remove it here, or there")


def _all(spec: Spec) -> Iterator[tuple[str, Path, Mapping[str, object]]]:
    """The readings of everything but schemas."""
    yield "api.yaml", (), spec.api.readings
    yield "api.yaml", ("webhooks",), spec.api.webhooks.readings
    for name, form in spec.formats.items():
        yield "formats.yaml", (name,), form.readings
    for name, operation in spec.operations.items():
        yield "operations.yaml", (name,), operation.readings
    for family in spec.families.values():
        yield family.file, (), family.readings
    for model in spec.models.values():
        yield model.file, (), model.readings


def _schemas(spec: Spec) -> Iterator[tuple[str, Path, Schema]]:
    """Every schema where it stands, without what an object has from another."""
    for name, definition in spec.objects.items():
        base = spec.objects.get(definition.extends or "")
        inherited = [] if base is None else [id(each) for each in (base.properties or {}).values()]
        for file, path, schema in _inside("objects.yaml", (name,), definition):
            if id(schema) not in inherited:
                yield file, path, schema
    for name, operation in spec.operations.items():
        groups: tuple[tuple[Path, Mapping[str, Schema]], ...] = (
            (("path_parameters",), operation.path_parameters),
            (("query",), operation.query),
            (("body", "multipart"), operation.body.multipart or {}),
        )
        for part, schemas in groups:
            for key, schema in schemas.items():
                yield from _inside("operations.yaml", (name, *part, key), schema)
    for model in spec.models.values():
        for kind, members in (("parameters", model.parameters), ("fields", model.fields)):
            for key, schema in members.items():
                yield from _inside(model.file, (kind, key), schema)


def _inside(file: str, path: Path, schema: Schema) -> Iterator[tuple[str, Path, Schema]]:
    """A schema and those in it."""
    yield file, path, schema
    for name, inner in (schema.properties or {}).items():
        yield from _inside(file, (*path, "properties", name), inner)
    for index, branch in enumerate(schema.any_of or ()):
        yield from _inside(file, (*path, "any_of", index), branch)
    for part, held in (("items", schema.items), ("additional", schema.additional)):
        if held is not None:
            yield from _inside(file, (*path, part), held)


def _check_schema(spec: Spec, file: str, path: Path, schema: Schema) -> Iterator[Problem]:
    for id, reading in schema.readings.items():
        where = (*path, "readings", id)
        if id not in spec.sources:
            yield unknown("source", file, where, id, spec.sources, at_key=True)
        if reading.format is not None and reading.format not in spec.formats:
            yield unknown("format", file, (*where, "format"), reading.format, spec.formats)
        if reading.pattern is not None and (fault := patterns.fault(reading.pattern)):
            yield Problem(file, (*where, "pattern"), fault)
        whole = [name for name in ("absent", "anything") if getattr(reading, name)]
        if whole and len(reading.model_fields_set) > 1:
            message = f"beside `{whole[0]}` nothing else can be said"
            yield Problem(file, where, message, "remove one of them", at_key=True)
        if not reading.model_fields_set:
            yield Problem(
                file, where, "the reading says nothing", "write what differs", at_key=True
            )


def _check_operation(spec: Spec, name: str, operation: Operation) -> Iterator[Problem]:
    file = "operations.yaml"
    statuses = [*map(str, operation.errors), str(operation.success.status)]
    for id, reading in operation.readings.items():
        where = (name, "readings", id)
        for index, error in enumerate(reading.errors or ()):
            if str(error) not in spec.api.errors:
                path: Path = (*where, "errors", index)
                yield unknown("error", file, path, str(error), spec.api.errors)
        for status, object in reading.answers.items():
            place: Path = (*where, "answers", status)
            if status not in statuses:
                yield unknown("status", file, place, status, statuses, at_key=True)
            if object not in spec.objects:
                yield unknown("object", file, place, object, spec.objects)

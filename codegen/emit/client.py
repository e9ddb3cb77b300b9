"""Spec to what the client's templates print: names, signatures and texts, all decided here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..naming import argument as argument_name
from ..naming import class_name, docstring, identifier, literal, snake_case
from ..spec.descriptions import describe
from ..spec.model import Operation
from ..spec.schema import Schema
from ..spec.whole import Spec
from .catalogue import operation_names

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of an operation as an argument of a Python function."""

    name: str
    annotation: str
    doc: str
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """An operation as a method of the client or of one of its resources."""

    name: str
    operation: str
    docstring: str
    path: list[Argument]
    query: list[Argument]
    returns: str
    kind: str
    discriminator: str = ""
    file: str = ""
    form: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A group of operations, such as `client.jobs`."""

    name: str
    class_name: str
    base: str
    methods: list[Method]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an answer's or an event's JSON as a property; `place` is the object that has it."""

    name: str
    place: str
    wire_name: str
    reader: str
    kind: str
    annotation: str
    doc: str


@dataclass(frozen=True, slots=True)
class AnswerClass:
    """An object of an answer as a class."""

    class_name: str
    summary: str
    members: list[Member]


def resources(spec: Spec) -> list[Resource]:
    """The client's resources."""
    groups: dict[str, list[Method]] = {}
    for name, operation in spec.operations.items():
        group, _, method = name.rpartition(".")
        if group:
            groups.setdefault(group, []).append(_method(spec, name, method, operation))
    return [
        Resource(identifier(group), class_name(group), _base(methods), methods)
        for group, methods in groups.items()
    ]


def own_methods(spec: Spec) -> list[Method]:
    """The operations of the client itself."""
    return [
        _method(spec, name, name, operation)
        for name, operation in spec.operations.items()
        if "." not in name
    ]


def _base(methods: list[Method]) -> str:
    """The class of the runtime that a resource is made of, by what its operations do."""
    kinds = {method.kind for method in methods}
    bases = {"submit": "Submissions", "form": "Forms", "job": "Jobs", "jobs": "Jobs"}
    return next((base for kind, base in bases.items() if kind in kinds), "Resource")


def _method(spec: Spec, name: str, method: str, operation: Operation) -> Method:
    names = operation_names(operation)
    path = [
        _argument(spec, names[key], schema) for key, schema in operation.path_parameters.items()
    ]
    query = [_argument(spec, names[key], schema) for key, schema in operation.query.items()]
    lines = [operation.summary]
    parts = [
        _argument(spec, names[key], part) for key, part in (operation.body.multipart or {}).items()
    ]
    if path or query or parts:
        lines += ["", "Args:", *_documented(path + query + parts)]
    form = operation.body.multipart or {}
    files = [names[key] for key, part in form.items() if part.type == "file"]
    fields = [
        _argument(spec, names[key], part) for key, part in form.items() if part.type != "file"
    ]
    kind = _kind(spec, operation)
    request = operation.body.request
    return Method(
        name=identifier(method),
        operation=literal(name),
        docstring=_indented(lines),
        path=path,
        query=query,
        returns=class_name(operation.success.object or ""),
        kind=kind,
        discriminator=argument_name(spec.discriminator(request)) if request else "",
        file=files[0] if files else "",
        form=tuple(fields),
    )


def _kind(spec: Spec, operation: Operation) -> str:
    """How an operation is called, by what it does."""
    if operation.body.multipart:
        return "form"
    kind = spec.kind_of(operation)
    return kind if kind in ("submit", "job", "jobs", "empty") else "answer"


def _argument(spec: Spec, name: str, schema: Schema) -> Argument:
    return Argument(name, annotation(schema), describe(schema, spec.formats), schema.required)


def annotation(schema: Schema) -> str:
    """The Python type of an argument."""
    if schema.values:
        choices = f"Literal[{', '.join(literal(value) for value in schema.values)}]"
        return f"{choices} | str" if schema.format or schema.open else choices
    names = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
    return names.get(schema.type or "", "Any")


def _documented(arguments: list[Argument]) -> Iterator[str]:
    for argument in arguments:
        yield from textwrap.wrap(
            f"{argument.name}: {' '.join(argument.doc.split())}",
            WIDTH - 8,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _indented(lines: list[str]) -> str:
    """Lines of a method's docstring, safe between triple quotes."""
    text = "\n".join(f"{' ' * 8}{line}".rstrip() for line in lines)
    return docstring(text.strip())


# The roles of what the runtime reads of a job and an event by itself.
_KNOWN = frozenset({"id", "status", "error", "model", "progress", "expired"})


def answers(spec: Spec) -> list[AnswerClass]:
    """The classes of what answers and events hold: a job, an event, and what else is returned."""
    members = [
        _member(spec, path, schema)
        for path, schema in _lifted(spec, spec.api.job.object)
        if schema.role not in _KNOWN
    ]
    found = [
        AnswerClass("JobFields", "What the server says of a job.", members),
        AnswerClass("EventFields", "What a webhook says of a job.", _event_members(spec)),
    ]
    return found + [
        AnswerClass(
            class_name(name),
            docstring(spec.objects[name].summary or name),
            [
                _member(spec, (member,), schema)
                for member, schema in (spec.objects[name].properties or {}).items()
            ],
        )
        for name in answer_objects(spec)
    ]


def answer_objects(spec: Spec) -> list[str]:
    """The objects that operations return, and those that they are made of, innermost first."""
    result: dict[str, None] = {}

    def visit(name: str) -> None:
        for schema in (spec.objects[name].properties or {}).values():
            for inner in (schema.ref, schema.items.ref if schema.items else None):
                if inner in answer_refs(spec):
                    visit(inner)
        result.setdefault(name)

    for operation in spec.operations.values():
        if operation.success.object and _kind(spec, operation) in ("answer", "form"):
            visit(operation.success.object)
    return list(result)


def _lifted(spec: Spec, object: str) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """The members of a job or an event by their paths; of one that only holds others, those others."""
    places = spec.roles(object).values()

    def members(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
        known = spec.objects[schema.ref] if schema.ref else schema
        for name, member in (known.properties or {}).items():
            inner = (*path, name)
            if member.role is None and any(place[: len(inner)] == inner for place in places):
                yield from members(member, inner)
            else:
                yield inner, member

    yield from members(Schema.model_validate({"ref": object}), ())


def _event_members(spec: Spec) -> list[Member]:
    """The members of all events, but for those that the runtime knows by itself."""
    members: dict[tuple[str, ...], dict[str, Schema]] = {}
    for event, name in spec.api.webhooks.events.items():
        for path, schema in _lifted(spec, name):
            members.setdefault(path, {})[event] = schema
    every = len(spec.api.webhooks.events)
    return [
        _member(
            spec,
            path,
            _united(list(schemas.values())),
            "" if len(schemas) == every else f" Only in {' and '.join(schemas)} events.",
        )
        for path, schemas in members.items()
        if not any(schema.role in _KNOWN for schema in schemas.values())
    ]


def _united(schemas: list[Schema]) -> Schema:
    """What holds for a member wherever it is: the first, with the values and the type of all."""
    values = list(dict.fromkeys(value for schema in schemas for value in schema.values or []))
    types = {(schema.type, schema.format) for schema in schemas}
    return schemas[0].model_copy(
        update={
            "values": values if all(schema.values for schema in schemas) else None,
            "type": schemas[0].type if len(types) == 1 else None,
        }
    )


_READERS: Mapping[str, tuple[str, str]] = {
    "string": ("text", "str | None"),
    "integer": ("integer", "int | None"),
    "number": ("number", "float | None"),
    "boolean": ("boolean", "bool | None"),
    "object": ("mapping", "dict[str, Any] | None"),
}


# What an answer has beside the members of its JSON.
_OWN = ("raw", "response")


def _member(spec: Spec, path: tuple[str, ...], schema: Schema, more: str = "") -> Member:
    reader, kind, hint = _reader(spec, schema)
    *above, name = path
    place = f"_answers.inside(self.raw, {literal(above)[1:-1]})" if above else "self.raw"
    doc = docstring(describe(schema, spec.formats) + more)
    return Member(identifier(name, _OWN), place, literal(name), reader, kind, hint, doc)


def _reader(spec: Spec, schema: Schema) -> tuple[str, str, str]:
    """The function that reads a member, the class that it makes, and the type."""
    if schema.format == "date_time":
        return "moment", "", "datetime | None"
    if schema.ref is not None and spec.objects[schema.ref].properties is not None:
        kind = class_name(schema.ref)
        if schema.required and not schema.nullable:
            return "always", kind, kind
        return "one", kind, f"{kind} | None"
    if schema.items is not None and schema.items.ref in answer_refs(spec):
        kind = class_name(schema.items.ref or "")
        return "many", kind, f"list[{kind}]"
    reader, hint = _READERS.get(schema.type or "", ("anything", "Any"))
    return reader, "", hint


def answer_refs(spec: Spec) -> set[str]:
    """The objects that have members."""
    return {name for name, definition in spec.objects.items() if definition.properties}


def request_classes(spec: Spec) -> dict[str, list[str]]:
    """The names of the classes of typed requests by the module of their family."""
    result: dict[str, list[str]] = {}
    for model in spec.models.values():
        result.setdefault(snake_case(model.family), []).append(class_name(model.id))
    return {module: sorted(names) for module, names in result.items()}

"""Spec to what the templates print: names, signatures and texts, all decided here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..naming import class_name, docstring, identifier, literal, snake_case
from ..spec import model as spec
from ..spec.words import describe
from .openapi import request_class

WIDTH = 100

# Arguments of `images.generate` that are the SDK's own: a parameter of such a name gets a `_`.
OWN_ARGUMENTS = (
    "self",
    "extra_params",
    "idempotency_key",
    "timeout",
    "validation",
    "deadline",
    "interval",
    "on_progress",
)


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter as an argument of a Python function."""

    name: str
    annotation: str
    required: bool
    doc: str


@dataclass(frozen=True, slots=True)
class Overload:
    """`images.generate`, or `run`, for one model."""

    model: str
    arguments: list[Argument]
    docstring: str
    title: str


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


@dataclass(frozen=True, slots=True)
class Resource:
    """A group of operations, such as `client.jobs`."""

    name: str
    class_name: str
    summary: str
    methods: list[Method]


@dataclass(frozen=True, slots=True)
class JsonField:
    """A member of an answer's or an event's JSON as a property."""

    name: str
    wire_name: str
    reader: str
    annotation: str
    doc: str


def catalog(whole: spec.Spec) -> dict[str, object]:
    """What `_catalog.py` holds, as Python source piece by piece."""
    fields = {
        (argument := identifier(name, OWN_ARGUMENTS)): _parameter(argument, name, field)
        for name, field in whole.request_fields().items()
    }
    return {
        "formats": {
            _format_constant(name): _call(
                "Format", title=form.title, pattern=form.pattern, example=form.example
            )
            for name, form in whole.formats.items()
        },
        "fields": fields,
        "models": [_model(whole, model) for model in whole.models.values()],
        "operations": {
            literal(name): _operation(name, operation)
            for name, operation in whole.operations.items()
        },
        "api": _api(whole),
    }


def _api(whole: spec.Spec) -> str:
    api = whole.api
    polling = _call(
        "Polling",
        first=float(api.polling.first_seconds),
        factor=float(api.polling.factor),
        maximum=float(api.polling.maximum_seconds),
        deadline=float(api.polling.deadline_seconds),
    )
    failures = [
        _call("JobFailure", words=f.words, resubmit=Source(str(f.resubmit)), summary=f.summary)
        for f in api.job.failures
    ]
    return _call(
        "Api",
        base_url=api.base_url,
        key_header=api.authentication.header,
        key_prefix=api.authentication.prefix,
        idempotency_header=api.idempotency.header,
        idempotency_max_length=api.idempotency.max_length,
        signature_header=api.webhooks.signature_header,
        idempotency_hours=api.idempotency.hours,
        polling=Source(polling),
        accepted=api.job.accepted,
        ended=Source(f"frozenset({literal(tuple(api.job.ended))})"),
        succeeded=Source(f"frozenset({literal(tuple(api.job.succeeded))})"),
        failures=Source(f"({''.join(f'{failure},' for failure in failures)})"),
        families={family.id: family.container for family in whole.families.values()},
    )


class Source(str):
    """Text that is Python source already."""


def _call(function: str, /, **arguments: object) -> str:
    """Source of a call; an argument that is None, empty or False is left to its default."""
    given = [
        f"{key}={value if isinstance(value, Source) else literal(value)}"
        for key, value in arguments.items()
        if value is not None and value is not False and value not in ("", {}, [], ())
    ]
    return f"{function}({', '.join(given)})"


def _model(whole: spec.Spec, model: spec.Model) -> dict[str, object]:
    container = whole.container(model)
    names = argument_names(whole, model)
    return {
        "id": literal(model.id),
        "head": ", ".join(
            f"{key}={literal(value)}"
            for key, value in {
                "id": model.id,
                "title": model.title,
                "family": model.family,
                "summary": model.summary,
                "description": model.description,
                "container": container,
            }.items()
        ),
        "parameters": {
            literal(names[name]): _parameter(names[name], f"{container}.{name}", parameter)
            for name, parameter in model.parameters.items()
        },
        "examples": literal({name: example.request for name, example in model.examples.items()}),
    }


def argument_names(whole: spec.Spec, model: spec.Model) -> dict[str, str]:
    """The Python name of everything that a request for a model takes, none of them taken twice."""
    taken: set[str] = set(OWN_ARGUMENTS)
    result: dict[str, str] = {}
    for name in (*whole.request_fields(), *model.parameters):
        result[name] = identifier(name, taken)
        taken.add(result[name])
    return result


def _parameter(name: str, path: str, schema: spec.Schema) -> str:
    rules: dict[str, object] = {}
    if isinstance(schema, spec.Parameter):
        requires = [
            _call(
                "Requirement",
                parameter=requirement.parameter,
                when=requirement.when,
                enforced=requirement.enforced,
            )
            for requirement in schema.requires
        ]
        rules = {
            "used_when": schema.used_when,
            "ignored_when": schema.ignored_when,
            "requires": Source(f"({', '.join(requires)},)") if requires else None,
        }
    quantity = schema.quantity
    items = schema.items
    return _call(
        "Parameter",
        name=name,
        path=path,
        type=schema.type or "object",
        summary=schema.summary or "",
        unit=schema.unit or "",
        required=schema.required,
        values=Source(literal(tuple(schema.values))) if schema.values is not None else None,
        format=Source(_format_constant(schema.format)) if schema.format else None,
        quantity=Source(_call("Quantity", unit=quantity.unit, maximum=quantity.maximum))
        if quantity
        else None,
        pattern=schema.pattern,
        **{
            limit: Source(literal(value))
            for limit in _LIMITS
            if (value := getattr(schema, limit)) is not None
        },
        unique_items=bool(schema.unique_items),
        items=Source(_parameter(name, path, items)) if items else None,
        default=Source(literal(schema.default)) if schema.default is not None else None,
        **rules,
    )


_LIMITS = (
    "minimum",
    "maximum",
    "exclusive_minimum",
    "exclusive_maximum",
    "multiple_of",
    "min_length",
    "max_length",
    "min_items",
    "max_items",
)


def _operation(name: str, operation: spec.Operation) -> str:
    parameters = [
        _parameter(identifier(key), key, schema)
        for key, schema in {**operation.path_parameters, **operation.query}.items()
    ]
    return _call(
        "Operation",
        name=name,
        method=operation.method,
        path=operation.path,
        status=operation.success.status,
        authenticated=Source("False") if not operation.authenticated else None,
        idempotent_by_key=operation.idempotent_by_key,
        parameters=Source(f"({', '.join(parameters)},)") if parameters else None,
    )


def _format_constant(name: str) -> str:
    return f"_{snake_case(name).upper()}"


def annotation(schema: spec.Schema) -> str:
    """The Python type of an argument."""
    if schema.values is not None:
        choices = f"Literal[{', '.join(literal(value) for value in schema.values)}]"
        if not schema.values:
            return "str"
        return f"{choices} | str" if schema.format or schema.open else choices
    match schema.type:
        case "array" if schema.items is not None:
            inner = annotation(schema.items)
            return f"Sequence[{inner}]"
        case "object":
            return "Mapping[str, Any]"
        case kind:
            return {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}.get(
                kind or "", "Any"
            )


def overloads(whole: spec.Spec) -> list[Overload]:
    """`images.generate`, once for every model."""
    return [_overload(whole, model) for model in whole.models.values()]


def _overload(whole: spec.Spec, model: spec.Model) -> Overload:
    fields = whole.request_fields()
    names = argument_names(whole, model)
    arguments = [
        _argument(identifier(name, OWN_ARGUMENTS), field)
        for name, field in fields.items()
        if name != "model"
    ]
    arguments += [_argument(names[name], p) for name, p in model.parameters.items()]
    arguments.sort(key=lambda argument: not argument.required)
    lines = [
        f"{model.title}: {model.summary}",
        "",
        *textwrap.wrap(model.description, WIDTH - 8),
        "",
        "Args:",
        *_documented(arguments),
        *_documented(_OWN),
        "",
        "Raises:",
        *_hanging("InvalidRequestError", "The request breaks a limit; it was not sent."),
        *_hanging("APIStatusError", "The server refused it."),
    ]
    title = docstring(f"{model.title}, submitted and waited for.")
    return Overload(literal(model.id), arguments, _indented(lines), title)


_OWN = [
    Argument("extra_params", "", False, "More parameters, sent as they are, unchecked."),
    Argument(
        "idempotency_key",
        "",
        False,
        "Names this call, so that it is paid for once; made up if not given.",
    ),
    Argument("timeout", "", False, "Seconds to wait for the answer; the client's if not given."),
    Argument(
        "validation",
        "",
        False,
        'What to do about a broken limit: "error", "warn" or "off"; the client\'s if not given.',
    ),
]


def own_docs() -> list[str]:
    """What a docstring says of the SDK's own arguments."""
    return list(_documented(_OWN))


def _argument(name: str, schema: spec.Schema) -> Argument:
    return Argument(name, annotation(schema), schema.required, describe(schema))


def _documented(arguments: list[Argument]) -> Iterator[str]:
    for argument in arguments:
        yield from _hanging(argument.name, argument.doc)


def _hanging(name: str, text: str) -> list[str]:
    """A line of a docstring's list, wrapped below itself."""
    folded = " ".join(text.split())
    return textwrap.wrap(
        f"{name}: {folded}",
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


def resources(whole: spec.Spec) -> list[Resource]:
    """The client's resources; the operations of the client itself come under an empty name."""
    groups: dict[str, list[Method]] = {"": []}
    for name, operation in whole.operations.items():
        group, _, method = name.rpartition(".")
        groups.setdefault(group, []).append(_method(whole, name, method, operation))
    return [
        Resource(group, class_name(group), f"`client.{group}`", methods)
        for group, methods in groups.items()
        if group
    ] + [Resource("", "", "", groups[""])]


def _method(whole: spec.Spec, name: str, method: str, operation: spec.Operation) -> Method:
    path = [_argument(identifier(key), schema) for key, schema in operation.path_parameters.items()]
    query = [_argument(identifier(key), schema) for key, schema in operation.query.items()]
    lines = [operation.summary]
    if path or query:
        lines += ["", "Args:", *_documented(path + query)]
    kind = "generate" if operation.body.request else "get"
    return Method(
        name=identifier(method),
        operation=literal(name),
        docstring=_indented(lines),
        path=path,
        query=query,
        returns=operation.success.object,
        kind="upload" if operation.body.multipart else kind,
    )


_READERS: Mapping[str, tuple[str, str]] = {
    "string": ("text", "str | None"),
    "integer": ("integer", "int | None"),
    "number": ("number", "float | None"),
    "boolean": ("boolean", "bool | None"),
    "object": ("mapping", "dict[str, Any] | None"),
}


def job_fields(whole: spec.Spec) -> list[JsonField]:
    """The members of a job, but for those that the runtime knows by itself."""
    properties = whole.objects[whole.api.job.object].properties or {}
    return [
        _json_field(name, schema)
        for name, schema in properties.items()
        if name not in whole.api.job.accepted
    ]


def event_fields(whole: spec.Spec) -> list[JsonField]:
    """The members of all events, but for those that the runtime knows by itself."""
    members: dict[str, dict[str, spec.Schema]] = {}
    for event, name in whole.api.webhooks.events.items():
        for member, schema in (whole.objects[name].properties or {}).items():
            members.setdefault(member, {})[event] = schema
    known = whole.api.job.accepted.values()  # An event names them as the answer to a request does.
    every = len(whole.api.webhooks.events)
    return [
        _json_field(
            member,
            _united(list(schemas.values())),
            "" if len(schemas) == every else f" Only in {' and '.join(schemas)} events.",
        )
        for member, schemas in members.items()
        if member not in known
    ]


def _united(schemas: list[spec.Schema]) -> spec.Schema:
    """What holds for a member wherever it is: the first, with the values and the type of all."""
    values = [value for schema in schemas for value in schema.values or []]
    kinds = {_reader(schema) for schema in schemas}
    return schemas[0].model_copy(
        update={
            "values": values if all(schema.values for schema in schemas) else None,
            "type": schemas[0].type if len(kinds) == 1 else None,
        }
    )


def _json_field(name: str, schema: spec.Schema, more: str = "") -> JsonField:
    doc = docstring(describe(schema) + more)
    return JsonField(identifier(name), name, *_reader(schema), doc)


def _reader(schema: spec.Schema) -> tuple[str, str]:
    if schema.format == "date_time":
        return "moment", "datetime | None"
    return _READERS.get(schema.type or "", ("anything", "Any"))


def request_types(whole: spec.Spec) -> list[str]:
    """The names of the classes of typed requests."""
    return [request_class(model) for model in whole.models.values()]

"""Spec to a complete program for each documented request: in Python, for curl, and in JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..naming import class_name, identifier, printable
from ..spec.model import Model, Operation
from ..spec.whole import Spec
from .catalogue import argument_names
from .printing import render
from .source_text import javascript, json_lines, python, python_call

# Files of each kind of media, by the role of their list in a result.
_FILES = {"image": "images", "video": "videos", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A documented request as programs, by the endings of their files."""

    model: Model
    name: str
    summary: str
    texts: Mapping[str, str]

    def path(self, ending: str) -> str:
        """Where the file is in `samples/`."""
        return f"{self.model.id}/{self.name}.{ending}"


def samples(spec: Spec) -> list[Sample]:
    """A sample of every documented request."""
    api = _api(spec)
    return [
        Sample(model, name, example.summary, _texts(spec, api, model, name))
        for model, name, example in spec.examples()
    ]


def _texts(spec: Spec, api: Mapping[str, Any], model: Model, name: str) -> dict[str, str]:
    example = model.examples[name]
    context = {
        **api,
        **_call(spec, model),
        "what": line(f"{example.summary}, by {model.title}"),
        "file": name,
        "parent": parent(spec, model),
    }
    place = _place(spec, model, context["parent"])
    request = _without(example.request, place)
    typed = _typed(spec, model, request, context["parent"])
    return {
        "py": render("sample.py.jinja", class_name=class_name(model.id), request=typed, **context),
        "sh": render("sample.sh.jinja", request=json_lines(request), place=place, **context),
        "mjs": render("sample.mjs.jinja", request=javascript(request), place=place, **context),
    }


def line(text: str) -> str:
    """A text of the spec on one line of a comment."""
    return printable(" ".join(text.split()))


def parent(spec: Spec, model: Model) -> str | None:
    """The parameter that is the job which a request goes on from: only its caller knows it."""
    known = {**spec.fields(model), **model.parameters}
    return next((name for name, schema in known.items() if schema.role == "parent"), None)


def _place(spec: Spec, model: Model, name: str | None) -> tuple[str, ...]:
    """Where a request for a model has a parameter."""
    if name is None:
        return ()
    container = spec.container(model)
    return (container, name) if container and name in model.parameters else (name,)


def _without(request: Mapping[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    """A request without the member at a place."""
    if not place:
        return dict(request)
    first, *rest = place
    if not rest:
        return {name: value for name, value in request.items() if name != first}
    return {
        name: _without(value, tuple(rest)) if name == first else value
        for name, value in request.items()
    }


def _typed(spec: Spec, model: Model, request: Mapping[str, Any], parent: str | None) -> str:
    """A request as its typed class."""
    names = argument_names(spec, model)
    container = spec.container(model)
    flat = {name: value for name, value in request.items() if name != container}
    flat |= request.get(container, {}) if container else {}
    flat.pop(spec.discriminator(spec.request_object(model)), None)
    arguments = {names[parent]: "sys.argv[1]"} if parent else {}
    indent = 4 if parent else 0  # It stands in a `try`.
    for name, value in flat.items():
        before = indent + 4 + len(f"{names[name]}=")
        arguments[names[name]] = python(value, indent + 4, before)
    before = indent + len("request = ")
    return python_call(class_name(model.id), arguments, indent, before)


def _api(spec: Spec) -> dict[str, Any]:
    """What programs for all models have in common."""
    api, job = spec.api, spec.api.job
    roles = spec.roles(job.object)
    name = spec.operation_kind("job") or ""
    look = spec.operations[name]
    before, _, after = look.path.partition(f"{{{_id_of(look)}}}")
    return {
        "api_name": line(api.name),
        "key_variable": api.environment.api_key,
        "base_url_variable": api.environment.base_url,
        "base_url": api.base_url,
        "key_header": api.authentication.header,
        "key_scheme": f"{line(api.authentication.scheme)} ".lstrip(),
        "idempotency_header": api.idempotency.header,
        "look_before": before,
        "look_after": after,
        "polling": api.polling,
        "succeeded": job.succeeded,
        "ended": [status for status in job.ended if status not in job.succeeded],
        "status": roles["status"],
        "error": roles.get("error"),
        "busy": [status for status, error in api.errors.items() if error.retry_after],
    }


def _id_of(look: Operation) -> str:
    """The part of the path that is the job's id."""
    return next(name for name, part in look.path_parameters.items() if part.role == "id")


def _call(spec: Spec, model: Model) -> dict[str, Any]:
    """How a request for a model is submitted, and where its files are in the job."""
    name = spec.operation_of(model)
    operation = spec.operations[name]
    group, _, _ = name.rpartition(".")
    result = spec.api.results[spec.result_of(model)]
    listed = spec.roles(result.object)
    role = _FILES[result.media]
    roles = spec.roles(spec.api.job.object)
    return {
        "resource": identifier(group),
        "media": result.media,
        "method": operation.method,
        "path": operation.path,
        "is_idempotent": operation.idempotent_by_key,
        "id": spec.roles(operation.success.object or "")["id"],
        # Where no member of the job holds its result, the job itself is the result.
        "files": (*roles.get("result", ()), *listed[role]),
        "in_file": listed.get("url", ()),
    }

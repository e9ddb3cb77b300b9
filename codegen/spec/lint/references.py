"""What one file names is there in another: sources, formats, objects, statuses and errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .. import patterns
from ..document import Path
from ..model import Operation
from ..whole import Spec
from .problems import Problem, unknown
from .schemas import check_schema


def check_sources(spec: Spec) -> Iterator[Problem]:
    """Every source names an origin."""
    named: list[tuple[str, Path, Mapping[str, object]]] = []
    for model in spec.models.values():
        file = model.file
        named.append((file, ("source",), model.source))
        if model.price is not None:
            named.append((model.file, ("price", "source"), model.price.source))
        for name, field in model.fields.items():
            named.append((model.file, ("fields", name, "source"), field.source))
            if not field.source:
                hint = "write `source: {oas: …}` with the words that say so"
                yield Problem(
                    model.file, ("fields", name), f"`{name}` has no source", hint, at_key=True
                )
        for name, parameter in model.parameters.items():
            for constraint, said in parameter.sources.items():
                named.append((file, ("parameters", name, "sources", constraint), said))
            for index, limit in enumerate(parameter.limits):
                named.append((file, ("parameters", name, "limits", index, "source"), limit.source))
            named.append((file, ("parameters", name, "source"), parameter.source))
            if not parameter.source:
                message = f"`{name}` has no source"
                hint = "write `source: {page: …}` with the words that say so"
                yield Problem(file, ("parameters", name), message, hint, at_key=True)
        named += [
            (file, ("examples", name, "source"), example.source)
            for name, example in model.examples.items()
        ]
    for name, operation in spec.operations.items():
        named.append(("operations.yaml", (name, "source"), operation.source))
    for name, definition in spec.objects.items():
        named.append(("objects.yaml", (name, "source"), definition.source))
    for name, form in spec.formats.items():
        named.append(("formats.yaml", (name, "source"), form.source))
    for file, path, source in named:
        for id in source:
            if id not in spec.sources:
                yield unknown("source", file, (*path, id), id, spec.sources, at_key=True)


def check_families(spec: Spec) -> Iterator[Problem]:
    """What families name is known: operations that take requests, kinds of results, formats."""
    submissions = spec.submissions()
    for model in spec.models.values():
        if model.operation is not None and model.operation not in submissions:
            where: Path = ("operation",)
            yield unknown("operation", model.file, where, model.operation, submissions)
    for family in spec.families.values():
        if family.operation not in submissions:
            yield unknown("operation", family.file, ("operation",), family.operation, submissions)
        if family.result not in spec.api.results:
            yield unknown("result", family.file, ("result",), family.result, spec.api.results)
        if not family.source.keys() <= spec.sources.keys():
            for id in family.source.keys() - spec.sources.keys():
                yield unknown("source", family.file, ("source", id), id, spec.sources, at_key=True)
        for name, shared in family.parameters.items():
            path: Path = ("parameters", name)
            if shared.type is None and shared.any_of is None:
                hint = "write `type: …`, or `any_of: […]`"
                yield Problem(family.file, path, "there is no type", hint, at_key=True)
            path = (*path, "format")
            if shared.format is not None and shared.format not in spec.formats:
                yield unknown("format", family.file, path, shared.format, spec.formats)


def check_formats(spec: Spec) -> Iterator[Problem]:
    """The patterns of formats are regular expressions, and match their examples."""
    for name, form in spec.formats.items():
        for id, reading in form.readings.items():
            if reading.pattern is not None and (fault := patterns.fault(reading.pattern)):
                yield Problem("formats.yaml", (name, "readings", id, "pattern"), fault)
        if fault := patterns.fault(form.pattern):
            yield Problem("formats.yaml", (name, "pattern"), fault)
        elif patterns.matched(form.pattern, form.example) is False:
            message = f'the example "{form.example}" does not match the pattern'
            yield Problem("formats.yaml", (name, "example"), message, f"expected {form.pattern}")


def check_api(spec: Spec) -> Iterator[Problem]:
    """The objects and statuses of the API are known."""
    links: list[tuple[Path, str]] = [(("job", "object"), spec.api.job.object)]
    links += [(("webhooks", "events", name), to) for name, to in spec.api.webhooks.events.items()]
    links += [
        (("errors", status, "object"), error.object) for status, error in spec.api.errors.items()
    ]
    links += [(("results", name, "object"), kind.object) for name, kind in spec.api.results.items()]
    for path, link in links:
        if link not in spec.objects:
            yield unknown("object", "api.yaml", path, link, spec.objects)
    life = spec.api.job
    lists: list[tuple[Path, list[str]]] = [(("job", "succeeded"), life.succeeded)]
    lists += [(("job", "transitions", name), after) for name, after in life.transitions.items()]
    for path, statuses in lists:
        for index, status in enumerate(statuses):
            if status not in life.transitions:
                yield unknown("status", "api.yaml", (*path, index), status, life.transitions)
    for index, status in enumerate(life.cancelled):
        if status not in life.transitions:
            where = ("job", "cancelled", index)
            yield unknown("status", "api.yaml", where, status, life.transitions)
    if life.initial not in life.transitions:
        yield unknown("status", "api.yaml", ("job", "initial"), life.initial, life.transitions)


def check_operation(spec: Spec, name: str, operation: Operation) -> Iterator[Problem]:
    """The parameters of an operation stand in its path, and its objects and errors are known."""
    file = "operations.yaml"
    in_path = re.findall(r"\{(\w+)\}", operation.path)
    if sorted(in_path) != sorted(operation.path_parameters):
        message = f"the path has {_named(in_path)}, path_parameters has "
        message += _named(operation.path_parameters)
        yield Problem(file, (name, "path"), message, "name each parameter in both")
    for part, schemas in (
        ("path_parameters", operation.path_parameters),
        ("query", operation.query),
    ):
        for key, schema in schemas.items():
            yield from check_schema(spec, file, (name, part, key), schema)
    for key, schema in (operation.body.multipart or {}).items():
        yield from check_schema(spec, file, (name, "body", "multipart", key), schema)
    if operation.body.request is not None and operation.body.multipart is not None:
        message = "a body is either a request or a form"
        yield Problem(file, (name, "body"), message, "remove one of the two", at_key=True)
    for path, link in [
        ((name, "success", "object"), operation.success.object),
        ((name, "body", "request"), operation.body.request),
    ]:
        if link is not None and link not in spec.objects:
            yield unknown("object", file, path, link, spec.objects)
    for index, status in enumerate(operation.errors):
        if str(status) not in spec.api.errors:
            yield unknown("error", file, (name, "errors", index), str(status), spec.api.errors)


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"

"""What one file names is there in another: sources, formats, objects, statuses and errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .. import patterns
from ..document import Path
from ..model import Operation, Spec
from .problems import Problem, unknown
from .schemas import check_schema


def check_sources(spec: Spec) -> Iterator[Problem]:
    """Every source and reading names an origin."""
    named: list[tuple[str, Path, Mapping[str, object]]] = []
    for model in spec.models.values():
        file = f"models/{model.id}.yaml"
        named.append((file, ("source",), model.source))
        for name, parameter in model.parameters.items():
            named.append((file, ("parameters", name, "source"), parameter.source))
            named.append((file, ("parameters", name, "readings"), parameter.readings))
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
        named.append(("formats.yaml", (name, "readings"), form.readings))
    for file, path, source in named:
        for id in source:
            if id not in spec.sources:
                yield unknown("source", file, (*path, id), id, spec.sources, at_key=True)


def check_families(spec: Spec) -> Iterator[Problem]:
    """The formats of families are known."""
    for family in spec.families.values():
        for name, shared in family.parameters.items():
            path: Path = ("parameters", name, "format")
            if shared.format is not None and shared.format not in spec.formats:
                yield unknown(
                    "format", f"families/{family.id}.yaml", path, shared.format, spec.formats
                )


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
    known = spec.objects.get(life.object)
    members = (known and known.properties) or {}
    if life.ended_at is not None and life.ended_at not in members:
        yield unknown("member", "api.yaml", ("job", "ended_at"), life.ended_at, members)
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

"""Every example is a request that its model takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..document import Path
from ..model import Example, Model
from ..schema import Schema
from ..whole import Spec
from .problems import Problem, unknown
from .violations import broken_rules, violations


def check_examples(spec: Spec, model: Model) -> Iterator[Problem]:
    """What is wrong with the examples of a model."""
    for name, example in model.examples.items():
        yield from _check_example(spec, model, ("examples", name, "request"), example)


def _check_example(spec: Spec, model: Model, path: Path, example: Example) -> Iterator[Problem]:
    fields, container = spec.fields(model), spec.container(model)
    known = fields if container else {**fields, **model.parameters}
    request = example.request
    discriminator = spec.discriminator(spec.request_object(model))
    own = spec.discriminator_value(model)
    if discriminator in request and request[discriminator] != own:
        message, hint = f"the example is not for {model.id}", f"write `{discriminator}: {own}`"
        yield Problem(model.file, (*path, discriminator), message, hint)
    inner = request.get(container) if container else request
    if isinstance(inner, dict):
        yield from _check_rules(model, path, inner)
        yield from _missing(model.file, path, model.parameters, inner)
    elif inner is not None:
        yield Problem(model.file, (*path, str(container)), f"`{container}` must be a mapping")
    elif spec.container_required(model):
        message = f"the example lacks `{container}`, which every request for {model.id} needs"
        yield Problem(model.file, path, message, f"write `{container}: …`", at_key=True)
    yield from _missing(model.file, path, fields, request)
    for name, value in request.items():
        if name != container or container is None:
            yield from _check_value(spec, known, model.file, (*path, name), value)
    for name, value in (inner if container and isinstance(inner, dict) else {}).items():
        where = (*path, str(container), name)
        yield from _check_value(spec, model.parameters, model.file, where, value)


def _check_rules(model: Model, path: Path, given: Mapping[str, object]) -> Iterator[Problem]:
    for name, words in broken_rules(model.parameters, given):
        hint = "correct the example, or the rule"
        yield Problem(model.file, path, f"`{name}` {words}", hint, at_key=True)


def _missing(
    file: str, path: Path, schemas: Mapping[str, Schema], given: Mapping[str, object]
) -> Iterator[Problem]:
    for name, schema in schemas.items():
        if schema.required and name not in given:
            message = f"the example lacks `{name}`, which every request needs"
            yield Problem(file, path, message, f"write `{name}: …`", at_key=True)


def _check_value(
    spec: Spec, schemas: Mapping[str, Schema], file: str, path: Path, value: object
) -> Iterator[Problem]:
    name = str(path[-1])
    if name not in schemas:
        yield unknown("parameter", file, path, name, schemas, at_key=True)
        return
    for violation in violations(spec, schemas[name], value):
        hint = "correct the example, or the constraint"
        yield Problem(file, path, f"`{name}`: {violation}", hint)

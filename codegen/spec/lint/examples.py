"""Every example is a request that its model takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..document import Path
from ..model import Example, Model, Schema, Spec
from .problems import Problem, unknown
from .violations import violations


def check_examples(spec: Spec, model: Model) -> Iterator[Problem]:
    """What is wrong with the examples of a model."""
    for name, example in model.examples.items():
        yield from _check_example(spec, model, ("examples", name, "request"), example)


def _check_example(spec: Spec, model: Model, path: Path, example: Example) -> Iterator[Problem]:
    file = f"models/{model.id}.yaml"
    fields = spec.request_fields()
    container = spec.container(model)
    request = example.request
    if request.get("model") != model.id:
        message = f"the example is not for {model.id}"
        yield Problem(file, (*path, "model"), message, f"write `model: {model.id}`")
    for name, field in fields.items():
        if field.required and name not in request:
            message = f"the example lacks `{name}`, which every request needs"
            yield Problem(file, path, message, f"write `{name}: …`", at_key=True)
    for name, value in request.items():
        if name == container:
            if not isinstance(value, dict):
                yield Problem(file, (*path, name), f"`{name}` must be a mapping")
                continue
            for key, inner in value.items():
                yield from _check_value(spec, model.parameters, file, (*path, name, key), inner)
        else:
            yield from _check_value(spec, fields, file, (*path, name), value)


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

"""The checks that look at more than one place of a Spec: what names what, and what fits in what."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from ..naming import class_name, identifier
from . import model as spec
from .diagnostics import nearest
from .document import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, at a path in a file of the spec."""

    file: str
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False


def check(whole: spec.Spec) -> Iterator[Problem]:
    """Every problem of a spec whose files are right each by itself."""
    yield from _check_sources(whole)
    yield from _check_formats(whole)
    yield from _check_api(whole)
    for name, definition in whole.objects.items():
        for link in filter(None, [definition.extends]):
            if link not in whole.objects:
                yield _unknown("object", "objects.yaml", (name, "extends"), link, whole.objects)
        yield from _check_schema(whole, "objects.yaml", (name,), definition)
    for name, operation in whole.operations.items():
        yield from _check_operation(whole, name, operation)
    families = list(_check_families(whole))
    yield from families
    # A model repeats what is wrong with its family.
    for model in whole.models.values() if not families else ():
        yield from _check_model(whole, model)
    yield from _check_classes(whole)


def _check_classes(whole: spec.Spec) -> Iterator[Problem]:
    """No two models have one name in Python."""
    classes: dict[str, str] = {}
    for model in whole.models.values():
        name = class_name(model.id)
        if name in classes:
            message = f"`{model.id}` and `{classes[name]}` would both be the class {name}"
            yield Problem(f"models/{model.id}.yaml", ("id",), message, "give one another id")
        classes.setdefault(name, model.id)


def _check_families(whole: spec.Spec) -> Iterator[Problem]:
    for family in whole.families.values():
        for name, shared in family.parameters.items():
            path: Path = ("parameters", name, "format")
            if shared.format is not None and shared.format not in whole.formats:
                yield _unknown(
                    "format", f"families/{family.id}.yaml", path, shared.format, whole.formats
                )


def _check_sources(whole: spec.Spec) -> Iterator[Problem]:
    """Every source and reading names an origin."""
    named: list[tuple[str, Path, Mapping[str, object]]] = []
    for model in whole.models.values():
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
    for name, operation in whole.operations.items():
        named.append(("operations.yaml", (name, "source"), operation.source))
    for name, definition in whole.objects.items():
        named.append(("objects.yaml", (name, "source"), definition.source))
    for file, path, source in named:
        for id in source:
            if id not in whole.sources:
                yield _unknown("source", file, (*path, id), id, whole.sources, at_key=True)


def _check_formats(whole: spec.Spec) -> Iterator[Problem]:
    for name, form in whole.formats.items():
        try:
            fits = re.fullmatch(form.pattern, form.example)
        except re.error as error:
            message = f"this is no regular expression: {error}"
            yield Problem("formats.yaml", (name, "pattern"), message)
            continue
        if not fits:
            message = f'the example "{form.example}" does not match the pattern'
            yield Problem("formats.yaml", (name, "example"), message, f"expected {form.pattern}")


def _check_api(whole: spec.Spec) -> Iterator[Problem]:
    links: list[tuple[Path, str]] = [(("job", "object"), whole.api.job.object)]
    links += [(("webhooks", "events", name), to) for name, to in whole.api.webhooks.events.items()]
    links += [
        (("errors", status, "object"), error.object) for status, error in whole.api.errors.items()
    ]
    for path, link in links:
        if link not in whole.objects:
            yield _unknown("object", "api.yaml", path, link, whole.objects)
    life = whole.api.job
    lists: list[tuple[Path, list[str]]] = [(("job", "succeeded"), life.succeeded)]
    lists += [(("job", "transitions", name), after) for name, after in life.transitions.items()]
    for path, statuses in lists:
        for index, status in enumerate(statuses):
            if status not in life.transitions:
                yield _unknown("status", "api.yaml", (*path, index), status, life.transitions)
    if life.initial not in life.transitions:
        yield _unknown("status", "api.yaml", ("job", "initial"), life.initial, life.transitions)


def _check_operation(whole: spec.Spec, name: str, operation: spec.Operation) -> Iterator[Problem]:
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
            yield from _check_schema(whole, file, (name, part, key), schema)
    for path, link in [
        ((name, "success", "object"), operation.success.object),
        ((name, "body", "request"), operation.body.request),
    ]:
        if link is not None and link not in whole.objects:
            yield _unknown("object", file, path, link, whole.objects)
    for index, status in enumerate(operation.errors):
        if str(status) not in whole.api.errors:
            yield _unknown("error", file, (name, "errors", index), str(status), whole.api.errors)


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def _check_model(whole: spec.Spec, model: spec.Model) -> Iterator[Problem]:
    file = f"models/{model.id}.yaml"
    if model.family not in whole.families:
        yield _unknown("family", file, ("family",), model.family, whole.families)
        return
    shared = whole.families[model.family].parameters
    for name, parameter in model.parameters.items():
        path: Path = ("parameters", name)
        if parameter.type is None:
            hint = nearest(name, shared) + " Else say its `type` and `summary` here."
            message = f"`{name}` is no parameter of the family {model.family}"
            yield Problem(file, path, message, hint, at_key=True)
            continue
        if parameter.required and parameter.default is not None:
            yield Problem(file, (*path, "default"), "a required parameter can have no default")
        yield from _check_schema(whole, file, path, parameter)
        yield from _check_rules(model, file, path, parameter)
    names: dict[str, str] = {}
    for name in model.parameters:
        python = identifier(name)
        if python in names:
            message = f"`{name}` and `{names[python]}` would both be `{python}` in Python"
            yield Problem(
                file,
                ("parameters", name),
                message,
                "callers could not tell them apart",
                at_key=True,
            )
        names.setdefault(python, name)
    for name, example in model.examples.items():
        yield from _check_example(whole, model, file, ("examples", name, "request"), example)


def _check_rules(
    model: spec.Model, file: str, path: Path, parameter: spec.Parameter
) -> Iterator[Problem]:
    """The parameters and values that a rule names are there."""
    for rule in ("used_when", "ignored_when"):
        for other, value in getattr(parameter, rule).items():
            if other not in model.parameters:
                yield _unknown(
                    "parameter", file, (*path, rule, other), other, model.parameters, at_key=True
                )
            elif model.parameters[other].values is not None:
                values = model.parameters[other].values or []
                if value not in values and model.parameters[other].format is None:
                    yield _unknown("value", file, (*path, rule, other), value, values)
    for index, requirement in enumerate(parameter.requires):
        if requirement.parameter not in model.parameters:
            where = (*path, "requires", index, "parameter")
            yield _unknown("parameter", file, where, requirement.parameter, model.parameters)


# Which constraints a type takes.
_NUMERIC = {"minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of"}
_TAKES = {
    "string": {"values", "format", "quantity", "min_length", "max_length", "pattern"},
    "integer": {"values", *_NUMERIC},
    "number": {"values", *_NUMERIC},
    "boolean": {"values"},
    "array": {"min_items", "max_items", "unique_items", "items"},
    "object": {"properties", "additional"},
}


def _check_schema(
    whole: spec.Spec, file: str, path: Path, schema: spec.Schema
) -> Iterator[Problem]:
    """The constraints fit the type and one another."""
    kind = schema.type or ("object" if schema.properties is not None else None)
    if kind is None and schema.ref is None and schema.any_of is None and not _extends(schema):
        hint = "write `type: …`, one of " + ", ".join(get_args(spec.Type))
        yield Problem(file, path, "there is no type", hint, at_key=True)
    if schema.ref is not None and schema.ref not in whole.objects:
        yield _unknown("object", file, (*path, "ref"), schema.ref, whole.objects)
    if schema.format is not None and schema.format not in whole.formats:
        yield _unknown("format", file, (*path, "format"), schema.format, whole.formats)
    for constraint in sorted(set().union(*_TAKES.values())):
        if kind and getattr(schema, constraint) is not None and constraint not in _TAKES[kind]:
            message = f"`{constraint}` means nothing for the type {kind}"
            hint = f"{kind} takes " + ", ".join(sorted(_TAKES[kind]))
            yield Problem(file, (*path, constraint), message, hint, at_key=True)
    for low, high in (
        ("minimum", "maximum"),
        ("min_length", "max_length"),
        ("min_items", "max_items"),
    ):
        least, most = getattr(schema, low), getattr(schema, high)
        if least is not None and most is not None and least > most:
            message = f"the {low} {least} is above the {high} {most}"
            yield Problem(file, (*path, low), message, "no value is between them; correct one")
    if schema.pattern is not None:
        try:
            re.compile(schema.pattern)
        except re.error as error:
            yield Problem(file, (*path, "pattern"), f"this is no regular expression: {error}")
    if schema.default is not None:
        for fault in faults(whole, schema, schema.default):
            hint = "correct the default, or the limit"
            yield Problem(file, (*path, "default"), f"the default {fault}", hint)
    if kind == "array" and schema.items is None:
        yield Problem(file, path, "an array must say its `items`", at_key=True)
    if schema.items is not None:
        yield from _check_schema(whole, file, (*path, "items"), schema.items)
    for name, inner in (schema.properties or {}).items():
        yield from _check_schema(whole, file, (*path, "properties", name), inner)
    for index, branch in enumerate(schema.any_of or []):
        yield from _check_schema(whole, file, (*path, "any_of", index), branch)


def _extends(schema: spec.Schema) -> bool:
    return isinstance(schema, spec.Definition) and schema.extends is not None


def _check_example(
    whole: spec.Spec, model: spec.Model, file: str, path: Path, example: spec.Example
) -> Iterator[Problem]:
    """The example is a request that the model takes."""
    fields = whole.request_fields()
    container = whole.container(model)
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
                yield from _check_value(whole, model.parameters, file, (*path, name, key), inner)
        else:
            yield from _check_value(whole, fields, file, (*path, name), value)


def _check_value(
    whole: spec.Spec, schemas: Mapping[str, spec.Schema], file: str, path: Path, value: object
) -> Iterator[Problem]:
    name = str(path[-1])
    if name not in schemas:
        yield _unknown("parameter", file, path, name, schemas, at_key=True)
        return
    for fault in faults(whole, schemas[name], value):
        yield Problem(file, path, f"`{name}`: {fault}", "correct the example, or the limit")


def faults(whole: spec.Spec, schema: spec.Constraints, value: object) -> Iterator[str]:
    """What is wrong with a value of the spec itself: a default or a part of an example."""
    if not _has_type(schema.type, value):
        yield f"{json.dumps(value, ensure_ascii=False)} is no {schema.type}"
        return
    if isinstance(value, str):
        yield from _text_faults(whole, schema, value)
    elif isinstance(value, list):
        size = len(value)
        if schema.max_items is not None and size > schema.max_items:
            yield f"has {size} items, above the maximum of {schema.max_items}"
        if schema.min_items is not None and size < schema.min_items:
            yield f"has {size} items, below the minimum of {schema.min_items}"
        inner = schema.items if isinstance(schema, spec.Schema) else None
        for item in value if inner else []:
            yield from faults(whole, inner or schema, item)
    elif isinstance(value, int | float):
        for limit, breaks, words in (
            (schema.minimum, operator.lt, "below the minimum of"),
            (schema.maximum, operator.gt, "above the maximum of"),
            (schema.exclusive_minimum, operator.le, "not above"),
            (schema.exclusive_maximum, operator.ge, "not below"),
            (schema.multiple_of, operator.mod, "no multiple of"),
        ):
            if limit is not None and breaks(value, limit):
                yield f"{value} is {words} {limit}"
        if schema.values is not None and value not in schema.values:
            yield f"{value} is not one of {schema.values}"


def _text_faults(whole: spec.Spec, schema: spec.Constraints, value: str) -> Iterator[str]:
    if schema.min_length is not None and len(value) < schema.min_length:
        yield f"has {len(value)} characters, below the minimum of {schema.min_length}"
    if schema.max_length is not None and len(value) > schema.max_length:
        yield f"has {len(value)} characters, above the maximum of {schema.max_length}"
    if schema.values is not None and value in schema.values:
        return
    form = whole.formats.get(schema.format or "")
    if form is not None and not _matches(form.pattern, value):
        yield f'"{value}" is not {form.title}'
    elif form is None and schema.values is not None:
        yield f'"{value}" is not one of ' + ", ".join(map(str, schema.values))
    if schema.quantity is not None:
        unit = schema.quantity.unit
        match = re.fullmatch(rf"([0-9]+(?:\.[0-9]+)?) ?{re.escape(unit)}", value)
        if match is None:
            yield f'"{value}" is no quantity in {unit}'
        elif float(match[1]) > schema.quantity.maximum:
            yield f'"{value}" is above the maximum of {schema.quantity.maximum} {unit}'
    if schema.pattern is not None and not _matches(schema.pattern, value):
        yield f'"{value}" does not match {schema.pattern}'


def _matches(pattern: str, text: str) -> bool:
    """Whether a text matches; a pattern that is broken is reported where it stands."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True


def _has_type(kind: str | None, value: object) -> bool:
    if kind in ("integer", "number"):
        allowed = int if kind == "integer" else (int, float)
        return isinstance(value, allowed) and not isinstance(value, bool)
    types = {"string": str, "boolean": bool, "array": list, "object": dict}
    return kind is None or isinstance(value, types[kind])


def _unknown(
    what: str, file: str, path: Path, name: object, known: Iterable[object], *, at_key: bool = False
) -> Problem:
    names = [str(item) for item in known]
    return Problem(file, path, f"unknown {what} `{name}`", nearest(str(name), names), at_key)

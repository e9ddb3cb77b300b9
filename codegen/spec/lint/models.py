"""The parameters of a model are known, and what is said of the model and of them fits together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...naming import identifier
from ..constraints import KINDS
from ..diagnostics import nearest
from ..document import Path
from ..model import Model, Price
from ..schema import Parameter, Schema, Settings
from ..whole import Spec
from .problems import Problem, unknown
from .schemas import check_parameter, check_schema
from .violations import violations


def check_model(spec: Spec, model: Model) -> Iterator[Problem]:
    """What is wrong with a model whose family and operation are known."""
    yield from _check_fields(spec, model)
    if model.result is not None and model.result not in spec.api.results:
        yield unknown("result", model.file, ("result",), model.result, spec.api.results)
    shared = spec.families[model.family].parameters
    for name, parameter in model.parameters.items():
        path: Path = ("parameters", name)
        if parameter.type is None and parameter.any_of is None:
            hint = nearest(name, shared) + " Or write its `type` and `summary` here."
            message = f"`{name}` is not a parameter of the family {model.family}"
            yield Problem(model.file, path, message, hint, at_key=True)
            continue
        if parameter.required and parameter.default is not None:
            message = "a required parameter can't have a default"
            yield Problem(model.file, (*path, "default"), message)
        yield from check_schema(spec, model.file, path, parameter)
        yield from check_parameter(spec, model.file, path, parameter)
        yield from _check_rules(spec, model, path, parameter)
        for constraint in parameter.sources:
            if getattr(parameter, constraint, None) in (None, [], {}):
                known = [kind.name for kind in KINDS if getattr(parameter, kind.name) is not None]
                where = (*path, "sources", constraint)
                yield unknown("constraint", model.file, where, constraint, known, at_key=True)
    yield from _check_python_names(spec, model)
    if model.price is not None:
        yield from _check_price(model, model.price)


def _check_fields(spec: Spec, model: Model) -> Iterator[Problem]:
    """What a model says of the fields of its requests."""
    shared = spec.objects[spec.request_object(model)].properties or {}
    for part, names in (("fields", list(model.fields)), ("without", model.without)):
        for index, name in enumerate(names):
            if name not in shared:
                where = ("fields", name) if part == "fields" else ("without", index)
                yield unknown("field", model.file, where, name, shared, at_key=part == "fields")
            elif shared[name].role == "discriminator":
                message = f"`{name}` tells requests apart, and can't be changed"
                yield Problem(model.file, (part,), message, "write `discriminator: …`")
    for name in set(model.fields) & set(model.without):
        message = f"`{name}` is left out by `without`"
        yield Problem(model.file, ("fields", name), message, "remove one of the two", at_key=True)
    fields = spec.fields(model)
    for name in model.fields:
        if name in fields:
            yield from check_schema(spec, model.file, ("fields", name), fields[name])
    container = spec.container(model)
    for name in model.parameters if container is None else ():
        if name in fields:
            message = f"`{name}` is a field of {spec.request_object(model)} already"
            hint = "write what differs under `fields`"
            yield Problem(model.file, ("parameters", name), message, hint, at_key=True)
    if container in fields:
        message = f"the container `{container}` is a field of {spec.request_object(model)}"
        yield Problem(spec.families[model.family].file, ("container",), message)


def _check_python_names(spec: Spec, model: Model) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for name in model.parameters:
        python = identifier(name)
        if python in names:
            message = f"`{name}` and `{names[python]}` would both be `{python}` in Python"
            hint = "callers could not tell them apart"
            yield Problem(model.file, ("parameters", name), message, hint, at_key=True)
        names.setdefault(python, name)


def _check_rules(spec: Spec, model: Model, path: Path, parameter: Parameter) -> Iterator[Problem]:
    """The parameters and values that the rules of a parameter name are there."""
    for rule in ("used_when", "ignored_when"):
        yield from _check_settings(spec, model, (*path, rule), getattr(parameter, rule))
    for rule in ("requires", "excludes"):
        for index, entry in enumerate(getattr(parameter, rule)):
            where = (*path, rule, index)
            if entry.parameter not in model.parameters:
                place = (*where, "parameter")
                yield unknown("parameter", model.file, place, entry.parameter, model.parameters)
            elif entry.parameter == path[-1]:
                message = "a parameter can't require or exclude itself"
                yield Problem(model.file, (*where, "parameter"), message)
            if entry.when is not None:
                yield from _check_value(spec, model, (*where, "when"), parameter, entry.when)
            elif entry.enforced and rule == "requires" and parameter.required:
                message = f"`{path[-1]}` is required, so what it requires is always needed"
                hint = f"write `required: true` at `{entry.parameter}`"
                yield Problem(model.file, where, message, hint)
    for index, limit in enumerate(parameter.limits):
        where = (*path, "limits", index)
        yield from _check_settings(spec, model, (*where, "when"), limit.when)
        if path[-1] in limit.when:
            message = "a limit can't depend on its own parameter"
            yield Problem(model.file, (*where, "when"), message)
        if not limit.stated():
            message = "this states no limit"
            yield Problem(model.file, where, message, "write `maximum: …` or another limit")
        types = {kind.name: kind.types for kind in KINDS}
        for name in limit.stated():
            if parameter.type not in types[name]:
                message = f"`{name}` means nothing for the type {parameter.type}"
                yield Problem(model.file, (*where, name), message, at_key=True)


def _check_settings(spec: Spec, model: Model, path: Path, settings: Settings) -> Iterator[Problem]:
    for name, wanted in settings.items():
        if name not in model.parameters:
            where = (*path, name)
            yield unknown("parameter", model.file, where, name, model.parameters, at_key=True)
            continue
        for value in wanted if isinstance(wanted, list) else [wanted]:
            yield from _check_value(spec, model, (*path, name), model.parameters[name], value)


def _check_value(
    spec: Spec, model: Model, path: Path, parameter: Schema, value: object
) -> Iterator[Problem]:
    """A value that a rule names is one that the parameter can have."""
    known = parameter.values or ([True, False] if parameter.type == "boolean" else [])
    if any(violations(spec, parameter, value)) or (
        known and isinstance(value, bool) != isinstance(known[0], bool)
    ):
        shown = [str(one).lower() if isinstance(one, bool) else one for one in known]
        yield unknown("value", model.file, path, value, shown)


def _check_price(model: Model, price: Price) -> Iterator[Problem]:
    if not price.source and not price.assumed:
        hint = "write `source: …`, or `assumed: true` if nobody says so"
        yield Problem(model.file, ("price",), "the price has no source", hint, at_key=True)
    if (price.credits is None) == (price.by is None):
        hint = "write `credits: N`, or `by: {PARAMETER: {VALUE: N}}`"
        message = "a price is either `credits` or `by` the value of a parameter"
        yield Problem(model.file, ("price",), message, hint, at_key=True)
    parameters: Mapping[str, Parameter] = model.parameters
    if price.times is not None and price.times not in parameters:
        yield unknown("parameter", model.file, ("price", "times"), price.times, parameters)
    if price.by is not None and len(price.by) != 1:
        yield Problem(model.file, ("price", "by"), "expected one parameter")
    for name, credits in (price.by or {}).items():
        if name not in parameters:
            where = ("price", "by", name)
            yield unknown("parameter", model.file, where, name, parameters, at_key=True)
            continue
        values = [
            str(value).lower() if isinstance(value, bool) else str(value)
            for value in parameters[name].values or ()
        ]
        if parameters[name].type == "boolean":
            values = ["true", "false"]
        for value in credits:
            if value not in values:
                at = ("price", "by", name, value)
                yield unknown("value", model.file, at, value, values, at_key=True)
        if (
            parameters[name].default is None
            and price.default is None
            and not parameters[name].required
        ):
            message = f"`{name}` need not be given, so a price without it is needed"
            yield Problem(model.file, ("price",), message, "write `default: N`", at_key=True)

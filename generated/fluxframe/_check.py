# A copy of codegen/runtime/_check.py, where it is edited.
"""Checks a request against the limits of its model, before it is sent and paid for."""

from __future__ import annotations

import difflib
import math
import re
import sys
import warnings
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from ._catalog import MODELS, OPERATIONS, REQUESTS
from ._errors import ConfigurationError, InvalidRequestError, RequestWarning
from ._problems import Action, Advice, Problem, Report, Validation, kind, listed
from ._redact import show
from ._requests import OPTIONS, SupportsWire, exact, parameters_by_path, wired
from ._spec import Model, Parameter, Settings


def check(request: SupportsWire | Mapping[str, Any]) -> Report:
    """What is wrong with a request: a typed one, or a mapping; nothing is sent.

    `problems` break a limit of the model; `advisories` are legal and paid for, but not what the
    caller means, such as a `width` that counts only beside another parameter.
    """
    if isinstance(request, Mapping):
        return check_wire(wired(request))
    if isinstance(request, SupportsWire):
        return check_wire(exact(request.to_wire()))
    words = f"{show(request)} is {kind(request)}, expected a request or a mapping"
    return Report((Problem(rule="type", value=request, limit="object", detail=words),))


def check_wire(request: Mapping[str, Any], operation: str | None = None) -> Report:
    """What is wrong with a request in the shape of the API's JSON, that an operation has to take."""
    model = MODELS.of(request)
    if model is None:
        return Report((_model_problem(request, operation),))
    if operation is not None and model.operation != operation:
        return Report((_other_operation(model, operation),))
    problems = list(_check_members(request, model))
    parameters = request.get(model.container) if model.container else request
    given = parameters if isinstance(parameters, Mapping) else {}
    advisories: list[Problem] = []
    for problem, enforced in check_rules(given, model):
        (problems if enforced else advisories).append(problem)
    return Report(tuple(problems), tuple(advisories))


def check_parameters(values: Mapping[str, object], parameters: Iterable[Parameter]) -> Report:
    """What is wrong with values given by Python name, such as those of a query."""
    known = {parameter.name: parameter for parameter in parameters}
    problems = [
        problem
        for name, value in values.items()
        if name in known
        for problem in _check_value(known[name], value, "")
    ]
    return Report(tuple(problems))


def enforce(report: Report, validation: Validation) -> None:
    """Raise an error or warn about the problems in a report, as the caller has chosen."""
    if validation == "off" or not (report.problems or report.advisories):
        return
    if validation == "error" and report.problems:
        raise InvalidRequestError(report.problems)
    level = stack_level()
    for problem in report.problems + report.advisories:
        warnings.warn(problem.message, RequestWarning, stacklevel=level)


def checked_validation(value: Validation) -> Validation:
    """Check the `validation` setting and return it. Raises ConfigurationError for an unknown one."""
    if value not in ("error", "warn", "off"):
        raise ConfigurationError(f'validation: {show(value)} is not "error", "warn" or "off"')
    return value


def stack_level() -> int:
    """How far up the first caller outside this package is, as warnings.warn counts."""
    package = __name__.rpartition(".")[0]
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and _is_inside(frame.f_globals.get("__name__", ""), package):
        level, frame = level + 1, frame.f_back
    return level


def _is_inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _model_problem(request: Mapping[str, Any], operation: str | None) -> Problem:
    """That nothing tells which model a request is for."""
    names = MODELS.discriminators
    if operation is not None:
        shape = REQUESTS[OPERATIONS[operation].request or ""]
        names = {
            shape.discriminator: {MODELS[id].stands_for: id for id in MODELS.asked_by(operation)}
        }
    name = next((name for name in names if name in request), next(iter(names)))
    known = names[name]
    expected = Advice(Action.EXPECTED, tuple(known))
    if name not in request:
        return Problem(rule="required", path=name, parameter=name, advice=expected)
    value = request[name]
    return Problem(
        rule="values",
        path=name,
        parameter=name,
        value=value,
        limit=tuple(known),
        detail=f"{show(value)} is not known",
        advice=_did_you_mean(value, known) or expected,
    )


def _other_operation(model: Model, operation: str) -> Problem:
    """That a request is for a model which another operation takes."""
    name = model.discriminator
    return Problem(
        rule="values",
        path=model.parameters[name].path,
        parameter=name,
        value=model.stands_for,
        detail=f"{model.id} is not one of the models of {operation}",
        advice=Advice(Action.OPERATION, (model.operation,)),
    )


@cache
def _by_wire_name(id: str) -> Mapping[str, Parameter]:
    """What a model takes beside its container, by the last part of its place in a request."""
    return {parameter.wire_name: parameter for parameter in MODELS[id].parameters.values()}


@cache
def is_ruled(id: str) -> bool:
    """Whether a model has limits that no type of a parameter can state: enforced rules, for one."""
    return any(map(_is_ruled, MODELS[id].parameters.values()))


def _is_ruled(p: Parameter) -> bool:
    enforced = any(rule.enforced for rules in (p.requires, p.excludes, p.limits) for rule in rules)
    parts = (*p.any_of, *p.properties.values(), *([p.items] if p.items else []))
    fractions = any(isinstance(value, float) for value in p.values or ())
    return enforced or p.unique_items or fractions or any(map(_is_ruled, parts))


@cache
def _inside(id: str) -> Mapping[str, Parameter]:
    """The parameters in a model's container by their names there."""
    model = MODELS[id]
    start = f"{model.container}." if model.container else ""
    own = (p for p in model.parameters.values() if p.path.startswith(start))
    return {p.path.removeprefix(start): p for p in own}


@cache
def _with_rules(id: str) -> Mapping[str, Parameter]:
    """Those of which something is said beside others."""
    return {name: p for name, p in _inside(id).items() if p.has_rules}


def _check_members(request: Mapping[str, Any], model: Model) -> Iterator[Problem]:
    """The members of the request, known or not, and those that must be there."""
    by_path = parameters_by_path(model.id)
    given: set[str] = set()
    for key, value in ((str(key), value) for key, value in request.items()):
        if key != model.container:
            given.add(key)
            yield from _check_member(by_path, key, value, model)
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                given.add(f"{key}.{name}")
                yield from _check_member(by_path, f"{key}.{name}", inner, model)
        else:
            words = f"{show(value)} is {kind(value)}, expected a mapping of parameters"
            yield Problem(
                rule="type", path=key, parameter=key, value=value, limit="object", detail=words
            )
    for path, parameter in by_path.items():
        if parameter.required and path not in given:
            yield Problem(rule="required", path=path, parameter=parameter.name, model=model.id)
    container = model.container
    if container and model.container_required and container not in request:
        # Where a parameter is missing, that says it.
        is_said = any(p.required and p.path.startswith(f"{container}.") for p in by_path.values())
        if not is_said:
            yield Problem(rule="required", path=container, parameter=container, model=model.id)


def _check_member(
    by_path: Mapping[str, Parameter], path: str, value: object, model: Model
) -> Iterator[Problem]:
    parameter = by_path.get(path)
    if parameter is None:
        yield _unknown(path, value, model)
    elif parameter.name != model.discriminator:
        yield from _check_value(parameter, value, model.id)


def _unknown(path: str, value: object, model: Model) -> Problem:
    """A parameter that the model lacks: misplaced, another model's, or misspelt."""
    name = path.rpartition(".")[2]
    here = [p for p in model.parameters.values() if name in (p.wire_name, p.name)]
    if name in OPTIONS and not here:
        advice: Advice = Advice(Action.REQUEST_FORM, (name,))
    elif here:
        advice = Advice(Action.MOVE, (here[0].path, here[0].name))
    elif takers := [other for other in MODELS.values() if name in _by_wire_name(other.id)]:
        takers.sort(key=lambda other: other.family != model.family)
        advice = Advice(Action.OTHER_MODELS, tuple(other.id for other in takers))
    else:
        names = [name for name in model.parameters if name != model.discriminator]
        advice = _did_you_mean(name, names) or Advice(Action.TAKES, tuple(names))
    return Problem(
        rule="unknown", path=path, parameter=name, value=value, model=model.id, advice=advice
    )


def check_rules(given: Mapping[str, Any], model: Model) -> Iterator[tuple[Problem, bool]]:
    """What holds between parameters, by their names in a request's JSON.

    Each with whether the API is said to refuse it.
    """
    ruled = _with_rules(model.id)
    if ruled.keys().isdisjoint(given):
        return
    known = _inside(model.id)

    def settings(when: Settings) -> dict[str, Any]:
        return {known[name].name: wanted for name, wanted in when.items()}

    def applies(when: Settings) -> Iterator[bool]:
        return (_is_one(given.get(n, known[n].default), wanted) for n, wanted in when.items())

    for name in given:
        p, value = ruled.get(name), given[name]
        if p is None:
            continue
        for rule, when in (("used_when", p.used_when), ("ignored_when", p.ignored_when)):
            if when and all(applies(when)) == (rule == "ignored_when"):
                yield _broken(p, value, model.id, rule, settings(when)), False
        for need in p.requires:
            if need.parameter not in given and (need.when is None or _is_one(value, (need.when,))):
                other = known[need.parameter].name
                words = f"{show(value)} makes sense only with {other}, which is not given"
                detail = "" if need.enforced else words
                problem = _broken(p, value, model.id, "requires", other, detail=detail)
                yield problem, need.enforced
        for bar in p.excludes:
            if bar.parameter in given and (bar.when is None or _is_one(value, (bar.when,))):
                other = known[bar.parameter].name
                yield _broken(p, value, model.id, "excludes", other), bar.enforced
        for limit in p.limits:
            if all(applies(limit.when)):
                changes: dict[str, Any] = dict.fromkeys(_ALLOWED)
                bare = replace(p, **(changes | {limit.rule: limit.limit}), required=False)
                beside = _setting(settings(limit.when))
                for problem in _check_value(bare, value, model.id):
                    if problem.rule == limit.rule:
                        yield replace(problem, beside=beside), limit.enforced


# What says which values are allowed, and is no range.
_ALLOWED = ("values", "format", "quantity", "pattern")


def _is_one(value: object, wanted: tuple[Any, ...]) -> bool:
    """Whether a value is one of those, a number none that is a truth value."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted)


def _setting(values: Mapping[str, tuple[Any, ...]]) -> str:
    """What other parameters are, in words."""
    return " and ".join(
        f"{name}={listed([show(one) for one in wanted])}" for name, wanted in values.items()
    )


def _check_value(parameter: Parameter, value: object, model: str) -> Iterator[Problem]:
    """Whether a value keeps the limits of its parameter; `model` is that whose limits they are."""
    p = parameter
    if value is None and p.nullable:
        return
    if p.any_of:
        yield from _check_branches(p, value, model)
    elif not has_type(p.type, value):
        yield _broken(p, value, model, "type", p.type, advice=_type_advice(p, value))
    elif isinstance(value, str):
        yield from _check_text(p, value, model)
    elif isinstance(value, Mapping):
        yield from _check_properties(p, value, model)
    elif isinstance(value, list | tuple):
        yield from _check_size(p, value, model)
        for index, item in enumerate(value):
            if p.items is not None:
                for inner in _check_value(p.items, item, model):
                    yield replace(
                        inner,
                        parameter=p.name,
                        path=f"{p.path}[{index}]{inner.path.removeprefix(p.items.path)}",
                        index=(index, *inner.index),
                    )
    elif isinstance(value, int | float) and not _plainly_within(p, value):
        yield from _check_number(p, value, model)


def _check_branches(p: Parameter, value: object, model: str) -> Iterator[Problem]:
    """What the nearest of several forms has against a value that fits none of them."""
    nearest: list[Problem] = []
    for branch in p.any_of:
        found = list(_check_value(replace(branch, name=p.name, path=p.path), value, model))
        if not found:
            return
        if not nearest or (nearest[0].rule == "type" and found[0].rule != "type"):
            nearest = found
    if nearest[0].rule != "type":
        yield from nearest
        return
    expected = tuple(branch.type for branch in p.any_of)
    yield _broken(p, value, model, "type", expected, advice=_type_advice(p.any_of[0], value))


def _check_properties(p: Parameter, value: Mapping[Any, Any], model: str) -> Iterator[Problem]:
    """The members of a value that is an object."""
    for key, inner in value.items():
        if (known := p.properties.get(key)) is not None:
            yield from (
                replace(found, parameter=f"{p.name}.{found.parameter}")
                for found in _check_value(known, inner, model)
            )
        else:
            advice = _did_you_mean(key, p.properties) or Advice(Action.TAKES, tuple(p.properties))
            words = f"{p.name} has no member {show(key)}"
            yield _broken(p, value, model, "unknown", None, detail=words, advice=advice)
    for key, known in p.properties.items():
        if known.required and key not in value:
            words = f"the member {show(key)} is missing"
            yield _broken(p, value, model, "required", key, detail=words)


def _broken(
    p: Parameter,
    value: object,
    model: str,
    rule: str,
    limit: object,
    *,
    detail: str = "",
    advice: Advice | None = None,
) -> Problem:
    """A limit of a parameter that a value breaks."""
    return Problem(
        rule=rule,
        path=p.path,
        parameter=p.name,
        value=value,
        limit=limit,
        unit=p.unit,
        model=model,
        choices=p.values or (),
        example="" if p.format is None else p.format.example,
        detail=detail,
        advice=advice,
    )


def _plainly_within(p: Parameter, value: float) -> bool:
    """Whether a number keeps a range and has no other limit, as almost all do."""
    return (
        (p.minimum is None or value >= p.minimum)
        and (p.maximum is None or value <= p.maximum)
        and p.exclusive_minimum is None
        and p.exclusive_maximum is None
        and p.multiple_of is None
        and p.values is None
    )


def _check_number(p: Parameter, value: float, model: str) -> Iterator[Problem]:
    if p.minimum is not None and value < p.minimum:
        yield _broken(p, value, model, "minimum", p.minimum)
    if p.maximum is not None and value > p.maximum:
        yield _broken(p, value, model, "maximum", p.maximum)
    if p.exclusive_minimum is not None and value <= p.exclusive_minimum:
        yield _broken(p, value, model, "exclusive_minimum", p.exclusive_minimum)
    if p.exclusive_maximum is not None and value >= p.exclusive_maximum:
        yield _broken(p, value, model, "exclusive_maximum", p.exclusive_maximum)
    if p.multiple_of is not None and Decimal(repr(value)) % Decimal(repr(p.multiple_of)):
        yield _broken(p, value, model, "multiple_of", p.multiple_of)
    if p.values is not None and not isinstance(value, bool) and value not in p.values:
        yield _broken(p, value, model, "values", p.values)


def _check_text(p: Parameter, value: str, model: str) -> Iterator[Problem]:
    if p.min_length is not None and len(value) < p.min_length:
        yield _broken(p, value, model, "min_length", p.min_length)
    if p.max_length is not None and len(value) > p.max_length:
        yield _broken(p, value, model, "max_length", p.max_length)
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        detail = f"{show(value)} contains half a surrogate pair, which is not valid text"
        yield _broken(p, value, model, "type", "string", detail=detail)
    if p.values is not None and value in p.values:
        return
    if p.quantity is not None:
        yield from _check_quantity(p, value, model)
    elif p.format is not None:
        if not re.fullmatch(p.format.pattern, value):
            yield _broken(p, value, model, "format", p.format.title, advice=_upload_advice(p))
    elif p.values is not None:
        advice = _did_you_mean(value, [v for v in p.values if isinstance(v, str)])
        yield _broken(p, value, model, "values", p.values, advice=advice)
    if p.pattern is not None and not re.fullmatch(p.pattern, value):
        yield _broken(p, value, model, "pattern", p.pattern)


def _check_quantity(p: Parameter, value: str, model: str) -> Iterator[Problem]:
    assert p.quantity is not None
    number = r"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?"
    match = re.fullmatch(number + re.escape(p.quantity.unit), value)
    limit = f"{p.quantity.maximum} {p.quantity.unit}"
    if match is None:
        detail = f'{show(value)} is not a number of {p.quantity.unit} (such as "{limit}")'
        yield _broken(p, value, model, "quantity", limit, detail=detail)
    elif Decimal(match[1]) > p.quantity.maximum:
        yield _broken(p, value, model, "quantity", limit)


def _check_size(p: Parameter, value: Sequence[object], model: str) -> Iterator[Problem]:
    if p.min_items is not None and len(value) < p.min_items:
        yield _broken(p, value, model, "min_items", p.min_items)
    if p.max_items is not None and len(value) > p.max_items:
        yield _broken(p, value, model, "max_items", p.max_items)
    if p.unique_items:
        seen: dict[object, int] = {}
        for index, item in enumerate(value):
            # To compare each with each takes squared time.
            if (before := seen.setdefault(_comparable(item), index)) != index:
                detail = f"item {index} repeats item {before}"
                yield _broken(p, value, model, "unique_items", True, detail=detail)
                return


def _comparable(value: object, depth: int = 20) -> object:
    """A value as a key of a dictionary: the same for what is the same in JSON, where True is not 1."""
    if isinstance(value, Mapping) and depth:
        members = ((name, _comparable(inner, depth - 1)) for name, inner in value.items())
        return frozenset(members)
    if isinstance(value, list | tuple) and depth:
        return tuple(_comparable(item, depth - 1) for item in value)
    if isinstance(value, bool) or not isinstance(value, Hashable):
        return type(value), repr(value)
    return value


def has_type(kind: str, value: object) -> bool:
    """Whether a value is of a type of the API's JSON."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            return math.isfinite(value) if isinstance(value, float) else True
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list | tuple)
        case _:
            return isinstance(value, Mapping)


def _type_advice(p: Parameter, value: object) -> Advice | None:
    """How to fix a value of the wrong type, where that is clear."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Advice(Action.OMIT)
    if p.type == "array" and isinstance(value, str):
        return Advice(Action.PASS, (f"[{show(value)}]",))
    if p.type in ("integer", "number") and isinstance(value, str):
        return Advice(Action.PASS, (value,)) if re.fullmatch(r"-?[0-9]{1,18}", value) else None
    return _upload_advice(p) if p.type == "string" else None


def _upload_advice(p: Parameter) -> Advice | None:
    is_url = p.format is not None and "://" in p.format.example
    return Advice(Action.UPLOAD) if is_url else None


def _did_you_mean(value: object, names: Iterable[str]) -> Advice | None:
    text = value if isinstance(value, str) else ""
    close = difflib.get_close_matches(text[:100], list(names), n=1, cutoff=0.6)
    return Advice(Action.DID_YOU_MEAN, (close[0],)) if close else None

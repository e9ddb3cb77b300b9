# A copy of codegen/runtime/_check.py, where it is edited.
"""Checks a request against the limits of its model, before it is sent and paid for."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ._catalog import MODELS, OPERATIONS, REQUESTS
from ._errors import ConfigurationError, InvalidRequestError, RequestWarning
from ._limits import check_value, did_you_mean
from ._problems import Action, Advice, Problem, Report, Validation, kind
from ._redact import show
from ._requests import OPTIONS, SupportsWire, exact, parameters_by_path, wired
from ._rules import check_rules
from ._spec import Model, Parameter


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
        for problem in check_value(known[name], value, "")
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
        advice=did_you_mean(value, known) or expected,
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
        yield from check_value(parameter, value, model.id)


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
        advice = did_you_mean(name, names) or Advice(Action.TAKES, tuple(names))
    return Problem(
        rule="unknown", path=path, parameter=name, value=value, model=model.id, advice=advice
    )

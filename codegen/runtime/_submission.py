"""A request in any form to the call that submits it, once it has passed the checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from ._catalog import MODELS, OPERATIONS
from ._check import check, check_parameters, check_wire, checked_validation, enforce
from ._errors import InvalidRequestError
from ._problems import Problem, Report, Validation
from ._redact import shown
from ._requests import OPTIONS, SupportsWire, exact, wired, with_extra
from ._spec import Operation
from ._wire.calls import Call, File
from ._wire.settings import Settings

# A typed request, such as `types.AModel(…)`, or a mapping: flat, or in the shape of the API's JSON.
Request: TypeAlias = SupportsWire | Mapping[str, Any]


def told_apart(
    method: str, request: Request | None, arguments: dict[str, Any]
) -> tuple[Request, dict[str, Any]]:
    """The request and the options of a call in either of its forms.

    With a request, the arguments are options of the call; without, all of them are its parameters,
    so that no parameter needs another name.
    """
    if request is None:
        return arguments, {}
    if unknown := arguments.keys() - OPTIONS:
        raise TypeError(
            f"{method}() got {shown(', '.join(sorted(unknown)), 500)} beside a request; parameters are the "
            "request's own"
        )
    return request, arguments


def submission(
    settings: Settings,
    request: Request,
    operation: str | None = None,
    *,
    extra_params: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
    timeout: float | None = None,
    deadline: float | None = None,
    validation: Validation | None = None,
) -> Call:
    """The call that submits a request, once it has passed the checks; `deadline` may cut it short.

    It is sent to `operation`, or without one to that which takes the request's model.
    """
    validation = checked_validation(settings.validation if validation is None else validation)
    if isinstance(request, Mapping):
        body = wired(request)
    elif isinstance(request, SupportsWire):
        body = exact(request.to_wire())
    else:
        raise InvalidRequestError(check(request).problems)
    if validation != "off":
        enforce(check_wire(body, operation), validation)
    if operation is None:
        model = MODELS.of(body)
        operation = model.operation if model else _FIRST
    return Call(
        OPERATIONS[operation],
        body=with_extra(body, extra_params),
        idempotency_key=idempotency_key,
        timeout=timeout,
        deadline=None if deadline is None else min(deadline, settings.deadline),
        validation=validation,
    )


# Where a request goes that is sent unchecked, and whose model nobody knows.
_FIRST = next(op.name for op in OPERATIONS.values() if op.kind == "submit")


def largest(operation: Operation, settings: Settings) -> int | None:
    """The bytes that a file may have; None for any number."""
    return None if settings.validation == "off" else operation.max_bytes


def form(
    operation: Operation,
    file: File,
    given: Mapping[str, Any],
    settings: Settings,
    timeout: float | None,
) -> Call:
    """The call that sends a file, and the fields of its form by their Python names."""
    fields = {name: value for name, value in given.items() if value is not None}
    known = {parameter.name: parameter for parameter in operation.parameters}
    if settings.validation != "off":
        report = check_parameters(fields, operation.parameters)
        missing = tuple(
            Problem(rule="required", path=p.path, parameter=p.name)
            for p in operation.parameters
            if p.required and p.type != "file" and p.name not in fields
        )
        enforce(Report(report.problems + missing, report.advisories), settings.validation)
    part = next(p for p in operation.parameters if p.type == "file")
    written = {known[name].path: _text(value) for name, value in fields.items()}
    return Call(operation, file=(part.path, file), form=written, timeout=timeout)


def _text(value: object) -> str:
    """A value as a form has it."""
    return value if isinstance(value, str) else json.dumps(value)

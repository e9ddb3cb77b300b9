# A copy of codegen/runtime/_submission.py, where it is edited.
"""A request in any form to the call that submits it, once it has passed the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ._catalog import OPERATIONS
from ._check import check, check_wire, checked_validation, enforce
from ._errors import InvalidRequestError
from ._problems import Validation
from ._redact import shown
from ._requests import OPTIONS, SupportsWire, exact, wired, with_extra
from ._wire.calls import Call
from ._wire.settings import Settings

# A typed request, such as `types.Flux2Pro(…)`, or a mapping: flat, or in the shape of the API's JSON.
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
    operation: str,
    request: Request,
    *,
    extra_params: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
    timeout: float | None = None,
    deadline: float | None = None,
    validation: Validation | None = None,
) -> Call:
    """The call that submits a request, once it has passed the checks; `deadline` may cut it short."""
    validation = checked_validation(settings.validation if validation is None else validation)
    if isinstance(request, Mapping):
        body = wired(request)
    elif isinstance(request, SupportsWire):
        body = exact(request.to_wire())
    else:
        raise InvalidRequestError(check(request).problems)
    if validation != "off":
        enforce(check_wire(body), validation)
    return Call(
        OPERATIONS[operation],
        body=with_extra(body, extra_params),
        idempotency_key=idempotency_key,
        timeout=timeout,
        deadline=None if deadline is None else min(deadline, settings.deadline),
        validation=validation,
    )

"""A request to the call that submits it, once it has passed the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._check import check, check_wire, checked_validation, enforce
from ._errors import InvalidRequestError
from ._problems import Validation
from ._requests import SupportsWire, with_extra
from ._spec import Operation
from ._wire.calls import Call
from ._wire.settings import Settings


def submission(
    settings: Settings,
    operation: Operation,
    request: SupportsWire | Mapping[str, Any],
    *,
    extra_params: Mapping[str, Any] | None,
    idempotency_key: str | None,
    timeout: float | None,
    deadline: float | None,
    validation: Validation | None,
) -> Call:
    """The call that submits a request, once it has passed the checks; `deadline` may cut it short."""
    validation = checked_validation(settings.validation if validation is None else validation)
    if isinstance(request, Mapping):
        body = dict(request)
    elif isinstance(request, SupportsWire):
        body = request.to_wire()
    else:
        raise InvalidRequestError(check(request).problems)
    if validation != "off":
        enforce(check_wire(body), validation)
    return Call(
        operation,
        body=with_extra(body, extra_params),
        idempotency_key=idempotency_key,
        timeout=timeout,
        deadline=None if deadline is None else min(deadline, settings.deadline),
        validation=validation,
    )

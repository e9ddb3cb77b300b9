"""What a client of the caller's own, passed as `http_client`, has set that is a setting here too."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from typing import Any

from .._catalog import API
from .._errors import ConfigurationError
from .._redact import without_query
from .http import AsyncClient, Client, Http, Request
from .settings import DEFAULT_DEADLINE, DEFAULT_TIMEOUT

# The steps of a timeout that a whole attempt does not limit by itself.
_STEPS = ("connect", "pool")


def settings_with(
    client: Client | AsyncClient, http: Http, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The settings that are given, with the client's own timeout if none is.

    Raises ConfigurationError for a base URL of the client's that would not be used: a client that is
    shared with another API must not lead the key there.
    """
    own = client.base_url
    named = given.get("base_url") or os.environ.get(API.base_url_variable)
    if own.is_absolute_url and not named and str(own).rstrip("/") != API.base_url.rstrip("/"):
        raise ConfigurationError(
            f"http_client: its base_url {without_query(str(own))!r} is not where the API is by default; "
            "if it is there, pass base_url as well, and if not, a client without one"
        )
    if given.get("timeout") != DEFAULT_TIMEOUT or not _timeout_is_own(client, http):
        return dict(given)
    timeout = client.timeout
    steps = (timeout.connect, timeout.read, timeout.write, timeout.pool)
    known = [step for step in steps if step is not None]
    longest = max(known) if len(known) == len(steps) else given.get("deadline", DEFAULT_DEADLINE)
    return {**given, "timeout": longest}


def shorter_steps(client: Client | AsyncClient, http: Http) -> dict[str, float]:
    """The steps of an attempt for which the client allows less time than for the others."""
    if not _timeout_is_own(client, http):
        return {}
    steps = {name: getattr(client.timeout, name) for name in _STEPS}
    return {name: seconds for name, seconds in steps.items() if seconds is not None}


def shorten(request: Request, steps: Mapping[str, float]) -> None:
    """Allow the steps of an attempt no more than that."""
    if steps:
        timeout = request.extensions["timeout"]
        whole = timeout["pool"]
        shorter = {name: seconds for name, seconds in steps.items() if seconds < whole}
        request.extensions["timeout"] = {**timeout, **shorter}


def _timeout_is_own(client: Client | AsyncClient, http: Http) -> bool:
    default = inspect.signature(http.Client).parameters["timeout"].default
    return bool(client.timeout != default)

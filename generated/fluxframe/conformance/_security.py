# A copy of codegen/runtime/conformance/_security.py, where it is edited.
"""How requests say who they are from, and that they are the same one again, by the OpenAPI document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """The header of the key and the scheme before it; how keys begin, and the variable that holds one."""

    header: str
    scheme: str
    prefix: str
    variable: str


@cache
def security() -> Security:
    """How requests say who they are from."""
    raw = _document()["components"]["securitySchemes"]["apiKey"]
    by_header = raw["type"] != "http"
    return Security(
        header=raw["name"] if by_header else "Authorization",
        scheme=raw.get("x-scheme", "") if by_header else raw["scheme"].capitalize(),
        prefix=raw["x-prefix"],
        variable=raw["x-variable"],
    )


@cache
def idempotency_headers() -> frozenset[str]:
    """The headers, in lower case, under which a request is done once however often it is sent."""
    return frozenset(
        parameter["name"].lower()
        for methods in _document()["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header" and parameter.get("x-role") == "idempotency_key"
    )


@cache
def _document() -> dict[str, Any]:
    package = files(__name__.rsplit(".", 2)[0])  # It may be in a zip, where no path leads.
    loaded: dict[str, Any] = json.loads(package.joinpath("_emitted", "openapi.json").read_bytes())
    return loaded

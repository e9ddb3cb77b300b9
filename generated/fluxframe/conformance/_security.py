# A copy of codegen/runtime/conformance/_security.py, where it is edited.
"""How requests say who they are from, and that they are the same one again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .._redact import short_repr
from ._files import emitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """The header of the key and the scheme before it; how keys begin, and the variables of one and of the server.

    Under `idempotency_header`, a request is done once however often it is sent in `idempotency_hours`.
    """

    header: str
    scheme: str
    prefix: str
    variable: str
    base_url_variable: str
    idempotency_header: str
    idempotency_hours: float

    __repr__ = short_repr


@cache
def security() -> Security:
    """How requests say who they are from."""
    raw = emitted("api.json")["api"]
    return Security(
        header=raw["key_header"],
        scheme=raw["key_scheme"],
        prefix=raw["key_prefix"],
        variable=raw["key_variable"],
        base_url_variable=raw["base_url_variable"],
        idempotency_header=raw["idempotency_header"],
        idempotency_hours=raw["idempotency_hours"],
    )

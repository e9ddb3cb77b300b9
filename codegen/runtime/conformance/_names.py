"""What the API calls things, for what is made for people and shells: the spec has the names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Names:
    """The API's name, the header and the variable of its key, and the header of idempotency keys."""

    api: str
    key_header: str
    key_scheme: str
    key_variable: str
    base_url_variable: str
    idempotency_header: str


@cache
def names() -> Names:
    """The names of this API."""
    api = _catalogue()["api"]
    return Names(
        api=api["name"],
        key_header=api["key_header"],
        key_scheme=api["key_scheme"],
        key_variable=api["key_variable"],
        base_url_variable=api["base_url_variable"],
        idempotency_header=api["idempotency_header"],
    )


def title(operation: str) -> str:
    """An operation as people who read HTTP know it: its method and path."""
    known = _catalogue()["operations"].get(operation)
    return f"{known['method']} {known['path']}" if known else operation


@cache
def _catalogue() -> dict[str, Any]:
    package = files(__name__.rsplit(".", 2)[0])  # It may be in a zip, where no path leads.
    data: dict[str, Any] = json.loads(package.joinpath("_emitted", "api.json").read_bytes())
    return data

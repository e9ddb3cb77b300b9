# A copy of codegen/runtime/conformance/_names.py, where it is edited.
"""What the API calls things, for what is made for people and shells: the spec has the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .._redact import short_repr
from ._files import emitted


@dataclass(frozen=True, slots=True)
class Names:
    """The API's name, the header and the variable of its key, and the header of idempotency keys."""

    api: str
    key_header: str
    key_scheme: str
    key_variable: str
    base_url_variable: str
    idempotency_header: str

    __repr__ = short_repr


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


def called(source: str) -> str:
    """What a sentence calls a source, such as `the page`."""
    name: str = _catalogue()["sources"].get(source, f"the {source}")
    return name


def form(name: str) -> str:
    """What a form of texts is, such as `a UUID`."""
    known = _catalogue()["formats"].get(name)
    return str(known["title"]) if known else name


def success(operation: str | None) -> Sequence[int]:
    """The status of an operation's success; none of one that is not known."""
    known = _catalogue()["operations"].get(operation)
    return (known["status"],) if known else ()


def refusal() -> Sequence[int]:
    """The status of what is refused for what it says."""
    errors = _catalogue()["api"]["errors"]
    return [int(status) for status, error in errors.items() if error["name"] == "BadRequest"]


def sequence(vector: str) -> Sequence[int]:
    """The statuses that the last answer of a sequence may have; none of what is not one."""
    return _sequences().get(vector, ())


@cache
def _sequences() -> Mapping[str, Sequence[int]]:
    return {
        each["id"]: [int(status) for status in each["steps"][-1]["expect"]]
        for each in emitted("vectors", "api.json")["sequences"]
    }


@cache
def _catalogue() -> dict[str, Any]:
    return emitted("api.json")

"""What the API calls things, for what is made for people and shells: the spec has the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from ._files import emitted


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

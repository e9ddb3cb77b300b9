# A copy of codegen/runtime/_roles.py, where it is edited.
"""Finds the members of an answer by their roles, wherever the API has them and whatever it calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._catalog import API, ROLES
from ._spec import Roles

# Where a job has what.
JOB = ROLES[API.job]


def told(raw: Any, roles: Roles, role: str) -> Any:
    """What an answer says in a role; None if it says nothing, or the API has no such member."""
    path = roles.get(role)
    if path is None:
        return None
    for name in path:
        if not isinstance(raw, Mapping):
            return None
        raw = raw.get(name)
    return raw


def put(raw: dict[str, Any], roles: Roles, role: str, value: Any) -> None:
    """Say something in a role, if the API has a member for it."""
    path = roles.get(role)
    if path is None:
        return
    for name in path[:-1]:
        raw = raw.setdefault(name, {})
    raw[path[-1]] = value

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


def said(body: Any, status: int, role: str) -> Any:
    """What the body of an error says in a role: as that of its status has it, or else any other."""
    known = API.errors.get(str(status))
    objects = [known.object] if known else []
    objects += [error.object for error in API.errors.values()]
    places = (told(body, ROLES[object], role) for object in dict.fromkeys(objects))
    return next((found for found in places if found is not None), None)


def files(raw: Any, roles: Roles, role: str) -> list[str]:
    """The URLs of the files that a job or an event lists in a role; an older shape is a bare URL."""
    result, listed = told(raw, roles, "result"), told(raw, roles, role)
    if listed is None and not isinstance(result, Mapping):
        listed = result
    items = listed if isinstance(listed, list) else [listed]
    urls = (_url(item, roles) if isinstance(item, Mapping) else item for item in items)
    return [url for url in urls if isinstance(url, str)]


def _url(item: Mapping[str, Any], roles: Roles) -> Any:
    """The URL of a file that is an object: where the API has it, or else where most have it."""
    return told(item, roles, "url") if "url" in roles else item.get("url")


def named(id: str) -> dict[str, Any]:
    """What is known of a job by its id alone."""
    raw: dict[str, Any] = {}
    put(raw, JOB, "id", id)
    return raw


def put(raw: dict[str, Any], roles: Roles, role: str, value: Any) -> None:
    """Say something in a role, if the API has a member for it."""
    path = roles.get(role)
    if path is None:
        return
    for name in path[:-1]:
        raw = raw.setdefault(name, {})
    raw[path[-1]] = value

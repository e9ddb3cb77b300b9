"""`fluxframe me`: the account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..._answers import Answer
from ..._catalog import operation_of
from .._command import Command
from .._session import Session, cell


def _me(session: Session) -> None:
    from ..._resources import Resource

    operation = operation_of("account")
    assert operation is not None
    with session.client() as client:
        me = Resource(client._transport)._answer(operation.name, Answer, {}, None)
    if session.json:
        session.data(me.raw)
        return
    for name, value in _members(me.raw):
        session.text(cell(f"{name}: {value}"), "", "  ")


def _members(raw: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Each member that says something, by its place."""
    for name, value in raw.items():
        if isinstance(value, Mapping):
            yield from _members(value, f"{before}{name}.")
        elif value is not None:
            yield f"{before}{name}", value if isinstance(value, str) else json.dumps(value)


command = Command("me", callback=_me, help="The account that the key belongs to, and its credits.")

# A copy of codegen/runtime/cli/commands/me.py, where it is edited.
"""`fluxframe me`: the account."""

from __future__ import annotations

from .._command import Command
from .._session import Session, cell


def _me(session: Session) -> None:
    with session.client() as client:
        me = client.me()
    if session.json:
        session.data(me.raw)
        return
    session.result(cell(f"{me.user.email} ({me.user.role})"))
    if me.team is not None:
        session.result(cell(f"team {me.team.name}: {me.team.credits} credits"))
    if me.api_key is not None:
        session.result(cell(f"key {me.api_key.name}, which begins with {me.api_key.prefix}"))


command = Command("me", callback=_me, help="The account that the key belongs to, and its credits.")

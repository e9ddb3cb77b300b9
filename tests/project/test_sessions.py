"""`nox -l` reads as a menu, and docs/contributing.md lists what it has."""

from __future__ import annotations

import re

import pytest

from .files import ROOT, Session, sessions

TAGS = ["try", "gate", "write", "deep"]


@pytest.mark.parametrize(("name", "session"), sessions().items(), ids=sessions())
def test_a_session_is_one_line_of_the_menu(name: str, session: Session) -> None:
    assert re.fullmatch(r"[A-Z].*[.?]", session.title)
    assert len(f"- {name} [{','.join(session.tags)}] -> {session.title}") <= 80


def test_sessions_stand_by_what_they_are_for() -> None:
    tags = [tag for session in sessions().values() for tag in session.tags]
    assert len(tags) == len(sessions())
    assert tags == sorted(tags, key=TAGS.index)


def test_the_guide_lists_every_session_in_that_order() -> None:
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("## The nox sessions")
    table = rest[: rest.index("\n## ")]
    rows = re.findall(r"^\| `([\w-]+)` \| `(\w+)` \|", table, re.MULTILINE)
    assert rows == [(name, session.tags[0]) for name, session in sessions().items()]

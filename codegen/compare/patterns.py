"""The pattern of a text, branch by branch, to the values that it names and those it has a form for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..spec.patterns import LONGEST
from .values import Form, Values

# A piece of a regular expression: an escape, a class of characters, or a character.
_PIECE = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def pattern_values(pattern: str) -> Values:
    """The texts of a pattern, branch by branch; one spelt letter for letter is named."""
    if len(pattern) > LONGEST:  # It is compared as it stands.
        return Values(forms=frozenset({Form((pattern,))}))
    pieces = ["[0-9]" if piece == r"\d" else piece for piece in _PIECE.findall(pattern)]
    anchored = pieces[:1] == ["^"] and pieces[-1:] == ["$"]
    body, bare = pieces[1:-1], True
    while anchored and (inner := _unwrapped(body)) is not None:
        body, bare = inner, False
    branches = list(_branches(body))
    if not anchored or (bare and len(branches) > 1):  # In `^a|b$` each branch has one anchor.
        return Values(forms=frozenset({Form(("".join(pieces),))}))
    texts = [_literal(branch) for branch in branches]
    forms = [f"^(?:{''.join(b)})$" for b, text in zip(branches, texts, strict=True) if text is None]
    return Values(frozenset(texts) - {None}, frozenset(Form((form,)) for form in forms))


def _unwrapped(pieces: list[str]) -> list[str] | None:
    """What is in the group that is the whole of a pattern."""
    depths = list(_depths(pieces))
    if pieces[:1] != ["("] or 0 in depths[:-1] or depths[-1] != 0:
        return None
    if pieces[1] == "?":
        return pieces[3:-1] if pieces[2] == ":" else None
    return pieces[1:-1]


def _branches(pieces: list[str]) -> Iterator[list[str]]:
    branch: list[str] = []
    for piece, depth in zip(pieces, _depths(pieces), strict=True):
        if piece == "|" and depth == 0:
            yield branch
            branch = []
        else:
            branch.append(piece)
    yield branch


def _depths(pieces: Iterable[str]) -> Iterator[int]:
    depth = 0
    for piece in pieces:
        depth += (piece == "(") - (piece == ")")
        yield depth


def _literal(pieces: list[str]) -> str | None:
    """The one text that matches, if the pattern has nothing but characters."""
    if any(re.fullmatch(r"\\\w|\[.+|[$()*+.?\[\]^{|}]", piece, re.DOTALL) for piece in pieces):
        return None
    return "".join(piece[-1] for piece in pieces)

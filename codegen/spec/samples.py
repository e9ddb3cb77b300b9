"""Texts that a regular expression matches: one for each of its alternatives, short and longer ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from . import patterns

# A piece of a regular expression: an escape, a class of characters, how often, a group, or a character.
PIECE = re.compile(
    r"\\x[0-9A-Fa-f]{2}|\\.|\[\^?(?:\\.|[^\]\\])*\]|\{[0-9]+(?:,[0-9]*)?\}|\(\?:|.", re.DOTALL
)
_OFTEN = {"*": (0, 2), "+": (1, 2), "?": (0, 1)}
_TRIED = "a1-A0 .:/x_é"
MOST = 6
LONGEST = 10_000  # Characters of a text that is made.


def samples(pattern: str) -> list[str]:
    """Some texts that are wholly of a pattern, the plainest first; none if it is too intricate."""
    return [text for text, _ in _made(pattern)][:MOST]


def alternatives(pattern: str) -> list[str]:
    """The plainest text of each of a pattern's alternatives."""
    made = _made(pattern)
    return [text for text, is_other in made[:1] + [one for one in made if one[1]]][:MOST]


def _made(pattern: str) -> list[tuple[str, bool]]:
    """Texts of a pattern, and whether they take another alternative than the first."""
    texts: dict[str, bool] = {}
    try:
        node, rest = _choice(PIECE.findall(pattern))
        for text, is_other in [] if rest else _texts(node):
            texts.setdefault(text, is_other)
    except (IndexError, ValueError, StopIteration, RecursionError, re.error):
        return []
    return [pair for pair in texts.items() if patterns.matched(pattern, pair[0])]


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str


@dataclass(frozen=True, slots=True)
class _Repeat:
    inner: _Node
    least: int
    more: int


@dataclass(frozen=True, slots=True)
class _Choice:
    branches: Sequence[Sequence[_Node]]


_Node: TypeAlias = "_Piece | _Repeat | _Choice"


def _choice(pieces: list[str]) -> tuple[_Choice, list[str]]:
    """The alternatives up to the end of the group, and what follows."""
    branches: list[list[_Node]] = [[]]
    while pieces and pieces[0] != ")":
        piece, *pieces = pieces
        node: _Node
        if piece == "|":
            branches.append([])
            continue
        if piece in ("(", "(?:"):
            node, pieces = _choice(pieces)
            if pieces[0] != ")":
                raise ValueError(piece)
            pieces = pieces[1:]
        elif piece in ("^", "$"):
            raise ValueError(piece)
        else:
            node = _Piece(_character(piece))
        if pieces and (often := _times(pieces[0])):
            node, pieces = _Repeat(node, *often), pieces[1:]
        branches[-1].append(node)
    return _Choice(branches), pieces


def _times(piece: str) -> tuple[int, int] | None:
    """The least times, and some more times, that a quantifier stands for."""
    if piece in _OFTEN:
        return _OFTEN[piece]
    if match := re.fullmatch(r"\{([0-9]+)(,?)([0-9]*)\}", piece):
        least = int(match[1])
        most = int(match[3]) if match[3] else least + 1 if match[2] else least
        return least, most
    return None


def _character(piece: str) -> str:
    """The first character that is tried and is one of a class; what an escape stands for."""
    if len(piece) == 1 and piece != ".":
        return piece
    found = [chr(code) for code in (*map(ord, _TRIED), *range(33, 127))]
    return next(character for character in found if re.fullmatch(piece, character))


def _texts(node: _Node) -> Iterator[tuple[str, bool]]:
    """The plainest text, and those that differ from it in one place."""
    if isinstance(node, _Piece):
        yield node.text, False
    elif isinstance(node, _Repeat):
        inner = list(_texts(node.inner))
        if len(inner[0][0]) * node.more > LONGEST:
            raise ValueError(node)
        yield inner[0][0] * node.least, False
        if node.more > node.least:
            yield inner[0][0] * node.more, False
        for text, is_other in inner[1:]:
            yield text * max(node.least, 1), is_other
    else:
        for number, branch in enumerate(node.branches):
            parts = [list(_texts(inner)) for inner in branch]
            plain = [part[0][0] for part in parts]
            yield "".join(plain), number > 0
            for place, part in enumerate(parts):
                for text, is_other in part[1:]:
                    whole = "".join([*plain[:place], text, *plain[place + 1 :]])
                    yield whole, is_other or number > 0

"""A row whose cells a copy ran together, such as `fluxParams.seedintegerRandom seed`, to its cells.

Where a name ends can't be seen: `substringstringText` may have `sub` or `substring`. Each type's
word is a place to cut at. The cut is taken after which the description reads as one; if two do,
or if it is another than known names ask for, the row is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_WORDS = "string|integer|number|boolean|object|array|float"
TYPES = rf"{_WORDS}|enum|bool|int"
_TYPE = re.compile(
    rf"(?:{TYPES})(?:\[\])*(?:<(?:{_WORDS})>| of (?:{_WORDS})s)?(?: or null| ?\| ?null)?"
    r"(?: \([^()]*\)(?=\S|$))?"
)
_NAME = re.compile(r"[A-Za-z]\w{0,200}", re.ASCII)
# A description whose first word has a type in it, as few words have; `int` is in `point`.
_GLUED = re.compile(
    rf"(?!(?:(?:{_WORDS})s?|objectives?|floating|number(?:ed|ing)|stringent)\b)\w*(?:{_WORDS}|(?:enum|bool|int)(?:\[\])*(?=[^a-z_\s.,;:)]))"
)
_BROKEN = re.compile(r"[.,;:!?)\]}]|s\b")


class Cut(NamedTuple):
    """A row as one of the places to cut it at has it."""

    name: str
    type: str
    description: str

    @property
    def likely(self) -> int:
        """How well the description reads as one: 3 is well."""
        if _BROKEN.match(self.description):
            return 0
        if _GLUED.match(self.description):
            return 1
        return 2 if self.description[:1].islower() else 3


def cut(text: str, known: Collection[str]) -> Cut | None:
    """The cells of a row; None if there is not one way to cut it.

    `known` are names that the family or the page's examples have.
    """
    cuts = _cuts(text, known)
    best = max((one.likely for one in cuts), default=0)
    likely = [one for one in cuts if one.likely == best]
    named = [one for one in cuts if one.name in known]
    found = [one for one in likely if one in named] if named else likely
    return found[0] if len(found) == 1 else None


def _cuts(text: str, known: Collection[str]) -> list[Cut]:
    name = _NAME.match(text)
    cuts: list[Cut] = []
    for place in range(1, name.end() if name else 0):
        kind = _TYPE.match(text, place)
        if kind is None:
            continue
        found = Cut(text[:place], kind[0], text[kind.end() :])
        # No cell begins with a space; one without a word is no proof that a name ends here.
        if not re.match(r"[\s_|]", found.description) and (
            found.description or found.name in known
        ):
            cuts.append(found)
    return cuts

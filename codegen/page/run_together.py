"""A row whose cells a copy ran together, such as `params.seedintegerRandom seed`, to its cells.

Where a name ends can't be seen: `substringstringText` may have `sub` or `substring`. Each type's
word is a place to cut at. The cut is taken after which the description reads as one; if two do,
or if it is another than known names ask for, the row is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

_WORDS = "string|integer|number|boolean|object|array|float"
_SHORT = "int|bool"
TYPES = f"{_WORDS}|{_SHORT}"
_AFTER = (
    rf"(?:\[\])*(?:<(?:{_WORDS})>| of (?:{_WORDS})s)?(?: or null| ?\| ?null)?"
    r"(?: \([^()]*\)(?=\S|$))?"
)
_KINDS, _SHORT_KINDS = (re.compile(f"(?:{words}){_AFTER}") for words in (_WORDS, TYPES))
_LONG = ("integer", "boolean")
_NAME = re.compile(r"[A-Za-z]\w{0,200}", re.ASCII)
# A description whose first word has a type in it, as few words have.
_GLUED = re.compile(
    rf"(?:{_WORDS})(?:\[\]| of (?:{_WORDS})s| \([^()]*\))(?=[^\s.,;:)])"
    rf"|(?!(?:(?:{_WORDS})s?|objectives?|floating|number(?:ed|ing)|stringent)\b)"
    rf"\w*(?:{_WORDS}|(?:{_SHORT})(?:\[\])*(?=[^a-z_\s.,;:)]))"
)
_MAYBE_GLUED = re.compile(rf"\w*(?:{_SHORT})")  # As in `point`.
_BROKEN = re.compile(r"[.,;:!?)\]}]|s\b")


class Cut(NamedTuple):
    """A row as one of the places to cut it at has it."""

    name: str
    type: str
    description: str


class Cutter:
    """Cuts the rows of a page, by the names that the family and the page's examples have."""

    def __init__(self, known: Collection[str], rows: Iterable[str]) -> None:
        self._known = known
        # A page that says `integer` does not say `int`, whose letters are in many words.
        cuts = ((self._cut(row, short=False), self._cut(row, short=True)) for row in rows)
        self._long = any(
            long == any_ and long is not None and long.type.startswith(_LONG) for long, any_ in cuts
        )

    def cut(self, text: str) -> Cut | None:
        """The cells of a row; None if there is not one way to cut it."""
        long, any_ = self._cut(text, short=False), self._cut(text, short=True)
        if long == any_ or self._long:
            return long
        return any_ if long is None else None

    def _cut(self, text: str, *, short: bool) -> Cut | None:
        cuts = self._cuts(text, _SHORT_KINDS if short else _KINDS)
        likely = {one: self._likely(one, short=short) for one in cuts}
        best = max(likely.values(), default=0)
        named = [one for one in cuts if one.name in self._known]
        found = [one for one in named or cuts if likely[one] == best]
        return found[0] if len(found) == 1 and best != 1 else None

    def _cuts(self, text: str, kinds: re.Pattern[str]) -> list[Cut]:
        name = _NAME.match(text)
        cuts: list[Cut] = []
        for place in range(1, name.end() if name else 0):
            kind = kinds.match(text, place)
            if kind is None:
                continue
            found = Cut(text[:place], kind[0], text[kind.end() :])
            # No cell begins with a space; one without a word is no proof that a name ends here.
            proof = found.description or found.name in self._known
            if proof and not re.match(r"[\s_|]", found.description):
                cuts.append(found)
        return cuts

    def _likely(self, cut: Cut, *, short: bool) -> int:
        """How well the description reads as one: 3 is well."""
        if _BROKEN.match(cut.description):
            return 0
        if _GLUED.match(cut.description):
            return 1
        doubtful = short and _MAYBE_GLUED.match(cut.description)
        return 2 if doubtful or cut.description[:1].islower() else 3

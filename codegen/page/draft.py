"""What has been read of one parameter so far."""

from __future__ import annotations

import json
import re
from typing import Any

from ..spec.model import Family
from .context import with_role
from .phrases import Meaning
from .result import PageParameter
from .values import read_type, read_value

RATIO = re.compile("[0-9]+:[0-9]+")
_PRESENCE = ("set", "given", "provided", "present", "specified", "omitted", "empty", "unset", "not")


class UnclearError(Exception):
    """A phrase can't be a constraint of its parameter; the message says why."""


class ParameterDraft:
    """A parameter of a page while it is read; `parameter` is the result."""

    def __init__(self, name: str, type_cell: str, description: str, family: Family) -> None:
        self.parameter = PageParameter(name, words=[description])
        self.constraints = self.parameter.constraints
        self.description = description
        self.container = family.container
        self.shared = family.parameters.get(name)
        self.references = with_role(family, "reference")
        # Phrases that tell of other parameters wait here until all rows are read.
        self.links: list[tuple[Meaning, re.Match[str], str]] = []
        self.matched: set[object] = set()  # Values whose own row says what they require.
        self._disputed: set[str] = set()
        self.type_cell = type_cell
        self.type, self.items, self.type_note = self._read_type(type_cell)

    @property
    def format(self) -> str | None:
        """The format of its text, as the page or the family says it."""
        return self.constraints.get("format") or (self.shared.format if self.shared else None)

    def _read_type(self, cell: str) -> tuple[str | None, str | None, str]:
        """The type of the parameter, that of its items, and what the cell says in parentheses."""
        kind, items, rest = read_type(cell)
        if self.shared is not None:
            family_type = self.shared.type, self.shared.items.type if self.shared.items else None
            if cell and family_type != (kind, items):
                self.leave(cell, f"the family says {self.shared.type}")
            kind, items = family_type
        else:
            if kind is None or (kind == "array" and items is None):
                self.leave(cell or "no type", "this is not a known type")
            if kind:
                self.constraints["type"] = kind
            if items:
                self.constraints["items"] = {"type": items}
        if rest and not rest.startswith(("(", "[")):
            self.leave(cell)
            rest = ""
        return kind, items, rest[1:].removesuffix(")") if rest.startswith("(") else rest

    def leave(self, words: str, reason: str = "") -> None:
        """Leave words to a person."""
        words = words.strip()
        self.parameter.unread.append(f"{words.removesuffix('.')}: {reason}" if reason else words)

    def constrain(self, **constraints: object) -> None:
        """Note constraints; one that the page says in two ways is dropped for good."""
        reasons = []
        for key, value in constraints.items():
            if key in self._disputed or self.constraints.setdefault(key, value) != value:
                earlier = self.constraints.pop(key, None)
                also = (
                    ""
                    if earlier is None
                    else f", also as {json.dumps(earlier, ensure_ascii=False)}"
                )
                self._disputed.add(key)
                reasons.append(f"the {key} is stated in two ways{also}")
        if reasons:
            raise UnclearError("; ".join(reasons))

    def add_value(self, value: object) -> bool:
        """List a value beside those that the format allows; returns whether it is new."""
        values = self.constraints.setdefault("values", [])
        if value in values:
            return False
        values.append(value)
        return True

    def add_requirement(self, value: object, other: str) -> None:
        """Note that `value`, or any without one, makes sense only beside the parameter `other`."""
        requirement: dict[str, object] = {"parameter": other}
        if value is not None:
            requirement = {"when": value, **requirement}
        requires = self.constraints.setdefault("requires", [])
        if requirement not in requires:
            requires.append(requirement)

    def known_value(self, text: str, *, word: bool = False) -> Any:
        """The value in a text as the page spells it where it lists it; None if it is not a value.

        Beside a ratio, `word` also allows a word that nothing but a condition names.
        """
        value, values = read_value(text, self.type), self.constraints.get("values", [])
        if not isinstance(value, str):
            return value
        for known in values:
            if known.casefold() == value.casefold():
                return known
        if self.format == "ratio":
            return value if RATIO.fullmatch(value) or (word and value not in _PRESENCE) else None
        return value if text.startswith('"') and not values else None

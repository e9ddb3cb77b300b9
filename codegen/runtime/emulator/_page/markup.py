"""HTML made of elements, in which all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

_VOID = {"br", "img", "input", "link", "meta"}
# What no document can have, and what would turn the text around it.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Markup(str):
    """HTML, which is not escaped again."""

    __slots__ = ()


Inside: TypeAlias = "str | int | Iterable[Inside] | None"


def el(tag: str, /, *inside: Inside, **attributes: str | int | bool | None) -> Markup:
    """An element; of attributes, those that are None or False are left out, and `_` stands for a hyphen."""
    said = "".join(
        f" {_named(key)}" if value is True else f' {_named(key)}="{text(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    end = "" if tag in _VOID else f"</{tag}>"
    return Markup(f"<{tag}{said}>{joined(inside)}{end}")


def joined(inside: Inside) -> Markup:
    """Parts after one another."""
    if isinstance(inside, Markup):
        return inside
    if inside is None:
        return Markup()
    if isinstance(inside, str | int):
        return text(str(inside))
    return Markup("".join(map(joined, inside)))


def text(said: str) -> Markup:
    """A text, in which nothing is obeyed and nothing is unseen."""
    return Markup(escape(_ODD.sub("\ufffd", said)))


def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")

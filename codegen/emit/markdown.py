"""Text of the spec in Markdown, where it reads as it is: on GitHub, and as Python-Markdown makes it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..naming import printable

# What begins or ends something in one of the two, but for a `_` inside of a word; a backslash in front
# of some of them is only known to one, and a character by its number to both.
_SPECIAL = re.compile(
    r"[\\`*\[\]<>&|~^${}]|(?<![^\W_])_|_(?![^\W_])|:(?=[\w+-]+:)|=(?==)|\+(?=\+)|!(?=\[)|-(?=-)"
)
# What makes something else of a line that begins with it: a sign, or what is after a number.
_BEGINNING = re.compile(r"^[-+#:=!?]|(?<=^[0-9])[.)]|(?<=^[0-9]{2})[.)]|(?<=^[0-9]{3})[.)]")


def plain(text: str) -> str:
    """A text on one line, with nothing in it that is more than a letter."""
    return _SPECIAL.sub(_numbered, _on_one_line(text))


def paragraph(text: str) -> str:
    """The same where a line begins with it."""
    escaped = plain(text)
    return _BEGINNING.sub(_numbered, escaped)


def _on_one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _numbered(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def code(text: str) -> str:
    """A text on one line as code, also in a table."""
    line = _on_one_line(text)
    # The last two name, for Python-Markdown, the language of what follows.
    if line and not re.search(r"[`|\\&<>{}$]|^(?:#!|:::)", line):
        return f"`{line}`"
    return f"<code>{_SPECIAL.sub(_numbered, line)}</code>"


def block(language: str, text: str) -> str:
    """Lines of code."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are Markdown already."""
    names = [*head]
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def anchor(heading: str) -> str:
    """Where a link leads that goes to a heading of letters, digits, spaces, hyphens and `_`."""
    return heading.strip().lower().replace(" ", "-")

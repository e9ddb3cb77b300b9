"""Lines that fit a screen: broken between words where a person looks, and not at all elsewhere."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TextIO

from click import unstyle

# Characters; a column of names that are longer begins its texts below them, and so does every
# name where fewer are left beside it.
_WIDEST_NAME, _NARROWEST_TEXT = 28, 24
# A command in backticks is a word: broken, it could not be copied.
_WORD = re.compile(r"`[^`\s][^`]*`[^\s`]*|\S+")


def screen_width(stream: TextIO) -> int | None:
    """How many characters a line of the terminal has; None for a stream that is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def columns(text: str) -> int:
    """How many places of a terminal's line a text takes."""
    plain = unstyle(text)
    if plain.isascii():
        return len(plain)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in plain
    )


def wrapped(
    text: str, width: int | None, start: str = "", indent: str | None = None
) -> Iterator[str]:
    """A text after its start, in lines of at most `width`, of which no word is cut.

    The lines that follow begin with `indent`, or else below the text. A word that is longer than a line,
    such as a URL, is left to the terminal. With a width of None, no line is broken.
    """
    if width is None or columns(start + text) <= width:
        yield (start + text).rstrip()
        return
    indent = " " * columns(start) if indent is None else indent
    line, glue = start, ""
    for word in _WORD.findall(text):
        # Of many choices, as many as there is room for.
        is_long = columns(indent + word) > width
        for part in re.findall(r"[^|]*\||[^|]+", word) if is_long else [word]:
            if line.strip() and columns(line + glue + part) > width:
                yield line.rstrip()
                line, glue = indent, ""
            line, glue = line + glue + part, ""
        glue = " "
    yield line.rstrip()


def entries(listed: Iterable[tuple[str, Iterable[str]]], width: int | None) -> Iterator[str]:
    """Names and, beside each, its texts, each on lines of its own; below it on a narrow screen."""
    pairs = [(name, list(texts)) for name, texts in listed]
    widest = min(_WIDEST_NAME, max((columns(name) for name, _ in pairs), default=0))
    is_narrow = width is not None and width - widest - 4 < _NARROWEST_TEXT
    for name, texts in pairs:
        start = f"  {name}{' ' * (widest - columns(name))}  "
        indent = " " * (4 if is_narrow else widest + 4)
        if width is not None and (is_narrow or columns(name) > widest):
            yield from wrapped(name, width, "  ")
            start = indent
        for text in texts or [""]:
            if start.strip() or text:
                yield from wrapped(text, width, start, indent)
            start = indent

"""What is shown of texts from outside: cut, on one line, and with nothing that acts on a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from typing import Any, TextIO

LONGEST = 1000  # Characters of one text that a line shows.


def line(text: str, longest: int = LONGEST) -> str:
    """A text on one line, cut before it is looked at."""
    whole = text if len(text) <= longest else text[:longest] + "…"
    return _plain(whole, keep="")


def _plain(text: str, *, keep: str) -> str:
    """The text with what acts on a terminal, or turns its direction, written as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c in keep or not _acts(c) else ascii(c)[1:-1] for c in text)


def _acts(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp")


def screen_width() -> int | None:
    """How many characters a line of the terminal on stdout has; None if there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def fitted(text: str) -> str:
    """A line, broken between words where it does not fit the terminal; what follows is indented."""
    width = screen_width()
    if width is None or len(text) <= width:
        return text
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    broken = textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(broken)


class PlainStream:
    """A stream in front of another, which all that a command prints goes through."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; whatever it is made of, it shows and does nothing else."""
        self._stream.write(_plain(text, keep="\n\t"))
        return len(text)

    def flush(self) -> None:
        """Flush the stream behind."""
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

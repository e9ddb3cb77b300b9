# A copy of codegen/runtime/cli/_help.py, where it is edited.
"""Help texts that fit the screen, however narrow it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from ._lines import entries, screen_width, wrapped
from ._session import colourful

# A help text is no wider, so that it can be read.
_WIDEST = 80


class HelpFormatter(click.HelpFormatter):
    """Breaks lines between words only, and puts texts below names where there is no room beside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.width = min(screen_width(sys.stdout) or _WIDEST, _WIDEST)
        self._in_colour = colourful(sys.stdout)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        start = "Usage: " if prefix is None else prefix
        for line in wrapped(f"{prog} {args}", self.width, start, "    "):
            self.write(f"{line}\n")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section, in bold where a person looks."""
        for line in wrapped(f"{heading}:", self.width, " " * self.current_indent):
            self.write((click.style(line, bold=True) if self._in_colour else line) + "\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; the lines of one that begins with a backspace stay as they are."""
        start = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            if paragraph.startswith("\b\n"):
                for line in paragraph[2:].splitlines():
                    self.write(f"{start}{line}\n")
            else:
                for line in wrapped(" ".join(paragraph.split()), self.width, start, start):
                    self.write(f"{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what each is."""
        for line in entries(((name, [text]) for name, text in rows), self.width):
            self.write(f"{line}\n")


class _Context(click.Context):
    formatter_class = HelpFormatter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.color is None and os.environ.get("FORCE_COLOR"):
            self.color = not os.environ.get("NO_COLOR")


if TYPE_CHECKING:
    _Base = click.Command
else:
    _Base = object


class Helpful(_Base):
    """A command, or a group of them, that writes its help so."""

    context_class = _Context


class PlainCommand(Helpful, click.Command):
    """A command with options of its own alone."""

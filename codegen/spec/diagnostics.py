"""A problem in a spec file, shown as a compiler would: place, line, caret, and how to fix it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..shown import line

_AROUND = 100  # Characters of a source line before and after the place of a problem.
_NAMED = 100  # Characters of a name that is looked up among others.
_LISTED = 60  # Names that a hint lists.


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """A problem in words for people, at its position; code never reads it."""

    position: Position
    message: str
    hint: str = ""
    source_line: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        """`file:line:column: error: message`, the line, a caret below it, and the hint."""
        at = self.position
        head = "warning" if self.is_warning else "error"
        lines = [f"{line(at.file)}:{at.line}:{at.column}: {head}: {line(self.message)}"]
        if self.source_line.strip():
            gutter = f"{at.line:>5} | "
            # Of a long line, what is around the place. Each part is escaped by itself, so that the
            # caret stands below its place; a tab stays a tab in the caret's line.
            start = max(0, at.column - 1 - _AROUND)
            shown = self.source_line[start : start + 2 * _AROUND].split("\t")
            before = self.source_line[start : at.column - 1].split("\t")
            caret = "\t".join(" " * len(line(part)) for part in before) + "^"
            lines += [gutter + "\t".join(map(line, shown)), " " * 5 + " | " + caret]
        if self.hint:
            lines.append(f"      = help: {line(self.hint)}")
        return "\n".join(lines)


class SpecError(ValueError):
    """The spec has problems; all that were found, in the order of their places."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: Sequence[Diagnostic] = sorted(set(diagnostics))
        super().__init__("\n\n".join(map(str, self.diagnostics)))


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant; None if no name is close."""
    if len(name) > _NAMED:  # Comparing takes time that grows with the square of the length.
        return None
    return next(iter(difflib.get_close_matches(name, sorted(set(names)), n=1, cutoff=0.6)), None)


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint with the name that was most likely meant, or with all of them if no name is close."""
    choices = sorted(set(names))
    if (meant := closest(name, choices)) is not None:
        return f"did you mean `{meant}`?"
    listed = ", ".join(f"`{choice}`" for choice in choices[:_LISTED])
    return f"expected one of {listed}{', …' * (len(choices) > _LISTED)}" if choices else ""

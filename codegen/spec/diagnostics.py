"""A problem in a spec file, shown as a compiler would: place, line, caret, and how to fix it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


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

    def __str__(self) -> str:
        """`file:line:column: error: message`, the line, a caret below it, and the hint."""
        at = self.position
        lines = [f"{at.file}:{at.line}:{at.column}: error: {self.message}"]
        if self.source_line.strip():
            gutter = f"{at.line:>5} | "
            # A tab stays a tab in the caret's line, so that the caret stands below its place.
            before = "".join("\t" if c == "\t" else " " for c in self.source_line[: at.column - 1])
            lines += [gutter + self.source_line, " " * 5 + " | " + before + "^"]
        if self.hint:
            lines.append(f"      = help: {self.hint}")
        return "\n".join(lines)


class SpecError(ValueError):
    """The spec has problems; all that were found, in the order of their places."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: Sequence[Diagnostic] = sorted(set(diagnostics))
        super().__init__("\n\n".join(map(str, self.diagnostics)))


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant; None if no name is close."""
    return next(iter(difflib.get_close_matches(name, sorted(set(names)), n=1, cutoff=0.6)), None)


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint with the name that was most likely meant, or with all of them if no name is close."""
    choices = sorted(set(names))
    if (meant := closest(name, choices)) is not None:
        return f"did you mean `{meant}`?"
    return "expected one of " + ", ".join(f"`{choice}`" for choice in choices) if choices else ""

"""A problem in a spec file, shown as a compiler would: place, line, caret, and how to mend it."""

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
    """One problem: where it is, what was found, and what was expected."""

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


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint that names the likeliest right name, or all of them where none is near."""
    choices = sorted(set(names))
    close = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return "expected one of " + ", ".join(f"`{choice}`" for choice in choices) if choices else ""

"""Compares what a page shows with what was printed, but for what differs from run to run."""

from __future__ import annotations

import re

# What a run decides, and what stands for it.
_VOLATILE = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b(127\.0\.0\.1|localhost):\d+"), r"\1:<port>"),
    (re.compile(r"\b\d+(\.\d+)? (s|ms)\b"), r"<time> \2"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?"), "<date>"),
)
_ANY = "…"


def difference(shown: str, printed: str) -> str | None:
    """How a page's text differs from what was printed; None if it doesn't.

    `…` stands for any text in its line, and alone on a line for any lines.
    """
    pattern = _pattern([line.rstrip() for line in _steady(shown).strip("\n").splitlines()])
    found = "\n".join(line.rstrip() for line in _steady(printed).strip("\n").splitlines())
    if re.fullmatch(pattern, found):
        return None
    return f"the page shows:\n{shown}\nbut what was printed is:\n{printed}"


def _pattern(lines: list[str]) -> str:
    """The regular expression of a page's lines."""
    pattern = ""
    for number, line in enumerate(lines):
        if line.strip() == _ANY:
            pattern += r"(?:.*\n)*(?:.*)" if number == 0 else r"(?:\n.*)*"
        else:
            pattern += (r"\n" if number else "") + ".*".join(map(re.escape, line.split(_ANY)))
    return pattern


def _steady(text: str) -> str:
    for pattern, stands_for in _VOLATILE:
        text = pattern.sub(stands_for, text)
    return text

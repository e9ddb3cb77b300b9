"""Which way text runs."""

from __future__ import annotations

import unicodedata


def is_rtl(text: str) -> bool:
    """Whether a text runs from right to left, by its first letter."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def levels(text: str) -> list[tuple[str, int]]:
    """The parts of a line that run in one direction: even levels to the right, odd ones to the left."""
    base = 1 if is_rtl(text) else 0
    levels: list[int | None] = []
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            levels.append(1)
        elif kind == "L":
            levels.append(2 if base else 0)
        elif kind in ("EN", "AN"):
            before = next((level for level in reversed(levels) if level is not None), base)
            levels.append(2 if before else 0)
        else:
            levels.append(None)
    # What has no direction takes that of both sides, or else that of the line.
    found: list[int] = []
    for place, level in enumerate(levels):
        if level is None:
            before = found[-1] if found else base
            after = next((other for other in levels[place:] if other is not None), base)
            level = before if before == after else base
        found.append(level)
    parts: list[tuple[str, int]] = []
    for char, level in zip(text, found, strict=True):
        if parts and parts[-1][1] == level:
            parts[-1] = (parts[-1][0] + char, level)
        else:
            parts.append((char, level))
    return parts

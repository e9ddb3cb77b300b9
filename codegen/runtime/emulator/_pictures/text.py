"""Text in any script, broken into lines that fit, each in the order that it is read in."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from .direction import levels
from .faces import BOXES, BUNDLED, Face, face_of
from .palette import Colour

DOT, _ELLIPSIS = "\u00b7", "\u2026"
# What is drawn as one: a letter with its marks, joined emoji, the two letters of a flag.
_CLUSTER = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|.)"
    "(?:[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u20d0-\u20ff]"
    "|\u200d.)*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Run:
    """A part of a line that one face draws, and how deep it is in changes of direction."""

    text: str
    face: Face
    level: int


def shown(text: str) -> str:
    """A text on one line, without what has no look."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    kept = (c for c in words if c in "\u200d\u200c" or unicodedata.category(c) not in ("Cc", "Cf"))
    return "".join(kept) or "(blank)"


def width(text: str, size: int) -> float:
    """How wide a line is."""
    if BUNDLED.has(text):
        return BUNDLED.width(text, size)
    return sum(run.face.width(run.text, size) for run in _runs(text))


def line_height(size: int) -> int:
    """How far apart lines are."""
    return round(1.22 * size)


def draw_line(
    image: Image.Image, at: tuple[float, float], text: str, size: int, colour: Colour
) -> None:
    """Draw a line, its left end on the baseline at a point."""
    x, y = at
    if BUNDLED.has(text):
        BUNDLED.draw(image, at, text, size, colour)
        return
    for run in _visual(_runs(text)):
        run.face.draw(image, (x, y), run.text, size, colour)
        x += run.face.width(run.text, size)


def wrap(tokens: Iterable[str], joint: str, size: int, most: float, limit: int) -> list[str]:
    """Set tokens in at most `limit` lines, with an ellipsis where more was left."""
    lines, enough = [""], _enough(size, most)
    for token in tokens:
        joined = lines[-1] + joint + token if lines[-1] else token
        if width(joined[:enough], size) <= most:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while len(lines) <= limit and width(token[:enough], size) > most:
            cut = _fitting(token, size, most)
            lines[-1:] = [token[:cut], ""]
            token = token[cut:]
        lines[-1] = token
        if len(lines) > limit:
            break
    if len(lines) > limit > 0:
        last = lines[limit - 1]
        cut = _fitting(last, size, most - width(_ELLIPSIS, size))
        lines[limit - 1] = last[:cut].rstrip() + _ELLIPSIS
    return [line for line in lines[: max(0, limit)] if line]


def _fitting(text: str, size: int, most: float) -> int:
    """Count the leading characters that fit in a width; at least what is drawn as one."""
    ends = [found.end() for found in _CLUSTER.finditer(text[: _enough(size, most)])]
    fitting = bisect_right(ends, most, key=lambda end: width(text[:end], size))
    return ends[max(0, fitting - 1)]


def _enough(size: int, most: float) -> int:
    """More characters than fit in a width, unless they are hardly seen; measuring takes its time."""
    return 20 + round(5 * most / size)


def _runs(text: str) -> list[_Run]:
    """The runs of a line, as they are written."""
    runs: list[_Run] = []
    for part, level in levels(text):
        for word in re.findall(r"\s+|\S+", part):
            # A word is of one font, if there is one that has all of it.
            whole = face_of(word) is not BOXES
            for piece in [word] if whole else _CLUSTER.findall(word):
                face = face_of(piece)
                if runs and runs[-1].face is face and runs[-1].level == level:
                    runs[-1] = _Run(runs[-1].text + piece, face, level)
                else:
                    runs.append(_Run(piece, face, level))
    return runs


def _visual(runs: list[_Run]) -> list[_Run]:
    """Runs from left to right."""
    ordered = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        place = 0
        while place < len(ordered):
            end = place
            while end < len(ordered) and ordered[end].level >= level:
                end += 1
            ordered[place:end] = reversed(ordered[place:end])
            place = end + 1
    return ordered

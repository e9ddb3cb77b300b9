# A copy of codegen/runtime/emulator/_pictures/text.py, where it is edited.
"""Text in pictures: what the font can draw, broken into lines that fit."""

import functools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# The font built into Pillow draws these; anything else would come out as an empty box.
DOT, _ELLIPSIS = "\u00b7", "\u2026"
_DRAWABLE = {
    *map(chr, range(0x20, 0x7F)),
    *"\u00a9\u00b0\u00b1\u00ab\u00bb\u2018\u2019\u201c\u201d",
}
_DRAWABLE |= {DOT, _ELLIPSIS, "\u2044"}
_STAND_INS = {"\u2010": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00d7": "x"}
_STAND_INS |= {"\u00df": "ss", "\u00e6": "ae", "\u00f8": "o", "\u0142": "l"}


def drawable(text: str) -> str:
    """Put text on one line in characters the font has: accents go, the rest turns into dots."""
    shown = []
    for char in " ".join(text.split()):
        for part in char if char in _DRAWABLE else unicodedata.normalize("NFKD", char):
            if unicodedata.category(part) not in ("Mn", "Me", "Cf"):
                shown.append(part if part in _DRAWABLE else _STAND_INS.get(part, DOT))
    # A phrase in another script says no more in thirty dots than in three.
    return re.sub(f"{DOT}{{4,}}", DOT * 3, "".join(shown)) or "(blank)"


def wrap(tokens: Iterable[str], joint: str, font: Font, width: int, limit: int) -> list[str]:
    """Set tokens in at most `limit` lines, with an ellipsis where more was left."""
    lines = [""]
    for token in tokens:
        joined = lines[-1] + joint + token if lines[-1] else token
        if font.getlength(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while font.getlength(token) > width and len(lines) <= limit:
            cut = _fitting(token, font, width)
            lines[-1:] = [token[:cut], ""]
            token = token[cut:]
        lines[-1] = token
        if len(lines) > limit:
            break
    if len(lines) > limit > 0:
        last = lines[limit - 1]
        cut = _fitting(last, font, width - font.getlength(_ELLIPSIS))
        lines[limit - 1] = last[:cut].rstrip() + _ELLIPSIS
    return lines[: max(0, limit)]


def _fitting(text: str, font: Font, width: float) -> int:
    """Count the leading characters that fit in the width; at least one, so that text advances."""
    ends = range(1, len(text) + 1)
    return max(1, bisect_right(ends, width, key=lambda end: font.getlength(text[:end])))


@functools.cache
def font_of(size: int) -> Font:
    return ImageFont.load_default(size)


def line_height(font: Font) -> int:
    return round(1.15 * font.getbbox("Mg")[3])

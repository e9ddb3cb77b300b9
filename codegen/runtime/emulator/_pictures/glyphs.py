"""Text in Pillow's own font, with accents, and boxes for what no font has."""

from __future__ import annotations

import functools
import unicodedata
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from .palette import Colour

# Lines from point to point, in units of the size of the letters; a single point is a dot.
_Strokes: TypeAlias = list[list[tuple[float, float]]]

# The accents, from the middle of the edge of their letter.
_ABOVE: dict[str, _Strokes] = {
    "\u0300": [[(-0.11, -0.2), (0.02, -0.08)]],
    "\u0301": [[(0.11, -0.2), (-0.02, -0.08)]],
    "\u0302": [[(-0.12, -0.08), (0, -0.2), (0.12, -0.08)]],
    "\u0303": [[(-0.14, -0.1), (-0.06, -0.16), (0.06, -0.11), (0.14, -0.17)]],
    "\u0304": [[(-0.13, -0.13), (0.13, -0.13)]],
    "\u0306": [[(-0.12, -0.2), (-0.06, -0.11), (0.06, -0.11), (0.12, -0.2)]],
    "\u0307": [[(0, -0.13)]],
    "\u0308": [[(-0.11, -0.13)], [(0.11, -0.13)]],
    "\u030a": [[(-0.07, -0.14), (0, -0.22), (0.07, -0.14), (0, -0.07), (-0.07, -0.14)]],
    "\u030b": [[(-0.02, -0.2), (-0.12, -0.08)], [(0.14, -0.2), (0.04, -0.08)]],
    "\u030c": [[(-0.12, -0.2), (0, -0.08), (0.12, -0.2)]],
}
_BELOW: dict[str, _Strokes] = {
    "\u0323": [[(0, 0.12)]],
    "\u0327": [[(0.02, 0), (0, 0.07), (0.07, 0.12), (0, 0.2), (-0.07, 0.18)]],
    "\u0328": [[(0.06, 0), (-0.02, 0.1), (0.02, 0.18), (0.1, 0.17)]],
}
# Strokes through letters, from their middle, and letters that are so made.
_THROUGH: dict[str, _Strokes] = {
    "\u0335": [[(-0.2, -0.22), (0.16, -0.22)]],
    "\u0338": [[(-0.22, 0.2), (0.22, -0.2)]],
    "\u0337": [[(-0.12, 0.05), (0.12, -0.08)]],
}
_MADE = str.maketrans(
    {
        "\u00f8": "o\u0338",
        "\u00d8": "O\u0338",
        "\u0142": "l\u0337",
        "\u0141": "L\u0337",
        "\u0111": "d\u0335",
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "--",
        "\u00d7": "x",
    }
)
# What the font has of its own.
_OWN = {
    *map(chr, range(0x20, 0x7F)),
    *"\u00a9\u00b0\u00b1\u00ab\u00bb\u00b7\u2018\u2019\u201c\u201d\u2026\u2039\u203a\u2122",
}
_KNOWN = {*_OWN, *_ABOVE, *_BELOW, *_THROUGH}


class Bundled:
    """Pillow's own font, the same everywhere: ASCII, and accents that are put on it here."""

    def has(self, text: str) -> bool:
        """Whether it can draw all of a text."""
        return _OWN.issuperset(text) or _KNOWN.issuperset(_apart(text))

    def width(self, text: str, size: int) -> float:
        """How wide a text is."""
        return bundled(size).getlength(self._letters(text))

    def draw(
        self, image: Image.Image, at: tuple[float, float], text: str, size: int, colour: Colour
    ) -> None:
        """Draw a text, and its accents on it."""
        font, draw = bundled(size), ImageDraw.Draw(image)
        draw.text(at, self._letters(text), colour, font, "ls")
        before = ""
        for char in () if _OWN.issuperset(text) else _apart(text):
            strokes = _ABOVE.get(char) or _BELOW.get(char) or _THROUGH.get(char)
            if strokes is None:
                before += char
            elif before:
                left, top, right, foot = font.getbbox(before[-1], anchor="ls")
                middle = at[0] + font.getlength(before[:-1]) + (left + right) / 2
                edge = top if char in _ABOVE else foot if char in _BELOW else (top + foot) / 2
                _stroke(draw, (middle, at[1] + edge), strokes, size, colour)

    def _letters(self, text: str) -> str:
        if _OWN.issuperset(text):
            return text
        return "".join(char for char in _apart(text) if char in _OWN)


class Boxes:
    """What no font has, as its number in a box: as browsers show it."""

    def has(self, text: str) -> bool:
        """Whether it can draw all of a text: always."""
        return True

    def width(self, text: str, size: int) -> float:
        """How wide a text is."""
        return sum(self._wide(char, size) + 0.12 * size for char in text if not is_unseen(char))

    def draw(
        self, image: Image.Image, at: tuple[float, float], text: str, size: int, colour: Colour
    ) -> None:
        """Draw the boxes."""
        draw, x = ImageDraw.Draw(image), at[0]
        for char in text:
            if is_unseen(char):
                continue
            wide, high, digits = self._wide(char, size), 0.84 * size, f"{ord(char):04X}"
            top = at[1] - 0.74 * size
            box = (round(x), round(top), round(x + wide), round(top + high))
            draw.rounded_rectangle(box, size / 8, outline=colour, width=max(1, size // 18))
            half = (len(digits) + 1) // 2
            font = bundled(max(5, round(0.38 * size)))
            for row, part in enumerate((digits[:half], digits[half:])):
                y = top + high * (0.29 + 0.42 * row)
                draw.text((x + wide / 2, y), part, colour, font, "mm")
            x += wide + 0.12 * size

    @staticmethod
    def _wide(char: str, size: int) -> float:
        return (0.68 if ord(char) < 0x10000 else 0.9) * size


@functools.lru_cache(maxsize=64)
def bundled(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font in a size."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, which draws the text of pictures")
    return font


def is_unseen(char: str) -> bool:
    """Whether a character is only there to join others."""
    return unicodedata.category(char) in ("Cf", "Cc") or "\ufe00" <= char <= "\ufe0f"


def _apart(text: str) -> str:
    """Letters and their accents apart; where Pillow's font has a character, it stays."""
    return unicodedata.normalize("NFD", text).translate(_MADE)


def _stroke(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    strokes: _Strokes,
    size: int,
    colour: Colour,
) -> None:
    width = max(1, round(size / 13))
    for stroke in strokes:
        points = [(at[0] + x * size, at[1] + y * size) for x, y in stroke]
        if len(points) > 1:
            draw.line(points, colour, width, joint="curve")
        else:
            (x, y), radius = points[0], max(1.0, size / 17)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

# A copy of codegen/runtime/emulator/_pictures/label.py, where it is edited.
"""What a picture says of itself, on a panel over its foot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from .direction import is_rtl
from .palette import Colour, Palette, oklch
from .size import Size
from .text import DOT, draw_line, line_height, shown, width, wrap

_OVERSAMPLING = 3
_WHITE = (255, 255, 255)
# Of the lines of a prompt, and of those of small labels below it.
_MOST_LINES, _MOST_ROWS = 4, 2
# More than fit in these lines, however narrow they are; measuring takes its time.
_MOST_CHARACTERS = 800


@dataclass(frozen=True, slots=True)
class Label:
    """What is said: facts, the prompt, and the other parameters."""

    facts: Sequence[str]
    prompt: str | None
    marks: Sequence[str]


def lay(image: Image.Image, label: Label, palette: Palette) -> None:
    """Lay a frosted panel over the foot of an image, if there is room for one."""
    layout = _Layout(image.size)
    if not layout.set(label):
        return
    tint = oklch(0.16, 0.03, palette.hue)
    left, top, right, _ = layout.box
    _frost(image, layout.box, layout.padding, tint)
    y = top + layout.padding
    for line, size, colour in layout.lines(palette.colour(0.93)):
        y += line_height(size)
        x = left + layout.padding
        if is_rtl(line):
            x = right - layout.padding - math.ceil(width(line, size))
        draw_line(image, (x, y - round(0.28 * size)), line, size, colour)
    y += layout.gap
    for row in layout.chips:
        _chips(image, (left + layout.padding, y), row, layout.tiny, palette.colour(0.8))
        y += layout.chip_height


class _Layout:
    """What is said, set in lines that fit."""

    def __init__(self, size: Size) -> None:
        wide, high = size
        self._image = size
        self.em = em = max(13, round(min(0.029 * math.sqrt(wide * high), 0.085 * min(size))))
        self.small, self.tiny = max(11, round(0.84 * em)), max(10, round(0.72 * em))
        self.margin, self.padding = max(6, em), max(7, round(0.8 * em))
        self.chip_height = round(1.75 * self.tiny)
        self.gap = 0
        self.head: list[str] = []
        self.body: list[str] = []
        self.chips: list[list[str]] = []
        self.box = (0, 0, 0, 0)

    def set(self, label: Label) -> bool:
        """Set a label; False if there is no room for it."""
        wide, high = self._image
        room = high - 2 * (self.margin + self.padding)
        most = min(wide - 2 * (self.margin + self.padding), 34 * self.em)
        if most < 6 * self.em:
            return False
        facts = [shown(fact) for fact in label.facts]
        self.head = wrap(facts, f"  {DOT}  ", self.small, most, limit=5)
        # Half of the picture stays free, but for what there is no label without.
        left = high // 2 - self.margin - 2 * self.padding - len(self.head) * line_height(self.small)
        rows = min(_MOST_ROWS, max(0, left - line_height(self.em)) // self.chip_height)
        self.chips = _rows([shown(mark) for mark in label.marks], self.tiny, most, rows)
        self.gap = round(0.3 * self.em) if self.chips else 0
        left -= self.gap + len(self.chips) * self.chip_height
        if label.prompt is not None:
            limit = min(_MOST_LINES, left // line_height(self.em))
            prompt = shown(label.prompt)[:_MOST_CHARACTERS]
            self.body = wrap(prompt.split(), " ", self.em, most, limit)
        high_text = len(self.head) * line_height(self.small) + len(self.body) * line_height(self.em)
        tall = high_text + self.gap + len(self.chips) * self.chip_height
        widths = [width(line, self.small) for line in self.head]
        widths += [width(line, self.em) for line in self.body]
        widths += [_row_width(row, self.tiny) for row in self.chips]
        right = self.margin + 2 * self.padding + math.ceil(min(most, max(widths)))
        foot = high - self.margin
        self.box = (self.margin, foot - 2 * self.padding - tall, right, foot)
        return tall <= room

    def lines(self, light: Colour) -> list[tuple[str, int, Colour]]:
        """The lines, with their sizes and colours."""
        head = [(line, self.small, light) for line in self.head]
        return head + [(line, self.em, _WHITE) for line in self.body]


def _rows(words: Sequence[str], size: int, most: float, limit: int) -> list[list[str]]:
    """Small labels in rows; the last tells how many more there are."""
    rows: list[list[str]] = []
    for place, word in enumerate(words):
        [fitting, *_] = wrap([word], "", size, most - 1.2 * size, 1) or [word]
        if not rows or _row_width([*rows[-1], fitting], size) > most:
            if len(rows) == limit:
                if rows:
                    _tell_more(rows[-1], len(words) - place, size, most)
                return rows
            rows.append([])
        rows[-1].append(fitting)
    return rows


def _tell_more(row: list[str], more: int, size: int, most: float) -> None:
    while len(row) > 1 and _row_width([*row, f"+{more}"], size) > most:
        row.pop()
        more += 1
    row.append(f"+{more}")


def _row_width(row: Sequence[str], size: int) -> float:
    return sum(width(word, size) + 1.2 * size for word in row) + 0.45 * size * (len(row) - 1)


def _chips(
    image: Image.Image, at: tuple[int, int], row: Sequence[str], size: int, colour: Colour
) -> None:
    """Words in outlines."""
    draw, x = ImageDraw.Draw(image), float(at[0])
    high = round(1.45 * size)
    for word in row:
        wide = width(word, size) + 1.2 * size
        box = (round(x), at[1], round(x + wide), at[1] + high)
        draw.rounded_rectangle(box, high / 2, outline=colour, width=max(1, size // 14))
        draw_line(image, (x + 0.6 * size, at[1] + round(1.06 * size)), word, size, colour)
        x += wide + 0.45 * size


def _frost(image: Image.Image, box: tuple[int, int, int, int], radius: int, tint: Colour) -> None:
    """Blur and darken a rounded box of the image, enough for light text on any picture."""
    size = (box[2] - box[0], box[3] - box[1])
    small = image.resize((max(1, size[0] // 16), max(1, size[1] // 16)), Image.Resampling.BOX, box)
    small = small.filter(ImageFilter.GaussianBlur(2))
    glass = Image.blend(small, Image.new("RGB", small.size, tint), 0.66)
    mask = Image.new("L", size, 255)
    corner = Image.new("L", (2 * radius * _OVERSAMPLING, 2 * radius * _OVERSAMPLING))
    ImageDraw.Draw(corner).ellipse((0, 0, corner.width - 1, corner.height - 1), 255)
    corner = corner.reduce(_OVERSAMPLING)
    for left, upper in ((0, 0), (radius, 0), (0, radius), (radius, radius)):
        part = corner.crop((left, upper, left + radius, upper + radius))
        mask.paste(part, (left and size[0] - radius, upper and size[1] - radius))
    image.paste(glass.resize(size, Image.Resampling.BILINEAR), box, mask)

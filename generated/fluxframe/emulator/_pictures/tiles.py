# A copy of codegen/runtime/emulator/_pictures/tiles.py, where it is edited.
"""The pictures that a request gives, small, in a strip over the head of its picture, in their order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageOps

from .palette import Palette, oklch
from .size import Size
from .text import draw_line, line_height, shown, width, wrap

_OVERSAMPLING = 3
_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture of the strip; without one, what can't be had, called by a name."""

    image: Image.Image | None
    name: str = ""


def tile_side(size: Size, count: int) -> int:
    """How long the sides of the tiles are."""
    wide, high = size
    unit = min(math.sqrt(wide * high), 2.5 * min(size))
    side = unit * (0.24 if count == 1 else 0.18 if count <= 4 else 0.13)
    # Eight are in one row, unless they would be too small to be seen.
    room = wide - 2 * _margin(size)
    columns = max(1, min(count, 8, int(room / (0.08 * unit))))
    return max(8, int(min(side, room / (columns * 1.1))))


def strip(image: Image.Image, tiles: Sequence[Tile], palette: Palette) -> None:
    """Lay the tiles over the head of an image."""
    side, margin = tile_side(image.size, len(tiles)), _margin(image.size)
    gap = max(2, round(side * 0.1))
    columns = max(1, (image.width - 2 * margin + gap) // (side + gap))
    frame = max(1, round(side / 34))
    mask, shade = _rounded(side, side // 8), _rounded(side + 2 * frame, side // 8 + frame)
    for place, tile in enumerate(tiles):
        row, column = divmod(place, columns)
        x, y = margin + column * (side + gap), margin + row * (side + gap)
        image.paste(
            (10, 10, 16), (x - frame, y + frame), shade.point([level // 3 for level in range(256)])
        )
        image.paste(_WHITE, (x - frame, y - frame), shade)
        shown_tile = tile.image
        if shown_tile is None:
            shown_tile = _missing(side, tile.name, palette)
        fitted = ImageOps.fit(shown_tile, (side, side), Image.Resampling.BICUBIC)
        if len(tiles) > 1:
            _number(fitted, place + 1)
        image.paste(fitted, (x, y), mask)


def _margin(size: Size) -> int:
    return max(4, round(0.024 * math.sqrt(size[0] * size[1])))


def _rounded(side: int, radius: int) -> Image.Image:
    large = Image.new("L", (side * _OVERSAMPLING, side * _OVERSAMPLING))
    corners = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(corners, radius * _OVERSAMPLING, 255)
    return large.reduce(_OVERSAMPLING)


def _number(tile: Image.Image, number: int) -> None:
    """Which one it is, in its corner."""
    size = max(8, tile.width // 6)
    text, draw = str(number), ImageDraw.Draw(tile)
    wide = round(width(text, size) + 0.9 * size)
    box = (0, tile.height - round(1.5 * size), wide, tile.height)
    draw.rectangle(box, (16, 16, 22))
    draw_line(tile, (0.45 * size, tile.height - round(0.42 * size)), text, size, _WHITE)


def _missing(side: int, name: str, palette: Palette) -> Image.Image:
    """A hatched tile with the name of what can't be had."""
    tile = Image.new("RGB", (side, side), oklch(0.3, 0.03, palette.hue))
    draw, light = ImageDraw.Draw(tile), oklch(0.4, 0.03, palette.hue)
    step = max(3, side // 7)
    for start in range(-side, side, step):
        draw.line([(start, side), (start + side, 0)], light, max(1, side // 40))
    size = max(8, side // 8)
    lines = wrap([shown(name)], "", size, side * 0.84, 3) if side > 60 else []
    y = (side - len(lines) * line_height(size)) / 2
    for line in lines:
        y += line_height(size)
        x = (side - width(line, size)) / 2
        draw_line(tile, (x, y - 0.28 * size), line, size, (226, 226, 232))
    return tile

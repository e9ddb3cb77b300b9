"""A sheet of pictures with captions, to look at many at once."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image

from .encoding import encode
from .text import draw_line, line_height, shown, wrap

# Pixels that the sheet is wide at most, and a picture on it.
_WIDEST = 2400
_CELL = 480


def contact_sheet(pictures: Sequence[tuple[bytes, str]]) -> bytes:
    """Return a PNG of every picture as a thumbnail, its aspect ratio kept, above its caption."""
    columns = max(1, min(len(pictures), max(3, round(math.sqrt(len(pictures))))))
    cell = min(_CELL, _WIDEST // columns)
    gap, size = max(4, cell // 16), max(11, cell // 26)
    cells = []
    for encoded, caption in pictures:
        with Image.open(io.BytesIO(encoded)) as picture:
            picture.thumbnail((cell, cell))
            thumbnail = picture.convert("RGB")
        cells.append((thumbnail, wrap(shown(caption).split(), " ", size, cell, limit=3)))
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]

    # The captions of a row line up, so its shorter pictures sit lower.
    floors = [max(image.height for image, _ in row) for row in rows]
    feet = [gap // 3 + max(len(lines) for _, lines in row) * line_height(size) for row in rows]
    height = gap + sum(floors) + sum(feet) + len(rows) * gap
    sheet = Image.new("RGB", (gap + columns * (cell + gap), height), (247, 246, 243))
    top = gap
    for row, floor, foot in zip(rows, floors, feet, strict=True):
        for column, (image, lines) in enumerate(row):
            left = gap + column * (cell + gap)
            sheet.paste(image, (left, top + floor - image.height))
            for index, line in enumerate(lines):
                y = top + floor + gap // 3 + (index + 0.75) * line_height(size)
                draw_line(sheet, (left, y), line, size, (58, 58, 64))
        top += floor + foot + gap
    return encode(sheet, "png", 100, None)

"""A sheet of pictures with captions, to look at many at once."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from .encoding import encode
from .text import drawable, font_of, line_height, wrap

# Pixels that the sheet is wide at most, and a picture on it.
_WIDEST = 2400
_CELL = 480


def contact_sheet(pictures: Sequence[tuple[bytes, str]]) -> bytes:
    """Return a PNG of every picture as a thumbnail, its aspect ratio kept, above its caption."""
    columns = max(1, min(len(pictures), max(3, round(math.sqrt(len(pictures))))))
    cell = min(_CELL, _WIDEST // columns)
    gap, font = max(4, cell // 16), font_of(max(11, cell // 26))
    cells = []
    for encoded, caption in pictures:
        with Image.open(io.BytesIO(encoded)) as picture:
            picture.thumbnail((cell, cell))
            thumbnail = picture.convert("RGB")
        cells.append((thumbnail, wrap(drawable(caption).split(), " ", font, cell, limit=3)))
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]

    # The captions of a row line up, so its shorter pictures sit lower.
    floors = [max(image.height for image, _ in row) for row in rows]
    feet = [gap // 3 + max(len(lines) for _, lines in row) * line_height(font) for row in rows]
    height = gap + sum(floors) + sum(feet) + len(rows) * gap
    sheet = Image.new("RGB", (gap + columns * (cell + gap), height), (247, 246, 243))
    draw = ImageDraw.Draw(sheet)
    top = gap
    for row, floor, foot in zip(rows, floors, feet, strict=True):
        for column, (image, lines) in enumerate(row):
            left = gap + column * (cell + gap)
            sheet.paste(image, (left, top + floor - image.height))
            for index, line in enumerate(lines):
                y = top + floor + gap // 3 + index * line_height(font)
                draw.text((left, y), line, (58, 58, 64), font)
        top += floor + foot + gap
    return encode(sheet, "png", 100, {})

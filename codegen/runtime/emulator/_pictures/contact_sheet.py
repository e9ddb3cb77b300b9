"""A sheet of pictures in rows that fill its width, to look at many at once."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .text import draw_line, line_height, shown, wrap

_PAPER, _MAT = (247, 246, 243), (232, 230, 225)
_CHECKS = ((255, 255, 255), (223, 223, 226))
_INK, _PALE = (24, 24, 27), (82, 82, 91)
# Tiles are no narrower or wider than these for their height; a picture that is has a mat around it.
_NARROWEST, _WIDEST = 0.55, 2.6
# How much higher than asked for the row of a sheet of few pictures is; then the sheet is narrower.
_GROWTH = 2.0
# What it costs to part the pictures of one title: as much as a row that is three times too high.
_PARTING = math.log(3) ** 2
_TITLE_LINES, _CAPTION_LINES = 2, 3


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture in a file, and what stands below it; pictures of one title that follow have it once."""

    content: bytes
    title: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class _Tile:
    """A picture at its place in a row."""

    image: Image.Image
    shot: Shot
    left: int
    width: int


def contact_sheet(
    shots: Sequence[Shot], *, width: int = 2400, row_height: int = 240
) -> Image.Image:
    """Return every picture, its aspect ratio kept, above its title and caption.

    Each row is as wide as the sheet and about `row_height` pixels high. Few pictures make a sheet that
    is narrower than `width`. Where a picture is clear, it is on a checkerboard.
    """
    size = max(12, row_height // 14)
    gap = size
    most = (width, math.ceil(_GROWTH * row_height))
    images = [_opened(shot.content, most) for shot in shots]
    ratios = [min(max(image.width / image.height, _NARROWEST), _WIDEST) for image in images]
    titles = [shot.title for shot in shots]
    room = width - 2 * gap
    bands, top = [], gap
    for start, end in _rows(ratios, titles, room, gap, row_height):
        row = slice(start, end)
        height = _height(ratios[row], room, gap)
        if end - start == len(shots):
            height = min(height, _GROWTH * row_height)
        band = _band(images[row], shots[row], ratios[row], gap, height)
        feet = _feet(band, size, gap)
        bands.append((band, feet, top, round(height)))
        top += round(height) + max(foot for foot, _ in feet) + gap
    right = max((tile.left + tile.width for band, *_ in bands for tile in band), default=0)
    sheet = Image.new("RGB", (right + gap, top), _PAPER)
    for band, feet, y, height in bands:
        for tile, (_, lines) in zip(band, feet, strict=True):
            sheet.paste(_framed(tile, height), (tile.left, y))
            for down, text, text_size, colour in lines:
                draw_line(sheet, (tile.left, y + height + down), text, text_size, colour)
    return sheet


def _opened(content: bytes, most: tuple[int, int]) -> Image.Image:
    """A picture, no larger than a sheet shows it at most."""
    with Image.open(io.BytesIO(content)) as image:
        is_clear = "A" in image.getbands() or "transparency" in image.info
        image.draft("RGB", most)
        picture = image.convert("RGBA" if is_clear else "RGB")
    picture.thumbnail(most, Image.Resampling.LANCZOS, reducing_gap=3)
    return picture


def _height(ratios: Sequence[float], room: int, gap: int) -> float:
    """How high a row is that fills the room."""
    return max(1.0, (room - gap * (len(ratios) - 1)) / sum(ratios))


def _rows(
    ratios: Sequence[float], titles: Sequence[str], room: int, gap: int, target: int
) -> list[tuple[int, int]]:
    """Where rows begin and end, so that all are as near to the height as can be."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # The cost of the first so many, and their last row.
    for end in range(1, len(ratios) + 1):
        costs = []
        for start in range(end - 1, -1, -1):
            height = _height(ratios[start:end], room, gap)
            costs.append((best[start][0] + math.log(height / target) ** 2, start))
            if height < target / 4:
                break
        cost, start = min(costs)
        if end < len(ratios) and titles[end - 1] == titles[end]:
            cost += _PARTING
        best.append((cost, start))
    rows, end = [], len(ratios)
    while end:
        start = best[end][1]
        rows.append((start, end))
        end = start
    return rows[::-1]


def _band(
    images: Sequence[Image.Image],
    shots: Sequence[Shot],
    ratios: Sequence[float],
    gap: int,
    height: float,
) -> list[_Tile]:
    """The tiles of a row; their edges are rounded, so that rows end at the same pixel."""
    tiles, left = [], float(gap)
    for image, shot, ratio in zip(images, shots, ratios, strict=True):
        right = left + ratio * height
        tiles.append(_Tile(image, shot, round(left), max(1, round(right) - round(left))))
        left = right + gap
    return tiles


_Line = tuple[int, str, int, tuple[int, int, int]]


def _feet(band: Sequence[_Tile], size: int, gap: int) -> list[tuple[int, list[_Line]]]:
    """What stands below each tile: how high it is, and its lines with how far down each is."""
    small, feet = round(0.82 * size), []
    captions = 0.0
    for index, tile in enumerate(band):
        down, found = 0.4 * gap, []
        for line in _title(band, index, size):
            down += line_height(size)
            found.append((round(down - 0.25 * size), line, size, _INK))
        # The captions of one title line up below it.
        down = captions = down if found else captions
        words = shown(tile.shot.caption).split() if tile.shot.caption else []
        for line in wrap(words, " ", small, tile.width, limit=_CAPTION_LINES):
            down += line_height(small)
            found.append((round(down - 0.25 * small), line, small, _PALE))
        feet.append((round(down), found))
    return feet


def _title(band: Sequence[_Tile], index: int, size: int) -> list[str]:
    """The lines of a tile's title, which is as wide as all tiles of it; none below the others."""
    title = band[index].shot.title
    if index and band[index - 1].shot.title == title:
        return []
    last = index
    while last + 1 < len(band) and band[last + 1].shot.title == title:
        last += 1
    most = band[last].left + band[last].width - band[index].left
    parts = re.findall("[^ -]+[ -]?|[ -]", shown(title))
    return wrap(parts, "", size, most, limit=_TITLE_LINES)


def _framed(tile: _Tile, height: int) -> Image.Image:
    """A picture as large as its tile, or within a mat if it is narrower or wider than tiles are."""
    ratio = tile.image.width / tile.image.height
    box = (tile.width, height)
    if ratio < _NARROWEST:
        box = (max(1, round(height * ratio)), height)
    elif ratio > _WIDEST:
        box = (tile.width, max(1, round(tile.width / ratio)))
    picture = tile.image.resize(box, Image.Resampling.LANCZOS, reducing_gap=3)
    if picture.mode == "RGBA":
        below = _checkerboard(box, max(4, height // 20))
        below.paste(picture, mask=picture.getchannel("A"))
        picture = below
    framed = Image.new("RGB", (tile.width, height), _MAT)
    framed.paste(picture, ((tile.width - box[0]) // 2, (height - box[1]) // 2))
    return framed


def _checkerboard(size: tuple[int, int], square: int) -> Image.Image:
    board = Image.new("RGB", size, _CHECKS[0])
    for y in range(0, size[1], square):
        for x in range(square * (y // square % 2), size[0], 2 * square):
            board.paste(_CHECKS[1], (x, y, x + square, y + square))
    return board

# A copy of codegen/runtime/emulator/_pictures/canvas.py, where it is edited.
"""What motifs paint on: tones from deep to light, and which of two runs of colours each point takes.

Painting in one byte a point, and colouring the whole at last, takes a fraction of the time that
painting in colours does.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .palette import Palette
from .size import Size

Point: TypeAlias = tuple[float, float]

# Edges are drawn so many times as large, to be smooth.
_OVERSAMPLING = 2
# Before there is an edge, all is so soft that it is painted on so many times fewer points.
_SOFT = 8
_CIRCLE = [(a, math.cos(a), math.sin(a)) for a in (math.tau * step / 72 for step in range(72))]
_BILINEAR, _BICUBIC = Image.Resampling.BILINEAR, Image.Resampling.BICUBIC


class Canvas:
    """Tones and hues of a picture, and the few translucent strokes that motifs paint with."""

    def __init__(self, size: Size, random: Random) -> None:
        self.width, self.height = size
        self.random = random
        # One length to size shapes by, which stays sensible on very long canvases.
        self.unit = min(math.sqrt(self.width * self.height), 2.5 * min(size))
        # The backdrop is a mesh gradient: a handful of tones, enlarged.
        self._scale = 1 / _SOFT
        soft = (math.ceil(self.width / _SOFT), math.ceil(self.height / _SOFT))
        tones = [0.1 + 0.17 * row + random.uniform(-0.13, 0.13) for row in range(4) for _ in "mesh"]
        self._tones = _mesh(tones).resize(soft, _BICUBIC)
        self._hues = _mesh([random.uniform(-0.25, 0.75) for _ in range(16)]).resize(soft, _BICUBIC)

    def spot(self, x: Point, y: Point) -> Point:
        """Pick a point, given ranges as fractions of the width and the height."""
        return self.width * self.random.uniform(*x), self.height * self.random.uniform(*y)

    def swell(self, level: float, amplitude: float) -> list[Point]:
        """Trace a smooth irregular line across the canvas."""
        waves = [
            (amplitude / k, k * self.random.uniform(3, 5.5) / self.unit, self.random.uniform(0, 7))
            for k in (1, 2, 3.5)
        ]
        (a, f, p), (b, g, q), (c, h, r) = waves
        sin, step = math.sin, self.width / 96
        return [
            (x, level + a * sin(f * x + p) + b * sin(g * x + q) + c * sin(h * x + r))
            for x in (step * n for n in range(97))
        ]

    def glow(self, centre: Point, radius: float, tone: float, opacity: float) -> None:
        """Light a soft disc."""
        scale, image = self._scale, self._tones
        x, y, radius = centre[0] * scale, centre[1] * scale, max(1.0, radius * scale)
        left, upper = max(0, math.floor(x - radius)), max(0, math.floor(y - radius))
        right, lower = (
            min(image.width, math.ceil(x + radius)),
            min(image.height, math.ceil(y + radius)),
        )
        if right <= left or lower <= upper:
            return
        share = 256 / (2 * radius)
        box = (
            max(0.0, (left - x + radius) * share),
            max(0.0, (upper - y + radius) * share),
            min(256.0, (right - x + radius) * share),
            min(256.0, (lower - y + radius) * share),
        )
        lamp = _lamp(_byte(tone * opacity)).resize((right - left, lower - upper), _BILINEAR, box)
        image.paste(255, (left, upper, right, lower), lamp)

    def fill(
        self,
        shape: Sequence[Point],
        top: float,
        foot: float,
        alpha: Point = (1, 1),
        hue: float | None = None,
    ) -> None:
        """Fill a polygon with a tone and an opacity that change from its top to its foot."""
        self._settle()
        left, upper = (max(0, math.floor(min(axis))) for axis in zip(*shape, strict=True))
        right, lower = (math.ceil(max(axis)) for axis in zip(*shape, strict=True))
        size = (min(self.width, right) - left, min(self.height, lower) - upper)
        if min(size) <= 0:
            return
        mask = _mask(shape, (left, upper), size, 255 if alpha[0] != alpha[1] else _byte(alpha[0]))
        if alpha[0] != alpha[1]:
            mask = ImageChops.multiply(mask, _ramp(_byte(alpha[0]), _byte(alpha[1]), size))
        if top == foot:
            self._tones.paste(_byte(top), (left, upper, left + size[0], upper + size[1]), mask)
        else:
            self._tones.paste(_ramp(_byte(top), _byte(foot), size), (left, upper), mask)
        if hue is not None:
            self._hues.paste(_byte(hue), (left, upper, left + size[0], upper + size[1]), mask)

    def shadow(self, shape: Sequence[Point], spread: float, opacity: float) -> None:
        """Darken around a polygon, as if it floated above what is already painted."""
        self._settle()
        size = (math.ceil(self.width / _SOFT), math.ceil(self.height / _SOFT))
        small = Image.new("L", size)
        corners = [(x / _SOFT, (y + spread / 3) / _SOFT) for x, y in shape]
        ImageDraw.Draw(small).polygon(corners, round(255 * opacity))
        small = small.filter(ImageFilter.BoxBlur(max(1.0, spread / _SOFT)))
        left, upper, right, lower = box = small.getbbox() or (0, 0, 1, 1)
        large = (_SOFT * (right - left), _SOFT * (lower - upper))
        mask = small.resize(large, _BILINEAR, box)
        self._tones.paste(6, (_SOFT * left, _SOFT * upper, _SOFT * right, _SOFT * lower), mask)

    def lines(self, lines: Sequence[Sequence[Point]], width: float, tone: float, by: float) -> None:
        """Draw lines over all, translucent."""
        self._settle()
        large = Image.new("L", (self.width * _OVERSAMPLING, self.height * _OVERSAMPLING))
        draw = ImageDraw.Draw(large)
        thick = max(1, round(width * _OVERSAMPLING))
        for line in lines:
            draw.line([(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in line], _byte(by), thick)
        self._tones.paste(_byte(tone), (0, 0), large.reduce(_OVERSAMPLING))

    def coloured(self, size: Size, palette: Palette) -> Image.Image:
        """The picture in colours, in a size, with a faint grain."""
        self._settle()
        tones = self._tones.resize(size, _BICUBIC)
        _roughen(tones, self.random)
        tones.putpalette(palette.run())
        image = tones.convert("RGB")
        tones.putpalette(palette.run(beside=True))
        image.paste(tones.convert("RGB"), mask=self._hues.resize(size, _BILINEAR))
        return image

    def _settle(self) -> None:
        """From here on edges may be painted."""
        if self._scale != 1:
            self._scale = 1
            size = (self.width, self.height)
            self._tones = self._tones.resize(size, _BICUBIC)
            self._hues = self._hues.resize(size, _BILINEAR)


def blob(
    centre: Point, radius: float, waves: Sequence[tuple[int, float, float]] = ()
) -> list[Point]:
    """Trace a circle, its radius swayed by waves of (count, size, phase)."""
    across, down = centre
    if not waves:
        return [(across + radius * x, down + radius * y) for _, x, y in _CIRCLE]
    points = []
    for angle, x, y in _CIRCLE:
        reach = radius * (1 + sum(size * math.sin(k * angle + phase) for k, size, phase in waves))
        points.append((across + reach * x, down + reach * y))
    return points


@functools.lru_cache(maxsize=256)
def _lamp(peak: int) -> Image.Image:
    """A soft disc, its middle as light as that."""
    # The gradient ends in its corners; half-way along its sides it stands at about 180.
    nearness = (max(0.0, 1 - level / 179) for level in range(256))
    levels = [round(peak * (3 - 2 * n) * n * n) for n in nearness]
    return Image.radial_gradient("L").point(levels)


def _mask(shape: Sequence[Point], corner: tuple[int, int], size: Size, level: int) -> Image.Image:
    """Where a shape is, in a box."""
    left, upper = corner
    large = Image.new("L", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING))
    points = [((x - left) * _OVERSAMPLING, (y - upper) * _OVERSAMPLING) for x, y in shape]
    ImageDraw.Draw(large).polygon(points, level)
    return large.reduce(_OVERSAMPLING)


def _byte(share: float) -> int:
    return min(255, max(0, round(255 * share)))


def _mesh(levels: Sequence[float]) -> Image.Image:
    return Image.frombytes("L", (4, 4), bytes(map(_byte, levels)))


def _ramp(top: int, foot: int, size: Size) -> Image.Image:
    """A vertical gradient between two levels."""
    ends = Image.frombytes("L", (1, 2), bytes((top, foot)))
    # Sampling between the centres of the two points keeps the ends from going flat.
    column = ends.resize((1, size[1]), _BILINEAR, (0, 0.5, 1, 1.5))
    return column.resize(size, Image.Resampling.NEAREST)


def _roughen(tones: Image.Image, random: Random) -> None:
    """Add a faint grain, the same in small squares: that is not seen, and packs well.

    It also hides the banding of long gradients.
    """
    tile = Image.frombytes("L", (64, 64), random.randbytes(64 * 64))
    tile = tile.point([127] * 64 + [128] * 128 + [129] * 64)
    tile = tile.resize((256, 256), Image.Resampling.NEAREST)
    grain = Image.new("L", (tones.width, tile.height))
    for left in range(0, tones.width, tile.width):
        grain.paste(tile, (left, 0))
    # In strips, as other threads have to wait for such a sum.
    for top in range(0, tones.height, tile.height):
        strip = tones.crop((0, top, tones.width, min(tones.height, top + tile.height)))
        rough = ImageChops.add(strip, grain.crop((0, 0, *strip.size)), 1, -128)
        tones.paste(rough, (0, top))

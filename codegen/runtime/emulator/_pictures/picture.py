"""Deterministic, labelled artwork: the pictures the emulator answers with."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from random import Random

from PIL import Image

from .canvas import Canvas
from .motifs import MOTIFS
from .palette import Palette
from .size import MEGAPIXEL, Size

# Motifs are painted on so many of a picture's pixels, and then enlarged: on all if it is small.
_PAINTED, _LEAST_PAINTED, _MOST_PAINTED = 0.47, 0.47 * MEGAPIXEL, 2 * MEGAPIXEL
# Of many numbers, that by which models that are compared have palettes far apart.
_PALETTES = "palettes 2017"


def paint(
    *, model: str, prompt: str, seed: int, size: Size, marks: Sequence[str] = ()
) -> Image.Image:
    """Return a picture of exactly `size` (width, height) pixels.

    The same arguments give the same picture. The model sets the palette, the prompt what is shown,
    the seed how; with marks, threads run over it.
    """
    pixels = size[0] * size[1]
    painted = min(max(_PAINTED * pixels, _LEAST_PAINTED), _MOST_PAINTED)
    scale = min(1.0, math.sqrt(painted / pixels))
    small = (math.ceil(size[0] * scale), math.ceil(size[1] * scale))
    canvas = Canvas(small, seeded("picture", model, prompt, str(seed)))
    seeded("motif", model, prompt).choice(MOTIFS)(canvas)
    if marks:
        _threads(canvas, seeded("marks", *marks))
    return canvas.coloured(size, palette_of(model, prompt))


def palette_of(model: str, prompt: str) -> Palette:
    """The colours of a model's pictures of a prompt."""
    return Palette.choose(seeded(_PALETTES, model), seeded("hue", model, prompt))


def seeded(*parts: str) -> Random:
    """Return a generator seeded by SHA-256, so that it is the same in every process."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return Random(int.from_bytes(digest, "big"))


def _threads(canvas: Canvas, random: Random) -> None:
    """Draw fine lines over a picture, of a slant, a distance and a sway that are of the marks alone."""
    count, sway = random.randint(7, 16), canvas.unit * random.uniform(0.02, 0.1)
    slant, wave = random.uniform(-0.9, 0.9), random.uniform(1.5, 5) / canvas.unit
    across, phase, turn = random.random() < 0.5, random.uniform(0, 7), random.uniform(-0.6, 0.6)
    along, wide = (canvas.width, canvas.height) if across else (canvas.height, canvas.width)
    lines = []
    for index in range(-count // 2, count + count // 2):
        level = wide * (index + 0.5) / count
        line = []
        for step in range(41):
            x = along * step / 40
            y = level + slant * (x - along / 2) + sway * math.sin(wave * x + phase + turn * index)
            line.append((x, y) if across else (y, x))
        lines.append(line)
    canvas.lines(lines, canvas.unit * 0.0022, random.choice((0.02, 0.98)), random.uniform(0.3, 0.5))

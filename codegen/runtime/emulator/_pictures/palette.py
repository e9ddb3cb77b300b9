"""The colours of a picture: even to the eye in lightness, moderate in chroma."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from PIL import Image

Colour: TypeAlias = tuple[int, int, int]

_STOPS = 17


@dataclass(frozen=True, slots=True)
class Palette:
    """Two runs of related colours from deep to light, in OKLCH: one of the model, and one beside it."""

    hue: float
    sweep: float
    darkest: float
    light_hue: float
    apart: float
    contrast: float

    @classmethod
    def choose(cls, model: Random, picture: Random) -> Palette:
        """The palette of a model, leaned a little by the picture."""
        # From green by blue and red to gold, turning back there: dark yellows look like mud.
        hue, sweep = model.uniform(150, 400), model.uniform(45, 95)
        sweep = sweep if hue + sweep < 450 else -sweep
        darkest, light_hue = model.uniform(0.2, 0.3), model.uniform(30, 100)
        apart = model.choice((-1, 1)) * model.uniform(35, 80)
        if picture.random() < 0.5:
            hue, apart = hue + apart, -apart
        contrast = math.exp(picture.uniform(-0.4, 0.45))
        return cls(hue + picture.uniform(-15, 15), sweep, darkest, light_hue, apart, contrast)

    def run(self, *, beside: bool = False) -> bytes:
        """The 256 colours of a run, as Pillow takes palettes."""
        stops = Image.new("RGB", (_STOPS, 1))
        stops.putdata([self.colour(step / (_STOPS - 1), beside=beside) for step in range(_STOPS)])
        box = (0.5, 0, _STOPS - 0.5, 1)
        return stops.resize((256, 1), Image.Resampling.BICUBIC, box).tobytes()

    def colour(self, tone: float, *, beside: bool = False) -> Colour:
        """The colour of a tone, from 0 (deep) to 1 (the light of lamps and suns, always warm)."""
        tone = tone**self.contrast
        lightness = self.darkest + (0.965 - self.darkest) * tone
        hue = self.hue + self.sweep * tone + (self.apart if beside else 0)
        # Dark yellow looks like mud: what is near it leans to red or to green.
        off = (hue - 98 + 180) % 360 - 180
        if abs(off) < 50:
            hue += math.copysign((50 - abs(off)) * 0.8 * (1 - tone), off)
        chroma = 0.06 + 0.085 * math.sin(math.pi * min(1.0, tone * 1.1))
        if tone > 0.75:  # Whatever the hue is, the last quarter goes to that of the light.
            share = (tone - 0.75) / 0.25
            turn = (self.light_hue - hue + 180) % 360 - 180
            hue, chroma = hue + turn * share * share, chroma + (0.05 - chroma) * share
        return oklch(lightness, chroma, hue)


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour in sRGB, with the chroma lowered until it can be shown."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    if chroma > 0.01 and (min(red, green, blue) < 0 or max(red, green, blue) > 1):
        return oklch(lightness, chroma * 0.9, hue)
    return _gamma(red), _gamma(green), _gamma(blue)


def _gamma(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    return round(
        255 * (12.92 * linear if linear < 0.0031308 else 1.055 * linear ** (5 / 12) - 0.055)
    )

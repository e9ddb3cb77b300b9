# A copy of codegen/runtime/emulator/_pictures/picture.py, where it is edited.
"""Deterministic, labelled artwork: the pictures the emulator answers with."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .text import DOT, drawable, font_of, line_height, wrap

_Size = tuple[int, int]
_Colour = tuple[int, int, int]
_Point = tuple[float, float]

# Shapes are drawn on a canvas of at most this many pixels, which is then enlarged.
_CANVAS_PIXELS = 900 * 900
_OVERSAMPLING = 3


def draw(
    *,
    model: str,
    prompt: str | None,
    seed: int,
    size: tuple[int, int],
    format: str,
    source: Image.Image | None = None,
    labelled: bool = True,
) -> Image.Image:
    """Return a picture of exactly `size` (width, height) pixels, labelled with what it is.

    The same arguments give the same picture. The model sets the palette and the motif; prompt and
    seed set the composition. With a `source`, of that size, it is that.
    """
    brush = _random("brush", model)
    composition = _random("picture", model, prompt or "", str(seed))
    palette = _Palette.choose(brush, composition)
    if source is not None:
        image = source
    else:
        paint = brush.choice(_MOTIFS)
        scale = min(1.0, math.sqrt(_CANVAS_PIXELS / (size[0] * size[1])))
        small = (math.ceil(size[0] * scale), math.ceil(size[1] * scale))
        canvas = _Canvas(small, palette, composition)
        paint(canvas)
        image = _grain(canvas.image.resize(size, Image.Resampling.BICUBIC), composition)
    if labelled:
        _label(image, prompt, [model, f"{size[0]}x{size[1]} px", f"seed {seed}", format], palette)
    return image


@dataclass(frozen=True)
class _Palette:
    """A run of related colours in OKLCH: even to the eye in lightness, moderate in chroma."""

    hue: float
    sweep: float
    darkest: float
    light_hue: float

    @classmethod
    def choose(cls, brush: Random, composition: Random) -> "_Palette":
        """Take the palette of the model, leaned a little by the picture."""
        # From green by blue and red to gold, turning back there: dark yellows look like mud.
        hue, sweep = brush.uniform(150, 400), brush.uniform(60, 115)
        sweep = sweep if hue + sweep < 450 else -sweep
        darkest, light_hue = brush.uniform(0.24, 0.36), brush.uniform(20, 105)
        return cls(hue + composition.uniform(-14, 14), sweep, darkest, light_hue)

    def tone(self, position: float) -> _Colour:
        """Return the colour at `position`, from 0 (deep) to 1 (light)."""
        position = min(1.0, max(0.0, position))
        chroma = 0.075 + 0.065 * math.sin(math.pi * position)
        return _oklch(self.darkest + 0.54 * position, chroma, self.hue + self.sweep * position)

    def light(self, lightness: float, chroma: float = 0.06) -> _Colour:
        """Return the colour of lamps and suns, which is warm in every palette."""
        return _oklch(lightness, chroma, self.light_hue)


class _Canvas:
    """The image a motif paints, with the few translucent strokes it paints with."""

    def __init__(self, size: _Size, palette: _Palette, random: Random) -> None:
        self.width, self.height = size
        # One length to size shapes by, which stays sensible on very long canvases.
        self.unit = min(math.sqrt(self.width * self.height), 2.5 * min(size))
        self.random, self.palette = random, palette
        # The backdrop is a mesh gradient: a handful of colours, enlarged.
        mesh = Image.new("RGB", (4, 4))
        for x, y in ((x, y) for x in range(4) for y in range(4)):
            mesh.putpixel((x, y), palette.tone(0.12 + 0.22 * y + random.uniform(-0.16, 0.16)))
        self.image = mesh.resize(size, Image.Resampling.BICUBIC)

    def spot(self, x: tuple[float, float], y: tuple[float, float]) -> _Point:
        """Pick a point, given ranges as fractions of the width and the height."""
        return self.width * self.random.uniform(*x), self.height * self.random.uniform(*y)

    def swell(self, level: float, amplitude: float) -> list[_Point]:
        """Trace a smooth irregular line across the canvas."""
        waves = [
            (amplitude / k, k * self.random.uniform(3, 5.5) / self.unit, self.random.uniform(0, 7))
            for k in (1, 2, 3.5)
        ]
        xs = [self.width * step / 160 for step in range(161)]
        return [(x, level + sum(a * math.sin(f * x + phase) for a, f, phase in waves)) for x in xs]

    def glow(self, centre: _Point, radius: float, colour: _Colour, opacity: float) -> None:
        """Light a soft disc."""
        disc = Image.radial_gradient("L")
        # The gradient ends in its corners; half-way along its sides it stands at about 180.
        nearness = [max(0.0, 1 - level / 179) for level in range(256)]
        mask = disc.point([round(255 * opacity * (3 - 2 * n) * n * n) for n in nearness])
        side = math.ceil(2 * radius)
        lamp = Image.new("RGB", (side, side))
        lamp.paste(colour, (0, 0), mask.resize(lamp.size, Image.Resampling.BILINEAR))
        left, upper = round(centre[0] - radius), round(centre[1] - radius)
        lit = self.image.crop((left, upper, left + side, upper + side))
        self.image.paste(ImageChops.screen(lit, lamp), (left, upper))

    def fill(
        self, shape: Sequence[_Point], top: _Colour, foot: _Colour, alpha: _Point = (1, 1)
    ) -> None:
        """Fill a polygon with a colour and an opacity that change from its top to its foot."""
        left, upper = (max(0, math.floor(min(axis))) for axis in zip(*shape, strict=True))
        right, lower = (math.ceil(max(axis)) for axis in zip(*shape, strict=True))
        size = (min(self.width, right) - left, min(self.height, lower) - upper)
        if min(size) <= 0:
            return
        large = Image.new("L", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING))
        corners = [((x - left) * _OVERSAMPLING, (y - upper) * _OVERSAMPLING) for x, y in shape]
        ImageDraw.Draw(large).polygon(corners, 255)
        opacity = _ramp("L", [round(255 * level) for level in alpha], size)
        mask = ImageChops.multiply(large.reduce(_OVERSAMPLING), opacity)
        self.image.paste(_ramp("RGB", [top, foot], size), (left, upper), mask)

    def shadow(self, shape: Sequence[_Point], spread: float, opacity: float) -> None:
        """Darken around a polygon, as if it floated above what is already painted."""
        small = Image.new("L", (math.ceil(self.width / 8), math.ceil(self.height / 8)))
        corners = [(x / 8, (y + spread / 3) / 8) for x, y in shape]
        ImageDraw.Draw(small).polygon(corners, round(255 * opacity))
        small = small.filter(ImageFilter.GaussianBlur(spread / 8))
        box = small.getbbox() or (0, 0, 1, 1)
        left, upper, right, lower = box
        size = (8 * (right - left), 8 * (lower - upper))
        mask = small.resize(size, Image.Resampling.BILINEAR, box)
        self.image.paste(_oklch(0.15, 0.03, self.palette.hue), (8 * left, 8 * upper), mask)


def _hills(canvas: _Canvas) -> None:
    """Paint a low sun over ridges that come out of the haze."""
    random, unit, tone = canvas.random, canvas.unit, canvas.palette.tone
    sun, radius = canvas.spot((0.15, 0.85), (0.16, 0.42)), unit * random.uniform(0.05, 0.13)
    glare = canvas.palette.light(0.93)
    canvas.glow(sun, radius * 2 + unit * 0.4, tone(0.8), 0.7)
    canvas.glow(sun, radius * 2, glare, 0.5)
    canvas.fill(_blob(sun, radius), glare, canvas.palette.light(0.87, 0.1))
    first, count = random.uniform(0.36, 0.52), random.randint(4, 7)
    for depth in (index / (count - 1) for index in range(count)):
        level = canvas.height * (first + (0.88 - first) * depth)
        ridge = canvas.swell(level, unit * random.uniform(0.03, 0.06 + 0.03 * depth))
        crest = 0.82 - 0.8 * depth
        ground = [(canvas.width, canvas.height), (0.0, canvas.height)]
        canvas.fill([*ridge, *ground], tone(crest), tone(crest + 0.2))


def _silk(canvas: _Canvas) -> None:
    """Paint long translucent folds, lit along their upper edge."""
    random, unit, tone = canvas.random, canvas.unit, canvas.palette.tone
    canvas.glow(canvas.spot((0, 1), (0, 0.3)), unit * 0.9, tone(0.9), 0.8)
    slope = random.uniform(-0.5, 0.5) * min(1, canvas.height / canvas.width)
    for index in range(8):
        edge = canvas.swell(canvas.height * (0.16 + 0.11 * index), unit * 0.08)
        edge = [(x, y + slope * (x - canvas.width / 2)) for x, y in edge]
        hem = [(x, y + unit * 0.5) for x, y in reversed(edge)]
        light = tone(random.uniform(0.4, 1))
        canvas.fill([*edge, *hem], light, tone(random.uniform(0, 0.25)), (0.85, 0))


def _orbs(canvas: _Canvas) -> None:
    """Paint glass spheres adrift, the near ones large."""
    random, unit, palette = canvas.random, canvas.unit, canvas.palette
    canvas.glow(canvas.spot((0, 1), (0, 1)), unit * 0.8, palette.tone(1), 0.7)
    for radius in sorted(unit * (0.02 + 0.22 * random.random() ** 2) for _ in range(14)):
        x, y = canvas.spot((0, 1), (0, 0.85))
        ball, position = _blob((x, y), radius), random.uniform(0.35, 0.85)
        canvas.shadow(ball, radius * 0.6, 0.3)
        canvas.fill(ball, palette.tone(position + 0.3), palette.tone(position - 0.3), (0.95, 0.8))
        shine = (x - radius * 0.25, y - radius * 0.3)
        canvas.glow(shine, radius * 0.68, palette.light(0.97, 0.03), 0.45)


def _petals(canvas: _Canvas) -> None:
    """Paint a rosette of overlapping translucent petals."""
    random, unit, palette = canvas.random, canvas.unit, canvas.palette
    centre, radius = canvas.spot((0.2, 0.8), (0.2, 0.6)), unit * random.uniform(0.5, 0.8)
    canvas.glow(centre, radius * 1.3, palette.tone(1), 0.5)
    count, spread = random.randint(5, 12), random.uniform(0.25, 0.5)
    for ring in range(4):
        length, turn = radius * (1 - 0.22 * ring), random.uniform(0, math.tau)
        for index in range(count):
            petal = _petal(centre, length, turn + math.tau * index / count, spread)
            outer, inner = palette.tone(0.45 + 0.18 * ring), palette.tone(0.15 + 0.2 * ring)
            canvas.fill(petal, outer, inner, (0.5, 0.5))
    canvas.glow(centre, radius * 0.3, palette.light(0.94, 0.08), 0.95)


def _strata(canvas: _Canvas) -> None:
    """Paint sheets of cut paper, each with a smaller hole, down to the light."""
    random, unit, palette = canvas.random, canvas.unit, canvas.palette
    centre, count = canvas.spot((0.2, 0.8), (0.2, 0.6)), random.randint(5, 8)
    lobes = random.sample((2, 3, 4, 5, 6), 3)
    waves = [(k, random.uniform(0.1, 0.35) / k, random.uniform(0, math.tau)) for k in lobes]
    twist = random.uniform(-0.4, 0.4)
    for index in range(count):
        turned = [(k, size, phase + twist * index) for k, size, phase in waves]
        sheet, tone = _blob(centre, unit * 0.8 * (1 - index / count), turned), 0.85 * index / count
        canvas.shadow(sheet, unit * 0.035, 0.45)
        canvas.fill(sheet, palette.tone(tone + 0.22), palette.tone(tone + 0.06))
    canvas.glow(centre, unit * 0.25, palette.light(0.96), 0.85)


_MOTIFS: Sequence[Callable[[_Canvas], None]] = (_hills, _silk, _orbs, _petals, _strata)


def _blob(
    centre: _Point, radius: float, waves: Sequence[tuple[int, float, float]] = ()
) -> list[_Point]:
    """Trace a circle, its radius swayed by waves of (count, size, phase)."""
    points = []
    for angle in (math.tau * step / 120 for step in range(120)):
        reach = radius * (1 + sum(size * math.sin(k * angle + phase) for k, size, phase in waves))
        points.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
    return points


def _petal(centre: _Point, length: float, direction: float, spread: float) -> list[_Point]:
    points = []
    for angle in (math.pi * (step / 60 - 0.5) for step in range(61)):
        reach, bearing = length * math.cos(angle), direction + spread * angle
        points.append(
            (centre[0] + reach * math.cos(bearing), centre[1] + reach * math.sin(bearing))
        )
    return points


def _label(image: Image.Image, prompt: str | None, facts: Sequence[str], palette: _Palette) -> None:
    """Lay a frosted panel with the facts and the prompt over the foot of the image."""
    em = max(13, round(min(0.029 * math.sqrt(image.width * image.height), 0.085 * min(image.size))))
    margin, padding = max(6, em), max(7, round(0.8 * em))
    small, large = font_of(max(11, round(0.84 * em))), font_of(em)
    room = image.height - 2 * (margin + padding)
    width = min(image.width - 2 * (margin + padding), 34 * em)
    if width < 6 * em:
        return
    head = wrap([drawable(fact) for fact in facts], f"  {DOT}  ", small, width, limit=5)
    left = min(room, image.height // 2) - len(head) * line_height(small)
    limit = min(4, left // line_height(large))
    body = [] if prompt is None else wrap(drawable(prompt).split(), " ", large, width, limit)
    lines = [(line, small, palette.light(0.88, 0.08)) for line in head]
    lines += [(line, large, (255, 255, 255)) for line in body]
    height = sum(line_height(font) for _, font, _ in lines)
    if height > room:
        return

    right = margin + 2 * padding + math.ceil(max(font.getlength(line) for line, font, _ in lines))
    y = image.height - margin - 2 * padding - height
    tint = _oklch(0.16, 0.03, palette.hue)
    _frost(image, (margin, y, right, image.height - margin), padding, tint)
    draw = ImageDraw.Draw(image)
    y += padding
    for line, font, colour in lines:
        draw.text((margin + padding, y + line_height(font) // 2), line, colour, font, "lm")
        y += line_height(font)


def _frost(image: Image.Image, box: tuple[int, int, int, int], radius: int, tint: _Colour) -> None:
    """Blur and darken a rounded box of the image, enough for light text on any picture."""
    size = (box[2] - box[0], box[3] - box[1])
    small = image.resize((size[0] // 8, size[1] // 8), Image.Resampling.BOX, box)
    small = small.filter(ImageFilter.GaussianBlur(3))
    glass = Image.blend(small, Image.new("RGB", small.size, tint), 0.66)
    mask = Image.new("L", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING))
    corners = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(corners, radius * _OVERSAMPLING, 255)
    image.paste(glass.resize(size, Image.Resampling.BICUBIC), box, mask.reduce(_OVERSAMPLING))


def _random(*parts: str) -> Random:
    """Return a generator seeded by SHA-256, so that it is the same in every process."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return Random(int.from_bytes(digest, "big"))


def _ramp(mode: str, ends: Sequence[int] | Sequence[_Colour], size: _Size) -> Image.Image:
    """Return a vertical gradient between two ends."""
    column = Image.new(mode, (1, 2))
    column.putdata(ends)
    # Sampling between the centres of the two pixels keeps the ends from going flat.
    return column.resize(size, Image.Resampling.BILINEAR, (0, 0.5, 1, 1.5))


def _grain(image: Image.Image, random: Random) -> Image.Image:
    """Add a faint film grain, which also hides the banding of long gradients."""
    tile = Image.frombytes("L", (256, 256), random.randbytes(256 * 256))
    tile = tile.point([126 + level // 52 for level in range(256)])
    noise = Image.new("L", image.size)
    for left in range(0, image.width, tile.width):
        for top in range(0, image.height, tile.height):
            noise.paste(tile, (left, top))
    return ImageChops.add(image, Image.merge("RGB", (noise, noise, noise)), 1, -128)


def _oklch(lightness: float, chroma: float, hue: float) -> _Colour:
    """Convert to sRGB, with the chroma lowered until the colour can be shown."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    if chroma > 0.01 and (min(red, green, blue) < 0 or max(red, green, blue) > 1):
        return _oklch(lightness, chroma * 0.92, hue)
    return _gamma(red), _gamma(green), _gamma(blue)


def _gamma(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    return round(
        255 * (12.92 * linear if linear < 0.0031308 else 1.055 * linear ** (5 / 12) - 0.055)
    )

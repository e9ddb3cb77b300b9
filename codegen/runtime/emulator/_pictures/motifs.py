"""What pictures show: landscapes and patterns, each made of a few strokes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from .canvas import Canvas, Point, blob


def _hills(canvas: Canvas) -> None:
    """A low sun over ridges that come out of the haze."""
    random, unit = canvas.random, canvas.unit
    sun, radius = canvas.spot((0.15, 0.85), (0.16, 0.42)), unit * random.uniform(0.05, 0.13)
    canvas.glow(sun, radius * 2 + unit * 0.45, 0.8, 0.75)
    canvas.glow(sun, radius * 2.2, 0.9, 0.6)
    canvas.fill(blob(sun, radius), 0.99, 0.93, hue=0)
    first, count = random.uniform(0.36, 0.52), random.randint(4, 6)
    for depth in (index / (count - 1) for index in range(count)):
        level = canvas.height * (first + (0.88 - first) * depth)
        ridge = canvas.swell(level, unit * random.uniform(0.03, 0.06 + 0.03 * depth))
        crest = 0.7 - 0.68 * depth
        ground = [(canvas.width, canvas.height), (0.0, canvas.height)]
        canvas.fill([*ridge, *ground], crest, crest + 0.16, hue=random.random() * 0.8)


def _silk(canvas: Canvas) -> None:
    """Long translucent folds, lit along their upper edge."""
    random, unit = canvas.random, canvas.unit
    canvas.glow(canvas.spot((0, 1), (0, 0.3)), unit * 0.9, 0.85, 0.8)
    slope = random.uniform(-0.5, 0.5) * min(1, canvas.height / canvas.width)
    for index in range(7):
        edge = canvas.swell(canvas.height * (0.16 + 0.12 * index), unit * 0.08)
        edge = [(x, y + slope * (x - canvas.width / 2)) for x, y in edge]
        hem = [(x, y + unit * 0.42) for x, y in reversed(edge)]
        canvas.fill(
            [*edge, *hem], random.uniform(0.4, 0.95), random.uniform(0, 0.2), (0.85, 0), index % 2
        )


def _orbs(canvas: Canvas) -> None:
    """Glass spheres adrift, the near ones large."""
    random, unit = canvas.random, canvas.unit
    canvas.glow(canvas.spot((0, 1), (0, 1)), unit * 0.8, 0.9, 0.7)
    for radius in sorted(unit * (0.02 + 0.21 * random.random() ** 2) for _ in range(12)):
        x, y = canvas.spot((0, 1), (0, 0.85))
        ball, tone = blob((x, y), radius), random.uniform(0.35, 0.75)
        canvas.shadow(ball, radius * 0.6, 0.4)
        canvas.fill(ball, tone + 0.25, tone - 0.3, (0.95, 0.85), random.random())
        canvas.glow((x - radius * 0.25, y - radius * 0.3), radius * 0.68, 0.97, 0.5)


def _petals(canvas: Canvas) -> None:
    """A rosette of overlapping translucent petals."""
    random, unit = canvas.random, canvas.unit
    centre, radius = canvas.spot((0.2, 0.8), (0.2, 0.6)), unit * random.uniform(0.5, 0.75)
    canvas.glow(centre, radius * 1.3, 0.9, 0.5)
    count, spread = random.randint(5, 10), random.uniform(0.25, 0.5)
    for ring in range(3):
        length, turn = radius * (1 - 0.28 * ring), random.uniform(0, math.tau)
        for index in range(count):
            petal = _petal(centre, length, turn + math.tau * index / count, spread)
            canvas.fill(petal, 0.42 + 0.2 * ring, 0.12 + 0.22 * ring, (0.55, 0.55), ring / 2)
    canvas.glow(centre, radius * 0.3, 0.99, 0.95)


def _strata(canvas: Canvas) -> None:
    """Sheets of cut paper, each with a smaller hole, down to the light."""
    random, unit = canvas.random, canvas.unit
    centre, count = canvas.spot((0.2, 0.8), (0.2, 0.6)), random.randint(5, 7)
    lobes = random.sample((2, 3, 4, 5, 6), 3)
    waves = [(k, random.uniform(0.1, 0.35) / k, random.uniform(0, math.tau)) for k in lobes]
    twist = random.uniform(-0.4, 0.4)
    for index in range(count):
        turned = [(k, size, phase + twist * index) for k, size, phase in waves]
        sheet, tone = blob(centre, unit * 0.8 * (1 - index / count), turned), 0.8 * index / count
        canvas.shadow(sheet, unit * 0.035, 0.5)
        canvas.fill(sheet, tone + 0.2, tone + 0.05, hue=index / count)
    canvas.glow(centre, unit * 0.25, 0.99, 0.85)


def _mosaic(canvas: Canvas) -> None:
    """Tiles of discs, quarters and halves, as on a wall of the twenties."""
    random = canvas.random
    side = canvas.unit / random.randint(4, 6)
    canvas.glow(canvas.spot((0, 1), (0, 1)), canvas.unit * 0.8, 0.6, 0.5)
    columns, rows = math.ceil(canvas.width / side), math.ceil(canvas.height / side)
    # A very long canvas has more tiles than anyone looks at.
    step = max(1, columns * rows // 60)
    for index in range(0, columns * rows, step):
        left, top = index % columns * side, index // columns * side
        tone, hue = random.choice((0.1, 0.3, 0.5, 0.65, 0.9)), random.choice((0.0, 0.5, 1.0))
        square = [
            (left, top),
            (left + side, top),
            (left + side, top + side),
            (left, top + side),
        ]
        canvas.fill(square, tone, tone - 0.06, hue=1 - hue)
        other = tone + (0.4 if tone < 0.45 else -0.35)
        match random.randrange(4):
            case 0:
                shape = blob((left + side / 2, top + side / 2), side * random.uniform(0.2, 0.42))
            case 1:
                shape = _sector(random.choice(square), side, _clip(square))
            case 2:
                shape = random.sample(square, 3)
            case _:
                shape = _sector((left + side / 2, top), side / 2, _clip(square))
        canvas.fill(shape, other, other - 0.08, hue=hue)


def _skyline(canvas: Canvas) -> None:
    """Towers in the evening, their windows lit."""
    random, unit = canvas.random, canvas.unit
    moon = canvas.spot((0.1, 0.9), (0.1, 0.35))
    canvas.glow((canvas.width / 2, canvas.height * 0.8), unit * 0.9, 0.85, 0.8)
    canvas.glow(moon, unit * 0.3, 0.8, 0.6)
    canvas.fill(blob(moon, unit * random.uniform(0.03, 0.08)), 0.99, 0.95, hue=0)
    for depth in (0.0, 0.5, 1.0):
        left, tone, shape = -unit * 0.1, 0.52 - 0.46 * depth, [(0.0, canvas.height + 1.0)]
        lit: list[Sequence[Point]] = []
        while left < canvas.width:
            wide = max(unit * random.uniform(0.05, 0.13), canvas.width / 40)
            top = canvas.height * (0.36 + 0.22 * depth + random.uniform(-0.13, 0.14))
            shape += [(left, top), (left + wide, top)]
            if random.random() < 0.3:
                shape[-1:] = [(left + wide / 2, top - wide * 0.7), shape[-1]]
            lit += _windows(canvas, (left, top), wide) if depth else []
            left += wide
        canvas.fill([*shape, (canvas.width, canvas.height + 1.0)], tone, tone + 0.1, hue=depth)
        if lit:
            canvas.lines(lit, unit * 0.007, 0.95, 0.85)


def _windows(canvas: Canvas, corner: Point, wide: float) -> list[Sequence[Point]]:
    step, random = canvas.unit * 0.022, canvas.random
    found: list[Sequence[Point]] = []
    for row in range(1, 10):
        y = corner[1] + row * step * 1.5
        for column in range(1, min(6, int(wide / step))):
            if random.random() < 0.3:
                x = corner[0] + column * step
                found.append([(x, y), (x + step * 0.45, y)])
    return found


def _facets(canvas: Canvas) -> None:
    """A sheet of folded triangles, in a light from one side."""
    random, unit = canvas.random, canvas.unit
    light = canvas.spot((0, 1), (0, 0.5))
    canvas.glow(light, unit, 0.9, 0.8)
    density = random.uniform(3, 7)
    across = max(3, min(9, round(canvas.width / unit * density)))
    down = max(3, min(9, round(canvas.height / unit * density)))
    wide, high = canvas.width / (across - 1), canvas.height / (down - 1)
    knots = [
        [
            (wide * (x + random.uniform(-0.4, 0.4)), high * (y + random.uniform(-0.4, 0.4)))
            for x in range(-1, across + 1)
        ]
        for y in range(-1, down + 1)
    ]
    for upper, lower in pairwise(knots):
        for a, b, c, d in zip(upper, upper[1:], lower, lower[1:], strict=False):
            for triangle in (
                ((a, b, c), (b, d, c)) if random.random() < 0.5 else ((a, b, d), (a, d, c))
            ):
                x, y = (sum(axis) / 3 for axis in zip(*triangle, strict=True))
                near = 1 - min(1.0, math.dist((x, y), light) / (1.3 * unit))
                tone = 0.08 + 0.72 * near + random.uniform(-0.09, 0.13)
                canvas.fill(triangle, tone, tone - 0.06, hue=random.random() * (1 - near))


def _ripples(canvas: Canvas) -> None:
    """Rings that spread from where drops fell."""
    random, unit = canvas.random, canvas.unit
    for hue in (random.random(), random.random()):
        centre = canvas.spot((0.1, 0.9), (0.1, 0.8))
        canvas.glow(centre, unit * 0.5, 0.7, 0.6)
        reach, rings = unit * random.uniform(0.35, 0.65), random.randint(5, 6)
        for ring in range(rings):
            tone = (0.85 if ring % 2 else 0.15) + random.uniform(-0.1, 0.1)
            ripple = blob(centre, reach * (1 - ring / rings))
            canvas.fill(ripple, tone, 1 - tone, (0.4, 0.4), None if ring else hue)
        canvas.glow(centre, reach * 0.2, 0.99, 0.9)


def _aurora(canvas: Canvas) -> None:
    """Curtains of light above a dark shore."""
    random, unit = canvas.random, canvas.unit
    for index in range(random.randint(4, 6)):
        foot = canvas.swell(canvas.height * random.uniform(0.42, 0.7), unit * 0.09)
        tall = canvas.height * random.uniform(0.3, 0.55)
        top = [(x, y - tall) for x, y in reversed(foot)]
        canvas.fill([*foot, *top], 0.3, random.uniform(0.7, 0.95), (0, 0.55), index % 2)
    stars = [canvas.spot((0, 1), (0, 0.55)) for _ in range(70)]
    canvas.lines([[(x, y), (x + unit * 0.002, y)] for x, y in stars], unit * 0.003, 0.99, 0.8)
    for depth in (0.0, 1.0):
        shore = canvas.swell(canvas.height * (0.76 + 0.1 * depth), unit * 0.04)
        ground = [(canvas.width, canvas.height), (0.0, canvas.height)]
        canvas.fill([*shore, *ground], 0.16 - 0.12 * depth, 0.02, hue=1 - depth)


def _petal(centre: Point, length: float, direction: float, spread: float) -> list[Point]:
    points = []
    for angle in (math.pi * (step / 40 - 0.5) for step in range(41)):
        reach, bearing = length * math.cos(angle), direction + spread * angle
        points.append(
            (centre[0] + reach * math.cos(bearing), centre[1] + reach * math.sin(bearing))
        )
    return points


def _clip(square: Sequence[Point]) -> tuple[Point, Point]:
    return square[0], square[2]


def _sector(centre: Point, radius: float, within: tuple[Point, Point]) -> list[Point]:
    """The part of a disc that is within a box."""
    (left, top), (right, foot) = within
    return [(min(right, max(left, x)), min(foot, max(top, y))) for x, y in blob(centre, radius)]


MOTIFS: Sequence[Callable[[Canvas], None]] = (
    _hills,
    _silk,
    _orbs,
    _petals,
    _strata,
    _mosaic,
    _skyline,
    _facets,
    _ripples,
    _aurora,
)

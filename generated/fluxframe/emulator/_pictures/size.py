# A copy of codegen/runtime/emulator/_pictures/size.py, where it is edited.
"""The pixels that a request asks for, by the roles of its parameters."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from .._contract.models import Parameter, Values

Size: TypeAlias = tuple[int, int]

MEGAPIXEL = 1024 * 1024
# No picture has more: 4096 x 4096, and what rounding adds to it in other shapes.
MOST_PIXELS = 17 * MEGAPIXEL
SMALLEST, LARGEST = 16, 16_383  # A WebP has at most this many pixels on a side.


class UnrenderableError(ValueError):
    """The request is within its limits, but no picture has the size that it asks for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The size that is asked for: exactly, or by a ratio and a number of pixels."""

    exact: Size | None = None
    ratio: Size = (1, 1)
    pixels: float = MEGAPIXEL

    @property
    def megapixels(self) -> float:
        """The megapixels that are paid for."""
        pixels = self.exact[0] * self.exact[1] if self.exact else self.pixels
        return min(pixels, 2**40) / MEGAPIXEL

    def size(self) -> Size:
        """Width and height in pixels. Raises UnrenderableError."""
        if self.exact:
            width, height = self.exact
        else:
            across, down = self.ratio
            if not (across and down and self.pixels):
                raise UnrenderableError("the picture would have no pixels")
            # As floats only after the division: a ratio may be of integers that no float holds.
            shape = math.sqrt(min(max(across * 10**9 // down, 1), 10**18) / 10**9)
            side = math.sqrt(self.pixels)
            width, height = round(side * shape), round(side / shape)
        within = SMALLEST <= min(width, height) and max(width, height) <= LARGEST
        if not within or width * height > MOST_PIXELS:
            raise UnrenderableError(
                f"the picture would have {width} x {height} pixels; this server draws sides of "
                f"{SMALLEST} to {LARGEST}, and {MOST_PIXELS} pixels at most"
            )
        return width, height


def fitted(size: Size, factor: float = 1) -> Size:
    """A size times a factor, less if that is more than can be drawn."""
    width, height = max(1, size[0]), max(1, size[1])
    factor = min(factor, math.sqrt(MOST_PIXELS / (width * height)), LARGEST / max(width, height))
    return max(SMALLEST, round(width * factor)), max(SMALLEST, round(height * factor))


class _Said(NamedTuple):
    """What a parameter says of the size, and whether the request itself does."""

    given: bool = False
    exact: Size | None = None
    ratio: Size | None = None
    pixels: float | None = None


def asked(values: Values, source: Size | None = None) -> Asked:
    """The size that a request asks for; `source` is that of the first picture that it gives.

    What the request says goes before its model's defaults: first the sides, then a size in so many
    pixels, then a ratio. What is not known is taken as a square of one megapixel, or as large as the
    picture that is to be shown.
    """
    if values.model.shows and values.model.with_role("scale"):
        scale = values.by_role("scale")
        factor = float(scale) if isinstance(scale, int | float) and scale > 0 else 2.0
        square = math.isqrt(MEGAPIXEL)
        return Asked(exact=fitted(source or (square, square), factor))
    size, shape = _said(values, "size", source), _said(values, "aspect_ratio", source)
    sides = _sides(values, shape.ratio)
    pixels = MEGAPIXEL if size.pixels is None else size.pixels
    if size.exact:
        pixels = size.exact[0] * size.exact[1]
    for given in (True, False):
        if sides and sides.given is given:
            return Asked(exact=sides.exact)
        for said in (size, shape):
            if said.given is given and said.exact:
                return Asked(exact=said.exact)
        for said in (shape, size):
            if said.given is given and said.ratio:
                return Asked(ratio=said.ratio, pixels=pixels)
    if size.pixels is None and source and values.model.shows:
        return Asked(exact=fitted(source))
    return Asked(pixels=pixels)


def _sides(values: Values, ratio: Size | None) -> _Said | None:
    """Width and height; one of them alone has the other by the ratio, or is that of a square."""
    found = {role: pair for role in ("width", "height") if (pair := values.first(role))}
    if not found:
        return None
    across, down = ratio if ratio and all(ratio) else (1, 1)
    given = any(values.is_given(parameter) for parameter, _ in found.values())
    width, height = (int(found[role][1]) if role in found else 0 for role in ("width", "height"))
    return _Said(given, exact=(width or height * across // down, height or width * down // across))


def _said(values: Values, role: str, source: Size | None) -> _Said:
    found = values.first(role)
    if found is None:
        return _Said()
    parameter, value = found
    given = values.is_given(parameter)
    if named := parameter.schema.get("x-sizes", {}).get(str(value)):
        return _named(named, given, role, source)
    return _written(parameter, str(value), given)


def _named(size: dict[str, Any], given: bool, role: str, source: Size | None) -> _Said:
    """What the document says that a value means."""
    if size.get("like"):
        if role == "size":
            return _Said(given, exact=fitted(source) if source else None)
        return _Said(given, ratio=source or (1, 1))
    if "width" in size and "height" in size:
        return _Said(given, exact=(size["width"], size["height"]))
    pixels = float(size["side"]) ** 2 if "side" in size else None
    if "megapixels" in size:
        pixels = size["megapixels"] * MEGAPIXEL
    ratio = _integers(size["ratio"]) if "ratio" in size else None
    return _Said(given, ratio=ratio, pixels=pixels)


def _written(parameter: Parameter, text: str, given: bool) -> _Said:
    """What a text itself says: two integers are a ratio or sides, a number of MP is an area."""
    if match := re.fullmatch(r"(?i)([0-9]+(?:\.[0-9]+)?) ?MP", text):
        return _Said(given, pixels=float(match[1]) * MEGAPIXEL)
    if not (match := re.fullmatch(r"[0-9]+ ?([^0-9 ]) ?[0-9]+", text)):
        return _Said(given)
    reads = parameter.schema.get("x-reads", "ratio" if match[1] in ":/" else "dimensions")
    pair = _integers(text)
    return _Said(given, ratio=pair) if reads == "ratio" else _Said(given, exact=pair)


def _integers(text: str) -> Size:
    try:
        across, down = map(int, re.findall("[0-9]+", text))
    except ValueError:  # Python reads integers of up to 4300 digits; none is that large.
        return 0, 0
    return across, down

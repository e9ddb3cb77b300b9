# A copy of codegen/runtime/emulator/_size.py, where it is edited.
"""The pixels that a request asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

MEGAPIXEL = 1024 * 1024
_SMALLEST, _LARGEST = 16, 8192


class UnrenderableError(ValueError):
    """The request is within its limits, but no picture has the size that it asks for."""


def pixel_size(
    parameters: Mapping[str, Any], input_size: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Width and height in pixels.

    With `aspect_ratio` "custom" they are `width` and `height` as given. Else they have the ratio of
    `aspect_ratio`, or with "match_input_image" that of the first input image, and as many pixels as
    `resolution` says, by default one megapixel. What is not known is taken as a square.
    """
    aspect_ratio = parameters.get("aspect_ratio", "1:1")
    if aspect_ratio == "custom":
        side = math.isqrt(MEGAPIXEL)
        width, height = parameters.get("width"), parameters.get("height")
        return int(width or height or side), int(height or width or side)
    if aspect_ratio == "match_input_image":
        across, down = input_size or (1, 1)
    else:
        across, down = _ratio(str(aspect_ratio))
    area = megapixels(parameters) * MEGAPIXEL
    if not (across and down and area):
        raise UnrenderableError("the picture would have no pixels")
    # As floats only after the division: a ratio may be of integers that no float holds.
    shape = math.sqrt(min(max(across * 10**9 // down, 1), 10**18) / 10**9)
    width, height = round(math.sqrt(area) * shape), round(math.sqrt(area) / shape)
    if not (_SMALLEST <= min(width, height) and max(width, height) <= _LARGEST):
        raise UnrenderableError(
            f"the picture would have {width} x {height} pixels; this server draws sides of "
            f"{_SMALLEST} to {_LARGEST}"
        )
    return width, height


def megapixels(parameters: Mapping[str, Any]) -> float:
    """The megapixels that a request asks for and pays for."""
    if parameters.get("aspect_ratio") == "custom":
        width, height = pixel_size(parameters)
        return width * height / MEGAPIXEL
    match = re.match(r"[0-9.]+", str(parameters.get("resolution", "1 MP")))
    return float(match[0]) if match else 1.0


def _ratio(text: str) -> tuple[int, int]:
    try:
        across, down = map(int, text.split(":"))
    except ValueError:  # Python reads integers of up to 4300 digits.
        raise UnrenderableError("the picture would be all but a line") from None
    return across, down

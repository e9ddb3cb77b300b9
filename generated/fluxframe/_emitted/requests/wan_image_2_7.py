# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class WanImage27(GenerateRequest):
    """A request for Wan Image 2.7. Pictures from prompts of up to 5,000 characters, or from a picture."""

    model: Literal["wan-image-2.7"] = "wan-image-2.7"
    """The model's id."""
    prompt: Annotated[StrictStr, Field(max_length=5000, min_length=1)]
    """What the picture shows. 1 to 5000 characters."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"] | MISSING = (
        MISSING
    )
    """Shape of the picture. "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9" or "21:9"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to edit; without it the picture is made from text."""
    thinking_mode: StrictBool | MISSING = MISSING
    """Let the model reason about the prompt first."""
    seed: Annotated[StrictInt | MISSING, Field(ge=0, le=2147483647)] = MISSING
    """Random seed. The same seed and request give the same picture again. 0 to 2147483647."""


class WanImage27Pro(GenerateRequest):
    """A request for Wan Image 2.7 Pro. Wan Image 2.7 at a higher quality."""

    model: Literal["wan-image-2.7-pro"] = "wan-image-2.7-pro"
    """The model's id."""
    prompt: Annotated[StrictStr, Field(max_length=5000, min_length=1)]
    """What the picture shows. 1 to 5000 characters."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"] | MISSING = (
        MISSING
    )
    """Shape of the picture. "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9" or "21:9"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to edit; without it the picture is made from text."""
    thinking_mode: StrictBool | MISSING = MISSING
    """Let the model reason about the prompt first."""
    seed: Annotated[StrictInt | MISSING, Field(ge=0, le=2147483647)] = MISSING
    """Random seed. The same seed and request give the same picture again. 0 to 2147483647."""

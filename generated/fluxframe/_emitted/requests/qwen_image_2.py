# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class QwenImage2(GenerateRequest):
    """A request for Qwen Image 2. One model for making pictures and editing them."""

    model: Literal["qwen-image-2"] = "qwen-image-2"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "2:1", "1:2"] | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "2:1" or "1:2"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to edit; without it the picture is made from text."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=500)] = MISSING
    """What the picture must not show. At most 500 characters."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class QwenImage2Pro(GenerateRequest):
    """A request for Qwen Image 2 Pro. Qwen Image 2 at a higher quality."""

    model: Literal["qwen-image-2-pro"] = "qwen-image-2-pro"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "2:1", "1:2"] | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "2:1" or "1:2"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to edit; without it the picture is made from text."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=500)] = MISSING
    """What the picture must not show. At most 500 characters."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

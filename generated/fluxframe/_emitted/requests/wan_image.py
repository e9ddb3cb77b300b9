# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class WanImage26(GenerateRequest):
    """A request for Wan Image 2.6. Pictures from text or from a picture."""

    model: Literal["wan-image-2.6"] = "wan-image-2.6"
    """The model's id."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"] | MISSING = (
        MISSING
    )
    """Shape of the picture. "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9" or "21:9"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to edit; without it the picture is made from text."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=500)] = MISSING
    """What the picture must not show. At most 500 characters."""
    prompt_extend: StrictBool | MISSING = MISSING
    """Let the model enrich the prompt."""
    seed: Annotated[StrictInt | MISSING, Field(ge=0, le=2147483647)] = MISSING
    """Random seed. The same seed and request give the same picture again. 0 to 2147483647."""

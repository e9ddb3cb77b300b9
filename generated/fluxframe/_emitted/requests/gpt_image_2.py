# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictInt

from . import common
from .common import GenerateRequest


class GptImage2(GenerateRequest):
    """A request for GPT Image 2. Photorealistic pictures, dense text and precise edits."""

    model: Literal["gpt-image-2"] = "gpt-image-2"
    """The model's id."""
    quality: Literal["auto", "low", "medium", "high"] | MISSING = MISSING
    """How much work to put into the picture; decides the price. "auto", "low", "medium" or "high". The server's default is "auto"."""
    aspect_ratio: Literal["1:1", "3:2", "2:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "3:2" or "2:3"."""
    output_format: Literal["webp", "png", "jpeg"] | MISSING = MISSING
    """File format of the picture. "webp", "png" or "jpeg". The server's default is "webp"."""
    background: Literal["auto", "opaque"] | MISSING = MISSING
    """Background of the picture. "auto" or "opaque". The server's default is "auto"."""
    input_images: Annotated[list[common.AbsoluteUrl] | None | MISSING, Field(min_length=1)] = (
        MISSING
    )
    """URLs of pictures to edit or to take the style of. At least 1 item."""
    moderation: Literal["auto", "low"] | MISSING = MISSING
    """How strictly to filter content. "auto" or "low". The server's default is "auto"."""
    number_of_images: Annotated[StrictInt | MISSING, Field(ge=1, le=10)] = MISSING
    """Number of pictures to make. 1 to 10. The server's default is 1."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictStr

from . import common
from .common import GenerateRequest


class NanoBanana(GenerateRequest):
    """A request for Nano Banana. Fast generation and editing with reference images."""

    model: Literal["nano-banana"] = "nano-banana"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: Literal["512px", "1K", "2K", "4K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "512px", "1K", "2K" or "4K"."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of pictures to edit or to combine. At most 14 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    google_search: StrictBool | MISSING = MISSING
    """Let the model look things up with Google Search."""
    image_search: StrictBool | MISSING = MISSING
    """Let the model look for pictures with Google Search."""


class NanoBanana2(GenerateRequest):
    """A request for Nano Banana 2. Efficient generation that can look things up, at up to 4K."""

    model: Literal["nano-banana-2"] = "nano-banana-2"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: Literal["512px", "1K", "2K", "4K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "512px", "1K", "2K" or "4K"."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of pictures to edit or to combine. At most 14 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    google_search: StrictBool | MISSING = MISSING
    """Let the model look things up with Google Search."""
    image_search: StrictBool | MISSING = MISSING
    """Let the model look for pictures with Google Search."""


class NanoBanana2Lite(GenerateRequest):
    """A request for Nano Banana 2 Lite. The lightest of the Nano Banana models."""

    model: Literal["nano-banana-2-lite"] = "nano-banana-2-lite"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: Literal["512px", "1K", "2K", "4K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "512px", "1K", "2K" or "4K"."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of pictures to edit or to combine. At most 14 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    google_search: StrictBool | MISSING = MISSING
    """Let the model look things up with Google Search."""
    image_search: StrictBool | MISSING = MISSING
    """Let the model look for pictures with Google Search."""


class NanoBananaPro(GenerateRequest):
    """A request for Nano Banana Pro. Professional pictures with accurate text, at up to 4K."""

    model: Literal["nano-banana-pro"] = "nano-banana-pro"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: Literal["512px", "1K", "2K", "4K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "512px", "1K", "2K" or "4K"."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of pictures to edit or to combine. At most 14 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    google_search: StrictBool | MISSING = MISSING
    """Let the model look things up with Google Search."""
    image_search: StrictBool | MISSING = MISSING
    """Let the model look for pictures with Google Search."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictFloat, StrictInt, StrictStr

from . import common
from .common import UpscaleRequest


class ClarityUpscale(UpscaleRequest):
    """A request for Clarity Upscaler. Enlarges pictures, and invents detail as a prompt says."""

    model: Literal["clarity-upscale"] = "clarity-upscale"
    """The model's id."""
    image: common.AbsoluteUrl
    """URL of the picture to enlarge."""
    prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What kind of detail to add. At most 2000 characters."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What the picture must not show. At most 2000 characters."""
    scale_factor: Literal[1, 2, 4, 8] | MISSING = MISSING
    """By how much to enlarge each side. 1, 2, 4 or 8."""
    creativity: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How much new detail to invent. 0 to 1."""
    resemblance: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=3.0)] = MISSING
    """How closely to keep to the picture. 0 to 3."""
    dynamic: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.0, le=50.0)] = MISSING
    """How wide the range of light and dark is. 1 to 50."""
    num_inference_steps: Annotated[StrictInt | MISSING, Field(ge=1, le=100)] = MISSING
    """Number of inference steps. 1 to 100."""
    sharpen: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=10.0)] = MISSING
    """How strongly to sharpen edges. 0 to 10."""
    output_format: Literal["png", "jpg", "webp"] | MISSING = MISSING
    """File format of the picture. "png", "jpg" or "webp"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictFloat, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class KlingImage(GenerateRequest):
    """A request for Kling Image. Kling's picture model, from text or from a reference image."""

    model: Literal["kling-image"] = "kling-image"
    """The model's id."""
    model_name: Literal["kling-v1", "kling-v1-5", "kling-v2"] | MISSING = MISSING
    """Which of the Kling models to use. "kling-v1", "kling-v1-5" or "kling-v2". The server's default is "kling-v1"."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=2500)] = MISSING
    """What the picture must not show. At most 2500 characters."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a reference image."""
    image_fidelity: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How closely to keep to the reference image. 0 to 1."""
    n: Annotated[StrictInt | MISSING, Field(ge=1, le=4)] = MISSING
    """Number of pictures to make. 1 to 4. The server's default is 1."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3"] | MISSING = MISSING
    """Shape of the picture. "16:9", "9:16", "1:1", "4:3", "3:4", "3:2" or "2:3"."""

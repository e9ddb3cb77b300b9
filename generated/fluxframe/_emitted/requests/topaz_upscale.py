# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictFloat, StrictInt

from . import common
from .common import UpscaleRequest


class TopazImageUpscale(UpscaleRequest):
    """A request for Topaz Image Upscale. Enlarges photos, and keeps what is in them."""

    model: Literal["topaz-image-upscale"] = "topaz-image-upscale"
    """The model's id."""
    image: common.AbsoluteUrl
    """URL of the picture to enlarge."""
    model_type: (
        Literal["standard-v2", "low-res-v2", "cgi", "high-fidelity-v2", "text-refine", "redefine"]
        | MISSING
    ) = MISSING
    """Which of the Topaz models to use, by the kind of picture. "standard-v2", "low-res-v2", "cgi", "high-fidelity-v2", "text-refine" or "redefine"."""
    upscale_factor: Literal[1, 2, 4, 6] | MISSING = MISSING
    """By how much to enlarge each side; 1 only improves the picture. 1, 2, 4 or 6."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""
    face_enhance: StrictBool | MISSING = MISSING
    """Improve faces."""
    face_enhance_creativity: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = (
        MISSING
    )
    """How freely to improve faces. 0 to 1."""
    face_enhance_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = (
        MISSING
    )
    """How strongly to improve faces. 0 to 1."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

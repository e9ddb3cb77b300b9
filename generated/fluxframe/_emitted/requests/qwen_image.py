# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictFloat, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class QwenImage(GenerateRequest):
    """A request for Qwen Image. Pictures with accurate text in many scripts, and edits of pictures."""

    model: Literal["qwen-image"] = "qwen-image"
    """The model's id."""
    task_type: Literal["text-to-image", "image-to-image", "image-edit"] | MISSING = MISSING
    """What to do: make a picture from text, make one from a picture, or edit one. "text-to-image", "image-to-image" or "image-edit"."""
    image_size: (
        Literal[
            "square",
            "square_hd",
            "portrait_4_3",
            "portrait_16_9",
            "landscape_4_3",
            "landscape_16_9",
        ]
        | MISSING
    ) = MISSING
    """Shape of the picture, by name. "square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3" or "landscape_16_9"."""
    image_url: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to start from or to edit."""
    strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How far to go from the picture that it starts from. 0 to 1."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=500)] = MISSING
    """What the picture must not show. At most 500 characters."""
    num_images: Annotated[StrictInt | MISSING, Field(ge=1, le=4)] = MISSING
    """Number of pictures to make. 1 to 4."""
    output_format: Literal["png", "jpeg"] | MISSING = MISSING
    """File format of the picture. "png" or "jpeg"."""
    num_inference_steps: Annotated[StrictInt | MISSING, Field(ge=2, le=250)] = MISSING
    """Number of inference steps. 2 to 250."""
    guidance_scale: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=20.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 0 to 20."""
    acceleration: Literal["none", "regular", "high"] | MISSING = MISSING
    """How much quality to trade for speed. "none", "regular" or "high"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

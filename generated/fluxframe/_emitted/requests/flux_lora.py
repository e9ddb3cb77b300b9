# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictFloat, StrictInt

from . import common
from .common import GenerateRequest


class FluxLora(GenerateRequest):
    """A request for AI Photos (LoRA). Photos of a subject that you have trained a LoRA on."""

    model: Literal["flux-lora"] = "flux-lora"
    """The model's id."""
    lora_id: common.Uuid
    """Id of the LoRA to use, which has to be ready."""
    num_outputs: Annotated[StrictInt | MISSING, Field(ge=1, le=4)] = MISSING
    """Number of pictures to make. 1 to 4. The server's default is 1."""
    aspect_ratio: Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "16:9", "9:16", "4:3", "3:4", "3:2" or "2:3"."""
    output_format: Literal["png", "jpg", "webp"] | MISSING = MISSING
    """File format of the picture. "png", "jpg" or "webp"."""
    lora_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.5)] = MISSING
    """How much weight the LoRA has. 0 to 1.5. The server's default is 1."""
    guidance_scale: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.0, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1 to 10. The server's default is 3.5."""
    num_inference_steps: Annotated[StrictInt | MISSING, Field(ge=4, le=50)] = MISSING
    """Number of inference steps. 4 to 50. The server's default is 28."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

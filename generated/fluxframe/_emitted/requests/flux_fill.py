# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from . import common
from .common import EditRequest


class FluxFillPro(EditRequest):
    """A request for Flux Fill Pro. Repaints a masked part of a picture, or extends it."""

    model: Literal["flux-fill-pro"] = "flux-fill-pro"
    """The model's id."""
    image: common.AbsoluteUrl
    """URL of the picture to edit."""
    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the edited part shows. 1 to 2000 characters."""
    mode: Literal["inpaint", "outpaint"]
    """Whether to repaint a part of the picture or to extend it. "inpaint" or "outpaint". "inpaint" needs mask. "outpaint" needs outpaint."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that is white where to repaint and black where to keep. Only used when mode is "inpaint"."""
    outpaint: (
        Literal[
            "Zoom out 1.5x",
            "Zoom out 2x",
            "Make square",
            "Left outpaint",
            "Right outpaint",
            "Top outpaint",
            "Bottom outpaint",
        ]
        | MISSING
    ) = MISSING
    """How to extend the picture. "Zoom out 1.5x", "Zoom out 2x", "Make square", "Left outpaint", "Right outpaint", "Top outpaint" or "Bottom outpaint". Only used when mode is "outpaint"."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=50)] = MISSING
    """Number of inference steps. 1 to 50. The server's default is 50."""
    guidance: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=2.0, le=5.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 2 to 5. The server's default is 3."""
    safety_tolerance: Annotated[StrictInt | MISSING, Field(ge=1, le=6)] = MISSING
    """How much to let through; 1 is the strictest. 1 to 6. The server's default is 2."""
    prompt_upsampling: StrictBool | MISSING = MISSING
    """Let the model rewrite the prompt for a more creative result."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

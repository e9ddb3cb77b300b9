# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictFloat, StrictInt, StrictStr

from . import common
from .common import MidjourneyActionRequest


class MidjourneyInpaint(MidjourneyActionRequest):
    """A request for Midjourney Inpaint. Repaints the masked part of an upsampled Midjourney picture."""

    action: Literal["inpaint"] = "inpaint"
    """The action."""
    parent_job_id: common.Uuid
    """Id of the finished job to act on."""
    mask: Annotated[StrictStr, Field(max_length=12000000, min_length=1)]
    """Picture in base64 that is white where to repaint and black where to keep, as large as the picture it is for. 1 to 12000000 characters."""
    prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What the repainted part shows; without it the prompt of the job counts. At most 2000 characters."""


class MidjourneyOutpaint(MidjourneyActionRequest):
    """A request for Midjourney Outpaint. Zooms out of an upsampled Midjourney picture."""

    action: Literal["outpaint"] = "outpaint"
    """The action."""
    parent_job_id: common.Uuid
    """Id of the finished job to act on."""
    zoom_ratio: StrictInt | StrictFloat
    """How far to zoom out. 1.5 or 2."""


class MidjourneyPan(MidjourneyActionRequest):
    """A request for Midjourney Pan. Extends an upsampled Midjourney picture to one side."""

    action: Literal["pan"] = "pan"
    """The action."""
    parent_job_id: common.Uuid
    """Id of the finished job to act on."""
    direction: Literal["up", "down", "left", "right"]
    """Side on which to extend the picture. "up", "down", "left" or "right"."""


class MidjourneyUpsample(MidjourneyActionRequest):
    """A request for Midjourney Upsample. One picture of a Midjourney grid by itself, in full resolution."""

    action: Literal["upsample"] = "upsample"
    """The action."""
    parent_job_id: common.Uuid
    """Id of the finished job to act on."""
    index: Literal[1, 2, 3, 4]
    """Which of the four pictures of the job to act on. 1, 2, 3 or 4."""


class MidjourneyVariation(MidjourneyActionRequest):
    """A request for Midjourney Variation. Four variations of one picture of a Midjourney grid."""

    action: Literal["variation"] = "variation"
    """The action."""
    parent_job_id: common.Uuid
    """Id of the finished job to act on."""
    index: Literal[1, 2, 3, 4]
    """Which of the four pictures of the job to act on. 1, 2, 3 or 4."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictFloat, StrictInt

from . import common
from .common import BackgroundRemoveRequest


class Model851BgRemove(BackgroundRemoveRequest):
    """A request for 851-labs — Background Remove. Removes the background of a picture, fast and cheap."""

    model: Literal["851-bg-remove"] = "851-bg-remove"
    """The model's id."""
    image: common.AbsoluteUrl
    """URL of the picture whose background to remove."""
    background_type: Literal["rgba", "map", "green", "white", "blur", "overlay"] | MISSING = MISSING
    """What to put in the place of the background. "rgba", "map", "green", "white", "blur" or "overlay"."""
    format: Literal["png", "jpg"] | MISSING = MISSING
    """File format of the picture. "png" or "jpg"."""
    reverse: StrictBool | MISSING = MISSING
    """Remove the subject in place of the background."""
    threshold: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """From which certainty on a pixel counts as the subject; 0 keeps soft edges. 0 to 1."""

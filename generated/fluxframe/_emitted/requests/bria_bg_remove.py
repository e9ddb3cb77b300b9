# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Literal

from pydantic import MISSING, StrictBool

from . import common
from .common import BackgroundRemoveRequest


class BriaBgRemove(BackgroundRemoveRequest):
    """A request for Bria — Background Remove. Removes the background of a picture, with fine edges."""

    model: Literal["bria-bg-remove"] = "bria-bg-remove"
    """The model's id."""
    image: common.AbsoluteUrl
    """URL of the picture whose background to remove."""
    content_moderation: StrictBool | MISSING = MISSING
    """Refuse pictures with unsafe content."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Literal

from pydantic import MISSING

from . import common
from .common import GenerateRequest


class GrokImagineImage(GenerateRequest):
    """A request for Grok Imagine. The picture model of xAI's Grok."""

    model: Literal["grok-imagine-image"] = "grok-imagine-image"
    """The model's id."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "16:9", "9:16"] | MISSING = MISSING
    """Shape of the picture. "1:1", "2:3", "3:2", "16:9" or "9:16"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of the picture to edit; without it the picture is made from text."""

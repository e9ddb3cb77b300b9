# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Literal

from pydantic import MISSING

from . import common
from .common import GenerateRequest


class Midjourney(GenerateRequest):
    """A request for Midjourney. Four pictures from a prompt, and one picture that shows them all."""

    model: Literal["midjourney"] = "midjourney"
    """The model's id."""
    aspect_ratio: common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9"."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Literal

from pydantic import MISSING, StrictInt, StrictStr

from .common import GenerateRequest


class ReveCreate(GenerateRequest):
    """A request for Reve. Pictures from text, strong in layout and lettering."""

    model: Literal["reve-create"] = "reve-create"
    """The model's id."""
    aspect_ratio: Literal["16:9", "9:16", "3:2", "2:3", "4:3", "3:4", "1:1"] | MISSING = MISSING
    """Shape of the picture. "16:9", "9:16", "3:2", "2:3", "4:3", "3:4" or "1:1"."""
    version: StrictStr | MISSING = MISSING
    """Version of the model."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

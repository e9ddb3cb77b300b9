# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Literal

from pydantic import MISSING

from .common import GenerateRequest


class DallE2(GenerateRequest):
    """A request for DALL·E 2. The predecessor of DALL·E 3."""

    model: Literal["dall-e-2"] = "dall-e-2"
    """The model's id."""
    aspect_ratio: Literal["1:1", "3:2", "2:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "3:2" or "2:3"."""
    style: Literal["vivid", "natural"] | MISSING = MISSING
    """Style of the picture: vivid, or natural and less hyper-real. "vivid" or "natural"."""


class DallE3(GenerateRequest):
    """A request for DALL·E 3. Realistic pictures and art that follow a prompt closely."""

    model: Literal["dall-e-3"] = "dall-e-3"
    """The model's id."""
    aspect_ratio: Literal["1:1", "3:2", "2:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "3:2" or "2:3". The server's default is "1:1"."""
    style: Literal["vivid", "natural"] | MISSING = MISSING
    """Style of the picture: vivid, or natural and less hyper-real. "vivid" or "natural". The server's default is "vivid"."""

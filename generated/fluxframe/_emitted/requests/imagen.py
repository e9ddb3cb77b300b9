# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Literal

from pydantic import MISSING

from .common import GenerateRequest


class Imagen3(GenerateRequest):
    """A request for Imagen 3. The third generation of Google's picture models."""

    model: Literal["imagen-3"] = "imagen-3"
    """The model's id."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "9:16", "16:9", "3:4" or "4:3"."""
    image_size: Literal["1K", "2K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "1K" or "2K"."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""


class Imagen3Fast(GenerateRequest):
    """A request for Imagen 3 Fast. A faster and cheaper Imagen 3."""

    model: Literal["imagen-3-fast"] = "imagen-3-fast"
    """The model's id."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "9:16", "16:9", "3:4" or "4:3"."""
    image_size: Literal["1K", "2K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "1K" or "2K"."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""


class Imagen4(GenerateRequest):
    """A request for Imagen 4. Google's flagship of the fourth generation: fine detail, lettering and many styles."""

    model: Literal["imagen-4"] = "imagen-4"
    """The model's id."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "9:16", "16:9", "3:4" or "4:3". The server's default is "1:1"."""
    image_size: Literal["1K", "2K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "1K" or "2K". The server's default is "1K"."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png". The server's default is "jpg"."""


class Imagen4Fast(GenerateRequest):
    """A request for Imagen 4 Fast. A faster and cheaper Imagen 4."""

    model: Literal["imagen-4-fast"] = "imagen-4-fast"
    """The model's id."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "9:16", "16:9", "3:4" or "4:3"."""
    image_size: Literal["1K", "2K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "1K" or "2K"."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""


class Imagen4Ultra(GenerateRequest):
    """A request for Imagen 4 Ultra. Imagen 4 at its best quality."""

    model: Literal["imagen-4-ultra"] = "imagen-4-ultra"
    """The model's id."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3"] | MISSING = MISSING
    """Shape of the picture. "1:1", "9:16", "16:9", "3:4" or "4:3"."""
    image_size: Literal["1K", "2K"] | MISSING = MISSING
    """Size of the picture: the side of a square of its area. "1K" or "2K"."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""

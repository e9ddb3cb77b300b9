# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class Flux11Pro(GenerateRequest):
    """A request for Flux 1.1 Pro. Fast, high-quality image generation with FLUX1.1 [pro]."""

    model: Literal["flux-1.1-pro"] = "flux-1.1-pro"
    """The model's id."""
    aspect_ratio: Literal["custom"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9" or "custom"."""
    width: Annotated[StrictInt | MISSING, Field(ge=256, le=1440)] = MISSING
    """Width of the picture. 256 to 1440 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=256, le=1440)] = MISSING
    """Height of the picture. 256 to 1440 px. Only used when aspect_ratio is "custom"."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    image_prompt: common.AbsoluteUrl | MISSING = MISSING
    """URL of an image that guides the composition (Flux Redux)."""
    prompt_upsampling: StrictBool | MISSING = MISSING
    """Let the model rewrite the prompt for a more creative result."""


class Flux11ProUltra(GenerateRequest):
    """A request for Flux 1.1 Pro Ultra. Flux 1.1 Pro at up to 4 megapixels, with a raw mode."""

    model: Literal["flux-1.1-pro-ultra"] = "flux-1.1-pro-ultra"
    """The model's id."""
    aspect_ratio: common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9"."""
    width: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Width of the picture. 256 to 2048 px."""
    height: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Height of the picture. 256 to 2048 px."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture in megapixels, with or without a space before the unit."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    input_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=10)] = MISSING
    """URLs of reference images. At most 10 items."""
    image_prompt: common.AbsoluteUrl | MISSING = MISSING
    """URL of an image that guides the composition (Flux Redux)."""
    image_prompt_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = (
        MISSING
    )
    """How strongly the image prompt guides the composition. 0 to 1."""
    raw: StrictBool | MISSING = MISSING
    """Make a less processed, more natural picture."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=50)] = MISSING
    """Number of inference steps. 1 to 50."""
    guidance: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.5, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1.5 to 10."""
    prompt_upsampling: StrictBool | MISSING = MISSING
    """Let the model rewrite the prompt for a more creative result."""
    go_fast: StrictBool | MISSING = MISSING
    """Let the model take shortcuts for a faster result."""


class Flux2Dev(GenerateRequest):
    """A request for Flux 2 Dev. Open-weight image generation and editing with reference images."""

    model: Literal["flux-2-dev"] = "flux-2-dev"
    """The model's id."""
    aspect_ratio: Literal["match_input_image", "custom"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    input_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=5)] = MISSING
    """URLs of reference images. At most 5 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    go_fast: StrictBool | MISSING = MISSING
    """Let the model take shortcuts for a faster result."""


class Flux2Flex(GenerateRequest):
    """A request for Flux 2 Flex. Image generation for typography and fine detail."""

    model: Literal["flux-2-flex"] = "flux-2-flex"
    """The model's id."""
    aspect_ratio: Literal["match_input_image", "custom"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    resolution: Annotated[
        StrictStr | MISSING, Field(pattern="^(?:(?:(?:0|1|2|3)(?:\\.[0-9]+)?|4(?:\\.0+)?) ?MP)$")
    ] = MISSING
    """Size of the picture in megapixels, with or without a space before the unit. At most 4 MP."""
    input_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=10)] = MISSING
    """URLs of reference images. At most 10 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=50)] = MISSING
    """Number of inference steps. 1 to 50. The server's default is 30."""
    guidance: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.5, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1.5 to 10. The server's default is 4.5."""
    prompt_upsampling: StrictBool | MISSING = MISSING
    """Let the model rewrite the prompt for a more creative result."""


class Flux2Max(GenerateRequest):
    """A request for Flux 2 Max. The image model of the highest fidelity from Black Forest Labs."""

    model: Literal["flux-2-max"] = "flux-2-max"
    """The model's id."""
    aspect_ratio: Literal["match_input_image", "custom"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    resolution: Annotated[
        StrictStr | MISSING, Field(pattern="^(?:(?:(?:0|1|2|3)(?:\\.[0-9]+)?|4(?:\\.0+)?) ?MP)$")
    ] = MISSING
    """Size of the picture in megapixels, with or without a space before the unit. At most 4 MP."""
    input_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=8)] = MISSING
    """URLs of reference images. At most 8 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class Flux2Pro(GenerateRequest):
    """A request for Flux 2 Pro. High-quality image generation and editing with multi-reference support."""

    model: Literal["flux-2-pro"] = "flux-2-pro"
    """The model's id."""
    aspect_ratio: Literal["match_input_image", "custom"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=256, le=2048)] = MISSING
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    resolution: Annotated[
        StrictStr | MISSING, Field(pattern="^(?:(?:(?:0|1|2|3)(?:\\.[0-9]+)?|4(?:\\.0+)?) ?MP)$")
    ] = MISSING
    """Size of the picture in megapixels, with or without a space before the unit. At most 4 MP."""
    input_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=8)] = MISSING
    """URLs of reference images. At most 8 items."""
    output_format: Literal["jpg", "png", "webp"] | MISSING = MISSING
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    prompt_upsampling: StrictBool | MISSING = MISSING
    """Let the model rewrite the prompt for a more creative result."""

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictFloat, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class StableDiffusion3(GenerateRequest):
    """A request for Stable Diffusion 3. The third generation of Stable Diffusion."""

    model: Literal["stable-diffusion-3"] = "stable-diffusion-3"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16", "9:21"] | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16" or "9:21"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to start from."""
    prompt_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How far to go from the picture that it starts from; 1 keeps nothing of it. 0 to 1."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What the picture must not show. At most 2000 characters."""
    output_format: Literal["webp", "jpg", "png"] | MISSING = MISSING
    """File format of the picture. "webp", "jpg" or "png"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100."""
    cfg: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=20.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 0 to 20."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=40)] = MISSING
    """Number of inference steps. 1 to 40."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class StableDiffusion35Large(GenerateRequest):
    """A request for Stable Diffusion 3.5 Large. The largest of the open Stable Diffusion 3.5 models."""

    model: Literal["stable-diffusion-3.5-large"] = "stable-diffusion-3.5-large"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16", "9:21"] | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16" or "9:21"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to start from."""
    prompt_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How far to go from the picture that it starts from; 1 keeps nothing of it. 0 to 1."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What the picture must not show. At most 2000 characters."""
    output_format: Literal["webp", "jpg", "png"] | MISSING = MISSING
    """File format of the picture. "webp", "jpg" or "png"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100."""
    cfg: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=20.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 0 to 20."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=40)] = MISSING
    """Number of inference steps. 1 to 40."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class StableDiffusion35LargeTurbo(GenerateRequest):
    """A request for Stable Diffusion 3.5 Large Turbo. Stable Diffusion 3.5 Large in a few steps."""

    model: Literal["stable-diffusion-3.5-large-turbo"] = "stable-diffusion-3.5-large-turbo"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16", "9:21"] | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16" or "9:21"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to start from."""
    prompt_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How far to go from the picture that it starts from; 1 keeps nothing of it. 0 to 1."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What the picture must not show. At most 2000 characters."""
    output_format: Literal["webp", "jpg", "png"] | MISSING = MISSING
    """File format of the picture. "webp", "jpg" or "png"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100."""
    cfg: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=20.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 0 to 20."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=40)] = MISSING
    """Number of inference steps. 1 to 40."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class StableDiffusion35Medium(GenerateRequest):
    """A request for Stable Diffusion 3.5 Medium. The medium one of the open Stable Diffusion 3.5 models."""

    model: Literal["stable-diffusion-3.5-medium"] = "stable-diffusion-3.5-medium"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16", "9:21"] | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "9:16" or "9:21"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to start from."""
    prompt_strength: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=1.0)] = MISSING
    """How far to go from the picture that it starts from; 1 keeps nothing of it. 0 to 1."""
    negative_prompt: Annotated[StrictStr | MISSING, Field(max_length=2000)] = MISSING
    """What the picture must not show. At most 2000 characters."""
    output_format: Literal["webp", "jpg", "png"] | MISSING = MISSING
    """File format of the picture. "webp", "jpg" or "png"."""
    output_quality: Annotated[StrictInt | MISSING, Field(ge=0, le=100)] = MISSING
    """Compression quality of the file. 0 to 100."""
    cfg: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=0.0, le=20.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 0 to 20."""
    steps: Annotated[StrictInt | MISSING, Field(ge=1, le=40)] = MISSING
    """Number of inference steps. 1 to 40."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

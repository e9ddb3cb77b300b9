# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class Seedream3(GenerateRequest):
    """A request for Seedream 3. Pictures from text, natively at up to 2K."""

    model: Literal["seedream-3"] = "seedream-3"
    """The model's id."""
    aspect_ratio: Literal["custom"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9" or "custom"."""
    size: Literal["small", "regular", "big"] | MISSING = MISSING
    """Size of the picture, by name. "small", "regular" or "big". The server's default is "regular". Ignored when aspect_ratio is "custom"."""
    width: Annotated[StrictInt | MISSING, Field(ge=512, le=2048)] = MISSING
    """Width of the picture. 512 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=512, le=2048)] = MISSING
    """Height of the picture. 512 to 2048 px. Only used when aspect_ratio is "custom"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    guidance_scale: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.0, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1 to 10. The server's default is 2.5."""


class Seedream31(GenerateRequest):
    """A request for Seedream 3.1. Cinematic pictures with control of style."""

    model: Literal["seedream-3.1"] = "seedream-3.1"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    size: StrictStr | MISSING = MISSING
    """Size of the picture, by name."""
    width: Annotated[StrictInt | MISSING, Field(ge=512, le=4096)] = MISSING
    """Width of the picture. 512 to 4096 px."""
    height: Annotated[StrictInt | MISSING, Field(ge=512, le=4096)] = MISSING
    """Height of the picture. 512 to 4096 px."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of reference images. At most 14 items."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    guidance_scale: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.0, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1 to 10."""
    enhance_prompt: StrictBool | MISSING = MISSING
    """Let the model improve the prompt."""
    use_pre_llm: StrictBool | MISSING = MISSING
    """Let a language model rewrite the prompt first."""


class Seedream4(GenerateRequest):
    """A request for Seedream 4. Generation and editing with several references, at up to 4K."""

    model: Literal["seedream-4"] = "seedream-4"
    """The model's id."""
    aspect_ratio: Literal["match_input_image"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9" or "match_input_image"."""
    size: Literal["1K", "2K", "4K", "custom"] | MISSING = MISSING
    """Size of the picture, by name. "1K", "2K", "4K" or "custom". The server's default is "2K"."""
    width: Annotated[StrictInt | MISSING, Field(ge=1024, le=4096)] = MISSING
    """Width of the picture. 1024 to 4096 px. Only used when size is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=1024, le=4096)] = MISSING
    """Height of the picture. 1024 to 4096 px. Only used when size is "custom"."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=10)] = MISSING
    """URLs of reference images. At most 10 items."""
    enhance_prompt: StrictBool | MISSING = MISSING
    """Let the model improve the prompt. The server's default is true."""


class Seedream45(GenerateRequest):
    """A request for Seedream 4.5. Seedream 4 with a better sense of space and of the world."""

    model: Literal["seedream-4.5"] = "seedream-4.5"
    """The model's id."""
    aspect_ratio: Literal["match_input_image"] | common.Ratio | MISSING = MISSING
    """Shape of the picture. A ratio such as "16:9" or "match_input_image"."""
    size: Literal["2K", "4K", "custom"] | MISSING = MISSING
    """Size of the picture, by name. "2K", "4K" or "custom". The server's default is "2K"."""
    width: Annotated[StrictInt | MISSING, Field(ge=1024, le=4096)] = MISSING
    """Width of the picture. 1024 to 4096 px. Only used when size is "custom"."""
    height: Annotated[StrictInt | MISSING, Field(ge=1024, le=4096)] = MISSING
    """Height of the picture. 1024 to 4096 px. Only used when size is "custom"."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of reference images. At most 14 items."""


class Seedream5Lite(GenerateRequest):
    """A request for Seedream 5 Lite. The light model of the fifth Seedream generation."""

    model: Literal["seedream-5-lite"] = "seedream-5-lite"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    size: StrictStr | MISSING = MISSING
    """Size of the picture, by name."""
    width: Annotated[StrictInt | MISSING, Field(ge=512, le=4096)] = MISSING
    """Width of the picture. 512 to 4096 px."""
    height: Annotated[StrictInt | MISSING, Field(ge=512, le=4096)] = MISSING
    """Height of the picture. 512 to 4096 px."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of reference images. At most 14 items."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    guidance_scale: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.0, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1 to 10."""
    enhance_prompt: StrictBool | MISSING = MISSING
    """Let the model improve the prompt."""
    use_pre_llm: StrictBool | MISSING = MISSING
    """Let a language model rewrite the prompt first."""


class Seedream5Pro(GenerateRequest):
    """A request for Seedream 5 Pro. The large model of the fifth Seedream generation."""

    model: Literal["seedream-5-pro"] = "seedream-5-pro"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    size: StrictStr | MISSING = MISSING
    """Size of the picture, by name."""
    width: Annotated[StrictInt | MISSING, Field(ge=512, le=4096)] = MISSING
    """Width of the picture. 512 to 4096 px."""
    height: Annotated[StrictInt | MISSING, Field(ge=512, le=4096)] = MISSING
    """Height of the picture. 512 to 4096 px."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture."""
    image_input: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=14)] = MISSING
    """URLs of reference images. At most 14 items."""
    output_format: Literal["jpg", "png"] | MISSING = MISSING
    """File format of the picture. "jpg" or "png"."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""
    guidance_scale: Annotated[StrictInt | StrictFloat | MISSING, Field(ge=1.0, le=10.0)] = MISSING
    """Guidance scale. Higher values keep closer to the prompt. 1 to 10."""
    enhance_prompt: StrictBool | MISSING = MISSING
    """Let the model improve the prompt."""
    use_pre_llm: StrictBool | MISSING = MISSING
    """Let a language model rewrite the prompt first."""

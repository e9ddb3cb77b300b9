# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictInt, StrictStr

from . import common
from .common import GenerateRequest


class IdeogramCharacter(GenerateRequest):
    """A request for Ideogram Character. Pictures in which a character looks as on a reference image."""

    model: Literal["ideogram-character"] = "ideogram-character"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "16:10", "10:16", "3:1", "1:3"]
        | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "16:10", "10:16", "3:1" or "1:3"."""
    resolution: Literal["None"] | common.Dimensions | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model. Dimensions such as "1024x1024" or "None"."""
    style_type: Literal["Auto", "Fiction", "Realistic"] | MISSING = MISSING
    """Style of the picture. "Auto", "Fiction" or "Realistic"."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["turbo", "default", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "turbo", "default" or "quality"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    character_reference_image: common.AbsoluteUrl
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV2(GenerateRequest):
    """A request for Ideogram V2. The second Ideogram generation, known for lettering."""

    model: Literal["ideogram-v2"] = "ideogram-v2"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV2Turbo(GenerateRequest):
    """A request for Ideogram V2 Turbo. A faster Ideogram V2."""

    model: Literal["ideogram-v2-turbo"] = "ideogram-v2-turbo"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV2a(GenerateRequest):
    """A request for Ideogram V2a. A lighter Ideogram V2."""

    model: Literal["ideogram-v2a"] = "ideogram-v2a"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV2aTurbo(GenerateRequest):
    """A request for Ideogram V2a Turbo. The fastest and cheapest model of the second Ideogram generation."""

    model: Literal["ideogram-v2a-turbo"] = "ideogram-v2a-turbo"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "9:16", "3:2", "2:3", "4:3", "5:4", "3:5", "10:16", "16:10", "1:3"]
        | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "9:16", "3:2", "2:3", "4:3", "5:4", "3:5", "10:16", "16:10" or "1:3"."""
    resolution: Literal["None"] | common.Dimensions | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model. Dimensions such as "1024x1024" or "None"."""
    style_type: (
        Literal["None", "Auto", "General", "Realistic", "Design", "Render_3d", "Anime"] | MISSING
    ) = MISSING
    """Style of the picture. "None", "Auto", "General", "Realistic", "Design", "Render_3d" or "Anime"."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV3Balanced(GenerateRequest):
    """A request for Ideogram V3 Balanced. The third Ideogram generation, between speed and quality."""

    model: Literal["ideogram-v3-balanced"] = "ideogram-v3-balanced"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV3Quality(GenerateRequest):
    """A request for Ideogram V3 Quality. The third Ideogram generation, at its best quality."""

    model: Literal["ideogram-v3-quality"] = "ideogram-v3-quality"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV3Turbo(GenerateRequest):
    """A request for Ideogram V3 Turbo. The fastest model of the third Ideogram generation, with styles and style references."""

    model: Literal["ideogram-v3-turbo"] = "ideogram-v3-turbo"
    """The model's id."""
    aspect_ratio: (
        Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "16:10", "10:16", "3:1", "1:3"]
        | MISSING
    ) = MISSING
    """Shape of the picture. "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "16:10", "10:16", "3:1" or "1:3"."""
    resolution: Literal["None"] | common.Dimensions | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model. Dimensions such as "1024x1024" or "None"."""
    style_type: Literal["None", "Auto", "General", "Realistic", "Design"] | MISSING = MISSING
    """Style of the picture. "None", "Auto", "General", "Realistic" or "Design"."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV4Balanced(GenerateRequest):
    """A request for Ideogram V4 Balanced. The fourth Ideogram generation, between speed and quality."""

    model: Literal["ideogram-v4-balanced"] = "ideogram-v4-balanced"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV4Quality(GenerateRequest):
    """A request for Ideogram V4 Quality. The fourth Ideogram generation, at its best quality."""

    model: Literal["ideogram-v4-quality"] = "ideogram-v4-quality"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""


class IdeogramV4Turbo(GenerateRequest):
    """A request for Ideogram V4 Turbo. The fourth Ideogram generation, at its fastest."""

    model: Literal["ideogram-v4-turbo"] = "ideogram-v4-turbo"
    """The model's id."""
    aspect_ratio: StrictStr | MISSING = MISSING
    """Shape of the picture."""
    resolution: StrictStr | MISSING = MISSING
    """Size of the picture as width and height, or None for that of the model."""
    style_type: StrictStr | MISSING = MISSING
    """Style of the picture."""
    style_preset: StrictStr | MISSING = MISSING
    """Artistic style, such as Pop Art, Watercolor, Art Deco or Bauhaus."""
    magic_prompt_option: Literal["Auto", "On", "Off"] | MISSING = MISSING
    """Whether to rewrite the prompt for a richer picture. "Auto", "On" or "Off"."""
    rendering_speed: Literal["default", "turbo", "quality"] | MISSING = MISSING
    """How fast to render; slower is better and costs more. "default", "turbo" or "quality"."""
    negative_prompt: StrictStr | MISSING = MISSING
    """What the picture must not show."""
    image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture to repaint in part."""
    mask: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture that says which part to repaint."""
    style_reference_images: Annotated[list[common.AbsoluteUrl] | MISSING, Field(max_length=3)] = (
        MISSING
    )
    """URLs of pictures whose style to follow. At most 3 items."""
    character_reference_image: common.AbsoluteUrl | MISSING = MISSING
    """URL of a picture of the character to show."""
    seed: StrictInt | MISSING = MISSING
    """Random seed. The same seed and request give the same picture again."""

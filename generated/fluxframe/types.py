# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Typed requests, a class a model; the objects of answers; and the client's resources.

    from fluxframe.types import BriaBgRemove

A family's classes are loaded when one of them is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._emitted.answers import ApiKey, CatalogModel, Me, ModelCatalog, Team, Upload, User

if TYPE_CHECKING:
    from ._emitted.async_resources import AsyncImages, AsyncJobs, AsyncUploads
    from ._emitted.requests.bria_bg_remove import BriaBgRemove
    from ._emitted.requests.clarity_upscale import ClarityUpscale
    from ._emitted.requests.common import (
        BackgroundRemoveRequest,
        EditRequest,
        GenerateRequest,
        MidjourneyActionRequest,
        UpscaleRequest,
    )
    from ._emitted.requests.dalle import DallE2, DallE3
    from ._emitted.requests.flux import (
        Flux2Dev,
        Flux2Flex,
        Flux2Max,
        Flux2Pro,
        Flux11Pro,
        Flux11ProUltra,
    )
    from ._emitted.requests.flux_fill import FluxFillPro
    from ._emitted.requests.flux_lora import FluxLora
    from ._emitted.requests.gpt_image import GptImage15
    from ._emitted.requests.gpt_image_2 import GptImage2
    from ._emitted.requests.grok_imagine import GrokImagineImage
    from ._emitted.requests.ideogram import (
        IdeogramCharacter,
        IdeogramV2,
        IdeogramV2a,
        IdeogramV2aTurbo,
        IdeogramV2Turbo,
        IdeogramV3Balanced,
        IdeogramV3Quality,
        IdeogramV3Turbo,
        IdeogramV4Balanced,
        IdeogramV4Quality,
        IdeogramV4Turbo,
    )
    from ._emitted.requests.imagen import Imagen3, Imagen3Fast, Imagen4, Imagen4Fast, Imagen4Ultra
    from ._emitted.requests.kling_image import KlingImage
    from ._emitted.requests.lab_851_bg_remove import Model851BgRemove
    from ._emitted.requests.midjourney import Midjourney
    from ._emitted.requests.midjourney_action import (
        MidjourneyInpaint,
        MidjourneyOutpaint,
        MidjourneyPan,
        MidjourneyUpsample,
        MidjourneyVariation,
    )
    from ._emitted.requests.nano_banana import (
        NanoBanana,
        NanoBanana2,
        NanoBanana2Lite,
        NanoBananaPro,
    )
    from ._emitted.requests.qwen_image import QwenImage
    from ._emitted.requests.qwen_image_2 import QwenImage2, QwenImage2Pro
    from ._emitted.requests.reve import ReveCreate
    from ._emitted.requests.seedream import (
        Seedream3,
        Seedream4,
        Seedream5Lite,
        Seedream5Pro,
        Seedream31,
        Seedream45,
    )
    from ._emitted.requests.stable_diffusion import (
        StableDiffusion3,
        StableDiffusion35Large,
        StableDiffusion35LargeTurbo,
        StableDiffusion35Medium,
    )
    from ._emitted.requests.topaz_upscale import TopazImageUpscale
    from ._emitted.requests.wan_image import WanImage26
    from ._emitted.requests.wan_image_2_7 import WanImage27, WanImage27Pro
    from ._emitted.resources import Images, Jobs, Uploads
    from ._request import Request

__all__ = [
    "ApiKey",
    "AsyncImages",
    "AsyncJobs",
    "AsyncUploads",
    "BackgroundRemoveRequest",
    "BriaBgRemove",
    "CatalogModel",
    "ClarityUpscale",
    "DallE2",
    "DallE3",
    "EditRequest",
    "Flux2Dev",
    "Flux2Flex",
    "Flux2Max",
    "Flux2Pro",
    "Flux11Pro",
    "Flux11ProUltra",
    "FluxFillPro",
    "FluxLora",
    "GenerateRequest",
    "GptImage2",
    "GptImage15",
    "GrokImagineImage",
    "IdeogramCharacter",
    "IdeogramV2",
    "IdeogramV2Turbo",
    "IdeogramV2a",
    "IdeogramV2aTurbo",
    "IdeogramV3Balanced",
    "IdeogramV3Quality",
    "IdeogramV3Turbo",
    "IdeogramV4Balanced",
    "IdeogramV4Quality",
    "IdeogramV4Turbo",
    "Imagen3",
    "Imagen3Fast",
    "Imagen4",
    "Imagen4Fast",
    "Imagen4Ultra",
    "Images",
    "Jobs",
    "KlingImage",
    "Me",
    "Midjourney",
    "MidjourneyActionRequest",
    "MidjourneyInpaint",
    "MidjourneyOutpaint",
    "MidjourneyPan",
    "MidjourneyUpsample",
    "MidjourneyVariation",
    "Model851BgRemove",
    "ModelCatalog",
    "NanoBanana",
    "NanoBanana2",
    "NanoBanana2Lite",
    "NanoBananaPro",
    "QwenImage",
    "QwenImage2",
    "QwenImage2Pro",
    "Request",
    "ReveCreate",
    "Seedream3",
    "Seedream4",
    "Seedream5Lite",
    "Seedream5Pro",
    "Seedream31",
    "Seedream45",
    "StableDiffusion3",
    "StableDiffusion35Large",
    "StableDiffusion35LargeTurbo",
    "StableDiffusion35Medium",
    "Team",
    "TopazImageUpscale",
    "Upload",
    "Uploads",
    "UpscaleRequest",
    "User",
    "WanImage26",
    "WanImage27",
    "WanImage27Pro",
]

# The module of each class that is loaded when it is asked for.
_MODULES = {
    "Request": "_request",
    "BackgroundRemoveRequest": "_emitted.requests.common",
    "EditRequest": "_emitted.requests.common",
    "GenerateRequest": "_emitted.requests.common",
    "MidjourneyActionRequest": "_emitted.requests.common",
    "UpscaleRequest": "_emitted.requests.common",
    "Images": "_emitted.resources",
    "Jobs": "_emitted.resources",
    "Uploads": "_emitted.resources",
    "AsyncImages": "_emitted.async_resources",
    "AsyncJobs": "_emitted.async_resources",
    "AsyncUploads": "_emitted.async_resources",
    "BriaBgRemove": "_emitted.requests.bria_bg_remove",
    "ClarityUpscale": "_emitted.requests.clarity_upscale",
    "DallE2": "_emitted.requests.dalle",
    "DallE3": "_emitted.requests.dalle",
    "Flux11Pro": "_emitted.requests.flux",
    "Flux11ProUltra": "_emitted.requests.flux",
    "Flux2Dev": "_emitted.requests.flux",
    "Flux2Flex": "_emitted.requests.flux",
    "Flux2Max": "_emitted.requests.flux",
    "Flux2Pro": "_emitted.requests.flux",
    "FluxFillPro": "_emitted.requests.flux_fill",
    "FluxLora": "_emitted.requests.flux_lora",
    "GptImage15": "_emitted.requests.gpt_image",
    "GptImage2": "_emitted.requests.gpt_image_2",
    "GrokImagineImage": "_emitted.requests.grok_imagine",
    "IdeogramCharacter": "_emitted.requests.ideogram",
    "IdeogramV2": "_emitted.requests.ideogram",
    "IdeogramV2Turbo": "_emitted.requests.ideogram",
    "IdeogramV2a": "_emitted.requests.ideogram",
    "IdeogramV2aTurbo": "_emitted.requests.ideogram",
    "IdeogramV3Balanced": "_emitted.requests.ideogram",
    "IdeogramV3Quality": "_emitted.requests.ideogram",
    "IdeogramV3Turbo": "_emitted.requests.ideogram",
    "IdeogramV4Balanced": "_emitted.requests.ideogram",
    "IdeogramV4Quality": "_emitted.requests.ideogram",
    "IdeogramV4Turbo": "_emitted.requests.ideogram",
    "Imagen3": "_emitted.requests.imagen",
    "Imagen3Fast": "_emitted.requests.imagen",
    "Imagen4": "_emitted.requests.imagen",
    "Imagen4Fast": "_emitted.requests.imagen",
    "Imagen4Ultra": "_emitted.requests.imagen",
    "KlingImage": "_emitted.requests.kling_image",
    "Model851BgRemove": "_emitted.requests.lab_851_bg_remove",
    "Midjourney": "_emitted.requests.midjourney",
    "MidjourneyInpaint": "_emitted.requests.midjourney_action",
    "MidjourneyOutpaint": "_emitted.requests.midjourney_action",
    "MidjourneyPan": "_emitted.requests.midjourney_action",
    "MidjourneyUpsample": "_emitted.requests.midjourney_action",
    "MidjourneyVariation": "_emitted.requests.midjourney_action",
    "NanoBanana": "_emitted.requests.nano_banana",
    "NanoBanana2": "_emitted.requests.nano_banana",
    "NanoBanana2Lite": "_emitted.requests.nano_banana",
    "NanoBananaPro": "_emitted.requests.nano_banana",
    "QwenImage": "_emitted.requests.qwen_image",
    "QwenImage2": "_emitted.requests.qwen_image_2",
    "QwenImage2Pro": "_emitted.requests.qwen_image_2",
    "ReveCreate": "_emitted.requests.reve",
    "Seedream3": "_emitted.requests.seedream",
    "Seedream31": "_emitted.requests.seedream",
    "Seedream4": "_emitted.requests.seedream",
    "Seedream45": "_emitted.requests.seedream",
    "Seedream5Lite": "_emitted.requests.seedream",
    "Seedream5Pro": "_emitted.requests.seedream",
    "StableDiffusion3": "_emitted.requests.stable_diffusion",
    "StableDiffusion35Large": "_emitted.requests.stable_diffusion",
    "StableDiffusion35LargeTurbo": "_emitted.requests.stable_diffusion",
    "StableDiffusion35Medium": "_emitted.requests.stable_diffusion",
    "TopazImageUpscale": "_emitted.requests.topaz_upscale",
    "WanImage26": "_emitted.requests.wan_image",
    "WanImage27": "_emitted.requests.wan_image_2_7",
    "WanImage27Pro": "_emitted.requests.wan_image_2_7",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f".{_MODULES[name]}", __package__)
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Typed requests, a class a model; the objects of answers; and the client's resources.

    from fluxframe.types import Flux2Pro

A family's classes are loaded when one of them is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._emitted.answers import ApiKey, CatalogModel, Me, ModelCatalog, Team, Upload, User

if TYPE_CHECKING:
    from ._emitted.async_resources import AsyncImages, AsyncJobs, AsyncUploads
    from ._emitted.requests.common import GenerateRequest
    from ._emitted.requests.flux import Flux2Dev, Flux2Flex, Flux2Max, Flux2Pro, Flux11Pro
    from ._emitted.resources import Images, Jobs, Uploads
    from ._request import Request

__all__ = [
    "ApiKey",
    "AsyncImages",
    "AsyncJobs",
    "AsyncUploads",
    "CatalogModel",
    "Flux2Dev",
    "Flux2Flex",
    "Flux2Max",
    "Flux2Pro",
    "Flux11Pro",
    "GenerateRequest",
    "Images",
    "Jobs",
    "Me",
    "ModelCatalog",
    "Request",
    "Team",
    "Upload",
    "Uploads",
    "User",
]

# The module of each class that is loaded when it is asked for.
_MODULES = {
    "Request": "_request",
    "GenerateRequest": "_emitted.requests.common",
    "Images": "_emitted.resources",
    "Jobs": "_emitted.resources",
    "Uploads": "_emitted.resources",
    "AsyncImages": "_emitted.async_resources",
    "AsyncJobs": "_emitted.async_resources",
    "AsyncUploads": "_emitted.async_resources",
    "Flux11Pro": "_emitted.requests.flux",
    "Flux2Dev": "_emitted.requests.flux",
    "Flux2Flex": "_emitted.requests.flux",
    "Flux2Max": "_emitted.requests.flux",
    "Flux2Pro": "_emitted.requests.flux",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f".{_MODULES[name]}", __package__)
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__

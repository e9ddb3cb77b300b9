# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Typed requests, a class a model, and the objects of answers.

    from fluxframe.types import Flux2Pro

A family's classes are loaded when one of them is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._emitted.answers import ApiKey, CatalogModel, Me, ModelCatalog, Team, Upload, User

if TYPE_CHECKING:
    from ._emitted.requests.common import Request
    from ._emitted.requests.flux import Flux2Dev, Flux2Flex, Flux2Max, Flux2Pro, Flux11Pro

__all__ = [
    "ApiKey",
    "CatalogModel",
    "Flux2Dev",
    "Flux2Flex",
    "Flux2Max",
    "Flux2Pro",
    "Flux11Pro",
    "Me",
    "ModelCatalog",
    "Request",
    "Team",
    "Upload",
    "User",
]

# The module of each class of requests.
_MODULES = {
    "Request": "common",
    "Flux11Pro": "flux",
    "Flux2Dev": "flux",
    "Flux2Flex": "flux",
    "Flux2Max": "flux",
    "Flux2Pro": "flux",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"._emitted.requests.{_MODULES[name]}", __package__)
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__

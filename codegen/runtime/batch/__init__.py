"""Many requests, each paid for once: `client.batch`, and what it reports."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._drivers import AsyncBatch, Batch
    from ._summary import BatchProgress, BatchSummary

__all__ = ["AsyncBatch", "Batch", "BatchProgress", "BatchSummary"]

_MODULES = {
    "AsyncBatch": "._drivers",
    "Batch": "._drivers",
    "BatchProgress": "._summary",
    "BatchSummary": "._summary",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(_MODULES[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return __all__

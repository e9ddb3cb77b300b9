"""Many requests, each paid for once: `client.batch`, what it reports, and rows that any machine may run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._drivers import AsyncBatch, Batch
    from ._entry import Entry
    from ._many import read_rows, row_key, summarize
    from ._store import AsyncRowStore, FolderStore, RowStore
    from ._summary import BatchProgress, BatchSummary

__all__ = [
    "AsyncBatch",
    "AsyncRowStore",
    "Batch",
    "BatchProgress",
    "BatchSummary",
    "Entry",
    "FolderStore",
    "RowStore",
    "read_rows",
    "row_key",
    "summarize",
]

_MODULES = {
    "AsyncBatch": "._drivers",
    "AsyncRowStore": "._store",
    "Batch": "._drivers",
    "BatchProgress": "._summary",
    "BatchSummary": "._summary",
    "Entry": "._entry",
    "FolderStore": "._store",
    "RowStore": "._store",
    "read_rows": "._many",
    "row_key": "._many",
    "summarize": "._many",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(_MODULES[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return __all__

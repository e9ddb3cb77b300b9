"""One call of `run_row`: a row, and the record of its own that it keeps in the store."""

from __future__ import annotations

import asyncio
import inspect
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from .._errors import ConfigurationError
from .._redact import show
from .._wire.settings import Settings
from ._approvals import Approvals
from ._batch_state import BatchState
from ._entry import Entry
from ._gate import Gate
from ._many import checked_name, checked_position
from ._options import RowOptions
from ._rows import Request, row
from ._shared import shared_steps
from ._steps import Steps
from ._store import AsyncRowStore, RowStore


class SharedRow:
    """A row that other processes may run as well. `gate` is for all rows of this process."""

    def __init__(
        self,
        request: Request,
        batch: str,
        position: int,
        *,
        store: RowStore | AsyncRowStore,
        options: RowOptions,
        settings: Settings,
        gate: Gate,
    ) -> None:
        is_store = all(callable(getattr(store, name, None)) for name in ("load", "save"))
        if not is_store or isinstance(store, type):
            what = "the class " if isinstance(store, type) else "a "
            name = getattr(store, "__qualname__", type(store).__qualname__)
            raise ConfigurationError(
                f"store: {what}{name}, expected a FolderStore, or an object with the "
                "methods `load` and `save`"
            )
        self._batch = checked_name(batch)
        self._store: Any = store
        self._writer = uuid.uuid4().hex
        self._row = row(checked_position(position), request)
        self._state = BatchState(
            self._batch,
            f"the batch {show(batch)}",
            options,
            settings,
            gate=gate,
            approvals=Approvals(),
            shared=True,
        )

    def steps(self) -> Steps:
        """What remains to be done for the row, by what all workers know of it."""
        return shared_steps(self._state, self._row)

    def record(self, entry: Entry, soon: bool) -> None:
        """Put an entry into the store, in place of the last one of this call."""
        _finished(self._store.save(self._batch, self._writer, entry))

    def load(self, row: int) -> Iterable[Entry]:
        """What the store has of a row."""
        return _entries(_finished(self._store.load(self._batch, row)))

    async def record_in_task(self, entry: Entry, soon: bool) -> None:
        """Put an entry into the store, in place of the last one of this call."""
        await _called(self._store.save, self._batch, self._writer, entry)

    async def load_in_task(self, row: int) -> Iterable[Entry]:
        """What the store has of a row."""
        found = await _called(self._store.load, self._batch, row)
        return await asyncio.to_thread(_entries, found)


def _entries(found: Any) -> list[Entry]:
    """What `load` returned. Raises ConfigurationError for anything but entries."""
    entries = list(found) if isinstance(found, Iterable) else [found]
    for entry in entries:
        if not isinstance(entry, Entry):
            raise ConfigurationError(
                f"store: `load` returned a {type(entry).__qualname__}, expected an Entry for each "
                "record, as Entry.from_json reads it"
            )
    return entries


def _finished(result: Any) -> Any:
    """What a method returned. Raises ConfigurationError if that has yet to be awaited."""
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise ConfigurationError("store: its methods are coroutines, which AsyncFluxframe takes")
    return result


async def _called(method: Callable[..., Any], *arguments: Any) -> Any:
    """What a method returns: of a coroutine here, of any other in a thread, which may take its time."""
    if inspect.iscoroutinefunction(method):
        return await method(*arguments)
    result = await asyncio.to_thread(method, *arguments)
    return await result if inspect.isawaitable(result) else result

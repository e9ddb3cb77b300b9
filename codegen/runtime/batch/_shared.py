"""The life of a row that any worker may run, any number of times, several at once: as steps, without I/O.

Each call has a record of its own, which it alone replaces, and what is known of the row is merged from
the records of all. So nothing has to be locked: two that run a row at once send it under the same key.
"""

from __future__ import annotations

from typing import Any

from .._wire.keys import forgotten
from ._batch_state import BatchState
from ._entry import Entry
from ._failures import OvertakenError
from ._known import known_of
from ._row_run import steps_of
from ._rows import Row
from ._steps import Load, Record, Steps


def shared_steps(batch: BatchState, row: Row) -> Steps:
    """Take a row to its end, from wherever any worker has brought it.

    Raises JournalError if the store has another row at its position.
    """
    while True:
        entries: Any = yield Load(row.position)
        before = known_of(batch, row, entries)
        steps = steps_of(batch, row, before)
        if steps is None:
            assert before is not None
            return before
        if before is not None and before.state == "intent" and _may_be_sent(batch, before):
            # In a record of this call: the worker that wrote it may yet find that its own sending was
            # refused, and say so, which is not to be true of this one.
            yield Record(before)
        try:
            return (yield from steps)
        except OvertakenError:
            continue


def _may_be_sent(batch: BatchState, intent: Entry) -> bool:
    return batch.is_ours(intent) and not forgotten(intent.at)

"""What several workers have recorded of a row, as the one entry that is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ._batch_state import BatchState
from ._entry import Entry
from ._rows import Row

# From what is furthest from the end to what is nearest to it. A failure without a job says that one
# sending was refused, and an intent that there may have been another. What was refused for what it is
# was so in each.
_RANKS = ("free", "failed", "intent", "unknown", "refused", "accepted", "unsaved")


def merged(entries: Iterable[Entry]) -> Entry | None:
    """What is known of a row, of which several workers have an entry each; None if none has.

    The furthest counts: a row that is completed, else the last attempt at it, else what has a job. It
    is as old as the oldest entry under its key, as that is when the server may have come to know the key.
    """
    found = list(entries)
    if not found:
        return None
    best = max(found, key=_order)
    same = [entry.at for entry in found if entry.key == best.key and entry.state != "free"]
    return replace(best, at=min(same, default=best.at))


def _order(entry: Entry) -> tuple[Any, ...]:
    if entry.state == "completed":
        return (True, bool(entry.files), entry.attempt, 0, entry.at, entry.line())
    rank = _RANKS.index(entry.state)
    if entry.state == "failed" and entry.job is not None:  # That it failed is more than that it is.
        rank = len(_RANKS)
    return (False, False, entry.attempt, rank, entry.at, entry.line())


def known_of(batch: BatchState, row: Row, entries: Iterable[Entry]) -> Entry | None:
    """What is known of a row of a batch, by the entries of all workers."""
    found = []
    for entry in entries:
        if entry.key == batch.key(row, entry.attempt):
            found.append(entry)
        elif entry.state != "refused":  # What was refused was never sent, and has been corrected.
            return entry
    best = merged(found)
    if best is not None and best.state == "intent":
        # One of another API key counts first: under this one, the server does not know it.
        others = [entry for entry in found if entry.key == best.key and entry.state == "intent"]
        best = next((entry for entry in others if not batch.is_ours(entry)), best)
    return best

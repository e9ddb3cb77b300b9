"""A store in figures."""

from __future__ import annotations

from .statements import BYTES
from .store import Store


def size(store: Store) -> int:
    """The bytes of all rows."""
    with store.lock:
        return int(store.db.execute(BYTES).fetchone()[0])


def running(store: Store) -> int:
    """How many jobs have not ended."""
    with store.lock:
        store.settle(store.clock.now())
        query = "SELECT count(*) FROM jobs WHERE due IS NOT NULL"
        return int(store.db.execute(query).fetchone()[0])

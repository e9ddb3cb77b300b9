"""A store in figures."""

from __future__ import annotations

from .store import Store


def size(store: Store) -> int:
    """The bytes of all rows."""
    with store.lock:
        pages = store.db.execute("PRAGMA page_count").fetchone()[0]
        return int(pages * store.db.execute("PRAGMA page_size").fetchone()[0])


def running(store: Store) -> int:
    """How many jobs have not ended."""
    with store.lock:
        store.settle(store.clock.now())
        query = "SELECT count(*) FROM jobs WHERE due IS NOT NULL"
        return int(store.db.execute(query).fetchone()[0])

# A copy of codegen/runtime/emulator/_state/jobs.py, where it is edited.
"""The jobs of a server, as test code sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .job import Job
from .masking import shown_key
from .store import Store

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSeen:
    """A job as it was when it was looked at."""

    id: str
    key: str = field(repr=False)
    model: str
    status: str
    progress: int
    credits: int
    request: dict[str, Any] = field(repr=False)
    webhook_status: str | None


class Jobs:
    """Jobs, newest first: all, or those of one API key. Any thread may look."""

    def __init__(self, store: Callable[[], Store], *, key: str | None = None) -> None:
        self._store = store
        self._key = key

    def __len__(self) -> int:
        return self._store().count if self._key is None else sum(1 for _ in self)

    def __repr__(self) -> str:
        whose = "" if self._key is None else f" of {shown_key(self._key)}"
        return f"<Jobs: {len(self)}{whose}>"

    def of_key(self, key: str) -> Jobs:
        """Those of an API key alone."""
        return Jobs(self._store, key=key)

    def __iter__(self) -> Iterator[JobSeen]:
        store, before = self._store(), None
        if not store.is_open:
            raise RuntimeError(
                "the emulator has stopped, and let go of its data; look at its jobs before"
            )
        while found := self._page(store, before):
            for job in found:
                status, progress = job.state()
                yield JobSeen(
                    id=job.id,
                    key=store.ledger.key(job.account) or "",
                    model=job.model.id,
                    status=status,
                    progress=progress,
                    credits=job.credits,
                    request=job.request,
                    webhook_status=job.webhook_status,
                )
            before = found[-1].number

    def _page(self, store: Store, before: int | None) -> list[Job]:
        if self._key is None:
            return store.recent(before=before, limit=_AT_ONCE)
        number = store.ledger.account(self._key)
        return [] if number is None else store.page([number], before=before, limit=_AT_ONCE)

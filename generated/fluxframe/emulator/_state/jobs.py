# A copy of codegen/runtime/emulator/_state/jobs.py, where it is edited.
"""The jobs of a server, as test code sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

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
    """All jobs, newest first, whosever they are. Any thread may look."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    def __len__(self) -> int:
        return self._store().count

    def __iter__(self) -> Iterator[JobSeen]:
        store, before = self._store(), None
        if not store.is_open:
            raise RuntimeError(
                "the emulator has stopped, and let go of its data; look at its jobs before"
            )
        while found := store.recent(before=before, limit=_AT_ONCE):
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

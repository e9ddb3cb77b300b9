"""The jobs that were asked for last, without their rows."""

from __future__ import annotations

from collections.abc import Callable

from .job import Job

_MOST = 1024
# Of a request: those that are longer are read each time, or many of them would be much memory.
_LONGEST = 16 << 10


class AtHand(dict[str, Job]):
    """Jobs by their ids."""

    def keep(self, job: Job) -> None:
        """Keep a job, in the place of the one that was asked for least recently."""
        self.pop(job.id, None)
        if len(job.text) <= _LONGEST:
            self[job.id] = job
            if len(self) > _MOST:
                del self[next(iter(self))]

    def forget(self, is_gone: Callable[[Job], bool]) -> None:
        """Forget those that are gone, and have whoever holds them know it."""
        for job in [job for job in self.values() if is_gone(job)]:
            job.removed = True
            del self[job.id]

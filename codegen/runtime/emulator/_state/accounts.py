"""What the server remembers: accounts, their credits, jobs and uploads; nothing survives it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..._clock import monotonic
from .._contract.document import Life, life, own_path, security
from .._contract.models import Model
from .._contract.shape import Known
from .._pictures.plan import Plan
from .._pictures.references import FileName

# Of a job's time, the share that it waits for before it is worked on.
_QUEUED_SHARE = 0.2
_UPLOADED_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long jobs take, what an account begins with, and what a megapixel costs by default."""

    job_seconds: float
    credits: int
    credits_per_megapixel: int


@dataclass(slots=True, kw_only=True)
class Job:
    """A submitted request. Its state is a function of time, so that nothing runs for it."""

    id: str
    model: Model
    request: dict[str, Any]
    seconds: float
    credits: int
    plan: Plan | None
    fault: str | None = None
    created: float = field(default_factory=lambda: time.time())  # The time of day, to be shown.
    begun: float = field(default_factory=monotonic)
    webhook_status: str | None = None
    removed: bool = False

    def state(self, now: float | None = None) -> tuple[str, int]:
        """Status and progress (0 to 100) at a time of the clock that `begun` is of."""
        age = (monotonic() if now is None else now) - self.begun
        done = age / self.seconds if self.seconds > 0 else 1.0
        known: Life = life()
        if done >= 1:
            return (known.failed if self.fault else known.succeeded), 100
        if done < _QUEUED_SHARE or not known.running:
            return known.initial, 0
        share = (done - _QUEUED_SHARE) / (1 - _QUEUED_SHARE)
        status = known.running[int(share * len(known.running))]
        return status, min(99, max(1, int(100 * share)))

    @property
    def is_done(self) -> bool:
        """Whether its pictures are there."""
        return self.fault is None and self.state()[0] == life().succeeded

    def known(self, base_url: str) -> Known:
        """What can be told of the job."""
        status, progress = self.state()
        failed = self.fault is not None and status == life().failed
        ended = failed or status == life().succeeded
        files = self._files(base_url) if ended and not failed else None
        return Known(
            {
                "id": self.id,
                "status": status,
                "model": self.model.id,
                "progress": None if failed else progress,
                "result": Known(files, self.model.result["object"]) if files else None,
                **(files or dict.fromkeys(("images", "composite"))),
                "error": self.fault if failed else None,
                "credits": 0 if failed else self.credits,
                "webhook_status": self.webhook_status,
                "created_at": _moment(self.created),
                "ended_at": _moment(self.created + self.seconds) if ended else None,
                "input": self.request,
                "expired": False,  # Files are kept as long as the server runs.
            }
        )

    def _files(self, base_url: str) -> dict[str, Any]:
        if self.plan is None:
            return {}
        folder, ending = f"{base_url}{own_path('files')}", self.plan.format
        images = [f"{folder}/{FileName(self.id, n, ending)}" for n in range(self.plan.count)]
        return {"images": images, "composite": f"{folder}/{FileName(self.id, None, ending)}"}


@dataclass(slots=True, kw_only=True)
class Upload:
    """An uploaded file."""

    id: str
    kind: str
    content_type: str
    content: bytes
    created: float = field(default_factory=lambda: time.time())

    def known(self, base_url: str) -> Known:
        """What can be told of the upload."""
        return Known(
            {
                "id": self.id,
                "url": f"{base_url}{own_path('uploads')}/{self.id}",
                "kind": self.kind,
                "content_type": self.content_type,
                "size": len(self.content),
                "expires_at": _moment(self.created + _UPLOADED_SECONDS),
            }
        )


class InsufficientCreditsError(Exception):
    """The account can't pay."""


class IdempotencyConflictError(Exception):
    """The key was used with another request."""


class Account:
    """What belongs to one API key."""

    def __init__(self, key: str, credits: int) -> None:
        self.key = key
        self._credits = credits
        self._spent = 0
        self._faulty: list[Job] = []
        self._jobs: dict[str, Job] = {}
        self._by_key: dict[str, tuple[str, Job]] = {}

    @property
    def credits(self) -> int:
        """What is left to spend; a job that failed is refunded."""
        refunded = sum(job.credits for job in self._faulty if job.state()[0] == life().failed)
        return self._credits - self._spent + refunded

    def known(self) -> Known:
        """What can be told of the account."""
        ids = {
            role: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{role} {self.key}"))
            for role in ("user_id", "team_id", "key_id")
        }
        told = {"credits": self.credits, "email": "you@example.com"}
        return Known({**ids, **told, "key_prefix": security().prefix})

    def job(self, id: str) -> Job | None:
        """The job of an id."""
        return self._jobs.get(id.lower())

    def jobs(self) -> Iterator[Job]:
        """All jobs, newest first."""
        return reversed(self._jobs.values())

    def remove(self, job: Job) -> None:
        """Forget a job."""
        del self._jobs[job.id]
        job.removed = True

    def replayed(
        self, idempotency_key: str | None, operation: str, request: Mapping[str, Any]
    ) -> Job | None:
        """The job that a key stands for already. Raises IdempotencyConflictError."""
        if idempotency_key is None or idempotency_key not in self._by_key:
            return None
        before, job = self._by_key[idempotency_key]
        if before != _canonical(operation, request):
            raise IdempotencyConflictError
        return job

    def add(self, job: Job, *, operation: str, idempotency_key: str | None) -> None:
        """Take a job on. Raises InsufficientCreditsError."""
        if job.credits > self.credits:
            raise InsufficientCreditsError
        self._jobs[job.id] = job
        self._spent += job.credits
        if job.fault:
            self._faulty.append(job)
        if idempotency_key is not None:
            self._by_key[idempotency_key] = _canonical(operation, job.request), job


def _canonical(operation: str, request: Mapping[str, Any]) -> str:
    return operation + json.dumps(request, sort_keys=True)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)

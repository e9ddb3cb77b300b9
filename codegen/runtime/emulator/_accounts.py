"""What the server remembers: accounts, their credits, jobs and uploads; nothing survives it."""

from __future__ import annotations

import hashlib
import json
import math
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .._clock import monotonic
from ._encoding import Format
from ._size import UnrenderableError, megapixels, pixel_size

# Of a job's time, the share that it waits for before it is worked on.
_QUEUED_SHARE = 0.2


@dataclass(slots=True, kw_only=True)
class Job:
    """A submitted request. Its state is a function of time, so that nothing runs for it."""

    id: str
    request: dict[str, Any]
    parameters: dict[str, Any]
    seconds: float
    credits: int
    size: tuple[int, int] | None
    fault: str | None
    created: float = field(default_factory=lambda: time.time())  # The time of day, to be shown.
    begun: float = field(default_factory=monotonic)
    webhook_status: str | None = None

    @property
    def model(self) -> str:
        """The model's id."""
        return str(self.request["model"])

    @property
    def seed(self) -> int:
        """The seed of the picture; without one in the request, each job has its own."""
        seed = self.parameters.get("seed")
        return int(seed) if seed is not None else int(self.id.partition("-")[0], 16)

    @property
    def format(self) -> Format:
        """The format of the picture."""
        format: Format = self.parameters.get("output_format", "jpg")
        return format

    @property
    def quality(self) -> int:
        """The quality of a jpg or webp, 0 to 100."""
        return int(self.parameters.get("output_quality", 85))

    def state(self, now: float | None = None) -> tuple[str, int]:
        """Status and progress (0 to 100) at a time of the clock that `begun` is of."""
        age = (monotonic() if now is None else now) - self.begun
        done = age / self.seconds if self.seconds > 0 else 1.0
        if done < _QUEUED_SHARE:
            return "QUEUED", 0
        if done < 1:
            share = (done - _QUEUED_SHARE) / (1 - _QUEUED_SHARE)
            return "PROCESSING", min(99, max(1, int(100 * share)))
        return ("FAILED", 100) if self.fault else ("COMPLETED", 100)

    def json(self, base_url: str, *, with_input: bool = True) -> dict[str, Any]:
        """The job as the API shows it."""
        status, progress = self.state()
        ended = status in ("COMPLETED", "FAILED")
        result = {"images": [f"{base_url}/files/{self.id}-1.{self.format}"]}
        shown: dict[str, Any] = {
            "id": self.id,
            "status": status,
            "model": self.model,
            "progress": progress if status != "FAILED" else None,
            "result": result if status == "COMPLETED" else None,
            "error": self.fault if status == "FAILED" else None,
            "creditCost": 0 if status == "FAILED" else self.credits,
            "webhookStatus": self.webhook_status,
            "createdAt": _moment(self.created),
            "completedAt": _moment(self.created + self.seconds) if ended else None,
        }
        return {**shown, "input": self.request} if with_input else shown


@dataclass(slots=True, kw_only=True)
class Upload:
    """An uploaded file, and the size of its picture if it is one that can be read."""

    id: str
    kind: str
    content_type: str
    content: bytes
    size: tuple[int, int] | None
    created: float = field(default_factory=lambda: time.time())

    def json(self, base_url: str) -> dict[str, Any]:
        """The upload as the API shows it."""
        return {
            "id": self.id,
            "url": f"{base_url}/uploads/{self.id}",
            "kind": self.kind,
            "contentType": self.content_type,
            "byteSize": len(self.content),
            "expiresAt": _moment(self.created + 3600),
        }


class InsufficientCreditsError(Exception):
    """The account can't pay."""


class IdempotencyConflictError(Exception):
    """The key was used with another request."""


class Account:
    """What belongs to one API key."""

    def __init__(self, key: str, credits: int) -> None:
        self.key = key
        self.id = hashlib.sha256(key.encode()).hexdigest()[:12]
        self._credits = credits
        self._spent = 0
        self._faulty: list[Job] = []
        self._jobs: dict[str, Job] = {}
        self._by_key: dict[str, tuple[str, Job]] = {}

    @property
    def credits(self) -> int:
        """What is left to spend; a job that failed is refunded."""
        refunded = sum(job.credits for job in self._faulty if job.state()[0] == "FAILED")
        return self._credits - self._spent + refunded

    def job(self, id: str) -> Job | None:
        """The job of an id."""
        return self._jobs.get(id.lower())

    def jobs(self) -> Iterator[Job]:
        """All jobs, newest first."""
        return reversed(self._jobs.values())

    def replayed(self, idempotency_key: str | None, request: Mapping[str, Any]) -> Job | None:
        """The job that a key stands for already. Raises IdempotencyConflictError."""
        if idempotency_key is None or idempotency_key not in self._by_key:
            return None
        before, job = self._by_key[idempotency_key]
        if before != _canonical(request):
            raise IdempotencyConflictError
        return job

    def submit(
        self,
        request: dict[str, Any],
        *,
        idempotency_key: str | None,
        seconds: float,
        credits_per_megapixel: int,
        input_size: tuple[int, int] | None,
    ) -> Job:
        """A new job. Raises InsufficientCreditsError with what it costs."""
        parameters: dict[str, Any] = {}
        for member in request.values():
            parameters.update(member if isinstance(member, dict) else {})
        size: tuple[int, int] | None = None
        fault = None
        try:
            size = pixel_size(parameters, input_size)
        except UnrenderableError as error:
            fault = f"Provider returned an error: {error}"
        job = Job(
            id=str(uuid.uuid4()),
            request=request,
            parameters=parameters,
            seconds=seconds,
            credits=credits_per_megapixel * max(1, math.ceil(megapixels(parameters))),
            size=size,
            fault=fault,
            webhook_status="pending" if "webhookUrl" in request else None,
        )
        if job.credits > self.credits:
            raise InsufficientCreditsError(job.credits)
        self._jobs[job.id] = job
        self._spent += job.credits
        if job.fault:
            self._faulty.append(job)
        if idempotency_key is not None:
            self._by_key[idempotency_key] = _canonical(request), job
        return job


def _canonical(request: Mapping[str, Any]) -> str:
    return json.dumps(request, sort_keys=True)


def _moment(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

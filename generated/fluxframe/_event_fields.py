# Generated from spec/ by `python -m codegen generate`; do not edit.
"""The members of an event's JSON as properties; each is None as long as it is not known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from . import _fields


class EventFields:
    """What a webhook says of a job; `raw` is its JSON as it came."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw

    @property
    def event(self) -> str | None:
        """The event's name. "progress", "completed" or "failed"."""
        return _fields.text(self.raw, "event")

    @property
    def progress(self) -> int | None:
        """How far the job is. 0 to 100 percent. Only in progress and completed events."""
        return _fields.integer(self.raw, "progress")

    @property
    def model(self) -> str | None:
        """The model's id."""
        return _fields.text(self.raw, "model")

    @property
    def result(self) -> Any:
        """The files. Only in completed events."""
        return _fields.anything(self.raw, "result")

    @property
    def credit_cost(self) -> int | None:
        """What the job cost. At least 0 credits. Only in completed events."""
        return _fields.integer(self.raw, "creditCost")

    @property
    def completed_at(self) -> datetime | None:
        """When the job ended. Only in completed events."""
        return _fields.moment(self.raw, "completedAt")

    @property
    def error(self) -> str | None:
        """Why the job failed. Only in failed events."""
        return _fields.text(self.raw, "error")

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""The members of a job's JSON as properties; each is None as long as it is not known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from . import _fields


class JobFields:
    """What the server says of a job; `raw` is its JSON as it came."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw

    @property
    def model(self) -> str | None:
        """The model's id."""
        return _fields.text(self.raw, "model")

    @property
    def progress(self) -> int | None:
        """0 when queued and 100 when completed. 0 to 100 percent."""
        return _fields.integer(self.raw, "progress")

    @property
    def result(self) -> Any:
        """The files. An older shape is a bare URL."""
        return _fields.anything(self.raw, "result")

    @property
    def error(self) -> str | None:
        """Why the job failed."""
        return _fields.text(self.raw, "error")

    @property
    def credit_cost(self) -> int | None:
        """What the job cost. 0 once refunded. At least 0 credits."""
        return _fields.integer(self.raw, "creditCost")

    @property
    def webhook_status(self) -> str | None:
        """How the delivery of the job's events went. "pending", "delivered" or "failed"."""
        return _fields.text(self.raw, "webhookStatus")

    @property
    def created_at(self) -> datetime | None:
        """When the job was submitted."""
        return _fields.moment(self.raw, "createdAt")

    @property
    def completed_at(self) -> datetime | None:
        """When the job ended."""
        return _fields.moment(self.raw, "completedAt")

    @property
    def input(self) -> dict[str, Any] | None:
        """What was submitted."""
        return _fields.mapping(self.raw, "input")

    @property
    def expired(self) -> bool | None:
        """Whether the files are gone; their URLs may then answer 404."""
        return _fields.boolean(self.raw, "expired")

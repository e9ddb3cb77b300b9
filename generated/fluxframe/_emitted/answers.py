# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Objects of answers and events: their members are properties, each None where it is not known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .. import _answers


class JobFields(_answers.Answer):
    """What the server says of a job."""

    @property
    def result(self) -> Any:
        """The files. An older shape is a bare URL."""
        return _answers.anything(self.raw, "result")

    @property
    def credit_cost(self) -> int | None:
        """What the job cost. 0 once refunded."""
        return _answers.integer(self.raw, "creditCost")

    @property
    def webhook_status(self) -> str | None:
        """How the delivery of the job's events went. "pending", "delivered" or "failed"."""
        return _answers.text(self.raw, "webhookStatus")

    @property
    def created_at(self) -> datetime | None:
        """When the job was submitted."""
        return _answers.moment(self.raw, "createdAt")

    @property
    def completed_at(self) -> datetime | None:
        """When the job ended."""
        return _answers.moment(self.raw, "completedAt")

    @property
    def input(self) -> dict[str, Any] | None:
        """What was submitted."""
        return _answers.mapping(self.raw, "input")


class EventFields(_answers.Answer):
    """What a webhook says of a job."""

    @property
    def event(self) -> str | None:
        """The event's name. "progress", "completed" or "failed"."""
        return _answers.text(self.raw, "event")

    @property
    def result(self) -> Any:
        """The files. Only in completed events."""
        return _answers.anything(self.raw, "result")

    @property
    def credit_cost(self) -> int | None:
        """What the job cost. At least 0 credits. Only in completed events."""
        return _answers.integer(self.raw, "creditCost")

    @property
    def completed_at(self) -> datetime | None:
        """When the job ended. Only in completed events."""
        return _answers.moment(self.raw, "completedAt")


class User(_answers.Answer):
    """A user."""

    @property
    def id(self) -> str | None:
        """The user's id."""
        return _answers.text(self.raw, "id")

    @property
    def email(self) -> str | None:
        """The user's e-mail address."""
        return _answers.text(self.raw, "email")

    @property
    def role(self) -> str | None:
        """The user's role in the team. "ADMIN", "MEMBER" or "OWNER"."""
        return _answers.text(self.raw, "role")


class Team(_answers.Answer):
    """A team and its balance."""

    @property
    def id(self) -> str | None:
        """The team's id."""
        return _answers.text(self.raw, "id")

    @property
    def name(self) -> str | None:
        """The team's name."""
        return _answers.text(self.raw, "name")

    @property
    def credits(self) -> float | None:
        """What is left to spend."""
        return _answers.number(self.raw, "credits")

    @property
    def plan(self) -> str | None:
        """The team's plan."""
        return _answers.text(self.raw, "plan")

    @property
    def customer_id(self) -> str | None:
        """The team's id in billing."""
        return _answers.text(self.raw, "customerId")

    @property
    def max_concurrent_jobs(self) -> int | None:
        """How many jobs may run at once."""
        return _answers.integer(self.raw, "maxConcurrentJobs")


class ApiKey(_answers.Answer):
    """An API key, of which only the prefix is told."""

    @property
    def id(self) -> str | None:
        """The key's id."""
        return _answers.text(self.raw, "id")

    @property
    def name(self) -> str | None:
        """The key's name."""
        return _answers.text(self.raw, "name")

    @property
    def prefix(self) -> str | None:
        """How the key begins."""
        return _answers.text(self.raw, "prefix")


class Me(_answers.Answer):
    """The user, team and key behind a request."""

    @property
    def user(self) -> User:
        """The user that the key belongs to."""
        return _answers.always(self.raw, "user", User)

    @property
    def team(self) -> Team | None:
        """The user's team."""
        return _answers.one(self.raw, "team", Team)

    @property
    def api_key(self) -> ApiKey | None:
        """The key itself."""
        return _answers.one(self.raw, "apiKey", ApiKey)


class CatalogModel(_answers.Answer):
    """A model on offer."""

    @property
    def id(self) -> str | None:
        """The model's id."""
        return _answers.text(self.raw, "id")

    @property
    def label(self) -> str | None:
        """The model's name."""
        return _answers.text(self.raw, "label")

    @property
    def modality(self) -> str | None:
        """What it makes. "image", "video" or "music"."""
        return _answers.text(self.raw, "modality")

    @property
    def description(self) -> str | None:
        """What it is good at."""
        return _answers.text(self.raw, "description")

    @property
    def cost_min(self) -> float | None:
        """The least that a request costs."""
        return _answers.number(self.raw, "costMin")

    @property
    def cost_max(self) -> float | None:
        """The most that a request costs."""
        return _answers.number(self.raw, "costMax")

    @property
    def pricing_mode(self) -> str | None:
        """What the price is for. "flat", "per-second" or "per-output"."""
        return _answers.text(self.raw, "pricingMode")


class ModelCatalog(_answers.Answer):
    """The models on offer."""

    @property
    def models(self) -> list[CatalogModel]:
        """The models."""
        return _answers.many(self.raw, "models", CatalogModel)


class Upload(_answers.Answer):
    """An uploaded file."""

    @property
    def id(self) -> str | None:
        """The upload's id."""
        return _answers.text(self.raw, "id")

    @property
    def url(self) -> str | None:
        """Where requests find the file."""
        return _answers.text(self.raw, "url")

    @property
    def kind(self) -> str | None:
        """What kind of file it is. "image", "video" or "audio"."""
        return _answers.text(self.raw, "kind")

    @property
    def content_type(self) -> str | None:
        """The file's media type, told by its first bytes."""
        return _answers.text(self.raw, "contentType")

    @property
    def byte_size(self) -> int | None:
        """The file's size. At least 0 bytes."""
        return _answers.integer(self.raw, "byteSize")

    @property
    def expires_at(self) -> datetime | None:
        """When the file goes; 1 to 2 hours on."""
        return _answers.moment(self.raw, "expiresAt")

# Generated from spec/ by `python -m codegen generate`; do not edit.
"""The operations of the client: what of them the spec decides."""

from __future__ import annotations

from typing import Literal

from .. import _resources
from .._jobs import Job
from .._pages import Page
from .answers import Me, ModelCatalog


class Images(_resources.Submissions):
    """`client.images`."""

    _submits = "images.generate"


class Jobs(_resources.Jobs):
    """`client.jobs`."""

    def get(self, id: str, *, timeout: float | None = None) -> Job:
        """Look a job up by its id.

        Args:
            id: The job's id.
        """
        return self._get("jobs.get", {"id": id}, timeout)

    def list(
        self,
        *,
        status: Literal["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"] | None = None,
        model: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        scope: Literal["user", "team"] | None = None,
        search: str | None = None,
        include_models: Literal["true", "false"] | None = None,
        timeout: float | None = None,
    ) -> Page[Job]:
        """List jobs, newest first.

        Args:
            status: Only jobs in this status. "QUEUED", "PROCESSING", "COMPLETED", "FAILED" or
                "CANCELLED".
            model: Only jobs of this model.
            limit: Jobs a page. 1 to 100. The server's default is 20.
            cursor: Where to go on; nextCursor of the page before.
            scope: Whose jobs. A team's are for its admins. "user" or "team". The server's default
                is "user".
            search: Only the job with this id.
            include_models: Whether to list the models in use beside the jobs. "true" or "false".
        """
        return self._list(
            "jobs.list",
            {
                "status": status,
                "model": model,
                "limit": limit,
                "cursor": cursor,
                "scope": scope,
                "search": search,
                "include_models": include_models,
            },
            timeout,
        )


class Uploads(_resources.Uploads):
    """`client.uploads`."""

    _uploads = "uploads.create"


class Operations(_resources.Resource):
    """The client's resources, and the operations of its own."""

    images = _resources.Part(Images)
    jobs = _resources.Part(Jobs)
    uploads = _resources.Part(Uploads)

    def me(self, *, timeout: float | None = None) -> Me:
        """Who the API key belongs to, and the team's credits."""
        return self._answer("me", Me, {}, timeout)

    def models(self, *, modality: str | None = None, timeout: float | None = None) -> ModelCatalog:
        """The catalogue of models. Needs no API key.

        Args:
            modality: Only models of this modality, such as image.
        """
        return self._answer("models", ModelCatalog, {"modality": modality}, timeout)

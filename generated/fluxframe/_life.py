# A copy of codegen/runtime/_life.py, where it is edited.
"""The state of a job, as the job itself and each event about it report it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from ._answers import abridged, boolean, integer, number, reason, text
from ._catalog import API, ROLES
from ._emitted.answers import JobFields
from ._redact import SCREENFUL, cut
from ._roles import JOB, files, told
from ._spec import JobFailure, Roles

# Where events have what.
EVENT: Roles = {role: path for name in API.events.values() for role, path in ROLES[name].items()}

T = TypeVar("T")


class JobState:
    """What a job and an event share; `raw` is the JSON as it came."""

    raw: dict[str, Any]
    # Where it has what.
    _roles: ClassVar[Roles] = JOB

    def _told(self, role: str) -> Any:
        return told(self.raw, self._roles, role)

    def _read(self, reader: Callable[[Mapping[str, Any], str], T], role: str) -> T:
        return reader({role: self._told(role)}, role)

    @property
    def _cost(self) -> float | None:
        """What the job cost, in credits."""
        return self._read(number, "credits")

    @property
    def status(self) -> str:
        """The job's status; may be one unknown to this version."""
        return str(self._told("status"))

    @property
    def model(self) -> str | None:
        """The model's id."""
        return self._read(text, "model")

    @property
    def progress(self) -> int | None:
        """How far the job is, in percent."""
        return self._read(integer, "progress")

    @property
    def expired(self) -> bool | None:
        """Whether the files are gone; their URLs may then answer 404."""
        return self._read(boolean, "expired")

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more.

        A status that is unknown to this version is an end if the server says when it came.
        """
        if self.status in API.statuses:
            return self.status in API.ended
        return bool(self._told("ended_at"))

    @property
    def succeeded(self) -> bool:
        """Whether the job is done and has a result.

        In a status that is unknown to this version, it has ended with images and without an error.
        """
        if self.status in API.statuses:
            return self.status in API.succeeded
        return self.ended and not self._told("error") and bool(self.image_urls)

    @property
    def error(self) -> str | None:
        """Why the job failed."""
        error = self._told("error")
        if (words := reason(error)) is not None or not error:
            return words
        return cut(json.dumps(abridged(error)), SCREENFUL)

    @property
    def image_urls(self) -> list[str]:
        """URLs of the images; empty until the job is completed."""
        return files(self.raw, self._roles, "images")

    @property
    def composite_url(self) -> str | None:
        """URL of one picture that shows all the images, if the job makes one."""
        url = self._told("composite")
        return url if isinstance(url, str) else None


class JobRecord(JobState, JobFields):
    """What is known of a job; `raw` is its JSON, with members and statuses that are new too."""

    @property
    def id(self) -> str:
        """The job's id."""
        return str(self._told("id"))


def failure_of(error: str | None) -> JobFailure | None:
    """The known reason why a job failed, by what its `error` says; None if it matches none of them."""
    text = (error or "").lower()
    return next((failure for failure in API.failures if failure.words in text), None)

# A copy of codegen/runtime/emulator/_state/shelf.py, where it is edited.
"""Uploads and jobs by their ids, whosever they are: where files are found."""

from __future__ import annotations

from .._pictures.plan import Plan
from .accounts import Job, Upload


class Shelf:
    """All uploads and jobs."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, Upload] = {}

    def uploaded(self, id: str) -> bytes | None:
        """The content of an upload that is there."""
        upload = self.uploads.get(id)
        return upload.content if upload else None

    def planned(self, id: str) -> Plan | None:
        """The plan of a job whose pictures are there."""
        job = self.jobs.get(id)
        return job.plan if job and job.is_done and not job.removed else None

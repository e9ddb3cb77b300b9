"""Files: those that were uploaded, those that jobs make, and the pictures that requests give."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterable

from .._state.accounts import Job, Upload
from .drawing import Source
from .encoding import decode, size_of

# The drawn files that are kept, so that they need not be drawn anew.
_KEPT_FILES, _KEPT_BYTES = 64, 64 << 20
_ALL = "all"


class Files:
    """All files that have a URL here."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, Upload] = {}
        self._drawn: dict[str, bytes] = {}

    def source(self, urls: Iterable[str]) -> Source | None:
        """The first picture of a request, if it is here; no other host is asked."""
        for url in urls:
            if url[:5].lower() == "data:":
                return _of_data(url)
            return self._of_name(re.split("[?#]", url, maxsplit=1)[0].rpartition("/")[2])
        return None

    def _of_name(self, name: str) -> Source | None:
        if upload := self.uploads.get(name):
            return Source(upload.size, lambda _: decode(upload.content))
        found = self.of_job(name)
        if found is None or found[1] is None:
            return None
        return source_of(*found)

    def of_job(self, name: str) -> tuple[Job, int | None] | None:
        """The job of a file's name, and the index of its picture; None for the one of all."""
        stem, _, ending = name.rpartition(".")
        id, _, number = stem.rpartition("-")
        job = self.jobs.get(id)
        if job is None or job.plan is None or ending != job.plan.format:
            return None
        if job.removed or not job.is_done:
            return None
        if number == _ALL and job.is_composed:
            return job, None
        if re.fullmatch("[1-9][0-9]?", number) and int(number) <= job.plan.count:
            return job, int(number) - 1
        return None

    def kept(self, name: str) -> bytes | None:
        """A file that is drawn already."""
        return self._drawn.get(name)

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file that was drawn, and no more than there is room for."""
        self._drawn[name] = content
        while len(self._drawn) > 1 and (
            len(self._drawn) > _KEPT_FILES or sum(map(len, self._drawn.values())) > _KEPT_BYTES
        ):
            self._drawn.pop(next(iter(self._drawn)))


def source_of(job: Job, index: int | None) -> Source | None:
    """A picture of a job, as one that another request gives."""
    plan = job.plan
    if plan is None:
        return None
    shown = index or 0
    return Source(plan.size, lambda labelled: plan.picture(shown, labelled=labelled), plan.depth)


def _of_data(url: str) -> Source | None:
    """The picture in a data URL; it is decoded when it is drawn, and not kept."""
    content = _content(url)
    return Source(size_of(content), lambda _: decode(_content(url))) if content else None


def _content(url: str) -> bytes:
    head, _, data = url.partition(",")
    raw = urllib.parse.unquote_to_bytes(data)
    if not head.lower().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw)
    except (binascii.Error, ValueError):
        return b""

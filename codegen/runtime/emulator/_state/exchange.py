"""One request and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Of a body, the bytes that are kept.
KEPT_BYTES = 64 << 10


@dataclass(slots=True, kw_only=True, eq=False)
class Exchange:
    """A request, and its answer as soon as there is one.

    `received` is the time of day, in seconds since the epoch; `seconds` is how long the answer took. `key` is the
    API key, which is never shown. Of bodies, the first 64 KiB are kept; `size` is what all of it takes, as soon as
    it is journaled.
    """

    id: str
    received: float
    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    key: str | None = field(default=None, repr=False)
    operation: str | None = None
    model: str | None = None
    body: bytes = field(default=b"", repr=False)
    status: int | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    answer: bytes = field(default=b"", repr=False)
    seconds: float | None = None
    fault: str | None = None
    job: str | None = None
    size: int = 0

# A copy of codegen/runtime/batch/_steps.py, where it is edited.
"""The steps that a row asks for; threads or tasks take them, and send back each result."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from .._redact import short_repr
from .._waiting import Polls
from ._entry import Entry


@dataclass(frozen=True, slots=True)
class Record:
    """Put an entry on the disk. `soon` goes on before it is there."""

    entry: Entry
    soon: bool = False

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Load:
    """Read what all workers have recorded of a row; returns their entries."""

    row: int

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit the request under its idempotency key; returns its job."""

    request: Mapping[str, Any]
    key: str

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Poll:
    """Ask for a job; returns it as it is now. `polls` say how long that may take."""

    job: str
    polls: Polls

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Save:
    """Save the images of a job; returns the names of their files."""

    job: Any
    row: int

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Sleep:
    """Sleep; raises StoppedError if the batch ends meanwhile."""

    seconds: float

    __repr__ = short_repr


Step: TypeAlias = Load | Record | Submit | Poll | Save | Sleep
Steps: TypeAlias = Generator[Step, Any, Entry]

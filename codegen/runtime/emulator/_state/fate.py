"""What becomes of a job: the statuses that it goes through, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .._contract.document import Life

# Of a job's time, the share that it waits for before it is worked on.
QUEUED_SHARE = 0.2
# Where one that goes wrong on its way does so, and where one that went back goes on.
_TURN, _RESUMED = 0.5, 0.7
# When a job ends that never does: later than any clock.
NEVER = 9e99

KINDS = ("fail", "hang", "back", "vanish", "unknown", "old_result", "expired")
# The status of a job that is no longer there.
GONE = ""

# Statuses, each with the share of the job's time at which it begins.
Course: TypeAlias = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a job that does not just succeed.

    `fail`: it fails, for a reason. `hang`: it never ends. `back`: it goes back to its first status, and on.
    `vanish`: it was accepted, and is not there any more. `unknown`: it ends in a status that no document
    has. `old_result`: it succeeds, and its result has the older shape. `expired`: it succeeds, and its
    files are gone at once.
    """

    kind: str
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fate: {self.kind!r} is none of {', '.join(KINDS)}")


def courses(life: Life) -> dict[str, Course]:
    """The course of each kind of fate; that of `''` is what most jobs have."""
    step = (1 - QUEUED_SHARE) / max(1, len(life.running))
    running = [(QUEUED_SHARE + step * n, status) for n, status in enumerate(life.running)]
    way = ((0.0, life.initial), *running)
    before = tuple((share, status) for share, status in way if share < _TURN)
    again = (1 - _RESUMED) / max(1, len(life.running))
    after = ((_RESUMED + again * n, status) for n, status in enumerate(life.running))
    good = (*way, (1.0, life.succeeded))
    return {
        "": good,
        "fail": (*way, (1.0, life.failed)),
        "hang": before,
        "back": (*before, (_TURN, life.initial), *after, (1.0, life.succeeded)),
        "vanish": (*before, (_TURN, GONE)),
        "unknown": (*way, (1.0, _unknown(life))),
        "old_result": good,
        "expired": good,
    }


def _unknown(life: Life) -> str:
    """A status that no job has, written as the others are."""
    word = "UNKNOWN" if life.initial.isupper() else "unknown"
    while word in (life.initial, *life.running, life.succeeded, life.failed):
        word += "_"
    return word


def status_at(course: Course, begun: float, seconds: float, now: float) -> str:
    """The status at a moment. SQL says the same of many jobs at once, by the same sums."""
    for share, status in reversed(course):
        if begun + share * seconds <= now:
            return status
    return course[0][1]


def due_at(course: Course, begun: float, seconds: float, now: float, *, ends: bool) -> float | None:
    """When the status changes next; None if it has changed for the last time."""
    for share, _ in course:
        if (moment := begun + share * seconds) > now:
            return moment
    return None if ends else NEVER

"""What becomes of a job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a job that does not simply succeed.

    `kind` is `fail` (for a reason), `hang`, `back` (to the initial state, and on from there), `vanish` (as if it had
    never been), `unknown` (an unknown status), `old_result` or `expired`.
    """

    kind: str
    reason: str | None = None

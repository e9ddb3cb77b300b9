"""What came of a run, as data: the outcome of each vector, and the causes behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .._redact import short_repr
from . import _words
from ._exchanges import Exchange, Outcome, Verdict
from ._vectors import Constraint

__all__ = ["Exchange", "Finding", "Outcome", "Report", "Verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause, with the vectors that show it: a constraint on which the server and the documents differ."""

    constraint: Constraint
    verdict: Verdict
    outcomes: Sequence[Outcome]

    __repr__ = short_repr

    @property
    def id(self) -> str:
        """The same for the same cause in every run."""
        return f"{self.constraint.id}:{self.verdict}"

    @property
    def message(self) -> str:
        """What the server does, and what the documents say instead, in a sentence."""
        return _words.finding_text(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole run.

    `requests` counts all that were sent, `accepted` the submissions that were taken, and `credits` what
    they cost; `estimate` is the most that the plan would have cost, and `budget` what it was allowed.
    """

    base_url: str
    started: datetime
    seconds: float
    requests: int
    accepted: int
    credits: int
    estimate: int
    budget: int
    constraints: Mapping[str, Constraint]
    outcomes: Sequence[Outcome]

    __repr__ = short_repr

    @property
    def findings(self) -> Sequence[Finding]:
        """What differs, by its cause: differences first, then what another reading says."""
        found: dict[tuple[str, Verdict], list[Outcome]] = {}
        for outcome in self.outcomes:
            if outcome.verdict.is_difference or outcome.verdict is Verdict.DIFFERS:
                found.setdefault((outcome.constraint, outcome.verdict), []).append(outcome)
        each = [
            Finding(constraint=self.constraints[id], verdict=verdict, outcomes=outcomes)
            for (id, verdict), outcomes in found.items()
        ]
        return sorted(each, key=lambda finding: finding.verdict is Verdict.DIFFERS)

    def count(self, verdict: Verdict) -> int:
        """How many vectors have a verdict."""
        return sum(outcome.verdict is verdict for outcome in self.outcomes)

    @property
    def exit_status(self) -> int:
        """0 if the server does what the documents say, 1 if it differs, 2 if the test could not be completed."""
        if any(outcome.verdict.is_difference for outcome in self.outcomes):
            return 1
        told = any(outcome.verdict.is_final for outcome in self.outcomes)
        return 0 if told and not self.count(Verdict.INCONCLUSIVE) else 2

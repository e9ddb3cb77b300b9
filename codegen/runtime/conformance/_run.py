"""A run: what should be refused first, then what should be accepted, and the jobs that come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from .._clock import monotonic
from ._budget import Budget
from ._calls import Call, NotSentError
from ._contract import of_kind, operations
from ._document import ApiSequence
from ._follow import follow
from ._journal import Journal
from ._model_run import ModelRun
from ._outcomes import Outcome, Report, Verdict
from ._plan import Plan, Submission
from ._security import security
from ._sending import Sender
from ._sequences import run_sequences
from ._target import CannotRunError, Target
from ._verdicts import judged, unsent

T = TypeVar("T")

# Requests in a row without any answer, after which a server counts as gone.
_GONE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: the vectors that are decided, and what was sent and paid for that."""

    done: int
    total: int
    requests: int
    accepted: int
    credits: int
    differences: int


class Run:
    """One run over a server. Its `report` can be had at any time; what is not decided yet is untested."""

    def __init__(
        self,
        plan: Plan,
        target: Target,
        *,
        journal: Journal,
        max_credits: int = 0,
        concurrency: int = 8,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.notes: list[str] = []
        self._plan = plan
        self._target = target
        self._max_credits = max_credits
        self._concurrency = concurrency
        self._on_progress = on_progress
        self._budget = Budget(max_credits, journal.spent)
        self._sender = Sender(target, journal, self._budget, plan.dearest)
        self._outcomes: dict[str, Outcome] = {}
        self._differences = 0
        self._unanswered = 0
        self._key_is_good = False
        self._started = datetime.now(UTC)
        self._begun = monotonic()
        self._total = len(plan.vectors)
        self._models: dict[str, ModelRun] = {}
        self._followed: list[asyncio.Task[None]] = []

    async def go(self) -> None:
        """Send what is planned. Raises CannotRunError if that tells nothing."""
        await self._probe()
        stages: dict[bool, list[ApiSequence]] = {False: [], True: []}
        for sequence in self._plan.sequences:
            stages[sequence.stage > 0].append(sequence)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sequences(stages[False]))
            group.create_task(self._each(self._plan.free, self._refused))
        ...

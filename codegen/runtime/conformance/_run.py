"""A run: what should be refused first, then what should be accepted, and the jobs that come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from .._clock import monotonic
from .._redact import short_repr
from ._budget import Budget
from ._calls import AcceptedJob, NotSentError
from ._causes import by_cause
from ._contract import operations
from ._document import ApiSequence
from ._errors import CannotRunError
from ._follow import follow
from ._journal import Journal
from ._model_run import ModelRun
from ._outcomes import Outcome, Report, Verdict
from ._plan import Plan, Submission
from ._probe import check_key, probe
from ._sending import Sender
from ._sequences import run_sequences
from ._target import Target
from ._vectors import ModelVectors, changed
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

    __repr__ = short_repr


class Run:
    """One run over a server. Its `report` can be had at any time; what is not decided yet is untested.

    `deadline` is how many seconds a job may take, by default what the documents say.
    """

    def __init__(
        self,
        plan: Plan,
        target: Target,
        journal: Journal,
        *,
        max_credits: int = 0,
        concurrency: int = 8,
        deadline: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._plan = plan
        self._target = target
        self._journal = journal
        self._budget = Budget(max_credits, journal.spent)
        self._sender = Sender(target, journal, self._budget, plan.dearest, self._follow)
        self._concurrency = concurrency
        self._deadline = deadline
        self._on_progress = on_progress
        self._started = datetime.now(UTC)
        self._begun = monotonic()
        self._outcomes: dict[str, Outcome | None] = dict.fromkeys(plan.vectors)
        self._done = self._differences = 0
        self._models: dict[str, ModelRun] = {}
        self._children: dict[str, ModelVectors] = {}
        self._lives: set[asyncio.Task[None]] = set()
        self._key_is_good = False

    async def go(self) -> None:
        """Send what is planned. Raises CannotRunError if that can't tell anything."""
        try:
            await probe(self._target)
            early = [sequence for sequence in self._plan.sequences if sequence.stage == 0]
            late = [sequence for sequence in self._plan.sequences if sequence.stage > 0]
            free = [each for each in self._plan.free if each.model.parent is None]
            packs = [each for each in self._plan.packs if each.model.parent is None]
            doubtful = [each for each in self._plan.doubtful if each.model.parent is None]
            async with asyncio.TaskGroup() as group:
                group.create_task(self._sequences(early))
                group.create_task(self._each(free, self._refused))
            self._sender.is_early = False
            await self._each(packs, self._accepted)
            await self._each(doubtful, self._refused)
            await asyncio.gather(*self._lives)
            # Requests that go on from a job need one that is done.
            await self._each(self._going_on(self._plan.free), self._refused)
            await self._each(self._going_on(self._plan.packs), self._accepted)
            await self._each(self._going_on(self._plan.doubtful), self._refused)
            await asyncio.gather(*self._lives)
            await self._each((*self._plan.free, *self._plan.doubtful), self._again)
            # Lists are tried with the newest job, which may not have been followed: its status must stay.
            for job in self._sender.jobs[-1:]:
                await follow(self._target.send, job, self._deadline)
            await self._sequences(late)
        except BaseExceptionGroup as group:
            raise _first(group) from None
        finally:
            for task in self._lives:
                task.cancel()

    def report(self) -> Report:
        """What is known by now."""
        missing = {
            vector.id: unsent(vector, "interrupted")
            for submission in self._plan.submissions
            for vector in submission.vectors
            if self._outcomes[vector.id] is None
        }
        for sequence in self._plan.sequences:
            if self._outcomes[sequence.id] is None:
                missing[sequence.id] = self._unsent_sequence(sequence.id)
        blamed = {
            mended.blamed.id: mended.blamed
            for model in self._models.values()
            for mended in model.mended.values()
        }
        return Report(
            base_url=self._target.base_url,
            started=self._started,
            seconds=monotonic() - self._begun,
            requests=self._target.requests,
            accepted=self._sender.accepted,
            credits=self._sender.credits,
            estimate=self._plan.estimate,
            budget=self._budget.most,
            constraints={**self._plan.constraints, **blamed},
            outcomes=by_cause(
                [outcome or missing[id] for id, outcome in self._outcomes.items()],
                {
                    submission.model.model: submission.model for submission in self._plan.packs
                }.values(),
            ),
        )

    async def _each(self, items: Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
        """Do something with each, as many at once as are wanted."""
        waiting = iter(items)

        async def worker() -> None:
            for item in waiting:
                await work(item)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._concurrency):
                group.create_task(worker())

    def _going_on(self, submissions: Iterable[Submission]) -> Iterator[Submission]:
        """Those that go on from a job, each from one that was asked for; untested where there is none."""
        asked = {vector.id for pack in self._plan.packs for vector in pack.vectors}
        made = {job.model: job.id for job in self._sender.jobs if not asked.isdisjoint(job.vectors)}
        for each in submissions:
            if each.model.parent is None:
                continue
            parent = next((made[id] for id in each.model.parent.models if id in made), None)
            if parent is None:
                reason = self._why_no_job(each.model.parent.models)
                for vector in each.vectors:
                    self._record(unsent(vector, reason))
                continue
            if each.model.model not in self._children:
                self._children[each.model.model] = each.model.going_on_from(parent)
            model = self._children[each.model.model]
            vectors = tuple(model.vectors[vector.id] for vector in each.vectors)
            yield replace(each, model=model, vectors=vectors)

    def _why_no_job(self, parents: Collection[str]) -> str:
        """Why none of some models has a job: a refusal, or that none was asked for one."""
        outcomes = [
            self._outcomes[vector.id]
            for pack in self._plan.packs
            if pack.model.model in parents
            for vector in pack.vectors
        ]
        reasons = {outcome.reason for outcome in outcomes if outcome is not None}
        return "budget" if not self._budget.most or reasons == {"budget"} else "prerequisite"

    async def _refused(self, submission: Submission) -> None:
        """Send what should be refused."""
        await self._send_refused(submission, submission.body)

    async def _again(self, submission: Submission) -> None:
        """Send what should be refused with a base that is accepted, if the server refuses its own."""
        model = self._models.get(submission.model.model)
        mended = model.mended.get(submission.base) if model else None
        (vector,) = submission.vectors
        known = self._outcomes[vector.id]
        if mended is None or known is None or known.verdict is not Verdict.PASS:
            return
        if mended.body is None:
            self._record(unsent(vector, "prerequisite"))
        else:
            await self._send_refused(submission, changed(mended.body, vector.changes))

    async def _send_refused(self, submission: Submission, body: dict[str, object]) -> None:
        (vector,) = submission.vectors
        operation = operations()[submission.model.operation]
        try:
            exchange, cost = await self._sender.submit(
                submission.model, body, vector.id, credits=submission.credits, free=True
            )
        except NotSentError as error:
            self._record(unsent(vector, error.reason))
            return
        if not self._key_is_good and operation.is_error(
            exchange.status, "Unauthorized", "Forbidden"
        ):
            await check_key(self._target)
            self._key_is_good = True
        self._record(judged(vector, exchange, operation, credits=cost))

    async def _accepted(self, pack: Submission) -> None:
        """Send a pack of what should be accepted, and follow the jobs that come of it."""
        model = self._models.setdefault(
            pack.model.model,
            ModelRun(pack.model, pack.credits, self._sender, self._record),
        )
        await model.pack(pack)

    def _follow(self, job: AcceptedJob) -> None:
        """Begin to follow a job; it goes on while others are submitted."""

        async def life() -> None:
            for outcome in await follow(self._target.send, job, self._deadline, others=others):
                self._record(outcome)

        others = self._sender.jobs[:-1]
        self._lives.add(asyncio.create_task(life()))

    async def _sequences(self, chosen: Sequence[ApiSequence]) -> None:
        costly = {sequence.id for sequence in chosen if sequence.costs}
        known = self._journal.sequences
        for id in costly & {*known}:  # They would be paid for again.
            self._record(known[id] or self._unsent_sequence(id))
        left = [sequence for sequence in chosen if sequence.id not in known]
        for sequence in left:
            if sequence.costs:
                self._journal.begun(sequence.id)
        before = [outcome for outcome in self._outcomes.values() if outcome is not None]
        for outcome in await run_sequences(
            self._sender.send, left, self._sender.jobs, before=before, lacking="budget"
        ):
            self._record(outcome)
            if outcome.vector in costly:
                self._journal.concluded(outcome)

    def _unsent_sequence(self, id: str) -> Outcome:
        sequence = next(sequence for sequence in self._plan.sequences if sequence.id == id)
        return Outcome(
            vector=sequence.id,
            constraint=sequence.constraint,
            verdict=Verdict.UNTESTED,
            says=sequence.says,
            reason="interrupted",
        )

    def _record(self, outcome: Outcome) -> None:
        """Note an outcome. Raises CannotRunError if the server seems to be gone."""
        before = self._outcomes.get(outcome.vector)
        self._done += before is None
        self._differences += outcome.verdict.is_difference
        self._differences -= before is not None and before.verdict.is_difference
        self._outcomes[outcome.vector] = outcome
        if self._target.silent >= _GONE:
            raise CannotRunError(
                f"{self._target.base_url} does not answer any more; run again when it does"
            )
        if self._on_progress is not None:
            self._on_progress(
                Progress(
                    done=self._done,
                    total=len(self._outcomes),
                    requests=self._target.requests,
                    accepted=self._sender.accepted,
                    credits=self._sender.credits,
                    differences=self._differences,
                )
            )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What stopped a run; of several, the one that says why."""
    leaves: list[BaseException] = []
    for error in group.exceptions:
        leaves.append(_first(error) if isinstance(error, BaseExceptionGroup) else error)
    return min(leaves, key=lambda error: not isinstance(error, CannotRunError))

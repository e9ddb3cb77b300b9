"""Runs the sequences: what holds for operations, whatever model a request is for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ._calls import AcceptedJob, NotSentError, Send
from ._document import ApiSequence
from ._outcomes import Exchange, Outcome, Verdict
from ._paging import walk
from ._steps import Fault, call_of, fault_of, known_of, learnt

_AUTHENTICATION = "/authentication"


async def run_sequences(
    send: Send,
    sequences: Iterable[ApiSequence],
    jobs: Sequence[AcceptedJob] = (),
    *,
    before: Iterable[Outcome] = (),
    lacking: str = "budget",
) -> list[Outcome]:
    """The outcome of each sequence.

    `jobs` are those that the server made, the newest last, and `before` what was found out already: a
    sequence that needs what does not hold is not sent. `lacking` is the reason if there are too few jobs.
    """
    broken = {outcome.constraint for outcome in before if _differs(outcome)}
    outcomes: list[Outcome] = []
    waiting = sorted(sequences, key=lambda sequence: sequence.stage)
    while waiting:
        first = [sequence for sequence in waiting if sequence.stage == waiting[0].stage]
        pending = {sequence.constraint for sequence in waiting}
        ready = [s for s in first if not pending - {s.constraint} & {*s.needs}] or first
        known = frozenset(broken)
        found = await asyncio.gather(*(_run(send, s, jobs, known, lacking) for s in ready))
        outcomes += found
        for sequence, outcome in zip(ready, found, strict=True):
            if _differs(outcome):
                broken |= {outcome.constraint, sequence.constraint}
            elif outcome.reason == "prerequisite":
                broken.add(sequence.constraint)
        done = {sequence.id for sequence in ready}
        waiting = [sequence for sequence in waiting if sequence.id not in done]
    return _summed_up(outcomes)


def _summed_up(outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes with one constraint to blame where no operation asks who a request is from."""
    asked = [outcome for outcome in outcomes if outcome.constraint.endswith(_AUTHENTICATION)]
    if len({o.constraint for o in asked}) < 2 or any(
        o.verdict is not Verdict.LOOSER for o in asked
    ):
        return outcomes
    return [replace(o, constraint=f"api{_AUTHENTICATION}") if o in asked else o for o in outcomes]


def _differs(outcome: Outcome) -> bool:
    return outcome.verdict.is_difference or outcome.verdict is Verdict.DIFFERS


async def _run(
    send: Send,
    sequence: ApiSequence,
    jobs: Sequence[AcceptedJob],
    broken: frozenset[str],
    lacking: str,
) -> Outcome:
    chosen = _chosen(sequence, jobs)
    if broken & {*sequence.needs}:
        return _outcome(sequence, (), _untested("prerequisite"))
    if chosen is None:
        return _outcome(sequence, (), _untested(lacking))
    known = known_of(chosen)
    exchanges: list[Exchange] = []
    try:
        for step in sequence.steps:
            if "pages" in step:
                fault, seen = await walk(send, sequence, step)
                exchanges += seen
            else:
                exchange = await send(call_of(step, known))
                exchanges.append(exchange)
                fault = fault_of(sequence, step, exchange, known)
                known |= learnt(step, exchange, known)
                if fault is None and not known.keys() >= step.get("save", {}).keys():
                    fault = _untested("prerequisite")
            if fault is not None:
                return _outcome(sequence, exchanges, fault)
    except NotSentError as error:
        return _outcome(sequence, exchanges, _untested(error.reason))
    return _outcome(sequence, exchanges, None)


def _untested(reason: str) -> Fault:
    return Fault(verdict=Verdict.UNTESTED, constraint="", reason=reason)


def _chosen(sequence: ApiSequence, jobs: Sequence[AcceptedJob]) -> list[AcceptedJob] | None:
    """The jobs that a sequence is run with, the newest first; None if there are too few."""
    needed = sequence.jobs
    if needed is None:
        return []
    fitting = [
        job
        for job in reversed(jobs)
        if needed.operation in (None, job.operation)
        and (job.idempotency_key is not None or not needed.keyed)
        and job.body != needed.unlike
    ]
    return fitting[: needed.count] if len(fitting) >= needed.count else None


def _outcome(sequence: ApiSequence, exchanges: Sequence[Exchange], fault: Fault | None) -> Outcome:
    if fault is None:
        fault = Fault(verdict=Verdict.PASS, constraint="")
    return Outcome(
        vector=sequence.id,
        constraint=fault.constraint or sequence.constraint,
        verdict=fault.verdict,
        says=sequence.says,
        expected=fault.expected,
        observed=fault.observed,
        exchanges=tuple(exchanges),
        reading=fault.reading,
        reason=fault.reason,
    )

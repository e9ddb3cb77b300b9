# A copy of codegen/runtime/conformance/_sequences.py, where it is edited.
"""Runs the sequences: what holds for operations, whatever model a request is for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ._calls import AcceptedJob, NotSentError, Send
from ._document import ApiSequence, api_constraints
from ._outcomes import Exchange, Outcome, Verdict
from ._paging import walk
from ._steps import Fault, call_of, fault_of, known_of, learnt


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
    failed = [outcome for outcome in before if not _holds(outcome)]
    # The one to blame may be another than the one that was looked at.
    broken = {id for o in failed for id in (o.constraint, o.vector.rpartition("/")[0])}
    outcomes: list[Outcome] = []
    waiting = sorted(sequences, key=lambda sequence: sequence.stage)
    by_id = {sequence.id: sequence for sequence in waiting}
    while waiting:
        first = [sequence for sequence in waiting if sequence.stage == waiting[0].stage]
        pending = {sequence.constraint for sequence in waiting}
        ready = [s for s in first if not pending - {s.constraint} & {*s.needs}] or first
        known = frozenset(broken)
        found = await asyncio.gather(*(_run(send, s, jobs, known, lacking) for s in ready))
        outcomes += found
        for sequence, outcome in zip(ready, found, strict=True):
            if not _holds(outcome):
                broken |= {outcome.constraint, sequence.constraint}
        done = {sequence.id for sequence in ready}
        waiting = [sequence for sequence in waiting if sequence.id not in done]
    return _summed_up(outcomes, by_id)


def _holds(outcome: Outcome) -> bool:
    """Whether what builds on it may be tested: nothing tells against it."""
    return outcome.verdict is Verdict.PASS or outcome.reason in ("budget", "interrupted")


def _summed_up(outcomes: list[Outcome], sequences: Mapping[str, ApiSequence]) -> list[Outcome]:
    """The outcomes with one cause for all where none of several constraints is looked at by the server.

    These are the key in requests to all operations, and all that is said of a parameter.
    """
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        constraint = api_constraints()[outcome.constraint]
        shared = f"{constraint.operation}/{constraint.parameter}/checked"
        if constraint.kind == "authentication":
            shared = "api/authentication"
        steps = sequences[outcome.vector].steps
        refused = not any(status.startswith("2") for step in steps for status in step["expect"])
        if shared in api_constraints() and refused and sequences[outcome.vector].stage == 0:
            groups.setdefault(shared, []).append(outcome)
    causes = {
        outcome.vector: shared
        for shared, group in groups.items()
        if all(outcome.verdict is Verdict.LOOSER for outcome in group)
        and len({outcome.constraint for outcome in group}) > 1
        for outcome in group
    }
    return [replace(o, constraint=causes.get(o.vector, o.constraint)) for o in outcomes]


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
    if chosen and any(f"{job.operation}/answer" in broken for job in chosen):
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

"""What an answer says of a vector: a pure decision."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from ._contract import Operation, fits
from ._outcomes import Exchange, Outcome, Verdict
from ._vectors import Vector

# All but the first two say nothing of the request.
Came: TypeAlias = Literal["accepted", "refused", "network", "server_error", "rate_limit"]


def came_of(exchange: Exchange) -> Came:
    """What came of a request, by the status alone."""
    status = exchange.status
    if status is None:
        return "network"
    if 200 <= status < 300:
        return "accepted"
    if status >= 500:
        return "server_error"
    return "rate_limit" if status == 429 else "refused"


def judged(
    vector: Vector, exchange: Exchange, operation: Operation, *, credits: int | None = None
) -> Outcome:
    """The outcome of a vector that was sent alone, or of one that a pack was accepted with.

    `credits` is what it cost, if it was accepted.
    """
    came = came_of(exchange)
    outcome = Outcome(
        vector=vector.id,
        constraint=vector.constraint,
        verdict=Verdict.PASS,
        says=vector.says,
        expected=vector.expect,
        observed=came,
        exchanges=(exchange,),
    )
    if came not in ("accepted", "refused"):
        return replace(outcome, verdict=Verdict.INCONCLUSIVE, observed="", reason=came)
    if outcome.observed != vector.expect:
        verdict, reading = _difference(vector, outcome.observed)
        paid = credits if vector.expect == "refused" else None
        return replace(outcome, verdict=verdict, reading=reading, credits=paid)
    if exchange.is_cut:
        return outcome
    answer = operation.success if vector.expect == "accepted" else operation.refusal
    if fits(exchange, answer):
        return outcome
    found = f"status {exchange.status}"
    if exchange.status == answer.status:
        found += " and a body that is not as documented"
    return replace(
        outcome,
        constraint=answer.constraint,
        verdict=Verdict.FAIL,
        expected=f"status {answer.status}",
        observed=found,
    )


def _difference(vector: Vector, observed: str) -> tuple[Verdict, str | None]:
    """The verdict of what was not expected, and who says so, if someone does."""
    source = next((name for name, said in vector.readings.items() if said == observed), None)
    if source is not None:
        return Verdict.DIFFERS, source
    if vector.sure == "unknown":
        return Verdict.DIFFERS, "unknown"
    return (Verdict.LOOSER if observed == "accepted" else Verdict.TIGHTER), None


def unsent(vector: Vector, reason: str) -> Outcome:
    """The outcome of a vector that was not sent, or of which no answer can tell."""
    untested = reason in ("budget", "account", "interrupted")
    return Outcome(
        vector=vector.id,
        constraint=vector.constraint,
        verdict=Verdict.UNTESTED if untested else Verdict.INCONCLUSIVE,
        says=vector.says,
        expected=vector.expect,
        reason=reason,
    )

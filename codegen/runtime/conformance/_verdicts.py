"""What an answer says of a vector: a pure decision."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ._contract import Operation, fits
from ._outcomes import Exchange, Outcome, Verdict
from ._vectors import Vector

# `refused` is an answer that the documents have for it, `odd` any other that is no success; the rest says
# nothing of the request.
Came: TypeAlias = Literal["accepted", "refused", "odd", "network", "server_error", "rate_limit"]


def came_of(exchange: Exchange, operation: Operation) -> Came:
    """What came of a request."""
    status = exchange.status
    if status is None:
        return "network"
    if 200 <= status < 300:
        return "accepted"
    if fits(exchange, operation.refusal):
        return "refused"
    if status >= 500:
        return "server_error"
    return "rate_limit" if status == 429 else "odd"


def judged(
    vector: Vector, exchange: Exchange, operation: Operation, *, credits: int | None = None
) -> Outcome:
    """The outcome of a vector that was sent alone, or of one that a pack was accepted with.

    `credits` is what it cost, if it was accepted.
    """
    came = came_of(exchange, operation)
    told = {"says": vector.says, "expected": vector.expect, "exchanges": (exchange,)}
    if came in ("network", "server_error", "rate_limit"):
        return Outcome(
            vector=vector.id,
            constraint=vector.constraint,
            verdict=Verdict.INCONCLUSIVE,
            reason=came,
            **told,
        )
    observed = "accepted" if came == "accepted" else "refused"
    expected = operation.success if vector.expect == "accepted" else operation.refusal
    if observed == vector.expect:
        if fits(exchange, expected):
            return Outcome(
                vector=vector.id,
                constraint=vector.constraint,
                verdict=Verdict.PASS,
                observed=observed,
                **told,
            )
        found = f"status {exchange.status}"
        if exchange.status == expected.status:
            found += " and a body that is not as documented"
        return Outcome(
            vector=vector.id,
            constraint=expected.constraint,
            verdict=Verdict.FAIL,
            observed=found,
            **{**told, "expected": f"status {expected.status}"},
        )
    paid = credits if vector.expect == "refused" else None
    verdict, reading = _difference(vector, observed)
    return Outcome(
        vector=vector.id,
        constraint=vector.constraint,
        verdict=verdict,
        observed=observed,
        reading=reading,
        credits=paid,
        **told,
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
    untested = reason in ("budget", "interrupted")
    return Outcome(
        vector=vector.id,
        constraint=vector.constraint,
        verdict=Verdict.UNTESTED if untested else Verdict.INCONCLUSIVE,
        says=vector.says,
        expected=vector.expect,
        reason=reason,
    )

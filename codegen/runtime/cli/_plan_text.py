"""What a run of conformance would send and may cost, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ._session import Session

if TYPE_CHECKING:
    from ..conformance import Plan


def estimate(chosen: Plan, budget: int) -> str:
    """What is about to be sent, and what it may cost."""
    from ..conformance._words import counted

    told = f"{counted(len(chosen.free), 'request')} that should be refused, which costs nothing"
    if not chosen.packs:
        return told
    most = chosen.estimate
    told += f"; {len(chosen.packs)} that should be accepted"
    if chosen.doubtful:
        told += f" and {len(chosen.doubtful)} that only some sources say are refused"
    told += f", for at most {counted(most, 'credit')}"
    if budget == 0:
        told += ", which are not sent without --max-credits"
    elif budget < most:
        told += f", as far as {counted(budget, 'credit')} will do"
    if chosen.assumed:
        price = max(chosen.assumed.values())
        told += f" (no source says what {counted(len(chosen.assumed), 'model')} cost; {price} is assumed)"
    return told


def show_plan(session: Session, chosen: Plan) -> None:
    """Print what would be sent, and the most that it costs."""
    if session.json:
        session.data(_as_data(chosen))
        return
    refused = Counter(each.model.model for each in chosen.free)
    doubtful = Counter(each.model.model for each in chosen.doubtful)
    accepted = Counter(each.model.model for each in chosen.packs)
    most: Counter[str] = Counter()
    for each in (*chosen.packs, *chosen.doubtful):
        most[each.model.model] += each.credits
    names = [*dict.fromkeys([*refused, *accepted, *doubtful])]
    width = max(map(len, names), default=0)
    for name in names:
        session.text(
            f"{refused[name]:4} to be refused, {accepted[name]:3} to be accepted, "
            f"{doubtful[name]} in doubt, at most {most[name]} credits",
            f"{name:{width}}  ",
            "    ",
        )
    if chosen.sequences:
        rest = chosen.estimate - sum(most.values())
        session.text(
            f"{len(chosen.sequences)} sequences of requests to the operations, at most {rest} credits"
        )
    session.text(estimate(chosen, chosen.estimate))


def _as_data(chosen: Plan) -> dict[str, Any]:
    return {
        "requests": chosen.requests,
        "credits": chosen.estimate,
        "submissions": [
            {
                "id": each.id,
                "model": each.model.model,
                "vectors": [vector.id for vector in each.vectors],
                "credits": credits,
            }
            for each, credits in [
                *((each, 0) for each in chosen.free),
                *((each, each.credits) for each in (*chosen.packs, *chosen.doubtful)),
            ]
        ],
        "sequences": [sequence.id for sequence in chosen.sequences],
    }

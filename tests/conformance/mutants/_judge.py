"""Whether a suite of tests finds a fault: runs it against the emulator with the fault."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import httpx

from fluxframe.conformance import CannotRunError, Report, arun
from fluxframe.emulator import Emulator

from ._asgi import Answer, App, Broken, Forward, Request, Wrong
from ._counting import Counted
from ._document import Document, credentials
from ._mutant import Mutant

# More than all that any run costs, and many times the seconds that a job takes.
BUDGET = 1_000_000
DEADLINE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What came of a run against a mutant."""

    mutant: Mutant
    found: tuple[str, ...]
    wrongly: tuple[str, ...]
    requests: int
    accepted: int
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the fault was found, by itself."""
        return bool(self.found) and not self.wrongly

    def __str__(self) -> str:
        if not self.found and not self.wrongly:
            return f"{self.mutant.id}: not found"
        if self.is_right:
            return f"{self.mutant.id}: found as {', '.join(self.found)}"
        beside = f"found as {', '.join(self.found)}, and" if self.found else "not found, but"
        return f"{self.mutant.id}: {beside} blamed {', '.join(self.wrongly)}"


def unbroken() -> App:
    """A server without a fault, whose jobs take a moment."""
    return Emulator(job_seconds=0.01, credits=100 * BUDGET).app


def late(seed: int, most: float = 0.01) -> Wrong:
    """A server that answers late, and in another order than it was asked."""
    chance = Random(seed)

    async def wrong(request: Request, forward: Forward) -> Answer:
        await asyncio.sleep(most * chance.random())
        answer = await forward(request)
        await asyncio.sleep(most * chance.random())
        return answer

    return wrong


async def run(
    document: Document, app: App, models: Sequence[str], vectors: Sequence[str] = ()
) -> Report:
    """The report of a server in this process."""
    _, key = credentials(document, "judge")
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as http:
        return await arun(
            "http://server",
            key,
            models=models,
            vectors=vectors,
            max_credits=BUDGET,
            deadline=DEADLINE,
            http_client=http,
        )


def blamed(report: Report) -> tuple[str, ...]:
    """The constraints that a report has findings of."""
    return tuple(dict.fromkeys(finding.constraint.id for finding in report.findings))


def judge(
    document: Document, mutant: Mutant, models: Sequence[str] = (), *, whole: bool = False
) -> Judgement:
    """What the suite says of a mutant; of one that is of no model, as requests for `models` show it.

    Of one that is of a model's constraint, only the vectors of the model are run, if not the `whole`.
    """
    begun = time.perf_counter()
    shown = [mutant.model.id] if mutant.model else models
    own = [f"{id}/*" for id in shown] if mutant.witness is not None and not whole else []
    counted = Counted(document)
    counted.begin(unbroken(), mutant.app)
    try:
        ids = blamed(asyncio.run(run(document, counted, shown, own)))
    except CannotRunError as error:  # It says so, which is no more than that.
        ids = (f"nothing, as it could not run: {error}",)
    except Exception as error:
        ids = (f"nothing, as it broke down: {error!r}",)
    return Judgement(
        mutant=mutant,
        found=tuple(id for id in ids if mutant.blames(id)),
        wrongly=tuple(id for id in ids if not mutant.blames(id)),
        requests=counted.requests,
        accepted=counted.accepted,
        seconds=time.perf_counter() - begun,
    )


def under_latency(document: Document, models: Sequence[str], seed: int) -> Report:
    """The report of a server without a fault that answers late."""
    return asyncio.run(run(document, Broken(unbroken(), late(seed)), models))

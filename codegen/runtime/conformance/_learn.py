"""Finds a server's own limits by asking it, and tells those that are not the documented ones."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

from .._redact import short_repr
from ._budget import Budget
from ._calls import NotSentError
from ._contract import operations
from ._errors import CannotRunError
from ._journal import Journal
from ._limits import Limit, Value, limits_of
from ._outcomes import Exchange
from ._plan import Plan
from ._probe import probe
from ._sending import Sender
from ._target import Target
from ._vectors import Body, ModelVectors
from ._verdicts import came_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntLimit:
    """What was found of one limit.

    `found` is the server's limit; None if it has none as far as was asked, up to `reach`. `reason` says
    why nothing was found: `refused` at every value, or why something was not sent or not answered.
    """

    limit: Limit
    found: Any = None
    reach: Value | None = None
    reason: str | None = None

    __repr__ = short_repr

    @property
    def differs(self) -> bool:
        """Whether the server has another limit than the documents."""
        return self.reason is None and self.found != self.limit.documented


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """All that was found of a server, and what it took to find it."""

    base_url: str
    started: datetime
    limits: Sequence[LearntLimit]
    requests: int
    accepted: int
    credits: int

    __repr__ = short_repr


class Submit(Protocol):
    """Sends a request for a model, within the budget; returns the answer, and what it cost."""

    async def __call__(
        self, model: ModelVectors, body: Body, *vectors: str, credits: int, free: bool
    ) -> tuple[Exchange, int]:
        """Raises NotSentError if nothing more is to be sent."""
        ...  # pragma: no cover


async def learn(
    submit: Submit,
    models: Iterable[ModelVectors],
    *,
    base_url: str,
    dearest: int = 1,
    constraints: Collection[str] | None = None,
    on_paying: Callable[[], None] | None = None,
    on_progress: Callable[[LearntLimit], None] | None = None,
) -> Learnt:
    """The limits of a server for some models, as far as `submit` sends what tells of them.

    A model of unknown price is as `dearest`. The limits of `constraints` are looked for, or all. Before
    the first request that should be accepted, `on_paying` is called.
    Raises CannotRunError for a key that the server does not take requests with.
    """
    search = _Search(submit, dearest, on_progress)
    started = datetime.now(UTC)
    chosen = [(vectors, _chosen(vectors, constraints)) for vectors in models]
    beyond = await _all(search.beyond(vectors, limits) for vectors, limits in chosen)
    if on_paying is not None:
        on_paying()
    await _all(
        search.model(vectors, limits, known)
        for (vectors, limits), known in zip(chosen, beyond, strict=True)
    )
    return Learnt(
        base_url=base_url,
        started=started,
        limits=sorted(search.found, key=lambda each: each.limit.constraint),
        requests=search.requests,
        accepted=search.accepted,
        credits=search.credits,
    )


def _chosen(vectors: ModelVectors, constraints: Collection[str] | None) -> list[Limit]:
    found = limits_of(vectors)
    return [each for each in found if constraints is None or each.constraint in constraints]


async def learn_of(
    target: Target,
    journal: Journal,
    plan: Plan,
    *,
    max_credits: int = 0,
    on_progress: Callable[[LearntLimit], None] | None = None,
) -> Learnt:
    """The limits of a server that the vectors of a plan are for.

    Raises CannotRunError if the server can't be asked, or what is chosen has no limits.
    """
    submissions = plan.submissions
    models = {each.model.model: each.model for each in submissions}.values()
    constraints = {vector.constraint for each in submissions for vector in each.vectors}
    if not any(_chosen(vectors, constraints) for vectors in models):
        raise CannotRunError(
            "no limit of a number, a length or a count is among what was chosen; choose less narrowly"
        )
    await probe(target)
    budget = Budget(max_credits, journal.spent)
    sender = Sender(target, journal, budget, plan.dearest, lambda job: None)

    def pay() -> None:
        sender.is_early = False

    return await learn(
        sender.submit,
        models,
        base_url=target.base_url,
        dearest=plan.dearest,
        constraints=constraints,
        on_paying=pay,
        on_progress=on_progress,
    )


class _Search:
    """A run: what it has sent and spent, and what it has found."""

    def __init__(
        self, submit: Submit, dearest: int, on_progress: Callable[[LearntLimit], None] | None
    ) -> None:
        self.found: list[LearntLimit] = []
        self.requests = self.accepted = self.credits = 0
        self._submit = submit
        self._dearest = dearest
        self._on_progress = on_progress

    async def beyond(
        self, vectors: ModelVectors, limits: Sequence[Limit]
    ) -> dict[str, bool | None]:
        """Of each limit, whether the first value is taken that should not be, which costs nothing."""
        taken = await _all(self._beyond(vectors, limit) for limit in limits)
        return dict(zip((limit.constraint for limit in limits), taken, strict=True))

    async def model(
        self, vectors: ModelVectors, limits: Sequence[Limit], known: Mapping[str, bool | None]
    ) -> None:
        """Find the limits of a model.

        Where the first value is refused that should be, one request for many limits tells whether the
        last one is taken that should be.
        """
        left = {limit.constraint: limit for limit in limits if known[limit.constraint] is False}
        inside: dict[str, bool] = {}
        for pack in vectors.packs:
            together = [limit for limit in left.values() if limit.vector in pack.vectors]
            await self._together(vectors, pack.base, together, inside)
            for limit in together:
                del left[limit.constraint]
        await _all(
            self._find(
                vectors, limit, {1: known[limit.constraint], 0: inside.get(limit.constraint)}
            )
            for limit in limits
        )

    async def _beyond(self, vectors: ModelVectors, limit: Limit) -> bool | None:
        """Whether the first value is taken that should not be; None if that was not told."""
        if limit.last < 1:
            return False
        with suppress(NotSentError):
            body = limit.body(vectors, 1)
            free = not limit.is_doubtful
            return await self._ask(vectors, body, limit.weight(1), limit.constraint, free=free)
        return None

    async def _together(
        self,
        vectors: ModelVectors,
        base: str,
        limits: Sequence[Limit],
        into: dict[str, bool],
    ) -> None:
        """Whether the last documented value of each limit is taken, in as few requests as can be paid."""
        if not limits:
            return
        if len(limits) == 1:
            body = limits[0].body(vectors, 0)
        else:
            body = vectors.body(base, *(vectors.vectors[limit.vector or ""] for limit in limits))
        with suppress(NotSentError):
            taken = await self._ask(vectors, body, 1, limits[0].constraint)
            if taken or len(limits) == 1:
                into.update({limit.constraint: taken for limit in limits})
                return
            half = len(limits) // 2
            for part in (limits[:half], limits[half:]):
                await self._together(vectors, base, part, into)

    async def _find(
        self, vectors: ModelVectors, limit: Limit, known: dict[int, bool | None]
    ) -> None:
        """Find one limit, and note it."""
        answers, result = limit.search(), LearntLimit(limit=limit)
        try:
            position = next(answers)
            while True:
                if (taken := known.get(position)) is None:
                    body, weight = limit.body(vectors, position), limit.weight(position)
                    taken = await self._ask(vectors, body, weight, limit.constraint)
                position = answers.send(taken)
        except StopIteration as end:
            last: int | None = end.value
            if last is None:
                result = replace(result, reason="refused")
            elif last == limit.last and not limit.is_natural_end:
                result = replace(result, reach=limit.value(last))
            else:
                result = replace(result, found=limit.told(last))
        except NotSentError as error:
            result = replace(result, reason=error.reason)
        self.found.append(result)
        if self._on_progress is not None:
            self._on_progress(result)

    async def _ask(
        self, vectors: ModelVectors, body: Body, weight: int, name: str, *, free: bool = False
    ) -> bool:
        """Whether a request is taken. Raises NotSentError if nothing tells."""
        price = self._dearest if vectors.credits is None else vectors.credits
        exchange, cost = await self._submit(
            vectors, body, f"{name}/learn", credits=price * weight, free=free
        )
        self.requests += 1
        operation = operations()[vectors.operation]
        came = came_of(exchange)
        if came == "accepted":
            self.accepted += 1
            self.credits += cost
        elif operation.is_error(exchange.status, "InsufficientCredits"):
            raise NotSentError("budget")
        elif operation.is_error(exchange.status, "Unauthorized", "Forbidden"):
            raise CannotRunError(
                f"the server does not take requests for {vectors.model} with this key (status "
                f"{exchange.status}); use a key that may submit jobs"
            )
        elif came in ("network", "server_error", "rate_limit"):
            raise NotSentError(came)
        return came == "accepted"


async def _all(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What comes of all, done at once; the first error ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def dump(learnt: Learnt) -> str:
    """What differs, as readings in the spec's own language, for `python -m codegen learn FILE`."""
    day = f"{learnt.started:%Y-%m-%d}"
    server = _place(learnt.base_url)
    lines = [
        f"# {server}, {learnt.started:%Y-%m-%d %H:%M} UTC: {told(learnt)}.",
        "# `python -m codegen learn FILE` puts what follows into a spec.",
        "source:",
        "  id: server",
        f"  title: {_quoted(f'The server at {server}')}",
        f'  summary: "What it took and refused on {day}."',
        "models:" if any(each.differs for each in learnt.limits) else "models: {}",
    ]
    above = ""
    readings: dict[tuple[str, str], list[LearntLimit]] = {}
    for each in learnt.limits:
        if each.differs:
            readings.setdefault((each.limit.model, each.limit.parameter), []).append(each)
    for (model, parameter), found in readings.items():
        if model != above:
            lines += [f"  {_quoted(model)}:", "    parameters:"]
            above = model
        held = ", ".join(f"{one.limit.kind}: {json.dumps(one.found)}" for one in found)
        far = "".join(f"  # up to {one.reach}" for one in found if one.reach is not None)
        lines.append(f"      {_quoted(parameter)}: {{{held}}}{far}")
    left = [each for each in learnt.limits if each.reason is not None]
    lines += [f"# Not found: {each.limit.constraint} ({each.reason})" for each in left]
    return "\n".join([*lines, ""])


def data(learnt: Learnt) -> dict[str, Any]:
    """What a search came to, for programs."""
    limits = {
        each.limit.constraint: {
            "documented": each.limit.documented,
            "found": each.found,
            "reach": each.reach,
            "reason": each.reason,
        }
        for each in learnt.limits
    }
    counts = {"requests": learnt.requests, "accepted": learnt.accepted, "credits": learnt.credits}
    return {"limits": limits, **counts}


def told(learnt: Learnt) -> str:
    """What a search came to, in a line."""
    found = [each for each in learnt.limits if each.reason is None]
    poor = sum(each.reason == "budget" for each in learnt.limits)
    return (
        f"{len(found)} of {len(learnt.limits)} limits found, {sum(each.differs for each in found)} of "
        f"them not as documented; {learnt.requests} requests, {learnt.accepted} of them accepted, for "
        f"{learnt.credits} credits" + (f"; {poor} take more credits to be found" if poor else "")
    )


def _place(url: str) -> str:
    """A URL without what may be secret in it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _quoted(text: str) -> str:
    """A text as YAML that no reader takes for anything else."""
    return text if re.fullmatch(r"[A-Za-z][\w.-]*", text) and text.isascii() else json.dumps(text)

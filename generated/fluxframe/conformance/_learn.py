# A copy of codegen/runtime/conformance/_learn.py, where it is edited.
"""Finds a server's own limits by asking it, and tells those that are not the documented ones."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

from ._calls import Call, Send
from ._limits import Limit, Value, limits_of
from ._outcomes import Exchange
from ._security import security
from ._vectors import Body, ModelVectors


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntLimit:
    """What was found of one limit, with so many requests of its own.

    `found` is the server's limit; None if it has none as far as was asked, up to `reach`. `reason` says
    why nothing was found: `budget`, `refused` at every value, `unclear` answers, or `stopped`.
    """

    limit: Limit
    found: Value | None = None
    reach: Value | None = None
    requests: int = 0
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the server has another limit than the documents."""
        return self.reason is None and self.found != self.limit.documented


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """All that was found of a server, and what it took to find it.

    `stopped` is the answer that ended the search, such as one to a wrong key.
    """

    base_url: str
    started: datetime
    limits: Sequence[LearntLimit]
    requests: int
    accepted: int
    credits: int
    budget: int
    stopped: Exchange | None = None


async def learn(
    send: Send,
    models: Iterable[ModelVectors],
    *,
    base_url: str,
    accepted: Callable[[ModelVectors, Exchange], bool | None],
    ends: Collection[int] = (),
    budget: int = 0,
    assumed: int = 0,
    parameters: Sequence[str] = (),
    kinds: Sequence[str] = (),
    on_progress: Callable[[LearntLimit], None] | None = None,
) -> Learnt:
    """The limits of a server for some models, found within a budget of credits.

    `accepted` tells whether an answer took a request or refused it; None if it did neither. One with a
    status of `ends` ends the search, such as that to a wrong key. A model of unknown price is `assumed`
    to cost so much. Those of `parameters` and `kinds` are looked for, or all.
    """
    search = _Search(send, accepted, ends, budget, assumed, on_progress)
    started = datetime.now(UTC)
    await asyncio.gather(
        *(
            search.model(
                vectors,
                [
                    limit
                    for limit in limits_of(vectors)
                    if (not parameters or {limit.parameter, limit.path[-1]} & {*parameters})
                    and (not kinds or limit.kind in kinds)
                ],
            )
            for vectors in models
        )
    )
    return Learnt(
        base_url=base_url,
        started=started,
        limits=sorted(search.found, key=lambda each: each.limit.constraint),
        requests=search.requests,
        accepted=search.taken,
        credits=search.spent,
        budget=budget,
        stopped=search.stopped,
    )


class _BudgetError(Exception):
    """The next request could cost more than is left."""


class _UnclearError(Exception):
    """An answer neither took a request nor refused it."""


class _Search:
    """A run: what it has sent and spent, and what it has found."""

    def __init__(
        self,
        send: Send,
        accepted: Callable[[ModelVectors, Exchange], bool | None],
        ends: Collection[int],
        budget: int,
        assumed: int,
        on_progress: Callable[[LearntLimit], None] | None,
    ) -> None:
        self.found: list[LearntLimit] = []
        self.requests = self.taken = self.spent = 0
        self.stopped: Exchange | None = None
        self._send, self._accepted, self._ends = send, accepted, ends
        self._budget, self._assumed = budget, assumed
        self._on_progress = on_progress
        self._held = 0
        self._freed = asyncio.Condition()
        self._id = uuid.uuid4()

    async def model(self, vectors: ModelVectors, limits: Sequence[Limit]) -> None:
        """Find the limits of a model.

        What should be refused costs nothing, and comes first. Where it is, one request for many limits
        tells whether the last value that should be taken is.
        """
        beyond = await asyncio.gather(*(self._beyond(vectors, limit) for limit in limits))
        close = [limit for limit, taken in zip(limits, beyond, strict=True) if taken is False]
        left = {limit.constraint: limit for limit in close}
        inside: dict[str, bool] = {}
        for pack in vectors.packs:
            together = [limit for limit in left.values() if limit.vector in pack.vectors]
            for limit in together:
                del left[limit.constraint]
            await self._together(vectors, pack.base, together, inside)
        for limit in left.values():
            await self._together(vectors, None, [limit], inside)
        await asyncio.gather(
            *(
                self._find(vectors, limit, {1: taken, 0: inside.get(limit.constraint)})
                for limit, taken in zip(limits, beyond, strict=True)
            )
        )

    async def _beyond(self, vectors: ModelVectors, limit: Limit) -> bool | None:
        """Whether the first value is taken that should not be; None if that was not told."""
        if limit.last < 1:
            return False
        with suppress(_BudgetError, _UnclearError):
            return await self._ask(vectors, limit.body(vectors, 1), limit.weight(1), is_free=True)
        return None

    async def _together(
        self, vectors: ModelVectors, base: str | None, limits: Sequence[Limit], into: dict[str, bool]
    ) -> None:
        """Whether the last documented value of each limit is taken, in as few requests as can be paid."""
        if not limits:
            return
        if len(limits) == 1 or base is None:
            body = limits[0].body(vectors, 0)
        else:
            body = vectors.body(base, *(vectors.vectors[limit.vector or ""] for limit in limits))
        with suppress(_BudgetError, _UnclearError):
            taken = await self._ask(vectors, body, 1)
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
        requests, answers = 0, limit.search()
        result = LearntLimit(limit=limit)
        try:
            position = next(answers)
            while True:
                if (taken := known.get(position)) is None:
                    requests += 1
                    body = limit.body(vectors, position)
                    taken = await self._ask(vectors, body, limit.weight(position))
                position = answers.send(taken)
        except StopIteration as end:
            last: int | None = end.value
            if last is None:
                result = replace(result, reason="refused")
            elif last == limit.last and not limit.is_natural_end:
                result = replace(result, reach=limit.value(last))
            else:
                result = replace(result, found=limit.told(last))
        except _BudgetError:
            result = replace(result, reason="stopped" if self.stopped else "budget")
        except _UnclearError:
            result = replace(result, reason="stopped" if self.stopped else "unclear")
        result = replace(result, requests=requests)
        self.found.append(result)
        if self._on_progress:
            self._on_progress(result)

    async def _ask(
        self, vectors: ModelVectors, body: Body, weight: int, *, is_free: bool = False
    ) -> bool:
        """Whether a request is taken. Raises _BudgetError where that could cost too much."""
        price = self._assumed if vectors.credits is None else vectors.credits
        cost = price * weight
        await self._hold(cost, is_free=is_free)
        taken: bool | None = None
        try:
            key = uuid.uuid5(self._id, repr(body))
            headers = {security().idempotency_header: str(key)}
            call = Call(method=vectors.method, path=vectors.path, headers=headers, body=body)
            self.requests += 1
            exchange = await self._send(call)
            taken = self._accepted(vectors, exchange)
            if exchange.status in self._ends:
                self.stopped = self.stopped or exchange
        finally:
            async with self._freed:
                self._held -= cost
                if taken:
                    self.taken += 1
                    self.spent += cost
                self._freed.notify_all()
        if taken is None:
            raise _UnclearError
        return taken

    async def _hold(self, cost: int, *, is_free: bool) -> None:
        """Wait until a request can be paid, whatever comes of those that are under way.

        One that should cost nothing is sent, too, where no money is left for a surprise, as long as
        there was none: then one at a time.
        """
        async with self._freed:
            while True:
                if self.stopped is not None:
                    raise _BudgetError
                if self.spent + self._held + cost <= self._budget:
                    break
                if is_free and not self._held and not self.taken:
                    break
                if not self._held:
                    raise _BudgetError
                await self._freed.wait()
            self._held += cost


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


def told(learnt: Learnt) -> str:
    """What a search came to, in a line."""
    found = [each for each in learnt.limits if each.reason is None]
    differ = sum(each.differs for each in found)
    return (
        f"{len(found)} of {len(learnt.limits)} limits found, of which {differ} "
        f"{'differs' if differ == 1 else 'differ'} from the documents; {learnt.requests} requests, "
        f"{learnt.accepted} of them accepted, for at most {learnt.credits} credits"
    )


def _place(url: str) -> str:
    """A URL without what may be secret in it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _quoted(text: str) -> str:
    """A text as YAML that no reader takes for anything else."""
    return text if re.fullmatch(r"[A-Za-z][\w.-]*", text) and text.isascii() else json.dumps(text)

# A copy of codegen/runtime/conformance/_sending.py, where it is edited.
"""Sends what asks for jobs, within the budget, and each once: its answer is recorded before anything follows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

from ._budget import Budget
from ._calls import AcceptedJob, Call, NotSentError
from ._contract import Operation, job_path, of_kind, operations, part
from ._journal import Journal
from ._outcomes import Exchange
from ._security import security
from ._target import Target
from ._vectors import Body, ModelVectors
from ._verdicts import came_of

# Seconds; a key counts as forgotten somewhat early rather than late.
_MARGIN = 3600.0


class Sender:
    """Counts what is accepted and what that costs; `jobs` are those that came of it, the newest last.

    `on_job` is told each that was asked for, and not those of what should have been refused. As long as it
    `is_early`, what should be refused need not fit into the budget.
    """

    def __init__(
        self,
        target: Target,
        journal: Journal,
        budget: Budget,
        dearest: int,
        on_job: Callable[[AcceptedJob], None],
    ) -> None:
        self.jobs: list[AcceptedJob] = []
        self.accepted = 0
        self.credits = 0
        self.is_early = True
        self._target = target
        self._journal = journal
        self._budget = budget
        self._dearest = dearest
        self._on_job = on_job
        self._stopped: str | None = None
        self._ids: set[str] = set()
        self._submissions = {
            (operation.method, operation.path): operation
            for operation in operations().values()
            if operation.kind == "submit"
        }

    def stop(self, reason: str) -> None:
        """Send nothing more that can cost."""
        self._stopped = self._stopped or reason

    async def submit(
        self,
        model: ModelVectors,
        body: Body,
        *vectors: str,
        credits: int,
        free: bool = False,
    ) -> tuple[Exchange, int]:
        """Send a request for a model, if it was not sent already; returns what came of it, and its cost.

        Raises NotSentError for one that the budget does not allow. `free` is one that should be refused.
        """
        operation = operations()[model.operation]
        key = self._journal.key(" ".join(vectors), json.dumps(body, sort_keys=True))
        call = Call(
            method=model.method,
            path=model.path,
            headers={security().idempotency_header: key},
            body=body,
        )
        known = self._journal.answer(key)
        if known is None:
            exchange, cost = await self._sent(call, key, operation, credits, free=free)
        else:
            exchange, cost = Exchange(**self._target.told(call), **known[0]), known[1]
            if came_of(exchange) == "accepted":
                self._count(exchange, operation, cost)
        id = _id(exchange, operation) if came_of(exchange) == "accepted" else None
        if id is not None:
            self.jobs.append(
                AcceptedJob(
                    id=id,
                    operation=operation.name,
                    model=model.model,
                    body=body,
                    idempotency_key=key,
                    exchange=exchange,
                    vectors=vectors,
                )
            )
            if not free:
                self._on_job(self.jobs[-1])
        return exchange, cost

    async def send(self, call: Call) -> Exchange:
        """Send a request of a sequence; one that asks for a job counts as those do."""
        operation = self._submissions.get((call.method, call.path))
        if operation is None or call.auth != "valid":
            return await self._target.send(call)
        key = call.headers.get(security().idempotency_header) or uuid.uuid4().hex
        return (await self._sent(call, key, operation, self._dearest, free=True))[0]

    async def _sent(
        self, call: Call, key: str, operation: Operation, credits: int, *, free: bool
    ) -> tuple[Exchange, int]:
        counted, age = self._journal.open(key)
        if counted and age > security().idempotency_hours * 3600 - _MARGIN:
            raise NotSentError("interrupted")  # The server may have forgotten its key.
        if self._stopped is not None:
            raise NotSentError(self._stopped)
        lenient = free and self.is_early
        held = await self._budget.hold(credits, counted=counted, free=lenient)
        if held is None:
            raise NotSentError("budget")
        # What may have been taken is paid, as long as no answer says otherwise.
        cost = 0 if free else credits
        try:
            self._journal.sent(key, cost)
            exchange = await self._target.send(call)
            came = came_of(exchange)
            if came == "accepted":
                cost = await self._cost(exchange, operation, credits)
                self._count(exchange, operation, cost)
            elif came == "refused":
                cost = 0
            final = came in ("accepted", "refused")
            self._journal.answered(key, exchange, cost, final=final)
        finally:
            self._budget.settle(held, cost)
        return exchange, cost

    async def _cost(self, exchange: Exchange, operation: Operation, credits: int) -> int:
        """What a job costs, if it is a new one: what the server says, or else the most that is known."""
        id = _id(exchange, operation)
        if id in self._ids:
            return 0
        told = part(exchange, operation.at.get("credits"))
        lookup = of_kind("job")
        if told is None and lookup is not None and id is not None:
            call = Call(method=lookup.method, path=job_path(id))
            told = part(await self._target.send(call), lookup.at.get("credits"))
        return told if type(told) is int and told >= 0 else credits

    def _count(self, exchange: Exchange, operation: Operation, cost: int) -> None:
        id = _id(exchange, operation)
        if id is None or id not in self._ids:
            self.accepted += 1
            self.credits += cost
        if id is not None:
            self._ids.add(id)


def _id(exchange: Exchange, operation: Operation) -> str | None:
    id = part(exchange, operation.at.get("id"))
    return id if isinstance(id, str) and id else None

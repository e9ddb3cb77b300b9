"""Sends what asks for jobs, within the budget, and each once: its answer is recorded before anything follows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ._budget import Budget
from ._calls import AcceptedJob, Call, NotSentError
from ._contract import Operation, of_kind, operations, part
from ._journal import Journal
from ._outcomes import Exchange
from ._security import security
from ._target import Target
from ._vectors import Body, ModelVectors
from ._verdicts import came_of

# Hours: a key counts as forgotten somewhat early rather than late.
_MARGIN = 1


class Sender:
    """Counts what is accepted and what that costs; `jobs` are those that came of it, by their ids."""

    def __init__(self, target: Target, journal: Journal, budget: Budget, dearest: int) -> None:
        self.jobs: dict[str, AcceptedJob | None] = {}
        self.accepted = 0
        self.credits = 0
        self._target = target
        self._journal = journal
        self._budget = budget
        self._dearest = dearest
        self._stopped: str | None = None
        self._submissions = {
            (operation.method, operation.path): operation
            for operation in operations().values()
            if operation.kind == "submit"
        }

    def stop(self, reason: str) -> None:
        """Send nothing more that can cost."""
        self._stopped = self._stopped or reason

    async def submit(
        self, model: ModelVectors, name: str, body: Body, *, credits: int, free: bool
    ) -> tuple[Exchange, int]:
        """Send a request for a model, if it was not sent already; returns what came of it, and its cost.

        Raises NotSentError for one that the budget does not allow. `free` is one that should be refused.
        """
        operation = operations()[model.operation]
        key = self._journal.key(name, json.dumps(body, sort_keys=True))
        header = security().idempotency_header
        call = Call(method=model.method, path=model.path, headers={header: key}, body=body)
        if (known := self._journal.answer(key)) is not None:
            exchange, cost = Exchange(**self._target.told(call), **known[0]), known[1]
            if came_of(exchange, operation) == "accepted":
                self._count(exchange, operation, model.model, name, body, key, cost)
            return exchange, cost
        exchange, cost = await self._sent(call, key, operation, credits, free=free)
        if came_of(exchange, operation) == "accepted":
            self._count(exchange, operation, model.model, name, body, key, cost)
        return exchange, cost

    async def send(self, call: Call) -> Exchange:
        """Send a request of a sequence; one that asks for a job counts as those do."""
        operation = self._submissions.get((call.method, call.path))
        if operation is None or call.auth != "valid":
            return await self._target.send(call)
        header = security().idempotency_header
        key = call.headers.get(header) or self._journal.key("", repr((call, len(self.jobs))))
        exchange, cost = await self._sent(call, key, operation, self._dearest, free=True)
        return exchange

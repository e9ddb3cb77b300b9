"""What should be accepted of one model: packs of vectors, and what of those that are refused is to blame."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ._bases import Mended, mend
from ._calls import NotSentError
from ._contract import operations
from ._errors import CannotRunError
from ._outcomes import Exchange, Outcome, Verdict
from ._packs import Found, search
from ._plan import Submission
from ._sending import Sender
from ._vectors import Body, ModelVectors, Vector, changed
from ._verdicts import came_of, judged, unsent

# The base with only what is required.
_LEAST = "least"


class ModelRun:
    """The requests for one model, one after the other, as each may tell what the next ones begin with.

    `record` is told the outcomes. `mended` are the bases that the server refuses.
    """

    def __init__(
        self, model: ModelVectors, credits: int, sender: Sender, record: Callable[[Outcome], None]
    ) -> None:
        self.mended: dict[str, Mended] = {}
        self._model = model
        self._credits = credits
        self._sender = sender
        self._record = record
        self._operation = operations()[model.operation]
        self._lock = asyncio.Lock()
        self._known: dict[str, Exchange] = {}
        self._good: set[str] = set()
        self._decided: set[str] = set()

    async def pack(self, pack: Submission) -> None:
        """Send a pack, and if it is refused, its parts. Raises CannotRunError for a key without rights."""
        async with self._lock:
            left = list(pack.vectors)
            reason = "prerequisite"
            try:
                left = await self._decide(pack, left)
            except NotSentError as error:
                reason = error.reason
            for vector in left:
                if vector.id not in self._decided:
                    self._record(unsent(vector, reason))

    async def _decide(self, pack: Submission, vectors: Sequence[Vector]) -> list[Vector]:
        """Find out what comes of each vector; returns those of which nothing can tell."""
        found: Found[Vector] = Found()
        told: dict[frozenset[str], Exchange] = {}

        async def accepts(parts: Sequence[Vector]) -> bool:
            exchange = await self._ask(pack, parts)
            told[frozenset(v.id for v in parts)] = exchange
            if came_of(exchange) != "accepted":
                return False
            for vector in parts:
                self._note(judged(vector, exchange, self._operation))
            return True

        if pack.base not in self.mended and await accepts(vectors):
            return []
        mended = await self._base(pack.base)
        if mended is not None:
            vectors = self._blame(mended, pack.base, vectors)
            if mended.body is None:
                return list(vectors)
            if not vectors or await accepts(vectors):
                return []
        try:
            await search(vectors, accepts, found)
        finally:
            for vector in found.refused:
                self._note(judged(vector, told[frozenset([vector.id])], self._operation))
        for parts in found.together:
            exchange = told[frozenset(v.id for v in parts)]
            outcome = judged(parts[0], exchange, self._operation)
            self._note(replace(outcome, observed="refused-together"))
        return []

    async def _base(self, base: str) -> Mended | None:
        """What is known of a base, if it is refused; None if it is accepted."""
        if base in self.mended or base in self._good:
            return self.mended.get(base)
        if await self._takes(self._model.bases[base]):
            self._good.add(base)
            return None
        self.mended[base] = await mend(self._model, base, _LEAST, self._takes)
        return self.mended[base]

    def _blame(self, mended: Mended, base: str, vectors: Sequence[Vector]) -> list[Vector]:
        """Record what a base is refused for; returns the vectors that do not tell of that."""
        body = self._model.bases[base]
        own = [
            v
            for v in vectors
            if v.constraint == mended.blamed.id and changed(body, v.changes) == body
        ]
        for id, says in ({v.id: v.says for v in own} or {f"{mended.blamed.id}/{base}": ""}).items():
            outcome = Outcome(
                vector=id,
                constraint=mended.blamed.id,
                verdict=Verdict.TIGHTER,
                says=says,
                expected="accepted",
                observed="refused",
                exchanges=(self._known[_text(body)],),
            )
            self._note(outcome)
        return [vector for vector in vectors if vector not in own]

    def _note(self, outcome: Outcome) -> None:
        self._decided.add(outcome.vector)
        self._record(outcome)

    async def _takes(self, body: Body) -> bool:
        exchange = await self._submit(body, (f"{self._model.model}/base",), self._credits)
        return came_of(exchange) == "accepted"

    async def _ask(self, pack: Submission, vectors: Sequence[Vector]) -> Exchange:
        mended = self.mended.get(pack.base)
        start = mended.body if mended and mended.body else self._model.bases[pack.base]
        body = changed(start, [change for vector in vectors for change in vector.changes])
        return await self._submit(body, [vector.id for vector in vectors], pack.credits)

    async def _submit(self, body: Body, vectors: Sequence[str], credits: int) -> Exchange:
        """Send a request that should be accepted, once. Raises NotSentError if nothing tells of it."""
        text = _text(body)
        if (known := self._known.get(text)) is not None:
            return known
        exchange, _ = await self._sender.submit(self._model, body, *vectors, credits=credits)
        came = came_of(exchange)
        if self._operation.is_error(exchange.status, "InsufficientCredits"):
            self._sender.stop("account")
            raise NotSentError("account")
        if self._operation.is_error(exchange.status, "Unauthorized", "Forbidden"):
            raise CannotRunError(
                f"the server does not take requests for {self._model.model} with this key (status "
                f"{exchange.status}); use a key that may submit jobs"
            )
        if came not in ("accepted", "refused"):
            raise NotSentError(came)
        self._known[text] = exchange
        return exchange


def _text(body: Mapping[str, object]) -> str:
    return json.dumps(body, sort_keys=True)

"""Walks through a list by its cursor: no item comes twice, none is left out, and there is an end."""

from __future__ import annotations

import json
from typing import Any

from ._answers import parsed
from ._calls import Call, Send
from ._document import ApiSequence, Json, found_at, one_at
from ._outcomes import Exchange, Verdict
from ._steps import Fault, fault_of

# A list may be longer than anyone wants to read.
_PAGES = 6


async def walk(
    send: Send, sequence: ApiSequence, step: Json
) -> tuple[Fault | None, list[Exchange]]:
    """What is wrong with the pages of a list, if anything is, and the exchanges that show it."""
    pages: Json = step["pages"]
    whole = _Walk(send, sequence, step)
    most = {pages["limit"]: str(pages["most"])} if pages["limit"] else {}
    await whole.go(most, 1 if pages["limit"] else _PAGES)
    if whole.fault or not pages["limit"]:
        return whole.fault, whole.exchanges
    short = _Walk(send, sequence, step)
    await short.go({pages["limit"]: str(pages["size"])}, _PAGES)
    exchanges = [*whole.exchanges, *short.exchanges]
    if short.fault:
        return short.fault, exchanges
    count = min(len(short.ids), len(whole.ids))
    if short.ids[:count] != whole.ids[:count]:
        skips = not {*whole.ids[:count]} <= {*short.ids}
        observed = "pages that skip a job" if skips else "another order"
        return whole.differs("the same jobs as on one page", observed), exchanges
    if short.ended and len(short.ids) < len(whole.ids):
        return whole.differs("the same jobs as on one page", "pages that end early"), exchanges
    return None, exchanges


class _Walk:
    """Some pages of a list, one after the other."""

    def __init__(self, send: Send, sequence: ApiSequence, step: Json) -> None:
        self.ids: list[Any] = []
        self.ended = False
        self.fault: Fault | None = None
        self.exchanges: list[Exchange] = []
        self._send = send
        self._sequence = sequence
        self._step = step

    def differs(self, expected: str, observed: str) -> Fault:
        """A fault of the pages."""
        return Fault(
            verdict=Verdict.FAIL,
            constraint=self._sequence.constraint,
            expected=expected,
            observed=observed,
        )

    async def go(self, query: dict[str, str], pages: int) -> None:
        """Read so many pages, or fewer if there is an end."""
        cursor: Any = None
        name, at = self._step["pages"]["cursor"], self._step["pages"]["at"]
        for _ in range(pages):
            given = query if cursor is None else {**query, name: str(cursor)}
            call = Call(method=self._step["method"], path=self._step["path"], query=given)
            exchange = await self._send(call)
            self.exchanges.append(exchange)
            self.fault = fault_of(self._sequence, self._step, exchange, {})
            if self.fault:
                return
            body = parsed(exchange)
            cursor = one_at(at["next_cursor"], body)
            self._add([*found_at(at["id"], body)])
            more = one_at(at.get("has_more"), body)
            if more is not None and bool(more) != (cursor is not None):
                said = f"{at['has_more']}: {json.dumps(more)}, {'a' if cursor else 'no'} cursor"
                self.fault = self.fault or self.differs("a cursor if there is more", said)
            if self.fault or cursor is None:
                self.ended = cursor is None
                return

    def _add(self, ids: list[Any]) -> None:
        if any(id in self.ids for id in ids):
            self.fault = self.differs("every job once", "a job again")
        self.ids += ids

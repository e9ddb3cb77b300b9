"""What a run may cost: it is set aside before a request is sent, and counted when it was accepted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .._redact import short_repr


@dataclass(frozen=True, slots=True)
class Held:
    """What is set aside for a request; `beyond` is one that there is not enough left for."""

    credits: int
    free: bool
    beyond: bool

    __repr__ = short_repr


class Budget:
    """At most `most` credits, of which `spent` are gone.

    What should be refused is sent even if there is not enough left, until something of that is accepted:
    with 0 as many at once as are wanted, and else one at a time, as the second could cost as well.
    """

    def __init__(self, most: int, spent: int = 0) -> None:
        self.most = most
        self.spent = spent
        self._held = 0
        self._beyond = False
        self._surprised = False
        self._waiting: list[asyncio.Event] = []

    async def hold(self, credits: int, *, free: bool, counted: int = 0) -> Held | None:
        """Set aside what a request may cost; None if it may not be sent.

        Waits for those under way, if what they do not cost makes room. `free` is a request that should
        be refused, and costs nothing then; `counted` is what is counted as spent for it already.
        """
        while (spent := self.spent - counted) + self._held + credits > self.most:
            never = spent + credits > self.most
            if never and (not free or self._surprised):
                return None
            if never and (self.most == 0 or not self._beyond):
                self._beyond = True
                break
            event = asyncio.Event()
            self._waiting.append(event)
            await event.wait()
        self._held += credits
        self.spent -= counted
        return Held(credits, free, spent + credits > self.most)

    def settle(self, held: Held, cost: int) -> None:
        """Count what a request cost."""
        self._held -= held.credits
        self.spent += cost
        self._beyond &= not held.beyond
        self._surprised |= held.free and cost > 0
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            event.set()

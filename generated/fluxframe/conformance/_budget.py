# A copy of codegen/runtime/conformance/_budget.py, where it is edited.
"""What a run may cost: it is set aside before a request is sent, and counted when it was accepted."""

from __future__ import annotations

import asyncio


class Budget:
    """At most `most` credits, of which `spent` are gone.

    With 0, what should be refused is sent all the same, until the first that is not.
    """

    def __init__(self, most: int, spent: int = 0) -> None:
        self.most = most
        self.spent = spent
        self._held = 0
        self._waiting: list[asyncio.Event] = []

    async def hold(self, credits: int, *, free: bool, counted: int = 0) -> bool:
        """Set aside what a request may cost; returns whether it may be sent.

        Waits for those under way, if what they do not cost makes room. `free` is a request that should
        be refused, and costs nothing then; `counted` is what is counted as spent for it already.
        """
        if free and self.most == 0:
            return self.spent == counted
        while self.spent - counted + self._held + credits > self.most:
            if self.spent - counted + credits > self.most or not self._held:
                return False
            event = asyncio.Event()
            self._waiting.append(event)
            await event.wait()
        self._held += credits
        self.spent -= counted
        return True

    def settle(self, held: int, cost: int, *, free: bool) -> None:
        """Count what a request cost for which `held` were set aside."""
        if not (free and self.most == 0):
            self._held -= held
        self.spent += cost
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            event.set()

"""Delivers the events of jobs to their webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from .._contract.models import Values
from .._options import OptionError
from .._state.job import Job
from .._state.store import Store
from .log import Delivery, Webhooks

if TYPE_CHECKING:
    from .courier import Courier
    from .targets import Target

# What keys the signature: the digest of the API key as its 32 bytes, or as 64 hex characters; and whether
# the prefix that the document has for it is left out.
Signature: TypeAlias = Literal["digest", "hex", "bare-digest", "bare-hex"]

# What is known of URLs is kept for so many, of so many characters.
_MOST_TARGETS, _LONGEST_KEPT = 1_000, 500


class Deliveries:
    """The deliveries of a service, each from the event loop on which its job was submitted.

    What posts is imported with the first webhook, so that a start does not wait for it.
    """

    def __init__(
        self, store: Store, *, hosts: Iterable[str] = (), signature: Signature = "digest"
    ) -> None:
        if signature not in get_args(Signature):
            forms = ", ".join(map(repr, get_args(Signature)))
            raise OptionError("webhook_signature", f"{signature!r} is not one of {forms}")
        self.log = Webhooks()
        self._store = store
        self._signature = signature
        self._allowed = _allowed(hosts)
        self._targets: dict[str, Target | str] = {}
        self._couriers: dict[asyncio.AbstractEventLoop, Courier] = {}

    def take(self, job: Job, url: str, wanted: Sequence[str] | None, api_key: str) -> None:
        """Deliver the events of a job that its request wants (None: all)."""
        target = self._target(url)
        if isinstance(target, str):
            self._refuse(job, url, target, api_key)
            return
        self._courier().take(job, target, None if wanted is None else frozenset(wanted), api_key)

    def resume(self) -> None:
        """Go on with the jobs that were begun when the server ended."""
        if any(not loop.is_closed() for loop in self._couriers):
            return  # They are under way, on another event loop.
        for job, api_key in self._store.untold():
            values = Values(job.model, job.request)
            url = values.by_role("webhook_url")
            if url is not None:
                self.take(job, url, values.by_role("webhook_events"), api_key)

    async def close(self) -> None:
        """Deliver nothing more from this event loop."""
        courier = self._couriers.pop(asyncio.get_running_loop(), None)
        if courier is not None:
            await courier.close()

    def _target(self, url: str) -> Target | str:
        """Where a URL leads, or why nothing is posted there."""
        from .targets import RefusedError, target_of

        target = self._targets.get(url)
        if target is None:
            try:
                target = target_of(url, self._allowed)
            except RefusedError as error:
                target = str(error)
            if len(self._targets) >= _MOST_TARGETS:
                self._targets.clear()
            if len(url) <= _LONGEST_KEPT:
                self._targets[url] = target
        return target

    def _refuse(self, job: Job, url: str, reason: str, api_key: str) -> None:
        from .targets import shown

        job.end_webhook(job.home.document.webhook_word("failed"))
        self.log.add(
            Delivery(
                job=job.id,
                event="",
                url=shown(url),
                attempt=0,
                moment=job.home.clock.shown(),
                outcome="refused",
                reason=reason,
                key=api_key,
            )
        )

    def _courier(self) -> Courier:
        """That of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._couriers:
            from .courier import Courier

            for other in [known for known in self._couriers if known.is_closed()]:
                del self._couriers[other]
            self._couriers[loop] = Courier(self._store, self.log, self._signature)
        return self._couriers[loop]


def _allowed(hosts: Iterable[str]) -> frozenset[str]:
    """The hosts that are posted to besides this machine. Raises ValueError."""
    if not hosts:
        return frozenset()
    from .targets import allowed_hosts

    return allowed_hosts(hosts)

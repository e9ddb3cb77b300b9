"""The deliveries that were made or refused, the last ones only."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Condition, Lock
from typing import Any, Literal, TypeAlias

from ..._clock import monotonic
from .faults import WebhookFaults

MOST_ENTRIES = 2_000
MOST_BYTES = 16 << 20

# refused: the URL is not posted to; lost: on request; failed: nobody took it.
Outcome: TypeAlias = Literal["delivered", "failed", "lost", "refused"]


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """One attempt to deliver an event, or why there is none.

    `url` is without what may be secret in it: user, password and query. `moment` is the time of day in seconds
    since the epoch, `seconds` how long it took, `key` the API key that the job was submitted with.
    """

    job: str
    event: str
    url: str
    attempt: int
    moment: float
    outcome: Outcome
    status: int | None = None
    reason: str | None = None
    seconds: float = 0.0
    signature: str | None = None
    body: bytes = field(default=b"", repr=False)
    key: str = field(default="", repr=False)

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "job": self.job,
            "event": self.event,
            "url": self.url,
            "attempt": self.attempt,
            "moment": datetime.fromtimestamp(self.moment, UTC).isoformat(timespec="milliseconds"),
            "outcome": self.outcome,
            "status": self.status,
            "reason": self.reason,
            "seconds": round(self.seconds, 6),
            "signature": self.signature,
            "body": json.loads(self.body) if self.body else None,
        }


Listener: TypeAlias = Callable[[Delivery], None]


class Webhooks:
    """The last deliveries, oldest first: at most 2,000, of 16 MiB. Any thread may ask."""

    def __init__(self, faults: WebhookFaults | None = None) -> None:
        self._entries: deque[Delivery] = deque()
        self._bytes = 0
        self._lock = Lock()
        self._changed = Condition(self._lock)
        self._waiting = 0
        self._listeners: list[Listener] = []
        self._faults = faults or WebhookFaults()
        self._jobs = 0

    @property
    def faults(self) -> WebhookFaults:
        """The faults of events, for jobs that are submitted from now on."""
        return self._faults

    @faults.setter
    def faults(self, faults: WebhookFaults) -> None:
        if not isinstance(faults, WebhookFaults):
            raise TypeError(f"webhooks.faults: {faults!r} is none; pass WebhookFaults(lose=0.2)")
        with self._lock:
            self._faults = faults
            self._jobs = 0  # So that what follows repeats.

    def numbered(self) -> tuple[WebhookFaults, int]:
        """The faults for a job, and the job's number since they were set."""
        with self._lock:
            self._jobs += 1
            return self._faults, self._jobs

    def __iter__(self) -> Iterator[Delivery]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Webhooks: {len(self)} deliveries>"

    def all(
        self,
        *,
        job: str | None = None,
        event: str | None = None,
        outcome: Outcome | None = None,
        key: str | None = None,
    ) -> list[Delivery]:
        """Those of a job, an event, an outcome or an API key."""
        with self._lock:
            return self._found(job, event, outcome, key)

    def one(
        self,
        *,
        job: str | None = None,
        event: str | None = None,
        outcome: Outcome | None = None,
        key: str | None = None,
    ) -> Delivery:
        """The only one of those that `all` finds. Raises AssertionError if there are others or none."""
        found = self.all(job=job, event=event, outcome=outcome, key=key)
        if len(found) != 1:
            raise AssertionError(f"expected one delivery, found {_listed(found)}")
        return found[0]

    def wait_for(
        self,
        count: int = 1,
        *,
        job: str | None = None,
        event: str | None = None,
        outcome: Outcome | None = None,
        key: str | None = None,
        timeout: float = 10.0,
    ) -> list[Delivery]:
        """Those that `all` finds, once there are `count`. Raises TimeoutError after `timeout` seconds."""
        until = monotonic() + timeout
        with self._lock:
            while len(found := self._found(job, event, outcome, key)) < count:
                if (left := until - monotonic()) <= 0:
                    raise TimeoutError(
                        f"expected {_some(count)} in {timeout:g} s, found {_listed(found)}; "
                        f"of all: {_listed(self._found(None, None, None, key))}"
                    )
                self._waiting += 1
                try:
                    self._changed.wait(left)
                finally:
                    self._waiting -= 1
            return found

    def add(self, delivery: Delivery) -> None:
        """Keep a delivery, and tell of it."""
        with self._lock:
            self._entries.append(delivery)
            self._bytes += len(delivery.body)
            while len(self._entries) > MOST_ENTRIES or self._bytes > MOST_BYTES:
                self._bytes -= len(self._entries.popleft().body)
            if self._waiting:
                self._changed.notify_all()
        for listener in self._listeners:
            listener(delivery)

    def clear(self, *, key: str | None = None) -> None:
        """Forget all of them, or those of an API key."""
        with self._lock:
            left = [] if key is None else [one for one in self._entries if one.key != key]
            self._entries = deque(left)
            self._bytes = sum(len(one.body) for one in left)

    def reset(self) -> None:
        """Forget all, and let nothing go wrong any more."""
        self.clear()
        self.faults = WebhookFaults()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a function with each delivery, on the thread that makes it; returns a function that stops this."""
        self._listeners = [*self._listeners, listener]

        def end() -> None:
            self._listeners = [known for known in self._listeners if known is not listener]

        return end

    def as_json(self, *, job: str | None = None) -> list[dict[str, Any]]:
        """All of them, or those of a job."""
        return [delivery.as_json() for delivery in self.all(job=job)]

    def _found(
        self, job: str | None, event: str | None, outcome: Outcome | None, key: str | None
    ) -> list[Delivery]:
        return [
            delivery
            for delivery in self._entries
            if (job is None or delivery.job == job)
            and (event is None or delivery.event == event)
            and (outcome is None or delivery.outcome == outcome)
            and (key is None or delivery.key == key)
        ]


def _some(count: int) -> str:
    return "a delivery" if count == 1 else f"{count} deliveries"


def _listed(found: list[Delivery]) -> str:
    """What was found, in a line."""
    if not found:
        return "none"
    shown = [f"{d.event} {d.outcome}{f': {d.reason}' if d.reason else ''}" for d in found[-5:]]
    return f"{len(found)} ({'; '.join(shown)})"

"""The view that one test has of a shared server."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Unpack

from .._catalog import API

if TYPE_CHECKING:
    from .. import AsyncFluxframe, Fluxframe
    from ..emulator import Emulator
    from ..emulator._faults.fault import Words
    from ..emulator._faults.faults import Planned
    from ..emulator._state.clock import Clock
    from ..emulator._state.jobs import Jobs
    from ..emulator._state.requests import Requests
    from ..emulator._webhooks.faults import WebhookFaults
    from ..emulator._webhooks.log import Delivery, Outcome


class Namespace:
    """A server as one API key sees it: its own requests, jobs and faults only.

    The clock and the faults of webhooks belong to the server, which other tests share. To have a server of
    your own, use options that no other test has.
    """

    def __init__(self, server: Emulator, api_key: str | None = None) -> None:
        self.server = server
        self.api_key = api_key or f"{API.key_prefix}{uuid.uuid4().hex}"
        self.url = server.url

    def __repr__(self) -> str:
        return f"<Namespace of {self.url}: {len(self.requests)} requests>"

    def client(self, **options: Any) -> Fluxframe:
        """A client with the namespace's API key; it takes what `Fluxframe` takes."""
        from .. import Fluxframe

        return Fluxframe(**{"api_key": self.api_key, "base_url": self.url, **options})

    def async_client(self, **options: Any) -> AsyncFluxframe:
        """An async client with the namespace's API key; it takes what `AsyncFluxframe` takes."""
        from .. import AsyncFluxframe

        return AsyncFluxframe(**{"api_key": self.api_key, "base_url": self.url, **options})

    @property
    def requests(self) -> Requests:
        """The requests with the API key."""
        return self.server.requests.of_key(self.api_key)

    @property
    def jobs(self) -> Jobs:
        """The API key's jobs, newest first."""
        return self.server.jobs.of_key(self.api_key)

    @property
    def faults(self) -> NamespaceFaults:
        """The faults for requests with the API key."""
        return NamespaceFaults(self.server, self.api_key)

    @property
    def clock(self) -> Clock:
        """The server's clock."""
        return self.server.clock

    @property
    def webhooks(self) -> NamespaceWebhooks:
        """The webhooks of the API key's jobs, and the faults of webhooks."""
        return NamespaceWebhooks(self.server, self.api_key)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a client to the server, to pass to another process."""
        return {API.key_variable: self.api_key, API.base_url_variable: self.url}

    @contextmanager
    def installed(self) -> Iterator[Namespace]:
        """Sets the environment variables of this process while it lasts; at the end, removes its faults."""
        before = {name: os.environ.get(name) for name in self.environment}
        webhook_faults = self.webhooks.faults
        os.environ.update(self.environment)
        try:
            yield self
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            self.faults.clear()
            webhooks = self.webhooks
            if webhooks.faults != webhook_faults:
                webhooks.faults = webhook_faults


class NamespaceFaults:
    """The faults of one API key on a server."""

    def __init__(self, server: Emulator, api_key: str) -> None:
        self._all = server.faults
        self._key = api_key

    def __iter__(self) -> Iterator[Planned]:
        return (planned for planned in self._all if planned.fault.key == self._key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{', '.join(planned.fault.label for planned in self) or 'no faults'}>"

    def add(self, **words: Unpack[Words]) -> Planned:
        """Add a fault for requests with the API key, as `Fault` describes it. Raises ValueError."""
        if "key" in words:
            raise ValueError(
                "key: it is the namespace's own; `server.faults` has those of all keys"
            )
        return self._all.add({"key": self._key, **words})

    def clear(self) -> None:
        """Remove all faults."""
        for planned in self:
            planned.remove()


class NamespaceWebhooks:
    """The deliveries of one API key's jobs, oldest first. Any thread may ask."""

    def __init__(self, server: Emulator, api_key: str) -> None:
        self._all = server.webhooks
        self._key = api_key

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __repr__(self) -> str:
        return f"<NamespaceWebhooks: {len(self)} deliveries>"

    @property
    def faults(self) -> WebhookFaults:
        """The faults of events, for jobs that are submitted from now on."""
        return self._all.faults

    @faults.setter
    def faults(self, faults: WebhookFaults) -> None:
        self._all.faults = faults

    def all(
        self,
        *,
        job: str | None = None,
        event: str | None = None,
        outcome: Outcome | None = None,
    ) -> list[Delivery]:
        """Those of a job, an event or an outcome."""
        return self._all.all(job=job, event=event, outcome=outcome, key=self._key)

    def one(
        self,
        *,
        job: str | None = None,
        event: str | None = None,
        outcome: Outcome | None = None,
    ) -> Delivery:
        """The only one of those that `all` finds. Raises AssertionError if there are others or none."""
        return self._all.one(job=job, event=event, outcome=outcome, key=self._key)

    def wait_for(
        self,
        count: int = 1,
        *,
        job: str | None = None,
        event: str | None = None,
        outcome: Outcome | None = None,
        timeout: float = 10.0,
    ) -> list[Delivery]:
        """Those that `all` finds, once there are `count`. Raises TimeoutError after `timeout` seconds."""
        return self._all.wait_for(
            count, job=job, event=event, outcome=outcome, key=self._key, timeout=timeout
        )

    def clear(self) -> None:
        """Forget them."""
        self._all.clear(key=self._key)

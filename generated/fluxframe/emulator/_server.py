# A copy of codegen/runtime/emulator/_server.py, where it is edited.
"""Runs the emulator in a thread, on its own port."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from .._clock import monotonic
from ._control.door import Door
from ._faults.protocol import Connection
from ._http.app import App
from ._http.cors import CHOICES, Cors
from ._options import OptionError
from ._service import Service
from ._state.accounts import Terms
from ._state.clock import Clock

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from .. import AsyncFluxframe, Fluxframe
    from ._faults.faults import Faults
    from ._faults.scenario import Scenario
    from ._state.jobs import Jobs
    from ._state.keys import Key
    from ._state.requests import Requests
    from ._webhooks.delivery import Signature
    from ._webhooks.faults import WebhookFaults
    from ._webhooks.log import Webhooks


# Of bad requests nothing is printed where a program has set up no logging.
_SILENT = logging.NullHandler()


# Where a server is reached that listens on all addresses.
_REACHED = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}


_MOST_PORT = 65_535


class EventLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers run, and which stops, where a test has frozen the time."""

    def time(self) -> float:
        """The seconds that timers are measured by."""
        return monotonic()


class Emulator:
    """A server on this machine.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 picks a free one.
        job_seconds: How long a job takes, from its submission to its result.
        credits: The initial credits of every API key.
        credits_per_megapixel: The price of a picture for models whose price no source states.
        cors: Which web pages may call it: those of this machine and its network (`local`), `any`, or `none`.
        follow: The source to follow where it differs from the document, by its name in the
            spec.
        keys: The valid keys, each with its credits; None is every key with the prefix of the API's keys,
            each with its own account.
        requests_per_minute: How many requests a key may send; None is any number.
        jobs_at_once: How many jobs of a key may run; None is any number.
        data: A folder that keeps jobs, uploads, credits and their keys after the process ends, even if it
            is killed; None keeps them in memory.
        scenario: Faults to start with: a file (TOML or JSON), or its contents as a mapping.
        seed: The seed for random faults, instead of the scenario's.
        webhook_hosts: Hosts to post webhooks to besides this machine, such as `host.docker.internal`.
        webhook_signature: What webhook signatures are keyed with: the API key's digest as its 32 bytes
            (`digest`) or as 64 hex characters (`hex`); `bare-digest` and `bare-hex` are without the prefix.
        webhook_faults: Faults of webhooks; you can also set them in `webhooks` later.

    Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        job_seconds: float = 1.0,
        credits: int = 10_000,
        credits_per_megapixel: int = 4,
        cors: Cors = "local",
        follow: str | None = None,
        keys: Iterable[Key] | None = None,
        requests_per_minute: int | None = None,
        jobs_at_once: int | None = None,
        data: str | Path | None = None,
        scenario: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        seed: int | None = None,
        webhook_hosts: Iterable[str] = (),
        webhook_signature: Signature = "digest",
        webhook_faults: WebhookFaults | None = None,
    ) -> None:
        if not isinstance(port, int) or not 0 <= port <= _MOST_PORT:
            raise OptionError("port", f"{port!r} is not a port, from 0 to {_MOST_PORT}")
        if seed is not None and not isinstance(seed, int):
            raise OptionError("seed", f"{seed!r} is not a whole number")
        if cors not in CHOICES:
            raise OptionError("cors", f"{cors!r} is not one of {', '.join(CHOICES)}")
        if isinstance(data, str) and not data.strip():
            raise OptionError("data", "expected the name of a folder, got an empty one")
        terms = Terms(
            job_seconds=job_seconds,
            credits=credits,
            credits_per_megapixel=credits_per_megapixel,
            requests_per_minute=requests_per_minute,
            jobs_at_once=jobs_at_once,
        )
        folder = None if data is None else Path(data)
        self._service = Service(
            terms,
            follow=follow,
            keys=keys,
            data=folder,
            scenario=_scenario(scenario, seed),
            webhook_hosts=webhook_hosts,
            webhook_signature=webhook_signature,
        )
        self._control = Door(self._service)
        self._cors: Cors = cors
        if webhook_faults is not None:
            self.webhooks.faults = webhook_faults
        self._host = host
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._url: str | None = None

    def __repr__(self) -> str:
        return f"<Emulator at {self._url}>" if self._url else "<Emulator, not running>"

    @property
    def url(self) -> str:
        """The base URL, such as `http://127.0.0.1:8000`. Raises RuntimeError if it is not running."""
        if self._url is None:
            raise RuntimeError("the emulator is not running; use `with Emulator() as emu:`")
        return self._url

    @property
    def webhooks(self) -> Webhooks:
        """The webhooks posted, and their faults."""
        return self._service.deliveries.log

    @property
    def page(self) -> str:
        """The address of the page that shows what happens."""
        return self.url + self._control.page

    @property
    def clock(self) -> Clock:
        """The clock for jobs, keys, files and limits: `clock.advance(60)` ends a job that takes a minute."""
        return self._service.clock

    @property
    def app(self) -> ASGIApp:
        """The ASGI application, to call in this process, without a port.

        Such as by `httpx.AsyncClient(transport=httpx.ASGITransport(app=emulator.app))`. It needs no `start`,
        and each is for one event loop; all know the same accounts and jobs.
        """
        return App(self._service, self._control, cors=self._cors)

    @property
    def faults(self) -> Faults:
        """The faults; add to them."""
        return self._service.faults

    @property
    def requests(self) -> Requests:
        """The requests received, to search and assert on."""
        from ._state.requests import Requests

        return Requests(self._service.journal)

    @property
    def jobs(self) -> Jobs:
        """The jobs of all keys, newest first."""
        from ._state.jobs import Jobs

        return Jobs(lambda: self._service.store)

    def reset(self, key: str | None = None) -> None:
        """Forget the jobs, uploads, requests, credits and faults of a key, or of all.

        Without a key, the faults of the scenario are restored.
        """
        self._service.reset(key)

    def client(self, *, api_key: str | None = None, **options: Any) -> Fluxframe:
        """A client of this server; it takes what `Fluxframe` takes."""
        from .. import Fluxframe

        return Fluxframe(**{"api_key": api_key or self._own_key(), "base_url": self.url, **options})

    def async_client(self, *, api_key: str | None = None, **options: Any) -> AsyncFluxframe:
        """An async client of this server; it takes what `AsyncFluxframe` takes."""
        from .. import AsyncFluxframe

        return AsyncFluxframe(
            **{"api_key": api_key or self._own_key(), "base_url": self.url, **options}
        )

    def start(self) -> Emulator:
        """Listen, and return once requests are answered. Raises OSError if the port is in use."""
        if self._thread is not None:
            raise RuntimeError(f"the emulator is already running, at {self.url}")
        self._service.open()
        try:
            listener = self._listen()
        except OSError:
            self._service.close()
            raise
        server = self._server = self._uvicorn()
        self._thread = threading.Thread(
            target=server.run,
            kwargs={"sockets": [listener]},
            name="fluxframe-emulator",
            daemon=True,
        )
        self._thread.start()
        while not server.started:
            self._thread.join(0.005)
            if not self._thread.is_alive():
                listener.close()
                raise RuntimeError("the emulator could not start")
        return self

    def stop(self) -> None:
        """Answer the requests in progress, and stop."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._control.close()
            self._service.let_go()
            self._thread.join()
        self._server = self._thread = self._url = None
        self._service.close()

    def _uvicorn(self) -> uvicorn.Server:
        for name in ("uvicorn.error", "python_multipart"):
            logging.getLogger(name).addHandler(_SILENT)
        config = uvicorn.Config(
            self.app,
            log_config=None,  # The logging of the program that starts us is its own.
            access_log=False,
            lifespan="on",
            http=Connection,
            loop=f"{__name__}:{EventLoop.__name__}",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=2,
            # A client that asks every few seconds must not meet the end of its connection.
            timeout_keep_alive=90,
        )
        return uvicorn.Server(config)

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # With the protocol named, asyncio sends each answer at once (TCP_NODELAY).
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if sys.platform == "win32":  # Where reuse would let two servers have one port.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
        except OSError:
            listener.close()
            raise
        host = _REACHED.get(self._host, self._host)
        host = f"[{host}]" if family == socket.AF_INET6 else host
        self._url = f"http://{host}:{listener.getsockname()[1]}"
        return listener

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    async def __aenter__(self) -> Emulator:
        return await asyncio.to_thread(self.start)  # Others on the loop need not wait.

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.to_thread(self.stop)

    def _own_key(self) -> str:
        """The key of a client that is given none."""
        listed = self._service.keys
        if listed is not None:
            return next((key for key, said in listed.items() if said.active), next(iter(listed)))
        return f"{self._service.contract.document.security.prefix}emulator"


def _scenario(
    said: str | os.PathLike[str] | Mapping[str, Any] | None, seed: int | None
) -> Scenario | None:
    """What is to go wrong; None if nothing is."""
    if said is None and seed is None:
        return None
    from ._faults.scenario import scenario_of

    try:
        return scenario_of(said, seed)
    except ValueError as error:
        raise OptionError("scenario", str(error), is_placed=True) from None

"""Runs the emulator in a thread, on a port of its own."""

from __future__ import annotations

import asyncio
import math
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from .._clock import monotonic
from ._control.app import Control
from ._http.app import App
from ._service import Service
from ._state.accounts import Terms
from ._state.requests import Requests

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from .. import AsyncFluxframe, Fluxframe


class EventLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers run, and which stops, where a test has frozen the time."""

    def time(self) -> float:
        """The seconds that timers are measured by."""
        return monotonic()


class Emulator:
    """A server on this machine.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.
        job_seconds: How long a job takes, from its submission to its result.
        credits: What every API key begins with.
        credits_per_megapixel: What a picture costs, of a model whose price no source tells.
        follow: The source that is followed where it reads the API otherwise than the document does, by the
            name that the spec has for it.

    Use it as a context manager, or call `start` and `stop`. Every key that begins as the API's keys do
    is good, and has an account of its own.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        job_seconds: float = 1.0,
        credits: int = 10_000,
        credits_per_megapixel: int = 4,
        follow: str | None = None,
    ) -> None:
        if not math.isfinite(job_seconds):
            raise ValueError(f"job_seconds: {job_seconds} is not a number of seconds")
        if job_seconds < 0:
            raise ValueError(f"job_seconds: {job_seconds} is below the minimum of 0")
        terms = Terms(
            job_seconds=job_seconds, credits=credits, credits_per_megapixel=credits_per_megapixel
        )
        self._service = Service(terms, follow=follow)
        self._control = Control(self._service)
        self._host = host
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """The base URL, such as `http://127.0.0.1:8000`. Raises RuntimeError if it does not run."""
        if self._url is None:
            raise RuntimeError("the emulator is not running; use `with Emulator() as emu:`")
        return self._url

    @property
    def app(self) -> ASGIApp:
        """The ASGI application, to be asked in this process, without a port.

        Such as by `httpx.AsyncClient(transport=httpx.ASGITransport(app=emulator.app))`. It needs no `start`,
        and each is for one event loop; all know the same accounts and jobs.
        """
        return App(self._service, self._control)

    @property
    def requests(self) -> Requests:
        """The requests that came, to be searched and asserted on."""
        return Requests(self._service.journal)

    def client(self, *, api_key: str | None = None) -> Fluxframe:
        """A client of this server."""
        from .. import Fluxframe

        return Fluxframe(api_key=api_key or self._own_key(), base_url=self.url)

    def async_client(self, *, api_key: str | None = None) -> AsyncFluxframe:
        """An async client of this server."""
        from .. import AsyncFluxframe

        return AsyncFluxframe(api_key=api_key or self._own_key(), base_url=self.url)

    def start(self) -> Emulator:
        """Listen, and return when requests are answered. Raises OSError if the port is taken."""
        if self._thread is not None:
            raise RuntimeError(f"the emulator is already running, at {self.url}")
        listener = self._listen()
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
        """Answer what is under way, and stop."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._control.feed.close()
            self._thread.join()
        self._server = self._thread = self._url = None

    def _uvicorn(self) -> uvicorn.Server:
        config = uvicorn.Config(
            App(self._service, self._control),
            log_config=None,  # The logging of the program that starts us is its own.
            access_log=False,
            lifespan="on",
            loop=f"{__name__}:{EventLoop.__name__}",
            ws="none",
            timeout_graceful_shutdown=2,
        )
        return uvicorn.Server(config)

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # With the protocol named, asyncio sends each answer at once (TCP_NODELAY).
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
        except OSError:
            listener.close()
            raise
        host = f"[{self._host}]" if family == socket.AF_INET6 else self._host
        self._url = f"http://{host}:{listener.getsockname()[1]}"
        return listener

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _own_key(self) -> str:
        """The key of a client that is given none."""
        return f"{self._service.contract.document.security.prefix}emulator"

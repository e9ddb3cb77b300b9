"""The client, sync and async: its settings, its resources, and its connections."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

from ._emitted.async_resources import AsyncOperations
from ._emitted.resources import Operations
from ._problems import Validation
from ._redact import hidden, shown, without_query
from ._resources import Part
from ._wire.calls import Instrument
from ._wire.event_loop import running_loop
from ._wire.http import AsyncClient, Client, Library
from ._wire.settings import DEFAULT_DEADLINE, DEFAULT_RETRIES, DEFAULT_TIMEOUT
from ._wire.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    from .batch._drivers import AsyncBatch, Batch

C = TypeVar("C", "Fluxframe", "AsyncFluxframe")


def _other(client: C, transport: Any) -> C:
    """A copy of a client over another transport, with resources of its own."""
    other = copy.copy(client)
    for kind in type(client).__mro__:
        for name, value in vars(kind).items():
            if isinstance(value, Part):
                other.__dict__.pop(name, None)
    other._transport = transport
    return other


def _batch(transport: Transport) -> Batch:
    from .batch._drivers import Batch  # Loaded when it is first asked for.

    return Batch(transport)


def _async_batch(transport: AsyncTransport) -> AsyncBatch:
    from .batch._drivers import AsyncBatch

    return AsyncBatch(transport)


class Fluxframe(Operations):
    """A client of the API.

    Args:
        api_key: Yours; by default the environment's, in the variable that `fluxframe --help`
            names. Sent to `base_url` only.
        base_url: Where the API is; by default the environment's, in the variable beside the key's, or the
            API's own address.
        timeout: Seconds that one attempt of a call may take; for an upload, each step of it.
        deadline: Seconds that a call may take with all its attempts.
        max_retries: How often a call is retried that failed with no connection, on a timeout,
            or with status 408, 429 or 5xx, those of a CDN such as 524 included. A submission keeps
            its idempotency key, so that it is paid for once, and is not sent again once the server
            may have forgotten the key; an upload is tried again only if nothing of it was sent.
        validation: What to do about a request that breaks a limit of its model: "error" refuses it
            before it is sent, "warn" sends it with a RequestWarning, "off" just sends it.
        http_client: The library to send with: "httpx", the default, or "httpx2", which is faster and has
            to be installed; or a client of your own from either, which is not closed. Its headers,
            cookies, parameters, authentication and hooks go with each call, but with no download; its
            timeout counts if none is given here; redirects are errors, also if it follows them.
        instrument: Called with a `CallInfo` at the beginning of each call; the call runs within the
            context manager that it returns, and has completed the `CallInfo` at the end.

    Raises:
        ConfigurationError: A setting can't be used.
    """

    batch = Part(_batch)

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_RETRIES,
        validation: Validation = "error",
        http_client: Client | Library | None = None,
        instrument: Instrument | None = None,
    ) -> None:
        key = hidden(api_key)
        del api_key  # A traceback may show it.
        super().__init__(
            Transport(
                api_key=key,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                validation=validation,
                http_client=http_client,
                instrument=instrument,
            )
        )

    def with_options(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        validation: Validation | None = None,
        instrument: Instrument | None = None,
    ) -> Fluxframe:
        """A client with other settings, over the same connections; what is not given stays the same.

        Closing either client closes the connections of both.
        """
        key = hidden(api_key)
        del api_key  # A traceback may show it.
        return _other(
            self,
            self._transport.with_options(
                api_key=key,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                validation=validation,
                instrument=instrument,
            ),
        )

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return self._transport.settings.base_url

    def close(self) -> None:
        """Close the connections, unless `http_client` was given."""
        self._transport.close()

    def __enter__(self) -> Fluxframe:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return shown(f"<Fluxframe {without_query(self.base_url)}>")


class AsyncFluxframe(AsyncOperations):
    """A client of the API for asyncio; its settings are those of `Fluxframe`.

    Under another library, such as trio, call `Fluxframe` in a thread.
    """

    batch = Part(_async_batch)

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_RETRIES,
        validation: Validation = "error",
        http_client: AsyncClient | Library | None = None,
        instrument: Instrument | None = None,
    ) -> None:
        key = hidden(api_key)
        del api_key  # A traceback may show it.
        super().__init__(
            AsyncTransport(
                api_key=key,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                validation=validation,
                http_client=http_client,
                instrument=instrument,
            )
        )

    def with_options(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        validation: Validation | None = None,
        instrument: Instrument | None = None,
    ) -> AsyncFluxframe:
        """A client with other settings, over the same connections; what is not given stays the same.

        Closing either client closes the connections of both.
        """
        key = hidden(api_key)
        del api_key  # A traceback may show it.
        return _other(
            self,
            self._transport.with_options(
                api_key=key,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                validation=validation,
                instrument=instrument,
            ),
        )

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return self._transport.settings.base_url

    async def aclose(self) -> None:
        """Close the connections, unless `http_client` was given."""
        await self._transport.aclose()

    async def __aenter__(self) -> AsyncFluxframe:
        running_loop()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return shown(f"<AsyncFluxframe {without_query(self.base_url)}>")

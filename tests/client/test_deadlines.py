"""What ends an attempt: what transports are told, and what they can't be told."""

from __future__ import annotations

import asyncio
import socket
import time
from types import NoneType
from typing import Any

import httpcore
import httpcore2
import httpx
import httpx2
import pytest

from fluxframe import APITimeoutError, AsyncFluxframe, AsyncImage, Fluxframe, Image, ServerError

from ..servers.http1 import http_json
from ..servers.scripted import Do, Server, Then, job_json
from .calls import ID, KEY, Kind, Use, call, everywhere, value_of

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
SLACK = 2.5
PICTURE = b"\xff\xd8\xff\xe0 a picture"


def picture(client: Any) -> Any:
    kind: Any = AsyncImage if isinstance(client, AsyncFluxframe) else Image
    return kind(client._transport, "https://files.example/a.jpg", job_id=ID, index=0).bytes()


WAYS: dict[str, Use] = {
    "a call": lambda client: client.me(),
    "a submission": lambda client: client.images.generate(REQUEST),
    "an upload": lambda client: client.uploads.create(b"x"),
    "a poll": lambda client: client.jobs.wait(ID, deadline=5),
    "a download": picture,
    "whole seconds": lambda client: client.with_options(timeout=5, deadline=5).me(),
}


@everywhere
@pytest.mark.parametrize("way", WAYS)
def test_a_transport_is_told_plain_numbers(way: str, kind: Kind, library: Any) -> None:
    """As httpx documents them; a transport of the caller's, a mock or gevent does sums with them."""
    seen: list[dict[str, object]] = []

    def answer(request: Any) -> Any:
        seen.append(request.extensions["timeout"])
        if request.url.host == "files.example":
            return library.Response(200, content=PICTURE)
        job = {"jobId": ID, "url": "https://files.example/a", **job_json(ID)}
        return library.Response(200, json=job)

    own = {"transport": library.MockTransport(answer)}
    call(kind, WAYS[way], library, own, base_url="http://api.example")
    assert seen
    for timeout in seen:
        assert set(timeout) == {"connect", "read", "write", "pool"}
        assert {type(value) for value in timeout.values()} <= {float, NoneType}


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_connection_is_one_of_the_library(library: Any) -> None:
    core: Any = {httpx: httpcore, httpx2: httpcore2}[library]
    seen: list[Any] = []
    hooks = {"response": [lambda response: seen.append(response.extensions["network_stream"])]}
    with Server(answer=lambda request: http_json({})) as server:
        call(
            Fluxframe,
            lambda client: client.me(),
            library,
            {"event_hooks": hooks},
            base_url=server.url,
        )
        assert isinstance(seen[0], core.NetworkStream)
        # What the caller sends with the same client has the caller's own times.
        with library.Client(verify=False) as own:
            client = Fluxframe(api_key=KEY, base_url=server.url, http_client=own)
            client.with_options(deadline=0.2).me()
            time.sleep(0.3)
            assert own.get(server.url).status_code == 200


@everywhere
@pytest.mark.parametrize("given", [True, False], ids=["the caller's", "ours"])
def test_a_slow_resolver_does_not_outlive_the_deadline(
    given: bool, kind: Kind, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved = socket.getaddrinfo

    def slow(host: Any, *args: Any, **options: Any) -> Any:
        if host in ("slow.example", b"slow.example"):
            time.sleep(1.5 if kind is AsyncFluxframe else 6)  # A loop waits for its threads.
        return resolved("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    took: list[float] = []

    async def use(client: Any) -> None:
        start = time.monotonic()
        with pytest.raises(APITimeoutError) as caught:
            await value_of(client.uploads.create(b"x"))
        took.append(time.monotonic() - start)
        assert caught.value.advice is None  # Nothing was sent.

    chosen = {} if given else {"http_client": library.__name__}
    call(
        kind,
        use,
        library if given else None,
        base_url="http://slow.example",
        deadline=0.3,
        **chosen,
    )
    assert took[0] < 0.3 + 1


@everywhere
def test_nothing_is_sent_after_the_deadline(
    kind: Kind, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process was stopped while it slept between two attempts."""
    ahead = [0.0]
    now = time.monotonic
    monkeypatch.setattr("fluxframe._wire.retry.monotonic", lambda: now() + ahead[0])
    sleep, asleep = time.sleep, asyncio.sleep

    def stopped(seconds: float) -> None:
        ahead[0] += 3600.0  # Other threads may sleep, too.
        sleep(0)

    async def stopped_too(seconds: float, *args: Any) -> Any:
        if seconds:
            ahead[0] += 3600.0  # Other threads may sleep, too.
        return await asleep(0, *args)

    monkeypatch.setattr(time, "sleep", stopped)
    monkeypatch.setattr(asyncio, "sleep", stopped_too)
    down = Do(lambda good: [http_json({"error": "Down"}, 503)])
    with Server([down]) as server:
        with pytest.raises(ServerError) as caught:
            call(
                kind,
                lambda client: client.images.generate(REQUEST),
                library,
                base_url=server.url,
                deadline=60,
            )
        assert len(server.requests) == 1
    error = caught.value
    assert error.attempts == 1
    assert error.idempotency_key == server.keys[0]
    assert error.advice is not None
    assert error.advice.subject == (server.keys[0],)


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_nothing_is_written_after_the_deadline(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process was stopped just before it sent."""
    with Server() as server, library.Client(verify=False) as own:
        client = Fluxframe(api_key=KEY, base_url=server.url, http_client=own, max_retries=0)
        client.images.generate(REQUEST)
        send = own.send

        def stopped(*args: Any, **options: Any) -> Any:
            time.sleep(0.2)
            return send(*args, **options)

        monkeypatch.setattr(own, "send", stopped)
        with pytest.raises(APITimeoutError):
            client.with_options(deadline=0.1).images.generate(REQUEST)
        assert len(server.requests) == 1


class Wrapper:
    """A transport around another, as those that trace or cache."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def handle_request(self, request: Any) -> Any:
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()

    def __enter__(self) -> Wrapper:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_is_read_slowly_or_not_at_all_is_given_up(wrapped: bool, library: Any) -> None:
    """A body in parts that come in time, one by one, and never end."""
    parts: Any = [b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"]
    parts += [part for _ in range(200) for part in (b" ", 0.02)]
    with Server(answer=lambda request: [*parts, Then.STALL]) as server:
        start = time.monotonic()
        own = {"transport": Wrapper(library.HTTPTransport())} if wrapped else None
        with pytest.raises(APITimeoutError):
            call(Fluxframe, lambda c: c.me(), library, own, base_url=server.url, deadline=0.3)
        assert time.monotonic() - start < 0.3 + 1

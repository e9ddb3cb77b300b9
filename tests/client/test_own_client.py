"""What a client of the caller's own has set is kept or refused in words, and ours keeps nothing of a server's."""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
import pytest

from fluxframe import (
    APIConnectionError,
    APIStatusError,
    AsyncFluxframe,
    ConfigurationError,
    Fluxframe,
    FluxframeError,
    UnexpectedResponseError,
)

from ..servers.http1 import Request, http, http_json
from ..servers.scripted import Server
from .calls import ID, KEY, Kind, Use, both, call, everywhere, value_of

OPERATIONS: dict[str, Use] = {
    "images.generate": lambda client: client.images.generate(model="flux-2-pro", prompt="a fox"),
    "jobs.get": lambda client: client.jobs.get(ID),
    "jobs.list": lambda client: client.jobs.list(limit=5),
    "me": lambda client: client.me(),
    "models": lambda client: client.models(),
    "uploads.create": lambda client: client.uploads.create(b"\x89PNG"),
}
ANSWERS = {
    "images.generate": {"jobId": ID, "status": "QUEUED"},
    "jobs.get": {"id": ID, "status": "QUEUED"},
    "jobs.list": {"jobs": []},
}


def sent(kind: Kind, library: Any, operation: str, own: Mapping[str, Any]) -> Request:
    """The request of an operation over a client with these settings."""
    content = http_json(ANSWERS.get(operation, {}))
    with Server(answer=lambda request: content) as server:
        call(kind, OPERATIONS[operation], library, own, base_url=server.url)
        [request] = server.requests
    return request


# Each setting of a client


@dataclass
class Setting:
    """What a client is given, and how a request shows that it was not lost."""

    given: Any
    shows: Callable[[Request], bool]


KEPT: dict[str, Setting] = {
    "auth": Setting(("fox", "den"), lambda r: r.headers["authorization"].startswith("Basic ")),
    "params": Setting({"tenant": "a b&c"}, lambda r: "tenant=a+b%26c" in r.target),
    "headers": Setting(
        {"X-Team": "foxes", "User-Agent": "theirs/1"},
        lambda r: (r.headers["x-team"], r.headers["user-agent"]) == ("foxes", "theirs/1"),
    ),
    "cookies": Setting({"session": "s1", "b": "2"}, lambda r: "session=s1" in r.headers["cookie"]),
}
# They are of the connections, which the client makes itself.
CONNECTIONS = {
    *("verify", "cert", "trust_env", "http1", "http2", "proxy", "mounts", "limits", "transport"),
}
# Tested below, one by one; the last two have nothing to say: redirects are not followed, and are an
# error that says where they lead, and JSON tells its encoding itself.
OTHERS = {
    *("timeout", "base_url", "event_hooks", "follow_redirects"),
    *("max_redirects", "default_encoding"),
}


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("name", ["Client", "AsyncClient"])
def test_no_setting_of_a_client_is_forgotten_here(library: Any, name: str) -> None:
    known = {*KEPT, *CONNECTIONS, *OTHERS}
    assert set(inspect.signature(getattr(library, name)).parameters) == known


@everywhere
@pytest.mark.parametrize("operation", ["images.generate", "jobs.list", "models"])
@pytest.mark.parametrize("name", KEPT)
def test_a_setting_of_the_callers_client_is_kept(
    kind: Kind, library: Any, operation: str, name: str
) -> None:
    request = sent(kind, library, operation, {name: KEPT[name].given})
    assert KEPT[name].shows(request)
    if operation == "jobs.list":
        assert "limit=5" in request.target
    if operation != "models":
        assert request.headers["x-api-key"] == KEY


@everywhere
def test_what_the_caller_changes_later_counts(kind: Kind, library: Any) -> None:
    """A token is renewed, a cookie comes with a login, and other options are of the same client."""
    with Server(answer=lambda request: http(200, "{}", {"Set-Cookie": "seen=1"})) as server:

        async def run() -> None:
            options: dict[str, Any] = {"api_key": KEY, "base_url": server.url}
            if issubclass(kind, AsyncFluxframe):
                async with library.AsyncClient(headers={"X-Token": "one"}) as own:
                    client: Any = kind(http_client=own, **options)
                    await client.me()
                    own.headers["X-Token"] = "two"
                    own.params = {"tenant": "b"}
                    own.cookies.set("session", "s2")
                    await client.with_options(timeout=5).me()
                    await client.me()
            else:
                with library.Client(headers={"X-Token": "one"}) as own:
                    client = kind(http_client=own, **options)
                    client.me()
                    own.headers["X-Token"] = "two"
                    own.params = {"tenant": "b"}
                    own.cookies.set("session", "s2")
                    client.with_options(timeout=5).me()
                    client.me()

        asyncio.run(run())
        first, *others = server.requests
    assert (first.headers["x-token"], "cookie" in first.headers) == ("one", False)
    for request in others:
        assert request.headers["x-token"] == "two"
        assert request.target == "/v2/me?tenant=b"
        assert set(request.headers["cookie"].split("; ")) == {"session=s2", "seen=1"}


@everywhere
@pytest.mark.parametrize(
    "url", ["https://api.other.example/v1", "https://fox:den@api.other.example"]
)
def test_a_base_url_that_would_not_be_used_is_refused(
    kind: Kind, library: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key must not go to another API with which the client is shared."""
    with pytest.raises(
        ConfigurationError, match=r"http_client: its base_url .*other\.example"
    ) as caught:
        call(kind, lambda client: client.base_url, library, {"base_url": url})
    assert "den" not in str(caught.value)
    there = "https://here.example"
    own = {"base_url": url}
    assert call(kind, lambda c: c.base_url, library, own, base_url=there) == there
    monkeypatch.setenv("APIFRAME_BASE_URL", there)
    assert call(kind, lambda c: c.base_url, library, own) == there


@everywhere
def test_a_base_url_that_is_the_apis_own_is_no_problem(kind: Kind, library: Any) -> None:
    known = Fluxframe(api_key=KEY).base_url
    assert call(kind, lambda c: c.base_url, library, {"base_url": f"{known}/"}) == known


@everywhere
@pytest.mark.parametrize(
    ("own", "options", "expected"),
    [
        ({}, {}, {60.0}),
        ({"timeout": 5.0}, {}, {60.0}),
        ({"timeout": 7.0}, {}, {7.0}),
        ({"timeout": 7.0}, {"timeout": 9.0}, {7.0, 9.0}),
        ({"timeout": None}, {"deadline": 99.0}, {99.0}),
        ({"timeout": (2.0, 20.0, 20.0, 20.0)}, {}, {2.0, 20.0}),
    ],
    ids=str,
)
def test_a_timeout_of_the_callers_client_is_kept(
    kind: Kind, library: Any, own: dict[str, Any], options: dict[str, Any], expected: set[float]
) -> None:
    seen: list[Any] = []

    def handle(request: Any) -> Any:
        seen.append(request.extensions["timeout"])
        return library.Response(200, json={})

    own = {"transport": library.MockTransport(handle), **own}
    call(kind, lambda client: client.me(), library, own, **options)
    [steps] = seen
    # A step may be told as an object, or have no limit but that of the whole.
    limits = {
        math.ceil(operator.index(s) if hasattr(s, "__index__") else s) for s in steps.values() if s
    }
    assert limits <= expected
    assert min(expected) in limits


@everywhere
def test_a_hook_may_read_an_answer_itself(kind: Kind, library: Any) -> None:
    async def aread(response: Any) -> None:
        await response.aread()

    def read(response: Any) -> None:
        response.read()

    hook: Any = aread if issubclass(kind, AsyncFluxframe) else read
    own = {"event_hooks": {"response": [hook]}}
    with Server() as server:
        job = call(kind, OPERATIONS["images.generate"], library, own, base_url=server.url)
        assert list(server.jobs.values()) == [job.id]


@everywhere
@pytest.mark.parametrize("closes", [True, False])
def test_what_a_hook_consumes_is_told_with_the_key(kind: Kind, library: Any, closes: bool) -> None:
    async def aread(response: Any) -> None:
        if closes:
            await response.aclose()
        else:
            [_ async for _ in response.aiter_raw()]

    def read(response: Any) -> None:
        if closes:
            response.close()
        else:
            list(response.iter_raw())

    hook: Any = aread if issubclass(kind, AsyncFluxframe) else read
    own = {"event_hooks": {"response": [hook]}}
    with Server() as server, pytest.raises(UnexpectedResponseError, match="event hook") as caught:
        call(kind, OPERATIONS["images.generate"], library, own, base_url=server.url, max_retries=0)
    assert str(caught.value.idempotency_key) in str(caught.value)


@everywhere
def test_what_a_hook_raises_is_the_callers_own_with_the_key(kind: Kind, library: Any) -> None:
    class TheirsError(Exception):
        pass

    async def araise(response: Any) -> None:
        raise TheirsError

    def raise_(response: Any) -> None:
        raise TheirsError

    hook: Any = araise if issubclass(kind, AsyncFluxframe) else raise_
    own = {"event_hooks": {"response": [hook]}}
    with Server() as server:
        with pytest.raises(TheirsError) as caught:
            call(kind, OPERATIONS["images.generate"], library, own, base_url=server.url)
        [key] = server.keys
    assert key
    assert any(str(key) in note for note in caught.value.__notes__)


# Redirects to what is not a URL


LOCATIONS = [
    *("javascript:1", "data:,x", "mailto:fox", "http://", "http://[", "http://[::1", "//", "///"),
    *("http://a:b/", "http://a:99999/", "http://a b/", "http://\x80/", "http://xn--a/", "https:/x"),
    *("?", "#", "", "/" + "x" * 70_000, "http://" + "a" * 300, "x:" + "y" * 70_000, "ftp://x/y"),
    *("http://a/\x7f", "\x01", "http:// /", "http://ﬀ/", "http://\u0130.com", "urn:x", "::", ":"),
]


@pytest.mark.parametrize("library", [None, httpx, httpx2], ids=str)
@both
def test_a_redirect_to_anything_is_an_error_of_ours(kind: Kind, library: Any) -> None:
    def answer(request: Request) -> bytes:
        status, location = todo.pop()
        return f"HTTP/1.1 {status} So\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()

    async def all_of_them(client: Any) -> None:
        for place in LOCATIONS:
            todo.append((301 if len(errors) % 2 else 307, place))
            with pytest.raises(FluxframeError) as caught:
                await value_of(OPERATIONS["images.generate"](client))
            errors.append(caught.value)

    todo: list[tuple[int, str]] = []
    errors: list[Any] = []
    with Server(answer=answer) as server:
        call(kind, all_of_them, library, base_url=server.url, max_retries=0)
    assert len(errors) == len(LOCATIONS)
    for error in errors:
        if library is None and not isinstance(error, APIConnectionError):
            assert type(error) is APIStatusError
        assert isinstance(error, APIStatusError | APIConnectionError)
        assert len(str(error)) < 3000
        if not isinstance(error, APIStatusError):
            assert str(error.idempotency_key) in str(error)


@pytest.mark.parametrize("library", [None, httpx, httpx2], ids=str)
@both
def test_where_a_redirect_leads_is_logged_without_its_query(
    kind: Kind, library: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there = {"Location": "https://files.example/a?X-Signature=topsecret", "X-Echo": KEY}
    refused = pytest.raises(APIStatusError, match=r"it points to https://files\.example/a, which")
    with Server(answer=lambda request: http(302, headers=there)) as server, refused:
        call(kind, lambda client: client.me(), library, base_url=server.url)
    assert any("files.example/a" in record.getMessage() for record in caplog.records)
    for record in caplog.records:
        assert "topsecret" not in record.getMessage() + repr(vars(record))
        assert KEY not in record.getMessage() + repr(vars(record))


# Cookies


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
@both
def test_no_cookie_of_a_server_is_kept(kind: Kind, library: Any) -> None:
    """Nor parsed: there may be thousands in an answer."""
    numbers = iter(range(10**9))

    def answer(request: Request) -> bytes:
        cookies = "".join(f"Set-Cookie: c{next(numbers)}={'x' * 50}\r\n" for _ in range(1000))
        head = f"HTTP/1.1 200 OK\r\n{cookies}Content-Length: 2\r\n\r\n"
        return head.encode() + b"{}"

    async def polls(client: Any) -> Any:
        for _ in range(3):
            await value_of(client.me())
        http_client, _ = client._transport.client()
        return list(http_client.cookies.jar)

    with Server(answer=answer) as server:
        assert call(kind, polls, base_url=server.url, http_client=library) == []
        assert ["cookie" in request.headers for request in server.requests] == [False] * 3


@everywhere
def test_a_cookie_that_can_not_be_sent_does_not_end_the_calls(
    kind: Kind, library: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A server has set it in the caller's own client."""

    async def twice(client: Any) -> None:
        for _ in range(2):
            await value_of(client.me())

    head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=\xff\r\nContent-Length: 2\r\n\r\n{}"
    with Server(answer=lambda request: head) as server:
        call(kind, twice, library, base_url=server.url)
        assert ["cookie" in request.headers for request in server.requests] == [False] * 2
    assert "no cookies are sent" in caplog.text

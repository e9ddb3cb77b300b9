"""What goes wrong on the wire, over real sockets: what the server sees, and what the caller is told."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import formatdate
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import httpx
import httpx2
import pytest
import trustme

import fluxframe
from fluxframe import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncFluxframe,
    ConfigurationError,
    Fluxframe,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)
from fluxframe._wire import http as _http
from fluxframe._wire import retry, transport

from ..servers.emulated import Emulated
from ..servers.http1 import Request, http, http_json
from ..servers.scripted import OK, Deed, Do, Parts, Server, Then, drip, with_length
from ..servers.silent import silent, slow_reader
from . import calls
from .calls import KEY, Kind, Use, both, everywhere, value_of

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
WEEK = 7 * 24 * 3600


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the server asks for is slept."""
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)


def call(kind: Kind, use: Use, library: Any = httpx, **options: Any) -> Any:
    chosen = {"max_retries": 2, "timeout": 20.0, "deadline": 30.0, **options}
    return calls.call(kind, use, library, **chosen)


def generate(client: Any) -> Any:
    return client.images.generate(**REQUEST)


def reset(at: int | None) -> Deed:
    """Sends so many bytes of the right answer, and resets the connection."""
    return lambda good: [good[:at], Then.RESET]


def says(
    status: int, body: bytes | str = '{"error": "No"}', headers: Callable[[], dict[str, str]] = dict
) -> Deed:
    return lambda good: [http(status, body, headers())]


def asks(value: str) -> Deed:
    return says(429, headers=lambda: {"Retry-After": value})


def asks_twice(one: str, two: str) -> Deed:
    both = (
        f"HTTP/1.1 429 X\r\nRetry-After: {one}\r\nRetry-After: {two}\r\nContent-Length: 0\r\n\r\n"
    )
    return lambda good: [both.encode()]


def asks_by_date(seconds: float) -> Deed:
    def headers() -> dict[str, str]:
        now = time.time()
        return {
            "Date": formatdate(now, usegmt=True),
            "Retry-After": formatdate(now + seconds, usegmt=True),
        }

    return says(429, headers=headers)


def says_in(charset: str, status: int) -> Deed:
    """Says it in a charset that is none, or in none that the bytes are of."""
    kind = {"Content-Type": f"text/plain; charset={charset}"}
    return says(status, b"abc\xff\xfe-+..x", lambda: kind)


def body(good: bytes) -> bytes:
    return good.partition(b"\r\n\r\n")[2]


def shortened(good: bytes) -> Parts:
    last = good.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
    return [with_length(last, -9), Then.CLOSE]


CHARSETS = ["utf-16", "hex", "rot13", "idna", "undefined"]
HTML = "<html><h1>Bad gateway</h1></html>"


@dataclass(frozen=True)
class Case:
    """What the server does with a submission, and the error if it does it each time.

    `again` says whether another attempt follows, `makes` whether the attempt makes a job, `reads`
    whether the server gets it at all, `waits` the seconds until the next attempt.
    """

    name: str
    deed: Deed
    error: type[APIError]
    again: bool = True
    makes: bool = True
    reads: bool = True
    waits: float = 0.0


CASES = [
    Case("reset before it is read", reset(0), APIConnectionError, makes=False, reads=False),
    Case("reset, no job", reset(0), APIConnectionError, makes=False),
    Case("reset, the job is made", reset(0), APIConnectionError),
    Case("reset in the status line", reset(7), APIConnectionError),
    Case("reset in the headers", reset(30), APIConnectionError),
    Case("reset in the body", reset(-5), APIConnectionError),
    Case("closed without an answer", lambda good: [Then.CLOSE], APIConnectionError),
    Case("closed in the body", lambda good: [good[:-5], Then.CLOSE], APIConnectionError),
    Case("no HTTP", lambda good: [b"SSH-2.0\r\n\r\n", Then.CLOSE], APIConnectionError),
    Case("429", says(429), RateLimitError, makes=False),
    Case("429, after 0 s", asks("0"), RateLimitError, makes=False),
    Case("429, after 1 s", asks("1"), RateLimitError, makes=False, waits=1.0),
    Case("429, after a date", asks_by_date(1), RateLimitError, makes=False, waits=1.0),
    Case("429, after inf", asks("inf"), RateLimitError, makes=False),
    Case("429, after -1", asks("-1"), RateLimitError, makes=False),
    Case("429, after nan", asks("nan"), RateLimitError, makes=False),
    Case("429, after 10^400", asks("1" + "0" * 400), RateLimitError, makes=False, again=False),
    Case("429, after 1 s twice", asks_twice("1", "0"), RateLimitError, makes=False, waits=1.0),
    Case("429, after a week", asks(f"{WEEK}"), RateLimitError, makes=False, again=False),
    Case("429, after a week's date", asks_by_date(WEEK), RateLimitError, makes=False, again=False),
    *(Case(f"{s}", says(s), ServerError) for s in (500, 502, 503, 504, 520, 524, 529)),
    Case("408", says(408), APIStatusError),
    Case("400", says(400), APIStatusError, makes=False, again=False),
    Case("501", says(501), ServerError, makes=False, again=False),
    Case("200 with HTML", says(200, HTML), UnexpectedResponseError),
    Case("202 with HTML", says(202, HTML), UnexpectedResponseError),
    Case("502 with HTML", says(502, HTML), ServerError),
    Case("truncated JSON", lambda good: [http(202, body(good)[:-9])], UnexpectedResponseError),
    Case("an empty body", says(202, ""), UnexpectedResponseError),
    Case("JSON of no job", says(202, "{}"), UnexpectedResponseError, again=False),
    Case("a job's id of another type", says(202, '{"jobId": [5]}'), UnexpectedResponseError, False),
    *(
        Case(f"a job's id {id}", says(202, f'{{"jobId": "{id}"}}'), UnexpectedResponseError, False)
        for id in ("", ".", "\\ud800")
    ),
    *(Case(f"502 in {charset}", says_in(charset, 502), ServerError) for charset in CHARSETS),
    *(
        Case(f"202 in {charset}", says_in(charset, 202), UnexpectedResponseError)
        for charset in CHARSETS
    ),
    Case(
        "Content-Length too long",
        lambda good: [with_length(good, 9), Then.CLOSE],
        APIConnectionError,
    ),
    Case("Content-Length too short", shortened, UnexpectedResponseError),
    Case(
        "a redirect within the host",
        says(307, headers=lambda: {"Location": "/v2/elsewhere"}),
        APIStatusError,
        again=False,
    ),
]
# How the emulator is asked to do the same.
FAULTS = {
    "reset, no job": "reset=before",
    "reset, the job is made": "reset=after",
    "reset in the headers": "reset=headers",
    "reset in the body": "reset=body",
    "closed without an answer": "close=after",
    "closed in the body": "close=body",
    "no HTTP": "garbage=protocol",
    "429": "status=429",
    "429, after 0 s": "status=429; retry_after=0",
    "429, after 1 s": "status=429; retry_after=1",
    "429, after inf": "status=429; retry_after=inf",
    "429, after -1": 'status=429; retry_after="-1"',
    "429, after nan": "status=429; retry_after=nan",
    "429, after a week": "status=429; retry_after=604800",
    "408": "status=408; done",
    "400": "status=400",
    "501": "status=501",
    "200 with HTML": "status=200; done; garbage=html",
    "202 with HTML": "garbage=html",
    "502 with HTML": "status=502; done; garbage=html",
    "truncated JSON": "garbage=cut",
    "an empty body": "garbage=empty",
    "JSON of no job": "body={}",
    "a job's id of another type": 'body={"jobId": [5]}',
    "Content-Length too long": "length=9",
    "Content-Length too short": 'length=-9; headers={"Connection": "close"}',
    "a redirect within the host": "redirect=/v2/elsewhere; done",
    "429, after 1 s twice": 'status=429; headers={"Retry-After": ["1", "0"]}',
    "a stall before the answer": "stall=after",
    "a stall in the headers": "stall=headers",
    "a stall in the body": "stall=body",
    "a drip of the body": "bytes_per_second=30",
    "429, after 10^400": f'status=429; retry_after="1{"0" * 400}"',
    **{f"{status}": f"status={status}; done" for status in (500, 502, 503, 504, 520, 524, 529)},
    **{f"a job's id {id}": f'body={{"jobId": "{id}"}}' for id in ("", ".")},
    "a job's id \\ud800": r'body="{\"jobId\": \"\\ud800\"}"; headers={"Content-Type": "application/json"}',
    **{
        f"{status} in {charset}": f"{status_of}garbage=binary; "
        f'headers={{"Content-Type": "text/plain; charset={charset}"}}'
        for charset in CHARSETS
        for status, status_of in ((502, "status=502; done; "), (202, ""))
    },
}


def servers(cases: list[Case]) -> pytest.MarkDecorator:
    """Each case, done by the scripted server, and by the emulator where it can."""
    return pytest.mark.parametrize(
        ("case", "fault"),
        [
            *(pytest.param(case, None, id=case.name) for case in cases),
            *(
                pytest.param(case, FAULTS[case.name], id=f"{case.name}, emulated")
                for case in cases
                if case.name in FAULTS
            ),
        ],
    )


Serve: TypeAlias = Callable[[Case, int], Any]


@pytest.fixture
def serve(fault: str | None, request: pytest.FixtureRequest, key: str) -> Serve:
    """What makes a server that does as a case says, to so many requests."""
    if fault is not None:
        emulator = request.getfixturevalue("emulator")
        return lambda case, times: Emulated(emulator, key, fault, times)
    return lambda case, times: Server([Do(case.deed, case.makes, case.reads)] * times)


each_case = servers(CASES)

# Those that a deadline ends: the timeout is for an attempt, the deadline for both.
SLOW = [
    Case("a stall before the answer", lambda good: [Then.STALL], APITimeoutError),
    Case("a stall in the headers", lambda good: [good[:30], Then.STALL], APITimeoutError),
    Case("a stall in the body", lambda good: [good[:-5], Then.STALL], APITimeoutError),
    Case("a drip of all", drip, APITimeoutError),
    Case(
        "a drip of the body",
        lambda good: [http(202, length=4000), *drip(b" " * 4000)],
        APITimeoutError,
    ),
]
# A socket's own clock is of whole seconds.
TIMEOUT, DEADLINE, SLACK = 0.3, 0.9, 1.5
each_slow_case = servers(SLOW)


def job_after(server: Server | Emulated, kind: Kind, library: Any, error: APIError) -> str:
    """The job of a resubmission with the key of an error, now that the server does as it should."""
    server.script()
    key = error.idempotency_key
    return str(
        call(
            kind,
            lambda client: client.images.generate({**REQUEST}, idempotency_key=key),
            library,
            **server.options,
        ).id
    )


@everywhere
@each_case
def test_a_fault_that_passes_is_borne(case: Case, serve: Serve, kind: Kind, library: Any) -> None:
    """The server does it once, and then does as it should."""
    with serve(case, 1) as server:
        start = time.monotonic()
        if case.again:
            job = call(kind, generate, library, **server.options)
            assert time.monotonic() - start >= case.waits
            assert list(server.jobs.values()) == [job.id]
            assert job.response.attempts == 2
            assert len(server.requests) == 1 + case.reads
        else:
            with pytest.raises(case.error) as caught:
                call(kind, generate, library, **server.options)
            assert caught.value.attempts == len(server.requests) == 1
        assert len({request.headers["idempotency-key"] for request in server.requests}) == 1
        assert len({request.body for request in server.requests}) == 1
        assert len(server.jobs) <= 1


@everywhere
@each_case
def test_a_fault_that_stays_is_an_error_and_paid_for_once(
    case: Case, serve: Serve, kind: Kind, library: Any
) -> None:
    """The server does it each time, until the caller submits it again by its key."""
    retries = 1 if case.waits else 2
    with serve(case, 9) as server:
        with pytest.raises(case.error) as caught:
            call(kind, generate, library, **server.options, max_retries=retries)
        error = caught.value
        assert type(error) is not APIError
        assert error.operation == "images.generate"
        assert error.attempts == (1 + retries if case.again else 1)
        assert retries * case.waits <= error.elapsed < 30
        assert len(server.requests) == (error.attempts if case.reads else 0)
        assert {r.headers["idempotency-key"] for r in server.requests} <= {error.idempotency_key}
        first = list(server.jobs.values())
        assert len(first) == (1 if case.makes else 0)
        again = job_after(server, kind, library, error)
        assert list(server.jobs.values()) == [again]
        assert first in ([], [again])


@everywhere
@each_slow_case
def test_a_deadline_ends_it(case: Case, serve: Serve, kind: Kind, library: Any) -> None:
    with serve(case, 9) as server:
        with pytest.raises(case.error) as caught:
            call(kind, generate, library, **server.options, timeout=TIMEOUT, deadline=DEADLINE)
        error = caught.value
        assert error.elapsed < DEADLINE + SLACK
        assert 1 <= error.attempts == len(server.requests) <= 3
        assert {r.headers["idempotency-key"] for r in server.requests} == {error.idempotency_key}
        assert list(server.jobs.values()) == [job_after(server, kind, library, error)]


@everywhere
def test_one_slow_attempt_is_followed_by_another(kind: Kind, library: Any) -> None:
    with Server([Do(lambda good: [Then.STALL])]) as server:
        job = call(kind, generate, library, base_url=server.url, timeout=TIMEOUT)
        assert list(server.jobs.values()) == [job.id]
        assert job.response.attempts == len(server.requests) == 2


@everywhere
def test_a_deadline_holds_on_a_connection_that_was_kept(kind: Kind, library: Any) -> None:
    async def twice(client: Any) -> None:
        await value_of(generate(client))
        client = client.with_options(timeout=TIMEOUT, deadline=TIMEOUT)
        with pytest.raises(APITimeoutError) as caught:
            await value_of(generate(client))
        assert caught.value.elapsed < TIMEOUT + SLACK

    with Server([OK, Do(drip)]) as server:
        call(kind, twice, library, base_url=server.url)
        assert server.connections == 1


@everywhere
@pytest.mark.skipif(sys.platform != "linux", reason="a full queue is refused elsewhere")
def test_a_deadline_holds_for_a_host_of_many_addresses(
    kind: Kind, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of which answers; each is tried in turn."""
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("0.0.0.0", 0), backlog=0))
        port = deaf.getsockname()[1]
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        resolved = socket.getaddrinfo

        def addresses(host: Any, *args: Any, **options: Any) -> Any:
            many = host in ("many.example", b"many.example")
            hosts = [f"127.0.0.{i}" for i in range(1, 6)] if many else [host]
            return [place for each in hosts for place in resolved(each, *args, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", addresses)
        url = f"http://many.example:{port}"
        with pytest.raises(APITimeoutError) as caught:
            call(kind, generate, library, base_url=url, timeout=DEADLINE, deadline=DEADLINE)
        assert caught.value.elapsed < DEADLINE + SLACK


@both
def test_a_retry_that_the_deadline_does_not_allow_is_not_waited_for(kind: Kind) -> None:
    with Server([Do(asks("5"), makes=False)]) as server:
        with pytest.raises(RateLimitError, match=r"1 attempt in ") as caught:
            call(kind, generate, base_url=server.url, deadline=4.0)
        assert caught.value.elapsed < 4
        assert (caught.value.retry_after, caught.value.attempts) == (5.0, 1)


@everywhere
def test_the_deadline_of_the_client_is_that_of_run_too(kind: Kind, library: Any) -> None:
    with Server([Do(lambda good: [Then.STALL])] * 9) as server:
        with pytest.raises(APITimeoutError) as caught:
            call(
                kind,
                lambda client: client.images.run(**REQUEST),
                library,
                base_url=server.url,
                deadline=0.5,
            )
        assert caught.value.elapsed < 0.5 + SLACK


@both
@pytest.mark.parametrize("status", [200, 202, 400, 401, 500])
@pytest.mark.parametrize(
    "body", [f'{{"apiKey": "{KEY}"}}', f'["{KEY}"]', f'{{"error": "{KEY}"}}', f"<h1>{KEY}</h1>"]
)
def test_a_server_that_repeats_the_key_is_not_repeated(kind: Kind, status: int, body: str) -> None:
    with Server([Do(says(status, body))] * 9) as server, pytest.raises(APIError) as caught:
        call(kind, generate, base_url=server.url)
    assert KEY not in str(caught.value) + repr(vars(caught.value))


@both
def test_a_key_that_is_short_takes_nothing_from_an_answer(kind: Kind) -> None:
    with Server() as server:
        job = call(kind, generate, base_url=server.url, api_key="job")
        assert list(server.jobs.values()) == [job.id]


# Whether it may have been accepted


def refuses(status: int) -> Do:
    there = {"Location": "/maintenance"} if status == 302 else {}
    return Do(says(status, headers=lambda: there), makes=False)


LOST = Do(reset(0))
UNSURE: dict[str, list[Do]] = {
    "timeout, 409": [Do(lambda good: [Then.STALL]), refuses(409)],
    **{f"reset, {status}": [LOST, refuses(status)] for status in (302, 400, 401, 404, 409)},
    "reset, 429, 429": [LOST, refuses(429), refuses(429)],
    "reset, 502, 502": [LOST, refuses(502), refuses(502)],
    "504 each time": [Do(says(504))] * 3,
    "408 each time": [Do(says(408))] * 3,
    "the id of no job": [Do(says(202, '{"jobId": ""}'))],
    **{f"502 in {charset}": [Do(says_in(charset, 502))] * 3 for charset in CHARSETS},
}


@both
@pytest.mark.parametrize("how", UNSURE)
def test_the_key_is_told_whenever_an_attempt_may_have_arrived(how: str, kind: Kind) -> None:
    with Server(UNSURE[how]) as server:
        with pytest.raises(APIError) as caught:
            call(kind, generate, base_url=server.url, timeout=1.0)
        assert caught.value.attempts == len(UNSURE[how])
        [key] = server.jobs
        assert f'submit it again with idempotency_key="{key}"' in str(caught.value)


@everywhere
def test_the_key_is_told_of_a_server_that_is_gone_after_the_first_attempt(
    kind: Kind, library: Any
) -> None:
    def go(good: bytes) -> Parts:
        server.stop_listening()
        return [Then.RESET]

    with Server([Do(go)]) as server:
        with pytest.raises(APIConnectionError, match=r"refused|failed") as caught:
            call(kind, generate, library, base_url=server.url)
        assert caught.value.attempts == 3
        [key] = server.jobs
        assert f'idempotency_key="{key}"' in str(caught.value)


@everywhere
@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 429])
def test_no_key_is_told_of_what_was_refused(kind: Kind, library: Any, status: int) -> None:
    with Server([refuses(status)] * 9) as server:
        with pytest.raises(APIStatusError) as caught:
            call(kind, generate, library, base_url=server.url)
        assert "idempotency_key" not in str(caught.value)
        assert caught.value.idempotency_key == server.requests[0].headers["idempotency-key"]


@everywhere
def test_no_key_is_told_of_what_was_never_sent(kind: Kind, library: Any) -> None:
    with Server() as server:
        server.stop_listening()
        with pytest.raises(APIConnectionError) as caught:
            call(kind, generate, library, base_url=server.url)
    assert caught.value.attempts == 3
    assert "idempotency_key" not in str(caught.value)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no signal to a thread")
@pytest.mark.parametrize("library", [httpx, httpx2])
def test_ctrl_c_tells_the_key(library: Any) -> None:
    main = threading.main_thread().ident
    assert main is not None

    def interrupt(good: bytes) -> Parts:
        signal.pthread_kill(main, signal.SIGINT)
        return [Then.STALL]

    with Server([Do(interrupt)]) as server, library.Client(verify=False) as own:
        client = Fluxframe(api_key=KEY, base_url=server.url, http_client=own)
        with pytest.raises(KeyboardInterrupt) as caught:
            generate(client)
        [note] = caught.value.__notes__
        assert f'idempotency_key="{server.keys[0]}"' in note


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_cancelled_submission_tells_the_key(library: Any) -> None:
    notes: list[str] = []
    arrived = threading.Event()

    def stall(good: bytes) -> Parts:
        arrived.set()
        return [Then.STALL]

    async def cancelled(client: Any) -> None:
        task = asyncio.create_task(generate(client))
        assert await asyncio.to_thread(arrived.wait, 10)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            notes.extend(error.__notes__)

    with Server([Do(stall)]) as server:
        call(AsyncFluxframe, cancelled, library, base_url=server.url)
        [note] = notes
        assert f'idempotency_key="{server.keys[0]}"' in note


# Other hosts, and TLS


@everywhere
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_host_gets_nothing_of_a_redirect(kind: Kind, library: Any, status: int) -> None:
    with Server() as other:
        there = {"Location": f"http://localhost:{other.port}/v2/images/generate"}
        with Server([Do(says(status, headers=lambda: there))] * 9) as server:
            with pytest.raises(APIStatusError) as caught:
                call(kind, generate, library, base_url=server.url)
            assert (caught.value.status, caught.value.attempts) == (status, 1)
        assert other.connections == 0


@everywhere
def test_a_certificate_that_is_not_trusted_is_final(kind: Kind, library: Any) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    async def run(url: str) -> None:
        options: dict[str, Any] = {"api_key": KEY, "base_url": url}
        trusting = ssl.create_default_context()
        if issubclass(kind, AsyncFluxframe):
            async with library.AsyncClient(verify=trusting) as own:
                await generate(kind(http_client=own, **options))
        else:
            with library.Client(verify=trusting) as other:
                generate(kind(http_client=other, **options))

    with Server(tls=context) as server:
        with pytest.raises(APIConnectionError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            asyncio.run(run(server.url))
        assert (caught.value.attempts, server.connections, server.requests) == (1, 1, [])


@everywhere
def test_a_trusted_server_is_served_over_tls(kind: Kind, library: Any) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Server(tls=context) as server:
        job = call(kind, generate, library, base_url=server.url)
        assert list(server.jobs.values()) == [job.id]


@everywhere
@pytest.mark.parametrize("use", [lambda client: generate(client), lambda client: upload(client)])
def test_a_handshake_that_stalls_is_nothing_sent_and_leaves_no_connection(
    kind: Kind, library: Any, use: Use
) -> None:
    with silent() as (url, listener):

        async def run(client: Any) -> None:
            with pytest.raises(APITimeoutError, match="ConnectTimeout") as caught:
                await value_of(use(client))
            assert caught.value.attempts == 2
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(5)
                    while connection.recv(65536):
                        pass

        url = url.replace("http:", "https:")
        call(kind, run, library, base_url=url, timeout=TIMEOUT, max_retries=1)


@everywhere
def test_plain_http_where_tls_is_expected_is_a_connection_error(kind: Kind, library: Any) -> None:
    plain = http(400, "This is no TLS")
    with Server([Do(lambda good: [plain, Then.CLOSE], reads=False)] * 9) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(APIConnectionError, match="WRONG_VERSION_NUMBER") as caught:
            call(kind, generate, library, base_url=url)
        assert caught.value.attempts == server.connections == 3


# Slow readers


LARGE = 20_000_000


@everywhere
@pytest.mark.parametrize("what", ["upload", "submission"])
def test_a_deadline_holds_for_a_server_that_reads_slowly(
    what: str, kind: Kind, library: Any
) -> None:
    def use(client: Any) -> Any:
        if what == "upload":
            return client.uploads.create(b"x" * LARGE)
        return client.images.generate({**REQUEST}, extra_params={"blob": "x" * LARGE})

    with slow_reader() as url:
        with pytest.raises(APITimeoutError) as caught:
            call(kind, use, library, base_url=url, timeout=DEADLINE, deadline=DEADLINE)
        assert caught.value.elapsed < DEADLINE + SLACK


# Uploads


def upload(client: Any) -> Any:
    return client.uploads.create(b"\x89PNG" + b"x" * 1000)


@everywhere
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_upload_is_not_sent_twice(case: Case, kind: Kind, library: Any) -> None:
    """No key names it, so that it might be done twice."""
    if case.name == "JSON of no job" or "a job's id" in case.name:
        return
    with Server([Do(case.deed, case.makes, case.reads)] * 9) as server:
        with pytest.raises(APIError) as caught:
            call(kind, upload, library, base_url=server.url)
        assert (caught.value.attempts, caught.value.idempotency_key) == (1, None)
        assert server.connections == 1


@everywhere
def test_an_upload_of_which_nothing_was_sent_is_tried_again(
    kind: Kind, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:  # It does not listen, and no one else can take its port.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(APIConnectionError) as caught:
            call(kind, upload, library, base_url=url)
        assert caught.value.attempts == 3
        assert "it may have arrived" not in str(caught.value)

        with Server() as server:

            def opens() -> float:  # Between the first attempt and the second.
                taken.close()
                server.listen_on(taken_port)
                return 0.0

            taken_port = int(url.rpartition(":")[2])
            monkeypatch.setattr(retry, "random", SimpleNamespace(random=opens))
            uploaded = call(kind, upload, library, base_url=url)
            assert uploaded.url == "https://files.example/a.png"
            [request] = server.requests
            assert b"\x89PNG" + b"x" * 1000 in request.body


# The caller's own client


@everywhere
def test_a_client_of_the_callers_is_used_as_it_is(kind: Kind, library: Any) -> None:
    seen: list[str] = []

    async def anote(message: Any) -> None:
        seen.append(type(message).__name__)

    def note(message: Any) -> None:
        seen.append(type(message).__name__)

    async def run(url: str) -> None:
        settings: dict[str, Any] = {"api_key": KEY, "base_url": url}
        headers = {"X-Team": "foxes", "User-Agent": "theirs", "X-API-Key": "theirs"}
        if issubclass(kind, AsyncFluxframe):
            hooks: dict[str, Any] = {"request": [anote], "response": [anote]}
            async with library.AsyncClient(headers=headers, event_hooks=hooks) as own:
                async with kind(http_client=own, **settings) as client:
                    await generate(client)
                assert not own.is_closed
                await own.get(url)
        else:
            hooks = {"request": [note], "response": [note]}
            with library.Client(headers=headers, event_hooks=hooks) as other:
                with kind(http_client=other, **settings) as client:
                    generate(client)
                assert not other.is_closed
                other.get(url)

    with Server() as server:
        asyncio.run(run(server.url))
        ours, theirs = server.requests
    assert ours.headers["x-team"] == "foxes"
    assert ours.headers["x-api-key"] == KEY
    assert ours.headers["user-agent"] == "theirs"
    assert (theirs.headers["user-agent"], theirs.headers["x-api-key"]) == ("theirs", "theirs")
    assert seen == ["Request", "Response"] * 2


@everywhere
@pytest.mark.parametrize("times", [1, 9])
def test_a_hook_that_raises_for_a_status_changes_nothing(
    kind: Kind, library: Any, times: int
) -> None:
    async def acheck(response: Any) -> None:
        response.raise_for_status()

    def check(response: Any) -> None:
        response.raise_for_status()

    async def run(url: str) -> Any:
        settings: dict[str, Any] = {"api_key": KEY, "base_url": url, "max_retries": 2}
        if issubclass(kind, AsyncFluxframe):
            async with library.AsyncClient(event_hooks={"response": [acheck]}) as own:
                return await generate(kind(http_client=own, **settings))
        with library.Client(event_hooks={"response": [check]}) as other:
            return generate(kind(http_client=other, **settings))

    with Server([Do(says(503))] * times) as server:
        if times == 1:
            job = asyncio.run(run(server.url))
            assert list(server.jobs.values()) == [job.id]
            return
        with pytest.raises(ServerError) as caught:
            asyncio.run(run(server.url))
        assert (caught.value.status, caught.value.attempts) == (503, 3)
        assert set(server.keys) == {caught.value.idempotency_key}
        assert f'idempotency_key="{server.keys[0]}"' in str(caught.value)


def kinds_of_clients() -> dict[str, Any]:
    return {
        f"{library.__name__}.{name}": getattr(library, name)
        for library in (httpx, httpx2)
        for name in ("Client", "AsyncClient")
    }


@both
@pytest.mark.parametrize("name", [*kinds_of_clients(), "none", "a class"])
def test_a_client_of_the_wrong_kind_is_refused(kind: Kind, name: str) -> None:
    wanted = "AsyncClient" if kind is AsyncFluxframe else "Client"
    if name.endswith(f".{wanted}"):
        return
    made = kinds_of_clients().get(name)
    wrong: Any = made(verify=False) if made else {"none": object(), "a class": httpx.Client}[name]
    with pytest.raises(ConfigurationError, match=rf"expected an httpx\.{wanted} or httpx2"):
        kind(api_key=KEY, http_client=wrong)


@both
@pytest.mark.parametrize("used", [False, True])
def test_a_client_that_is_closed_says_so(kind: Kind, used: bool) -> None:
    async def run(url: str) -> None:
        client = kind(api_key=KEY, base_url=url)
        if used:
            await value_of(generate(client))
        await value_of(getattr(client, "aclose" if kind is AsyncFluxframe else "close")())
        for each in (client, client.with_options(timeout=1)):
            with pytest.raises(ConfigurationError, match="the client is closed"):
                await value_of(generate(each))

    with Server() as server:
        asyncio.run(run(server.url))
        assert len(server.requests) == used


@everywhere
def test_a_client_of_the_callers_that_is_closed_says_so(kind: Kind, library: Any) -> None:
    async def run() -> None:
        if issubclass(kind, AsyncFluxframe):
            async with library.AsyncClient(verify=False) as own:
                pass
            with pytest.raises(ConfigurationError, match="the client is closed"):
                await kind(api_key=KEY, http_client=own).me()
        else:
            with library.Client(verify=False) as other:
                pass
            with pytest.raises(ConfigurationError, match="the client is closed"):
                kind(api_key=KEY, http_client=other).me()

    asyncio.run(run())


# Threads and tasks


@pytest.mark.parametrize("where", ["library", "headers"])
def test_a_client_that_another_thread_is_preparing_is_not_used_half_prepared(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second call begins in the midst of the first one's preparations."""
    ids: list[str] = []
    second: list[threading.Thread] = []

    def interrupted(function: Callable[..., Any], at: int) -> Callable[..., Any]:
        calls = count(1)

        def run(*args: Any, **options: Any) -> Any:
            if next(calls) == at:
                thread = threading.Thread(target=lambda: ids.append(generate(client).id))
                second.append(thread)
                thread.start()
                thread.join(0.3)  # It may have to wait for us.
            return function(*args, **options)

        return run

    if where == "library":
        monkeypatch.setattr(transport, "library", interrupted(_http.library, 1))
    with Server() as server, Fluxframe(api_key=KEY, base_url=server.url) as client:
        if where == "headers":
            client._transport.client()
            monkeypatch.setattr(httpx.Headers, "update", interrupted(httpx.Headers.update, 1))
        ids.append(generate(client).id)
        for thread in second:
            thread.join()
        assert len(second) == 1
        assert sorted(ids) == sorted(server.jobs.values())
        assert [request.headers.get("x-api-key") for request in server.requests] == [KEY, KEY]


def test_a_client_can_be_used_first_by_many_threads_at_once() -> None:
    with Server() as server, Fluxframe(api_key=KEY, base_url=server.url) as client:
        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(lambda _: client.images.generate(**REQUEST).id, range(8)))
        assert sorted(ids) == sorted(server.jobs.values())


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize(
    "deed",
    [lambda good: [Then.STALL], lambda good: [good[:30], Then.STALL], drip],
    ids=["no answer", "headers", "drip"],
)
def test_a_call_that_is_cancelled_leaves_no_connection_and_no_task(
    library: Any, deed: Deed
) -> None:
    async def run(url: str) -> None:
        async with library.AsyncClient(verify=False) as own:
            client = AsyncFluxframe(api_key=KEY, base_url=url, http_client=own)
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.1):
                    await generate(client)
            assert not isinstance(caught.value, APITimeoutError)
            assert own._transport._pool.connections == []
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            await generate(client)

    with Server([Do(deed)]) as server:
        asyncio.run(run(server.url))
        assert len(server.requests) == 2


@pytest.mark.filterwarnings(
    # A loop that has ended closes no connections.
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_a_client_can_be_used_in_one_event_loop_after_another() -> None:
    with Server() as server:
        client = AsyncFluxframe(api_key=KEY, base_url=server.url)

        async def use() -> str:
            return (await client.images.generate(**REQUEST)).id

        ids = [asyncio.run(use()) for _ in range(2)]

        async def end() -> str:
            async with client:
                return (await client.images.generate(**REQUEST)).id

        ids.append(asyncio.run(end()))
        assert ids == list(server.jobs.values())
        gc.collect()


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_client_can_be_closed_in_another_event_loop_than_it_was_used_in() -> None:
    with Server() as server:
        client = AsyncFluxframe(api_key=KEY, base_url=server.url)

        async def use(client: AsyncFluxframe) -> str:
            return (await client.images.generate(**REQUEST)).id

        ids = [asyncio.run(use(client)) for _ in range(3)]
        asyncio.run(client.aclose())
        assert ids == list(server.jobs.values())
        del client
        gc.collect()


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_two_event_loops_at_once_have_a_connection_each() -> None:
    turns = threading.Barrier(2)

    async def use(client: AsyncFluxframe) -> list[str]:
        ids: list[str] = []
        for _ in range(5):
            turns.wait(10)
            ids.append((await client.images.generate(**REQUEST)).id)
        return ids

    def run(client: AsyncFluxframe) -> list[str]:
        return asyncio.run(use(client))

    with Server() as server:
        client = AsyncFluxframe(api_key=KEY, base_url=server.url)
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(run, [client, client])
        asyncio.run(client.aclose())
        assert sorted(first + second) == sorted(server.jobs.values())
        assert server.connections == 2
        del client
        gc.collect()


FORK = """
import os, sys, fluxframe
def job(prompt):
    return client.images.generate(model="flux-2-pro", prompt=prompt).id
client = fluxframe.Fluxframe()
job("before")
child = os.fork()
got = job("parent" if child else "child")
if not child:
    os._exit(0 if got == "for child" else 1)
assert got == "for parent", got
assert os.waitpid(child, 0)[1] == 0
assert job("after") == "for after"
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_process_that_was_forked_has_connections_of_its_own() -> None:
    def answer(request: Request) -> Parts:
        prompt = json.loads(request.body)["prompt"]
        return [0.2, http_json({"jobId": f"for {prompt}", "status": "QUEUED"}, 202)]

    with Server(answer=answer) as server:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
            "APIFRAME_BASE_URL": server.url,
            "APIFRAME_API_KEY": KEY,
        }
        subprocess.run([sys.executable, "-c", FORK], env=environment, check=True, timeout=60)
        assert server.connections == 2
        assert len({request.headers["idempotency-key"] for request in server.requests}) == 4


@everywhere
def test_bytes_after_an_answer_do_not_become_the_next(kind: Kind, library: Any) -> None:
    """An answer that is longer than it says, on a connection that is kept."""
    with Server([Do(lambda good: [with_length(good, -9)])]) as server:
        job = call(kind, generate, library, base_url=server.url)
        assert list(server.jobs.values()) == [job.id]

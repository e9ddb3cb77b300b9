"""The API key is in nothing that the client shows or keeps, wherever a server or a mistake repeats it."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import pickle
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import tblib.pickling_support

import fluxframe
from fluxframe import (
    AsyncFluxframe,
    ConfigurationError,
    Fluxframe,
    FluxframeError,
    InvalidRequestError,
    SignatureError,
    check,
    webhooks,
)
from fluxframe._redact import Secret

from ..servers.http1 import http_json
from ..servers.scripted import hanging_up
from . import calls
from .calls import ID, KEY, Kind, both, everything_shown

# As in a worker of Dask: an exception is pickled with its causes, and with what they hold.
tblib.pickling_support.install()

TESTS = str(Path(__file__).parents[1])
GOOD = {"id": ID, "status": "COMPLETED", "jobId": ID, "url": "https://a.b/c", "jobs": []}
ESCAPED = "".join(f"\\u{ord(c):04x}" for c in KEY)


def raw(head: str, body: str = "{}") -> bytes:
    return f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


# What a server may answer.
REPEATS = {
    "a request id": http_json({"error": "no"}, 400, **{"X-Request-Id": KEY}),
    "a request id of a success": http_json(GOOD, 200, **{"X-Request-Id": f"for {KEY}"}),
    "a header of any name": http_json({"error": "no"}, 403, **{"X-Echo": f"[{KEY}]"}),
    "the name of a header": raw(f"403 Forbidden\r\n{KEY}: 1"),
    "an error": http_json({"error": f"bad key {KEY}", "details": {KEY: [KEY], "a": KEY}}, 401),
    "an error in escapes": raw("401 No", f'{{"error": "bad key {ESCAPED}"}}'),
    "an error that is not JSON": raw("500 No", f"<b>{KEY}</b>"),
    "a success": http_json({**GOOD, "error": KEY, KEY: 1, "model": KEY}),
    "a success in escapes": raw("200 OK", json.dumps(GOOD)[:-1] + f', "model": "{ESCAPED}"}}'),
    "a success that is not JSON": raw("200 OK", f"hello {KEY}"),
    "a success of another shape": http_json([KEY]),
    "a type": raw(f"200 OK\r\nContent-Type: {KEY}", "<"),
    "a charset": raw(f"400 No\r\nContent-Type: text/plain; charset={KEY}", "<"),
    "an encoding": raw(f"400 No\r\nContent-Encoding: {KEY}", "<"),
    "a wait": http_json({"error": "no"}, 429, **{"Retry-After": KEY}),
    "a redirect": raw(f"302 Found\r\nLocation: https://a.b/{KEY}?key={KEY}"),
    "a reason": raw(f"418 {KEY}"),
    "a malformed header": raw(f"200 OK\r\nX-Echo: {KEY}\x01\x00"),
    "a header without a colon": raw(f"200 OK\r\n{KEY}"),
    "a malformed first line": f"HTTP/1.1 {KEY}\r\n\r\n".encode(),
    "something else than HTTP": f"{KEY}\r\n\r\n".encode(),
    "a malformed length": raw(f"200 OK\r\nTransfer-Encoding: {KEY}"),
    "a malformed chunk": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{KEY}\r\n".encode(),
}
USES: dict[str, Callable[[Any], Any]] = {
    "get": lambda client: client.jobs.get(ID),
    # With the key where it does not belong.
    "generate": lambda client: client.images.generate(model="flux-2-pro", prompt=f"a {KEY}"),
    "upload": lambda client: client.uploads.create(b"\x89PNG"),
}


def chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """An exception with all that it leads to, shown or not."""
    if error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        yield from chain(error.__cause__, seen)
        yield from chain(error.__context__, seen)


def locals_of(error: BaseException) -> Iterator[str]:
    """The local variables of all frames but those of the tests, as a traceback may show them."""
    for each in chain(error, set()):
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if not frame.f_code.co_filename.startswith(TESTS):
                for name, value in frame.f_locals.items():
                    with contextlib.suppress(Exception):
                        yield f"{frame.f_code.co_qualname}: {name} = {value!r}"


def told_of(error: FluxframeError) -> Iterator[str]:
    yield everything_shown(error)
    for each in chain(error, set()):
        yield from (
            str(each),
            repr(each.args),
            repr(vars(each)),
            repr(getattr(each, "__notes__", "")),
        )
    yield pickle.dumps(error).decode("latin-1")
    yield repr(getattr(error, "problems", ""))


def told_by(value: Any) -> Iterator[str]:
    """All that an answer holds."""
    response = value.response
    yield from (repr(value), repr(value.raw), repr(response), repr(response.data))
    yield from (str(dict(response.headers)), str(response.request_id))
    yield from (response.content.decode("latin-1"), pickle.dumps(value).decode("latin-1"))


@both
@pytest.mark.parametrize("repeated", REPEATS)
def test_what_a_server_repeats_is_shown_nowhere(
    kind: Kind, repeated: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[Any] = []

    @contextlib.contextmanager
    def instrument(info: Any) -> Iterator[None]:
        yield
        seen.append(info)

    with hanging_up(REPEATS[repeated]) as server:
        for name, use in USES.items():
            told: list[str] = []
            try:
                value = calls.call(
                    kind, use, base_url=server.url, max_retries=0, instrument=instrument
                )
            except FluxframeError as error:
                told += told_of(error)
                # The request itself is the caller's, with all that is in it.
                told += locals_of(error) if name != "generate" else ()
            else:
                told += told_by(value)
            for text in [*told, *(f"log: {r.getMessage()} {r.args!r}" for r in caplog.records)]:
                assert KEY not in text, (name, text)
    for info in seen:
        assert KEY not in repr([getattr(info, name) for name in info.__dataclass_fields__])


def test_what_a_hook_of_the_callers_raises_is_shown_without_the_key() -> None:
    hooks = {"response": [lambda response: response.raise_for_status()]}
    own = {"event_hooks": hooks}
    with (
        hanging_up(REPEATS["a reason"]) as server,
        pytest.raises(fluxframe.APIStatusError) as caught,
    ):
        calls.call(Fluxframe, USES["get"], httpx, own, base_url=server.url)
    assert isinstance(caught.value.__context__, httpx.HTTPStatusError)
    for text in told_of(caught.value):
        assert KEY not in text


MISTAKES: dict[str, Callable[[Any], Any]] = {
    "a number": lambda c: c.images.generate(model="flux-2-pro", prompt="a", width=KEY),
    "a choice": lambda c: c.images.generate(model="flux-2-pro", prompt="a", output_format=KEY),
    "a list": lambda c: c.images.generate(model="flux-2-pro", prompt="a", input_images=[KEY]),
    "a model": lambda c: c.images.generate(model=KEY, prompt="a"),
    "a name": lambda c: c.images.generate(model="flux-2-pro", prompt="a", **{KEY: 1}),
    "an idempotency key": lambda c: c.images.generate(
        {"model": "flux-2-pro", "prompt": "a"}, idempotency_key=KEY
    ),
    "a job id": lambda c: c.jobs.get(KEY),
    "a cursor": lambda c: c.jobs.list(cursor=f"for {KEY}"),
    "a status": lambda c: c.jobs.list(status=KEY),
    "a file": lambda c: c.uploads.create(io.StringIO(), name=KEY),
    "a timeout": lambda c: c.with_options(timeout=KEY),
    "a base URL": lambda c: c.with_options(base_url=KEY),
    "validation": lambda c: c.with_options(validation=KEY),
}


@both
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_key_in_the_wrong_place_is_not_repeated_nor_sent(kind: Kind, mistake: str) -> None:
    with pytest.raises((InvalidRequestError, ConfigurationError)) as caught:
        calls.call(kind, MISTAKES[mistake], base_url="http://127.0.0.1:9", max_retries=0)
    for text in told_of(caught.value):
        assert KEY not in text


@pytest.mark.parametrize("kind", [Fluxframe, AsyncFluxframe])
@pytest.mark.parametrize("wrong", [{"timeout": -1}, {"max_retries": "x"}, {"http_client": 5}, {}])
def test_the_frames_of_a_client_do_not_hold_the_key(kind: Kind, wrong: dict[str, Any]) -> None:
    # Without another mistake, the key itself is wrong: copied with the end of its line.
    with pytest.raises(ConfigurationError) as caught:
        kind(api_key=KEY if wrong else f"{KEY}\n", **wrong)
    assert KEY not in "".join(locals_of(caught.value))
    client = kind(api_key=KEY)
    with pytest.raises(ConfigurationError) as caught:
        client.with_options(api_key=KEY, timeout=-1)
    assert KEY not in "".join(locals_of(caught.value))


@both
def test_what_the_caller_was_handling_is_left_as_it_is(kind: Kind) -> None:
    """Exceptions lead to what was being handled when they were raised, which is none of ours."""
    with hanging_up(REPEATS["a malformed header"]) as server:
        try:
            raise ValueError("a" * 5000)
        except ValueError as own:
            before = own.__traceback__
            with pytest.raises(fluxframe.APIConnectionError) as caught:
                calls.call(kind, USES["get"], base_url=server.url, max_retries=0)
            assert own in chain(caught.value, set())
            assert own.args == ("a" * 5000,)
            assert own.__traceback__ is before


def test_the_frames_of_a_webhook_do_not_hold_the_key() -> None:
    for headers in ({}, {"X-Webhook-Signature": "0" * 64}):
        with pytest.raises(SignatureError) as caught:
            webhooks.verify(b"{}", headers, KEY)
        assert KEY not in "".join(locals_of(caught.value))


def test_a_request_shows_its_headers_without_the_key() -> None:
    """The HTTP libraries keep the bytes as they are given, down to what they send."""
    h11 = pytest.importorskip("h11")
    header = Secret(KEY).as_header()
    assert bytes(header) == KEY.encode()
    sent = h11.Request(method="GET", target="/", headers=[("Host", "a"), ("X-API-Key", header)])
    assert KEY not in repr(sent)


def test_a_secret_is_passed_on_and_not_shown() -> None:
    secret = Secret(KEY)
    assert secret.reveal() == KEY
    assert KEY not in f"{secret} {secret!r} {[secret]}"
    assert copy.deepcopy(copy.copy(secret)) is secret
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_key_that_is_not_text_for_a_header_harms_no_other_client() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Fluxframe(api_key="\ud800" * 10)
    assert caught.value.__traceback__ is not None  # And so the key is still held.
    with (
        hanging_up(http_json(GOOD)) as server,
        Fluxframe(api_key=KEY, base_url=server.url) as client,
    ):
        assert client.jobs.get(ID).succeeded


def test_a_key_is_hidden_as_long_as_someone_has_it() -> None:
    key = "sk-aaaaaaaaaaaaaaaa"
    words = {"model": "flux-2-pro", "prompt": 5, "output_format": key}
    with Fluxframe(api_key=key):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            fluxframe._check.enforce(check(words), "warn")
        assert told
        assert key not in "".join(str(warning.message) for warning in told)
        assert key not in repr([problem.value for problem in check(words).problems])

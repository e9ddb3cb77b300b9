"""What an answer may hold: more than the limits is an error of ours, and costs neither memory nor time."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe import (
    APIConnectionError,
    APIStatusError,
    AsyncFluxframe,
    AsyncImage,
    BadRequestError,
    Fluxframe,
    FluxframeError,
    Image,
    ResultError,
    ServerError,
    UnexpectedResponseError,
)
from fluxframe._wire.bodies import MOST_OF_ANSWER, Decoder
from fluxframe._wire.http import UnreadableError
from fluxframe._wire.json_text import DEEPEST, MOST_CONTAINERS, MOST_DIGITS, MOST_VALUES

from ..servers.http1 import http
from ..servers.scripted import Parts, Server, Then
from .calls import ID, Kind, Use, both, call, everywhere

OPERATIONS: dict[str, Use] = {
    "images.generate": lambda client: client.images.generate(model="flux-2-pro", prompt="a fox"),
    "jobs.get": lambda client: client.jobs.get(ID),
    "jobs.list": lambda client: client.jobs.list(),
    "me": lambda client: client.me(),
    "models": lambda client: client.models(),
    "uploads.create": lambda client: client.uploads.create(b"\x89PNG"),
}
# Of the test's own server too, which holds what it sends.
MEMORY = 40 * 2**20


def bomb(before: bytes = b"", megabytes: int = 40, wbits: int = 31) -> bytes:
    """What is unpacked to so many megabytes of spaces."""
    packer = zlib.compressobj(1, wbits=wbits)
    parts = [packer.compress(before), *[packer.compress(b" " * 2**20) for _ in range(megabytes)]]
    return b"".join([*parts, packer.flush()])


GZIP = bomb()
ANSWERS: dict[str, Callable[[], tuple[dict[str, str], bytes]]] = {
    "a long text": lambda: ({}, b'"' + b"x" * MOST_OF_ANSWER + b'"'),
    "a bomb of gzip": lambda: ({"Content-Encoding": "gzip"}, GZIP),
    "a bomb of deflate": lambda: ({"Content-Encoding": "deflate"}, bomb(wbits=15)),
    "a bomb of bare deflate": lambda: ({"Content-Encoding": "deflate"}, bomb(wbits=-15)),
    "a bomb in a bomb": lambda: ({"Content-Encoding": "gzip, gzip"}, gzip.compress(GZIP)),
    "a bomb of nothing": lambda: ({"Content-Encoding": "gzip, deflate"}, nothing()),
    "many layers": lambda: ({"Content-Encoding": "gzip, gzip, gzip"}, GZIP),
    "levels": lambda: ({}, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)),
    "levels of objects": lambda: ({}, b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "lists": lambda: ({}, b"[" + b"[]," * MOST_CONTAINERS + b"[]]"),
    "values": lambda: ({}, b"[" + b"0," * MOST_VALUES + b"0]"),
    "names": lambda: ({}, json.dumps({f"n{i}": i for i in range(MOST_VALUES + 1)}).encode()),
    "digits": lambda: ({}, b'{"id": 1' + b"0" * MOST_DIGITS + b"}"),
}


def nothing() -> bytes:
    """Megabytes of empty blocks of deflate, which unpack to nothing, packed by gzip."""
    return gzip.compress(b"\x78\x9c" + b"\x00\x00\x00\xff\xff" * 8_000_000, 1)


CACHE: dict[str, tuple[dict[str, str], bytes]] = {}


def answer(name: str, status: int = 200) -> bytes:
    """An answer that goes beyond a limit."""
    headers, content = CACHE.setdefault(name, ANSWERS[name]())
    return http(status, content, {"Content-Type": "application/json", **headers})


def measured(use: Callable[[], Any]) -> tuple[Any, int]:
    """What `use` returns or raises, and the most bytes that it took."""
    tracemalloc.start()
    try:
        result: Any = use()
    except FluxframeError as error:
        result = error
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return result, most


def served(content: bytes) -> Callable[[Any], Parts]:
    # In parts, so that a server who sends all at once is not what takes the memory.
    return lambda request: [content, Then.CLOSE]


@both
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_beyond_a_limit_is_an_error_of_ours(kind: Kind, name: str) -> None:
    with Server(answer=served(answer(name))) as server:
        error, most = measured(
            lambda: call(kind, OPERATIONS["images.generate"], base_url=server.url, max_retries=0)
        )
    assert type(error) is UnexpectedResponseError
    assert (error.status, error.attempts) == (200, 1)
    assert error.idempotency_key
    assert str(error.idempotency_key) in str(error)
    assert re.search("more than [0-9]+|can't be decompressed", str(error))
    assert len(str(error)) < 600
    assert most < MEMORY


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", ["levels of objects"])
@pytest.mark.parametrize("library", [None, httpx, httpx2], ids=str)
def test_every_operation_is_within_limits(operation: str, name: str, library: Any) -> None:
    with Server(answer=served(answer(name))) as server:
        error, most = measured(
            lambda: call(
                Fluxframe, OPERATIONS[operation], library, base_url=server.url, max_retries=0
            )
        )
    assert type(error) is UnexpectedResponseError
    assert most < MEMORY


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [(Fluxframe, 400, BadRequestError), (AsyncFluxframe, 503, ServerError)],
)
def test_an_error_is_the_same_whatever_it_holds(
    kind: Kind, name: str, status: int, expected: type[APIStatusError]
) -> None:
    """The status says it: a refusal is known to be one, and nothing is to be sent again."""
    with Server(answer=served(answer(name, status))) as server:
        error, most = measured(
            lambda: call(kind, OPERATIONS["images.generate"], base_url=server.url, max_retries=0)
        )
    assert type(error) is expected
    assert len(str(error)) < 600
    assert most < MEMORY


@everywhere
def test_a_picture_is_measured_while_it_is_unpacked(kind: Kind, library: Any) -> None:
    packed = bomb(b"\xff\xd8\xff\xe0 a picture")
    image = AsyncImage if issubclass(kind, AsyncFluxframe) else Image

    def content(client: Any) -> Any:
        return image(client._transport, f"{server.url}/a.jpg", job_id=ID, index=0).bytes(
            max_bytes=10_000_000
        )

    with Server(answer=served(http(200, packed, {"Content-Encoding": "gzip"}))) as server:
        error, most = measured(lambda: call(kind, content, library))
        assert server.requests[0].headers["accept-encoding"] == "identity"
    assert type(error) is ResultError
    assert "max_bytes is 10000000" in str(error)
    assert most < MEMORY


@both
@pytest.mark.parametrize(
    "head", [b"X: " + b"x" * 1_000_000, b"X: y\r\n" * 200_000], ids=["long", "many"]
)
def test_headers_are_limited(kind: Kind, head: bytes) -> None:
    content = b"HTTP/1.1 202 Accepted\r\n" + head + b"\r\nContent-Length: 2\r\n\r\n{}"
    with Server(answer=served(content)) as server:
        error, most = measured(
            lambda: call(kind, OPERATIONS["images.generate"], base_url=server.url, max_retries=0)
        )
    assert type(error) is APIConnectionError
    assert str(error.idempotency_key) in str(error)
    assert most < MEMORY


# Compression


CODED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": lambda data: bytes(bare(data)),
    "gzip, deflate": lambda data: zlib.compress(gzip.compress(data)),
    "identity": bytes,
    "utf-8": bytes,
    "": bytes,
}


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("coding", CODED)
@settings(max_examples=20)
@given(data=st.binary(max_size=300_000), cuts=st.lists(st.integers(1, 400), max_size=9))
def test_what_is_packed_is_unpacked_however_it_is_cut(
    coding: str, data: bytes, cuts: list[int]
) -> None:
    packed = CODED[coding](data)
    decoder = Decoder({"content-encoding": coding}, 300_000)
    pieces: list[bytes] = []
    for size in cuts:
        pieces += decoder.pieces(packed[:size])
        packed = packed[size:]
    pieces += decoder.pieces(packed)
    decoder.end()
    assert b"".join(pieces) == data
    assert all(len(piece) <= 64 * 1024 for piece in pieces)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "deflate ", "gzip, deflate"])
def test_what_is_cut_off_is_not_whole(coding: str) -> None:
    packed = CODED[coding](b"a fox in the snow" * 100)
    decoder = Decoder({"content-encoding": coding}, 10_000)
    list(decoder.pieces(packed[:-9]))
    with pytest.raises(UnreadableError):
        decoder.end()


@everywhere
@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "compress"])
def test_what_was_not_asked_for_is_said_not_to_be_readable(
    kind: Kind, library: Any, coding: str
) -> None:
    content = http(202, b"\x0b\x02\x80{}", {"Content-Encoding": coding})
    with Server(answer=served(content)) as server:
        with pytest.raises(UnexpectedResponseError, match="can't be decompressed") as caught:
            call(kind, OPERATIONS["images.generate"], library, base_url=server.url, max_retries=0)
        assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"
    assert str(caught.value.idempotency_key) in str(caught.value)


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ("identity", "identity"),
        ("gzip;q=0.5, br", "gzip"),
        ("zstd, br", "identity"),
        ("*", "identity"),
    ],
)
def test_codings_of_the_callers_client_are_those_that_can_be_read(own: str, asked: str) -> None:
    with Server() as server:
        call(
            Fluxframe,
            OPERATIONS["images.generate"],
            httpx,
            {"headers": {"Accept-Encoding": own}},
            base_url=server.url,
        )
        assert server.requests[0].headers["accept-encoding"] == asked

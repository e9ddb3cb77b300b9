"""Answers are read as h11 reads them, however their bytes come."""

from __future__ import annotations

import contextlib

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.emulator._webhooks.answer import MOST_BYTES, Answer, GarbledError


def read(pieces: list[bytes]) -> tuple[int | None, bool, bool]:
    """The status, whether it is over, and whether another can follow."""
    answer = Answer()
    for piece in pieces:
        answer.feed(piece)
    return answer.status, answer.is_over, answer.is_reusable


def read_by_h11(data: bytes) -> tuple[int | None, bool, bool]:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="POST", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    if data:  # Nothing would be the end.
        connection.receive_data(data)
    status, is_over = None, False
    while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
        if isinstance(event, h11.Response):
            status = event.status_code
        if isinstance(event, h11.EndOfMessage):
            is_over = True
            break
    keeps = is_over and connection.our_state is h11.DONE and connection.their_state is h11.DONE
    return status, is_over, keeps and not connection.trailing_data[0]


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    body = draw(st.binary(max_size=60))
    head = [
        b"HTTP/1.%d %d Some words"
        % (draw(st.integers(0, 1)), draw(st.sampled_from([200, 204, 500])))
    ]
    form = draw(st.sampled_from(["length", "chunked", "close"]))
    if form == "length":
        head.append(b"Content-Length: %d" % len(body))
    elif form == "chunked" and head[0].startswith(b"HTTP/1.1"):
        head.append(b"transfer-Encoding: chunked")
        cut = draw(st.integers(0, len(body)))
        parts = [part for part in (body[:cut], body[cut:]) if part]
        body = b"".join(b"%X;a=b\r\n%b\r\n" % (len(part), part) for part in parts)
        body += b"0\r\n" + draw(st.sampled_from([b"", b"Later: on\r\n"])) + b"\r\n"
    if draw(st.booleans()):
        head.append(draw(st.sampled_from([b"Connection: close", b"connection:  Keep-Alive "])))
    head.insert(1, b"Server: of any kind")
    if b" 204 " in head[0]:
        body = b""
    early = draw(st.sampled_from([b"", b"HTTP/1.1 100 Continue\r\n\r\n"]))
    return early + b"\r\n".join(head) + b"\r\n\r\n" + body


@given(answers(), st.data())
def test_an_answer_is_what_h11_makes_of_it(whole: bytes, data: st.DataObject) -> None:
    told = whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole
    cuts = sorted(data.draw(st.lists(st.integers(0, len(told)), max_size=5)))
    pieces = [told[a:b] for a, b in zip([0, *cuts], [*cuts, len(told)], strict=True)]
    status, is_over, is_reusable = read_by_h11(told)
    # Only of HTTP/1.0 do they differ: h11 never goes on with it.
    found = read(pieces)
    assert found[:2] == (status, is_over)
    assert found[2] == is_reusable or b"HTTP/1.0" in whole


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_an_answer_or_garbled(data: bytes, begins_well: bool) -> None:
    with contextlib.suppress(GarbledError):
        read([b"HTTP/1.1 200 OK\r\n" + data if begins_well else data])


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * MOST_BYTES,
    ],
)
def test_what_is_not_an_answer_is_garbled(data: bytes) -> None:
    with pytest.raises(GarbledError):
        read([data])


def test_a_body_that_is_too_long_is_given_up() -> None:
    for field in (b"Content-Length: 9999999", b"Transfer-Encoding: chunked", b"A: b"):
        chunk = b"ffffff\r\n" if b"chunked" in field else b""
        head = b"HTTP/1.1 200 OK\r\n" + field + b"\r\n\r\n" + chunk
        assert read([head, b"a" * (MOST_BYTES - len(head) - 1)]) == (200, False, False)
        assert read([head, b"a" * MOST_BYTES]) == (200, True, False)


def test_more_than_the_answer_leaves_the_connection_unused() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
    assert read([whole]) == (200, True, True)
    assert read([whole + b"b"]) == (200, True, False)

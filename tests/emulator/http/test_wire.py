"""Requests of any form that HTTP/1.1 knows, over a socket."""

from __future__ import annotations

import gzip
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxframe.emulator import Emulator

from .raw import KEY, REQUEST, ask, connected, head, post

GENERATE = "/v2/images/generate"
BODY = json.dumps(REQUEST).encode()
ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


# Targets


@pytest.mark.parametrize(
    "target",
    [
        "/v2/me",
        "/v2/me/",
        "/v2/me?",
        "/v2/me?a=b",
        "http://elsewhere.example/v2/me",
        "HTTP://x:1/v2/me",
    ],
)
def test_a_target_of_each_form_is_understood(url: str, target: str) -> None:
    answer = ask(url, head("GET", target))
    assert (answer.status, "team" in answer.json) == (200, True)


@pytest.mark.parametrize("target", ["/v2%2Fme", "/v2/me%2F", "/V2/me", "/v2", "http://x/v2", "*"])
def test_a_target_of_no_operation_is_not_found(url: str, target: str) -> None:
    answer = ask(url, head("GET", target))
    assert (answer.status, [*answer.json]) == (404, ["error"])


def test_a_trailing_slash_is_nothing_to_a_request_with_a_body(url: str) -> None:
    assert ask(url, post(f"{GENERATE}/", BODY)).status == 202


def test_head_is_answered_as_get_is_but_for_the_body(url: str) -> None:
    whole = ask(url, head("GET", "/v2/me"))
    with connected(url) as connection:
        connection.send(head("HEAD", "/v2/me") + head("GET", "/v2/me"))
        only = connection.read(without_body=True)
        assert connection.read().body == whole.body
    assert only.status == 200
    assert only.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize(
    ("method", "target"), [("HEAD", GENERATE), ("PUT", "/v2/me"), ("FOX", "/v2/jobs")]
)
def test_a_method_that_is_not_there_says_which_are(url: str, method: str, target: str) -> None:
    answer = ask(url, head(method, target))
    assert answer.status == 405
    assert answer.headers["allow"] == ("POST" if target == GENERATE else "GET, HEAD")


# Versions, and what goes before a body


def test_http_1_0_is_answered_and_the_connection_ends(url: str) -> None:
    with connected(url) as connection:
        connection.send(post(GENERATE, BODY, version="1.0"))
        assert connection.read().status == 202
        assert connection.is_at_its_end()


def test_a_connection_stays_for_more_requests(url: str) -> None:
    with connected(url) as connection:
        for _ in range(3):
            connection.send(head("GET", "/v2/me"))
            answer = connection.read()
            assert (answer.status, answer.headers.get("connection")) == (200, None)


def test_pipelined_requests_are_answered_in_order(url: str) -> None:
    requests = [
        head("GET", "/v2/me"),
        post(GENERATE, BODY),
        head("GET", "/v2/no"),
        head("GET", "/v2/jobs"),
    ]
    with connected(url) as connection:
        connection.send(b"".join(requests))
        assert [connection.read().status for _ in requests] == [200, 202, 404, 200]


def test_who_waits_to_be_told_to_go_on_is(url: str) -> None:
    with connected(url) as connection:
        connection.send(post(GENERATE, BODY, {"Expect": "100-continue"}).removesuffix(BODY))
        assert connection.read().status == 100
        connection.send(BODY)
        assert connection.read().status == 202


def test_who_waits_with_a_body_that_is_refused_need_not_send_it(url: str) -> None:
    with connected(url) as connection:
        connection.send(
            head(
                "POST", GENERATE, {"Expect": "100-continue", "Content-Length": "9", "X-API-Key": ""}
            )
        )
        assert connection.read().status == 401


def test_a_body_may_come_in_chunks(url: str) -> None:
    chunks = [BODY[:7], BODY[7:20], BODY[20:], b""]
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    sent = {"Content-Length": "", "Transfer-Encoding": "chunked"}
    assert ask(url, post(GENERATE, body, sent)).status == 202


_H2C = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"}
_WEBSOCKET = {"Connection": "Upgrade", "Upgrade": "websocket"}
_FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize("wanted", [_H2C, _WEBSOCKET], ids=["h2c", "websocket"])
def test_an_upgrade_is_not_taken(url: str, wanted: dict[str, str]) -> None:
    assert ask(url, head("GET", "/v2/me", wanted)).status == 200
    assert ask(url, post(GENERATE, BODY, wanted)).status == 202


@pytest.mark.parametrize(
    "request_", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET /\r\n\r\n"]
)
def test_what_is_no_http_is_refused(url: str, request_: bytes) -> None:
    assert ask(url, request_).status == 400
    assert ask(url, head("GET", "/v2/me")).status == 200


def test_nothing_that_comes_in_makes_the_server_talk() -> None:
    """In a process of its own: pytest sets up the logging of this one."""
    requests = [
        head("GET", "/v2/me", _H2C),
        head("GET", "/v2/me", _WEBSOCKET),
        b"no HTTP\r\n\r\n",
        post("/v2/uploads", b'--b\r\nContent-Dis"\xff: x\r\n\r\n', _FORM),
        post(GENERATE, b"{"),
    ]
    program = (
        "from fluxframe.emulator import Emulator\n"
        "from tests.emulator.http.raw import ask\n"
        f"with Emulator() as emulator: print([ask(emulator.url, r).status for r in {requests!r}])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("[200, 200, 400, 400, 400]\n", "")


def test_a_program_that_logs_hears_of_bad_requests(
    caplog: pytest.LogCaptureFixture, url: str
) -> None:
    with caplog.at_level(logging.WARNING):
        ask(url, b"no HTTP\r\n\r\n")
    assert "Invalid HTTP request" in caplog.text


# Headers


@pytest.mark.parametrize("size", [1_000, 30_000, 60_000])
def test_long_headers_are_taken(url: str, size: int) -> None:
    answer = ask(url, head("GET", "/v2/me", {"Cookie": "x" * size, "X-Fox": "a" * 100}))
    assert answer.status == 200


def test_headers_without_end_are_refused(url: str) -> None:
    with connected(url) as connection:
        connection.send(head("GET", "/v2/me", {"Cookie": "x" * 200_000}))
        assert connection.read().status in (400, 431)


def test_headers_may_come_twice_and_hold_any_bytes(url: str) -> None:
    request = head("GET", "/v2/me", {"X-Fox": "\xff\xe4"}).replace(
        b"X-Fox", b"Accept: a\r\naccept: b\r\nX-Fox"
    )
    assert ask(url, request).status == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Basic"])
def test_a_key_counts_only_where_the_document_says(url: str, scheme: str) -> None:
    answer = ask(url, head("GET", "/v2/me", {"X-API-Key": "", "Authorization": f"{scheme} {KEY}"}))
    assert answer.status == 401


@pytest.mark.parametrize(
    "request_",
    [b"no HTTP\r\n\r\n", b"GET /v2/me HTTP/1.1\r\nno colon\r\n\r\n", b"\x16\x03\x01\x02"],
)
def test_what_is_not_http_is_refused_as_the_api_refuses(url: str, request_: bytes) -> None:
    answer = ask(url, request_ + b"\r\n\r\n")
    assert (answer.status, [*answer.json]) == (400, ["error"])
    assert answer.headers["connection"] == "close"


def test_every_answer_has_an_id_of_its_own(url: str) -> None:
    requests = [
        head("GET", "/v2/me"), head("GET", "/v2/me", {"X-API-Key": ""}), head("GET", "/v2/jobs/fox"),
        post(GENERATE, b"{"), post(GENERATE, BODY), head("GET", "/v2"), head("PUT", "/v2/me"),
        head("GET", "/files/no.png"), head("HEAD", "/v2/me"), post(GENERATE, BODY, {"Content-Type": "text/plain"}),
        head("OPTIONS", GENERATE, {"Origin": "http://x", "Access-Control-Request-Method": "POST"}),
        b"no HTTP\r\n\r\n",
    ]  # fmt: skip
    ids = [ask(url, request).headers["x-request-id"] for request in requests]
    assert len(set(ids)) == len(requests)


# Bodies


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.fox+json",
    ],
)
def test_json_is_taken_whatever_it_is_called(url: str, media_type: str) -> None:
    assert ask(url, post(GENERATE, BODY, {"Content-Type": media_type})).status == 202


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "text/json",
        "application/jsonp",
        "json",
    ],
)
def test_a_body_of_another_type_is_not_taken(url: str, media_type: str) -> None:
    answer = ask(url, post(GENERATE, BODY, {"Content-Type": media_type}))
    assert answer.status == 415
    assert answer.headers["accept"] == "application/json"
    assert "application/json" in answer.json["error"]


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip"])
def test_a_compressed_body_is_not_taken(url: str, coding: str) -> None:
    answer = ask(url, post(GENERATE, gzip.compress(BODY), {"Content-Encoding": coding}))
    assert answer.status == 415
    assert answer.headers["accept-encoding"] == "identity"
    assert coding in answer.json["error"]


def test_who_may_not_ask_is_told_so_whatever_the_body_is(url: str) -> None:
    request = post(GENERATE, b"x", {"Content-Type": "text/plain", "X-API-Key": ""})
    assert ask(url, request).status == 401


@pytest.mark.parametrize(
    "text", [BODY, b"\xef\xbb\xbf" + BODY, BODY.replace(b"a fox", "Füchse 🦊".encode())]
)
def test_json_is_utf_8_with_a_mark_or_without(url: str, text: bytes) -> None:
    assert ask(url, post(GENERATE, text)).status == 202


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        BODY.decode().encode("utf-16"),
        BODY.replace(b"fox", b"\xff"),
        BODY.replace(b"fox", b"\xed\xa0\x80"),
        BODY.replace(b"fox", rb"\ud800"),
    ],
)
def test_what_is_not_json_is_refused(url: str, text: bytes) -> None:
    answer = ask(url, post(GENERATE, text))
    assert (answer.status, answer.json) == (400, {"error": "Invalid JSON in request body"})


def test_answers_have_no_space_that_says_nothing(url: str) -> None:
    answer = ask(url, head("GET", "/v2/models"))
    assert (
        answer.body == json.dumps(answer.json, ensure_ascii=False, separators=(",", ":")).encode()
    )


# Keys for requests that are sent again


@pytest.mark.parametrize("key", ["", " "])
def test_an_empty_idempotency_key_is_none(url: str, key: str) -> None:
    def sent(prompt: str) -> bytes:
        body = json.dumps({**REQUEST, "prompt": prompt}).encode()
        return post(GENERATE, body).replace(
            b"\r\n\r\n", f"\r\nIdempotency-Key:{key}\r\n\r\n".encode(), 1
        )

    answers = [ask(url, sent(prompt)) for prompt in ("a fox", "a hare", "a hare")]
    assert [answer.status for answer in answers] == [202] * 3
    assert len({answer.json["jobId"] for answer in answers}) == 3


# What refusals say


@pytest.mark.parametrize(
    ("members", "place", "text"),
    [
        ({"prompt": None}, "prompt", "Invalid input: expected string, received null"),
        ({"prompt": 7}, "prompt", "Invalid input: expected string, received number 7"),
        ({"webhookUrl": "nope"}, "webhookUrl", None),
    ],
)
def test_a_refusal_says_what_was_expected(
    url: str, members: dict[str, object], place: str, text: str | None
) -> None:
    answer = ask(url, post(GENERATE, json.dumps({**REQUEST, **members}).encode()))
    assert answer.status == 400
    [said] = answer.json["details"][place]
    assert said == text or (text is None and "nope" in said)


def test_an_id_that_is_none_is_said_to_be_none(url: str) -> None:
    answer = ask(url, head("GET", "/v2/jobs/nope"))
    assert answer.json["details"] == {"id": ['Invalid uuid: received "nope"']}


def test_a_modality_that_there_is_not_is_refused(url: str) -> None:
    answer = ask(url, head("GET", "/v2/models?modality=smell"))
    assert (answer.status, [*answer.json["details"]]) == (400, ["modality"])


# Connections


def test_connections_are_kept_longer_than_anyone_waits_between_two_requests() -> None:
    assert Emulator()._uvicorn().config.timeout_keep_alive >= 75

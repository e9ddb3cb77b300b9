"""The control API: what it does, and who may ask it."""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import pytest

from fluxframe.emulator import Emulator, Fault, WebhookFaults
from fluxframe.emulator._faults.garbage import GARBAGE
from fluxframe.emulator._state.fate import KINDS

from .conftest import FOX, GENERATE, KEY, Asking

SITE = "http://evil.example"


# What it does


def test_it_lists_itself(ask: Asking) -> None:
    routes = ask("GET", "/_emulator").json["routes"]
    assert {"/_emulator/state", "/_emulator/clock"} <= {route["path"] for route in routes}
    for route in routes:
        assert route["summary"]
        if route["method"] == "GET" and "*" not in route["path"] and "events" not in route["path"]:
            assert ask("GET", route["path"]).status == 200, route


def test_the_state_is_told_in_figures(ask: Asking) -> None:
    ask.submit()
    state = ask("GET", "/_emulator/state").json
    assert state["url"] == ask.emulator.url
    assert state["counts"]["requests"] == state["counts"]["jobs"] == 1
    assert state["memory"]["journal"] > 0


def test_a_body_that_is_cut_short_does_nothing(ask: Asking) -> None:
    id, other = ask.submit(), ask.submit(key=f"{KEY}2")
    parts = urlsplit(ask.emulator.url)
    head = (
        "POST /_emulator/reset HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 60\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(f"{head}Host: {parts.netloc}\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    assert ask("GET", f"/v2/jobs/{id}", key=KEY).status == 200
    assert ask("GET", f"/v2/jobs/{other}", key=f"{KEY}2").status == 200


def test_the_clock_moves_on_and_jobs_with_it(ask: Asking) -> None:
    before = ask("GET", "/_emulator/clock").json
    after = ask("POST", "/_emulator/clock", {"advance": 90_000}).json
    assert after["advanced"] == 90_000
    assert after["now"] - before["now"] >= 90_000


def test_requests_are_found_by_their_filters(ask: Asking) -> None:
    id = ask.submit(prompt="one")
    ask("GET", f"/v2/jobs/{id}", key=KEY)
    found = ask("GET", "/_emulator/requests?operation=images.*&status=2xx&limit=5").json
    assert [json.loads(one["body"])["prompt"] for one in found] == ["one"]
    one = found[0]["id"]
    assert ask("GET", f"/_emulator/requests/{one}").json == found[0]
    assert ask("GET", f"/_emulator/requests/{one}?as=curl").text.startswith("curl ")
    assert "import httpx" in ask("GET", f"/_emulator/requests/{one}?as=python").text
    assert [r["method"] for r in ask("GET", f"/_emulator/requests?after={one}").json] == ["GET"]
    assert ask("DELETE", "/_emulator/requests").status == 200
    assert ask("GET", "/_emulator/requests").json == []


def test_keys_have_credits_that_can_be_set(ask: Asking) -> None:
    ask.submit()
    [known] = ask("GET", "/_emulator/keys").json
    assert known["key"] == "afk_0123…"
    for name in (KEY, known["id"]):
        changed = ask("POST", "/_emulator/keys", {"key": name, "credits": 7}).json
        assert [one["credits"] for one in changed] == [7]
    me = ask("GET", "/v2/me", key=KEY).json
    assert me["team"]["credits"] == 7


def test_a_key_has_credits_before_anything_comes_with_it(ask: Asking) -> None:
    assert ask("POST", "/_emulator/keys", {"key": KEY, "credits": 3}).status == 200
    assert ask("GET", "/v2/me", key=KEY).json["team"]["credits"] == 3


def test_every_word_of_a_fault_is_told(ask: Asking) -> None:
    told = {
        (route["method"], route["path"]): route.get("body", {})
        for route in ask("GET", "/_emulator").json["routes"]
    }
    words = told["POST", "/_emulator/faults"]
    assert set(words) == {field.name for field in fields(Fault)}
    assert all(kind in words["job"] for kind in KINDS)
    assert all(kind in words["garbage"] for kind in GARBAGE)
    assert set(told["POST", "/_emulator/webhooks/faults"]) == {
        field.name for field in fields(WebhookFaults)
    }


def test_jobs_are_listed_with_what_they_made(ask: Asking) -> None:
    ids = [ask.submit(prompt=f"fox {number}") for number in range(3)]
    jobs = ask("GET", "/_emulator/jobs?limit=2").json
    assert [job["id"] for job in jobs] == ids[:0:-1]
    assert jobs[0]["prompt"] == "fox 2"
    assert jobs[0]["ended"]
    assert ask("GET", jobs[0]["images"][0]).status == 200
    assert ask("GET", "/_emulator/jobs?running=true").json == []


def test_the_document_is_of_this_address(ask: Asking) -> None:
    document = ask("GET", "/_emulator/openapi.json").json
    assert document["servers"] == [{"url": ask.emulator.url}]
    assert GENERATE in document["paths"]


def test_what_is_asked_of_the_server_itself_is_not_in_the_journal(ask: Asking) -> None:
    ask.submit()
    image = ask("GET", "/_emulator/jobs").json[0]["images"][0]
    for path in ("/_emulator", "/_emulator/state", "/_emulator/nowhere", "/"):
        ask("GET", path)
    seen = ask("GET", "/_emulator/files/" + image.rpartition("/")[2])
    assert (seen.status, seen.headers["content-type"]) == (200, "image/jpeg")
    assert [entry.path for entry in ask.emulator.requests] == [GENERATE]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/stat", None, 404, "nothing is at /_emulator/stat"),
        ("PUT", "/state", {}, 405, "PUT is not possible here, GET is"),
        ("GET", "/state?x=1", None, 400, "there is no 'x' here"),
        ("GET", "/requests?limit=0", None, 400, "an integer from 1 to 2000, got \"0\""),
        ("GET", "/requests?operation=images.generat", None, 400, "did you mean 'images.generate'"),
        ("GET", "/requests?statu=404", None, 400, "did you mean 'status'"),
        ("GET", "/requests/none", None, 404, "no request of this id"),
        ("GET", "/jobs?running=1", None, 400, "expected true or false"),
        ("POST", "/clock", {}, 400, "advance: expected a number of seconds"),
        ("POST", "/clock", {"advance": -1}, 400, "a number of 0 or more, got -1"),
        ("POST", "/clock", {"advance": "1"}, 400, "expected a number, got \"1\""),
        ("POST", "/clock", {"advance": 1e14}, 400, "at most ten years"),
        ("POST", "/clock", {"seconds": 1}, 400, "there is no 'seconds' here"),
        ("POST", "/clock", [], 400, "expected a JSON object"),
        ("POST", "/clock", b"{", 400, "the body is not valid JSON"),
        ("POST", "/clock", b"[" * 100_000, 400, "the body is not valid JSON"),
        ("POST", "/clock", b" " * (2 << 20), 413, "at most 1048576 bytes"),
        ("POST", "/keys", {"credits": 1}, 400, "key: expected an API key"),
        ("POST", "/keys", {"key": "sk_0123456789", "credits": 1}, 404, "'sk_012…' is neither a key"),
        ("POST", "/keys", {"key": "afk_0123…", "credits": 1}, 404, "is neither a key that is good"),
        ("POST", "/reset", {"key": "afk_0123456789"}, 404, "nothing has come with 'afk_012…' yet"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_in_a_line(
    ask: Asking, method: str, path: str, body: Any, status: int, said: str
) -> None:
    answer = ask(method, f"/_emulator{path}", body, {"Content-Type": "application/json"})
    assert answer.status == status
    assert said in answer.json["error"]
    assert len(answer.json["error"]) < 400


def test_a_key_may_be_shut_out_and_let_in_again(ask: Asking) -> None:
    ask.submit()
    [shut] = ask("POST", "/_emulator/keys", {"key": KEY, "active": False}).json
    assert not shut["active"]
    assert ask("GET", "/v2/me", key=KEY).status in (401, 403)
    ask("POST", "/_emulator/keys", {"key": KEY, "active": True})
    assert ask("GET", "/v2/me", key=KEY).status == 200


def test_faults_are_planned_and_removed(ask: Asking) -> None:
    added = ask("POST", "/_emulator/faults", {"status": 503, "key": KEY})
    assert added.status == 201
    assert KEY not in added.text
    assert ask("GET", "/v2/me", key=KEY).status == 503
    assert ask.emulator.requests.one(status=503).fault == "status=503"
    [told] = ask("GET", "/_emulator/faults").json["faults"]
    assert (told["happened"], told["fault"]["key"]) == (1, "afk_0123…")
    assert ask("DELETE", f"/_emulator/faults/{told['id']}").status == 204
    assert ask("GET", "/v2/me", key=KEY).status == 200
    assert ask("POST", "/_emulator/faults", {"statu": 1}).status == 400


def test_deliveries_are_listed_and_let_go_wrong(ask: Asking) -> None:
    url = "http://127.0.0.1:9/hook"  # Where nobody is.
    faults = ask("POST", "/_emulator/webhooks/faults", {"lose": 1}).json
    assert faults["lose"] == 1
    assert ask("GET", "/_emulator/webhooks/faults").json == faults
    with listening(ask.emulator) as stream:
        id = ask.submit(webhookUrl=url, prompt=f"with {KEY}")
        told = stream.next("webhook")
    assert told is not None
    assert (told[1]["outcome"], told[1]["job"]) == ("lost", id)
    listed = ask("GET", f"/_emulator/webhooks?job={id}&limit=1").json
    assert [one["url"] for one in listed] == [url]
    assert "lost" in ask("GET", "/").text
    assert KEY not in json.dumps([told, listed])
    assert ask("POST", "/_emulator/webhooks/faults", {"lose": 2}).status == 400
    assert ask("POST", "/_emulator/webhooks/faults", {"loose": 1}).status == 400
    assert ask("POST", "/_emulator/webhooks/faults", {}).json["lose"] == 0


def test_a_reset_is_as_at_the_start(ask: Asking) -> None:
    ask("POST", "/_emulator/faults", {"status": 503, "path": "/v2/me"})
    for key in (KEY, "afk_other00000000"):
        ask.submit(key=key)
    ask("POST", "/_emulator/reset", {"key": KEY})
    assert [one["key"] for one in ask("GET", "/_emulator/keys").json] == ["afk_othe…"]
    counts = ask("POST", "/_emulator/reset", {}).json["counts"]
    assert [counts[name] for name in ("requests", "jobs", "faults")] == [0, 0, 0]


# Who may ask


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 415),
        ({"Content-Type": "application/json", "Origin": SITE}, 403),
        ({"Content-Type": "application/json", "Origin": "null"}, 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/json", "Host": "evil.example"}, 403),
        ({"Content-Type": "application/json", "Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Content-Type": "application/json", "Host": "localhost:1", "Origin": "http://localhost:2"}, 403),
        ({"Content-Type": "application/json"}, 200),
        ({"Content-Type": "application/json; charset=utf-8", "Host": "localhost"}, 200),
        ({"Content-Type": "application/json", "Host": "emulator:8000"}, 200),
        ({"Content-Type": "application/json", "Host": "[::1]:80", "Origin": "http://[::1]:80"}, 200),
    ],
)  # fmt: skip
def test_a_page_of_another_site_changes_nothing(
    ask: Asking, headers: dict[str, str], status: int
) -> None:
    answer = ask("POST", "/_emulator/clock", '{"advance": 60}', headers)
    assert answer.status == status, answer.text
    assert ask("GET", "/_emulator/clock").json["advanced"] == (60 if status == 200 else 0)


def test_a_page_of_another_site_reads_nothing(ask: Asking) -> None:
    for path in ("/_emulator/state", "/", "/_emulator/events"):
        assert ask("GET", path, headers={"Host": "evil.example"}).status == 403
        assert ask("GET", path, headers={"Origin": SITE}).status == 403
    preflight = ask(
        "OPTIONS", "/_emulator/clock",
        headers={"Origin": SITE, "Access-Control-Request-Method": "POST"},
    )  # fmt: skip
    assert preflight.status >= 400
    assert not any(name.startswith("access-control-") for name in preflight.headers)
    told = ask("GET", "/_emulator/state").headers
    assert not any(name.startswith("access-control-") for name in told)
    assert told["cross-origin-resource-policy"] == "same-origin"


# As it happens


class Stream:
    """Server-sent events, as they come."""

    def __init__(self, emulator: Emulator) -> None:
        parts = urlsplit(emulator.url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._connection.request("GET", "/_emulator/events")
        self._answer = self._connection.getresponse()
        assert self._answer.headers["content-type"].startswith("text/event-stream")
        assert self._answer.readline() + self._answer.readline() == b"retry: 1000\n\n"
        self._events: queue.Queue[tuple[str, Any] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        name = ""
        try:
            while line := self._answer.readline():
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self._events.put((name, json.loads(value)))
        except (OSError, ValueError, http.client.HTTPException) as error:
            self._events.put(("broken", repr(error)))
        self._events.put(None)

    def next(self, *names: str) -> tuple[str, Any] | None:
        while (event := self._events.get(timeout=60)) and names and event[0] not in names:
            pass
        return event

    def close(self) -> None:
        if self._connection.sock is not None:
            with suppress(OSError):  # It may be gone already.
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._answer.close()
        self._connection.close()


@contextmanager
def listening(emulator: Emulator) -> Iterator[Stream]:
    stream = Stream(emulator)
    try:
        yield stream
    finally:
        stream.close()


def test_requests_and_jobs_are_told_as_they_go_on() -> None:
    with Emulator(job_seconds=0.6) as emu, listening(emu) as stream:
        id = Asking(emu).submit()
        told = stream.next("request")
        assert told is not None
        assert (told[1]["path"], told[1]["job"], told[1]["key"]) == (GENERATE, id, "afk_0123…")
        seen: list[Any] = []
        while not seen or not seen[-1]["ended"]:
            event = stream.next("job")
            assert event is not None
            seen.append(event[1])
        assert {job["id"] for job in seen} == {id}
        progress = [job["progress"] for job in seen]
        assert progress == sorted(progress)
        assert seen[-1]["images"]
        Asking(emu)("POST", "/_emulator/clock", {"advance": 1})
        assert stream.next("changed") == ("changed", {"what": "clock"})


def test_jobs_under_way_are_told_to_one_who_comes_late() -> None:
    with Emulator(job_seconds=3_600.0) as emu:
        ask = Asking(emu)
        ids = {ask.submit(prompt=f"fox {number}") for number in range(3)}
        assert {job["id"] for job in ask("GET", "/_emulator/jobs?running=true").json} == ids
        with listening(emu) as stream:
            begun = [stream.next("job") for _ in ids]
            emu.clock.advance(3_600)
            done = [stream.next("job") for _ in ids]
        assert {event[1]["id"] for event in begun if event} == ids
        assert all(event and event[1]["ended"] for event in done)
        assert ask("GET", "/_emulator/jobs?running=true").json == []
        assert len(ask("GET", "/_emulator/jobs").json) == 3


def test_streams_end_with_the_server() -> None:
    emu = Emulator().start()
    streams = [Stream(emu) for _ in range(3)]
    emu.stop()
    for stream in streams:
        assert stream.next() is None  # And not that it was broken off.
        stream.close()


def test_who_is_gone_is_not_told_any_more(emu: Emulator, ask: Asking) -> None:
    with listening(emu):
        assert ask("GET", "/_emulator/state").json["counts"]["listeners"] == 1
    end = time.monotonic() + 30
    while ask("GET", "/_emulator/state").json["counts"]["listeners"]:
        ask("GET", "/v2/models")
        assert time.monotonic() < end


def test_one_who_does_not_read_costs_little(emu: Emulator) -> None:
    import asyncio

    from fluxframe.emulator._control.feed import Listener

    async def told() -> list[Any]:
        listener = Listener()
        for number in range(1_000):
            listener.tell("request", number)
        await asyncio.sleep(0)
        return [await listener.next(1) for _ in range(201)]

    found = asyncio.run(told())
    assert found[0] == ("lost", {})
    assert found[-1] == ("request", 999)


def test_it_is_there_without_a_port(emu: Emulator) -> None:
    import asyncio

    import httpx

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=emu.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            await http.post(GENERATE, json=FOX, headers={"X-API-Key": KEY})
            return await http.get("/_emulator/state")

    assert asyncio.run(asked()).json()["counts"]["jobs"] == 1

"""Each fault, as a client of bare sockets sees it."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from fluxframe.emulator import Emulator

from .raw import REQUEST, Seen, connection

URL = "http://emulator"


def jobs(emulator: Emulator, key: str) -> list[Any]:
    with connection(emulator.url, key) as one:
        return list(json.loads(one.ask(method="GET", path="/v2/jobs").body)["jobs"])


def credits(emulator: Emulator, key: str) -> int:
    with connection(emulator.url, key) as one:
        return int(json.loads(one.ask(method="GET", path="/v2/me").body)["team"]["credits"])


@dataclass(frozen=True)
class Broken:
    """A fault that ends the connection, or leaves it silent: what comes of the answer before that."""

    fault: str
    end: str
    comes: str
    works: bool = True


BROKEN = [
    *(
        Broken(f"{word}={place}", end, comes, works=place != "before")
        for word, end in (("reset", "reset"), ("close", "closed"), ("stall", "open"))
        for place, comes in (
            ("before", "nothing"),
            ("after", "nothing"),
            ("headers", "a part of the headers"),
            ("body", "a part of the body"),
        )
    ),
    Broken("truncate=0", "closed", "0 bytes"),
    Broken("truncate=10", "closed", "10 bytes"),
    Broken("truncate=10; reset=body", "reset", "10 bytes"),
    Broken("truncate=10; stall=body", "open", "10 bytes"),
    Broken("truncate=10; length=chunked", "closed", "a chunk of 10 bytes"),
    Broken("length=7", "closed", "all"),
    Broken("length=none", "closed", "all"),
    Broken("garbage=protocol", "closed", "no HTTP"),
    Broken("garbage=chunk", "closed", "no size of a chunk"),
]


def came(seen: Seen) -> set[str]:
    """What an answer can be called."""
    head, ended, body = seen.data.partition(b"\r\n\r\n")
    is_http = head.startswith(b"HTTP/1.1 202 ")
    if not seen.data:
        return {"nothing"}
    if is_http and not ended:
        return {"a part of the headers"}
    if not is_http:
        return {"no HTTP"}
    if seen.header("transfer-encoding") == "chunked":
        assert seen.header("content-length") is None
        size, _, rest = body.partition(b"\r\n")
        if body.endswith(b"zz\r\n"):
            return {"no size of a chunk"}
        return {f"a chunk of {int(size, 16)} bytes"} if len(rest) == int(size, 16) + 2 else set()
    try:
        json.loads(body)
    except ValueError:
        length = int(seen.header("content-length") or 0)
        names = {f"{len(body)} bytes"}
        return names | ({"a part of the body"} if 0 < len(body) < length else set())
    return {"all"}


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.fault)
def test_a_connection_breaks_as_it_is_to(emulator: Emulator, key: str, case: Broken) -> None:
    """On a connection that was used before, and the job is there if the work was to be done."""
    before = credits(emulator, key)
    with connection(emulator.url, key) as one:
        assert one.ask(method="GET", path="/v2/me").status == 200
        is_silent = (case.end, case.comes) == ("open", "nothing")
        seen = one.ask(case.fault, patience=0.3, first=0.3 if is_silent else 10)
        assert seen.end == case.end
        assert case.comes in came(seen)
    told = emulator.requests.wait_for(key=key, method="POST", timeout=10)[-1]
    made = jobs(emulator, key)
    assert len(made) == case.works
    assert before - credits(emulator, key) == sum(job["creditCost"] for job in made)
    assert {*(told.fault or "").split("; ")} == {*case.fault.split("; ")}
    assert (told.status is None) == (case.comes in ("nothing", "a part of the headers", "no HTTP"))


def test_any_status_comes_and_the_connection_is_kept(emulator: Emulator, key: str) -> None:
    with connection(emulator.url, key) as one:
        for status in range(200, 600):
            seen = one.ask(f"status={status}")
            assert (seen.status, seen.end) == (status, "whole")
            if status >= 400:
                assert json.loads(seen.body)["error"]
        assert one.ask(method="GET", path="/v2/me").status == 200
    assert jobs(emulator, key) == []


@dataclass(frozen=True)
class Odd:
    """A fault of an answer that comes whole: its status, headers and body."""

    fault: str
    status: int = 202
    headers: dict[str, str | None] | None = None
    body: bytes | None = None
    works: bool = True


ODD = [
    Odd("status=503; retry_after=2", 503, {"retry-after": "2"}, works=False),
    Odd("status=503, retry_after=0.5", 503, {"retry-after": "0.5"}, works=False),
    Odd('status=429; retry-after="Fri, 31 Dec 2027 23:59:59 GMT"', 429,
        {"retry-after": "Fri, 31 Dec 2027 23:59:59 GMT"}, works=False),
    Odd("status=502; done", 502, {"content-type": "application/json"}),
    Odd("status=502; done=true; garbage=html", 502, {"content-type": "text/html; charset=utf-8"}),
    Odd('status=418; body="No; tea, or \\"coffee\\""', 418,
        {"content-type": "text/plain; charset=utf-8"}, b'No; tea, or "coffee"', works=False),
    Odd('body={"jobId": [5]}', 202, {"content-type": "application/json"}, b'{"jobId": [5]}'),
    Odd('body=""; headers={"Content-Type": "image/png", "X-A": ["1", "2"]}', 202,
        {"content-type": "image/png", "x-a": "1"}, b""),
    Odd("redirect=/v2/elsewhere", 307, {"location": "/v2/elsewhere"}, b"", works=False),
    Odd("redirect=https://a.example/b?c=d; status=302; done", 302,
        {"location": "https://a.example/b?c=d"}),
    Odd("length=chunked", 202, {"transfer-encoding": "chunked", "content-length": None}),
    Odd("garbage=empty", 202, {"content-length": "0"}, b""),
    Odd("garbage=list", 202, {"content-type": "application/json"}, b"[]"),
    Odd("garbage=content_type", 202, {"content-type": "text/html; charset=utf-8"}),
    Odd("garbage=no_content_type", 202, {"content-type": None}),
    Odd("garbage=charset", 202, {"content-type": "application/json; charset=klingon"}),
]  # fmt: skip


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.fault)
def test_an_answer_is_odd_and_the_connection_is_kept(
    emulator: Emulator, key: str, case: Odd
) -> None:
    with connection(emulator.url, key) as one:
        for _ in range(2):
            seen = one.ask(case.fault)
            assert (seen.status, seen.end) == (case.status, "whole")
            for name, value in (case.headers or {}).items():
                assert seen.header(name) == value
            assert case.body in (None, seen.body)
            told = emulator.requests.last(key=key).answer
            assert told.status == case.status
            if "headers=" in case.fault:
                assert (told.headers["content-type"], told.headers["x-a"]) == ("image/png", "1, 2")
        assert one.ask(method="GET", path="/v2/me").status == 200
    assert len(jobs(emulator, key)) == 2 * case.works


@pytest.mark.parametrize("kind", ["text", "html", "cut", "types", "utf8", "binary", "large"])
def test_a_body_is_garbage(emulator: Emulator, key: str, kind: str) -> None:
    with connection(emulator.url, key) as one:
        seen = one.ask(f"garbage={kind}")
        assert (seen.status, seen.end) == (202, "whole")
        assert one.ask(method="GET", path="/v2/me").status == 200
    assert len(jobs(emulator, key)) == 1
    if kind == "types":
        assert all(isinstance(value, list) for value in json.loads(seen.body).values())
    elif kind == "large":
        assert len(seen.body) == 64 << 20
        assert json.loads(seen.body)["jobId"] == jobs(emulator, key)[0]["id"]
    else:
        with pytest.raises(
            ValueError, match="utf-8" if kind in ("utf8", "binary") else "JSON|Exp|Unt"
        ):
            json.loads(seen.body.decode())


def test_a_body_that_is_no_longer_is_not_cut(emulator: Emulator, key: str) -> None:
    with connection(emulator.url, key) as one:
        whole = one.ask(method="GET", path="/v2/me")
        for length in (len(whole.body), len(whole.body) + 1):
            again = one.ask(f"truncate={length}", method="GET", path="/v2/me")
            assert (again.body, again.end) == (whole.body, "whole")
        assert (
            one.ask(f"truncate={len(whole.body) - 1}", method="GET", path="/v2/me").end == "closed"
        )


def test_a_reset_comes_after_what_was_sent(emulator: Emulator, key: str) -> None:
    """But for what the system still has to send, which a reset forgets."""
    with connection(emulator.url, key) as one:
        seen = one.ask("garbage=large; reset=body")
    assert seen.end == "reset"
    assert 16 << 20 < len(seen.body) <= 32 << 20


def test_what_is_longer_than_it_says_comes_before_the_next_answer(
    emulator: Emulator, key: str
) -> None:
    with connection(emulator.url, key) as one:
        first = one.ask("length=-9")
        rest = one.ask(method="GET", path="/v2/me", patience=0.3)
        whole = (first.data + rest.data).partition(b"\r\n\r\n")[2]
        job = json.loads(whole[: int(first.header("content-length") or 0) + 9])
        assert b"HTTP/1.1 200 OK" in whole
        assert [job["jobId"]] == [each["id"] for each in jobs(emulator, key)]


@pytest.mark.parametrize(
    "fault", ["delay=0.2", 'delay={"uniform": [0.2, 0.3]}', "bytes_per_second=200"]
)
def test_an_answer_takes_its_time_and_is_right(emulator: Emulator, key: str, fault: str) -> None:
    with connection(emulator.url, key) as one:
        begun = time.monotonic()
        seen = one.ask(fault)
        assert time.monotonic() - begun >= 0.2
        assert (seen.status, seen.end) == (202, "whole")
        assert [json.loads(seen.body)["jobId"]] == [job["id"] for job in jobs(emulator, key)]
        assert one.ask(method="GET", path="/v2/me").status == 200


@pytest.mark.parametrize(
    "fault", ["status=503", "garbage=html", "length=9", "truncate=2", "delay=0.01"]
)
def test_a_head_has_no_body_whatever_goes_wrong(emulator: Emulator, key: str, fault: str) -> None:
    with connection(emulator.url, key) as one:
        seen = one.ask(fault, method="HEAD", path="/v2/me", patience=0.3)
        assert seen.body == b""


def test_a_file_breaks_off_too(emulator: Emulator, key: str) -> None:
    with emulator.client(api_key=key) as client:
        job = client.images.run(**REQUEST)
    path = job.images[0].url.removeprefix(emulator.url)
    with emulator.faults.add(path=f"{path[:20]}*", truncate=100, times=1):
        with connection(emulator.url, key) as one:
            seen = one.ask(method="GET", path=path)
            assert (len(seen.body), seen.end) == (100, "closed")
        with connection(emulator.url, key) as one:
            assert one.ask(method="GET", path=path).end == "whole"


def test_an_upload_is_read_before_it_is_answered(emulator: Emulator, key: str) -> None:
    """A client that still sends would be cut off otherwise, and see no answer."""
    with emulator.faults.add(status=503, key=key):
        answer = httpx.post(
            f"{emulator.url}/v2/uploads",
            headers={"X-API-Key": key},
            files={"file": ("a.png", b"x" * 20_000_000)},
        )
    assert answer.status_code == 503


def test_nothing_is_logged_of_what_goes_wrong_and_nothing_is_left(
    caplog: pytest.LogCaptureFixture, key: str
) -> None:
    with Emulator(job_seconds=0) as emulator:
        for case in BROKEN:
            with connection(emulator.url, key) as one:
                one.ask(case.fault, patience=0.05, first=0.05)
        emulator.faults.add(stall="after", key=key)
        with connection(emulator.url, key) as one:
            assert one.ask(first=0.05).end == "open"
            emulator.requests.wait_for(fault="stall=after", count=2, timeout=10)
            emulator.stop()  # It is not waited for, which would be logged.
            assert one.rest(10) == Seen(b"", "closed")
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.levelno >= 30] == []


def test_what_is_held_back_is_let_go_when_faults_are_cleared(emulator: Emulator, key: str) -> None:
    emulator.faults.add(stall="body", key=key)
    with connection(emulator.url, key) as one:
        assert one.ask(patience=0.05).end == "open"
        emulator.faults.clear()
        assert one.rest(10).end == "closed"


@pytest.mark.parametrize(
    "fault", [case.fault for case in BROKEN if case.end in ("reset", "closed")]
)
def test_without_a_connection_a_break_is_an_error_that_says_so(fault: str, key: str) -> None:
    emulator = Emulator(job_seconds=0)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            headers = {"X-API-Key": key, "X-Emulator-Fault": fault}
            return await client.post("/v2/images/generate", json=REQUEST, headers=headers)

    if fault.endswith("length=none"):
        assert asyncio.run(ask()).status_code == 202
        return
    with pytest.raises(ConnectionResetError, match="the emulator broke the connection"):
        asyncio.run(ask())


def test_without_a_connection_a_stall_ends_when_it_is_let_go(key: str) -> None:
    emulator = Emulator(job_seconds=0)
    emulator.faults.add(stall="after")

    async def ask() -> None:
        transport = httpx.ASGITransport(app=emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            asking = asyncio.create_task(client.get("/v2/me", headers={"X-API-Key": key}))
            await asyncio.to_thread(emulator.requests.wait_for, timeout=10)
            assert not asking.done()
            emulator.faults.clear()
            await asking

    with pytest.raises(ConnectionResetError):
        asyncio.run(ask())


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.fault)
def test_without_a_connection_odd_answers_are_the_same(case: Odd, key: str) -> None:
    emulator = Emulator(job_seconds=0)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            headers = {"X-API-Key": key, "X-Emulator-Fault": case.fault}
            return await client.post("/v2/images/generate", json=REQUEST, headers=headers)

    answer = asyncio.run(ask())
    assert answer.status_code == case.status
    assert case.body in (None, answer.content)

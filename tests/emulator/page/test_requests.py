"""The requests that came, searched and asserted on, and as text that makes them again."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe.emulator import Emulator, RequestsError
from fluxframe.emulator._state.journal import MOST_BYTES, MOST_ENTRIES

KEY = "afk_0123456789abcdef0123456789abcdef"
GENERATE = "/v2/images/generate"
FOX = {"model": "flux-2-pro", "prompt": "a red fox"}


@pytest.fixture
def emu() -> Iterator[Emulator]:
    with Emulator(job_seconds=0.0) as running:
        yield running


def send(
    emu: Emulator,
    method: str,
    target: str,
    body: bytes | str | None = None,
    headers: dict[str, str] | None = None,
    key: str = KEY,
) -> tuple[int, bytes]:
    parts = urlsplit(emu.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request(method, target, body, {"X-API-Key": key, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def submit(emu: Emulator, key: str = KEY, **members: Any) -> Any:
    body = json.dumps({**FOX, **members})
    return json.loads(
        send(emu, "POST", GENERATE, body, {"Content-Type": "application/json"}, key)[1]
    )


# Searched


def test_a_request_is_found_by_what_it_said_and_what_came_of_it(emu: Emulator) -> None:
    made = submit(emu, prompt="a fox")
    send(emu, "GET", f"/v2/jobs/{made['jobId']}?x=1&y=&x=2", headers={"X-Mine": "yes"})
    send(emu, "GET", "/v2/nowhere")
    posted = emu.requests.one(method="post")
    assert posted == emu.requests.one(operation="images.generate")
    assert posted.json["prompt"] == "a fox"
    assert json.loads(posted.text) == posted.json
    assert posted.answer.status == posted.status == 202
    assert posted.answer.json == made
    assert posted.answer.headers["X-Request-ID"] == posted.id
    assert posted.job == made["jobId"]
    assert posted.model == "flux-2-pro"
    assert (posted.seconds or 0) > 0
    asked = emu.requests.one(path="/v2/jobs/*", job=made["jobId"])
    assert asked.query == {"x": "2", "y": ""}
    assert asked.headers["x-mine"] == asked.headers["X-MINE"] == "yes"
    assert emu.requests.one(status=404) == emu.requests.last() == emu.requests.one(status="4xx")
    assert emu.requests.all(operation="*") == [posted, asked]
    assert emu.requests.all(after=posted)[0] == asked
    assert emu.requests.all(after=posted.id, status="2xx") == [asked]
    assert [entry.method for entry in emu.requests] == ["POST", "GET", "GET"]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"pth": "/"}, "did you mean 'path'"),
        ({"operation": "images.generat"}, "did you mean 'images.generate'"),
        ({"model": "no-such"}, "flux-2-pro"),
        ({"status": 99}, "99 is not a status"),
        ({"method": None}, "method: expected a text, got None"),
    ],
)
def test_a_filter_that_finds_nothing_whatever_comes_is_refused(
    emu: Emulator, filters: dict[str, Any], said: str
) -> None:
    for search in (emu.requests.all, emu.requests.one, emu.requests.last, emu.requests.wait_for):
        with pytest.raises((ValueError, TypeError)) as caught:
            search(**filters)
        assert said in str(caught.value)


def test_what_there_is_in_place_of_the_one_is_told(emu: Emulator) -> None:
    with pytest.raises(AssertionError, match="exactly one request, found none; no request came"):
        emu.requests.one()
    for _ in range(3):
        submit(emu)
    with pytest.raises(
        RequestsError, match="exactly one request with status=202, found 3"
    ) as caught:
        emu.requests.one(status=202)
    lines = str(caught.value).splitlines()
    assert lines[1:] == [f"  POST {GENERATE} 202 flux-2-pro afk_0123…"] * 3
    with pytest.raises(RequestsError, match="found none among 3") as caught:
        emu.requests.last(key="afk_nobody1234567")
    assert "afk_nobo…" in str(caught.value)
    assert "afk_nobody" not in str(caught.value)
    with pytest.raises(RequestsError, match="a request in 0 seconds with method='DELETE'"):
        emu.requests.wait_for(method="DELETE", timeout=0)


def test_each_key_has_a_namespace(emu: Emulator) -> None:
    other = "afk_fedcba9876543210"
    submit(emu)
    submit(emu, key=other)
    assert len(emu.requests) == 2
    mine = emu.requests.of_key(other)
    assert len(mine) == 1
    assert mine.one().key == "afk_fedc…"
    assert mine.all() == emu.requests.all(key=other) == emu.requests.all(key="afk_fedc…")
    mine.clear()
    assert len(mine) == 0
    assert emu.requests.one().key == "afk_0123…"


@pytest.mark.parametrize("frozen", [False, True])
def test_what_is_still_to_come_is_waited_for(emu: Emulator, frozen: bool) -> None:
    def later() -> None:
        for number in range(3):
            submit(emu, prompt=f"fox {number}")

    thread = threading.Thread(target=later)
    if frozen:
        with freeze_time("2020-01-01"):
            thread.start()
            found = emu.requests.wait_for(operation="images.generate", count=3, timeout=20)
            with pytest.raises(RequestsError):
                emu.requests.wait_for(method="DELETE", timeout=0.05)
    else:
        thread.start()
        found = emu.requests.wait_for(operation="images.generate", count=3, timeout=20)
    thread.join()
    assert [entry.json["prompt"] for entry in found] == ["fox 0", "fox 1", "fox 2"]


def test_what_is_not_json_is_told_as_what_it_is(emu: Emulator) -> None:
    headers = {"Content-Type": "application/json"}
    send(emu, "POST", GENERATE, "{nope", headers)
    with pytest.raises(
        ValueError, match=r"the body of POST /v2/images/generate is not valid JSON: \{nope"
    ):
        _ = emu.requests.last().json
    send(emu, "POST", GENERATE, json.dumps({**FOX, "prompt": "x" * 100_000}), headers)
    with pytest.raises(ValueError, match="only its first 65536 bytes were kept"):
        _ = emu.requests.last().json


def test_a_form_has_fields(emu: Emulator) -> None:
    body = (
        '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nö\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="fox.png"\r\n'
        "Content-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    ).encode()
    send(emu, "POST", "/v2/uploads", body, {"Content-Type": "multipart/form-data; boundary=b"})
    entry = emu.requests.one(operation="uploads.*")
    assert entry.form == {"a": "ö", "file": "@fox.png"}
    assert "-F file=@fox.png" in entry.curl()
    assert "'file': open('fox.png', \"rb\")" in entry.python()


# Bounded


def test_the_journal_is_bounded_by_number_and_bytes(emu: Emulator) -> None:
    from fluxframe.emulator._state.exchange import Exchange
    from fluxframe.emulator._state.journal import Journal

    def exchange(number: int, size: int) -> Exchange:
        return Exchange(
            id=str(number), received=0, method="GET", path="/", query="", headers={},
            body=b"x" * size,
        )  # fmt: skip

    small = Journal()
    for number in range(MOST_ENTRIES + 5):
        small.add(exchange(number, 0))
    assert [len(small), next(iter(small)).id] == [MOST_ENTRIES, "5"]
    large = Journal()
    for number in range(400):
        large.add(exchange(number, 64 << 10))
    assert large.size <= MOST_BYTES < large.size + (65 << 10)


# Secrets


def everything(emu: Emulator) -> str:
    return " ".join(
        text
        for entry in emu.requests
        for text in (
            repr(entry), repr(entry.answer), repr(entry.headers), json.dumps(entry.as_json()),
            entry.curl(), entry.python(), entry.line(),
        )
    )  # fmt: skip


def test_a_key_is_never_shown_whole_wherever_it_was_put(emu: Emulator) -> None:
    wrong = "afk_wrongplace00000000"
    submit(emu, prompt=f"my key is {KEY}")
    send(emu, "GET", f"/v2/jobs?key={KEY}", headers={"Authorization": f"Bearer {wrong}"})
    send(emu, "GET", f"/v2/{KEY}", headers={"Cookie": "session=0123456789secret"})
    send(emu, "GET", "/v2/me", headers={"X-Emulator-Fault": f"status=503; body={KEY}"})
    send(emu, "GET", "/v2/me", headers={"Authorization": "Basic c2VjcmV0OnNlY3JldA=="})
    send(emu, "GET", "/v2/me", key="nonsense-that-is-secret")
    told = everything(emu) + repr(emu.requests)
    for secret in (KEY, wrong, "0123456789secret", "c2VjcmV0OnNlY3JldA", "nonsense-that-is-secret"):
        assert secret not in told
    assert "afk_0123…" in told
    assert emu.requests.all()[0].json["prompt"] == f"my key is {KEY}"  # As it was sent.


# As text that makes it again

TEXTS = st.text(st.characters(exclude_characters="\r"), max_size=30)


def ran(command: list[str], url: str) -> None:
    environment = {**os.environ, "APIFRAME_API_KEY": KEY}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, (done.stderr, url)


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    with Emulator(job_seconds=0.0) as running:
        yield running


@pytest.mark.parametrize("kind", ["curl", "python"])
@settings(max_examples=8)
@given(prompt=TEXTS, query=TEXTS, mine=st.text(st.characters(codec="ascii", categories=("L", "P"))))
def test_a_copied_request_is_the_same_request(
    shared: Emulator, kind: str, prompt: str, query: str, mine: str
) -> None:
    if kind == "curl" and shutil.which("curl") is None:
        pytest.skip("there is no curl")
    members = {"prompt": prompt, "a": [1, None, True, 0.5, {"b": "c'\"$`!"}]}
    headers = {"Content-Type": "application/json", "X-Mine": mine}
    target = f"{GENERATE}?q={quote(query, errors='replace')}"
    send(shared, "POST", target, json.dumps(members), headers)
    sent = shared.requests.last()
    if kind == "curl":
        ran(["sh", "-c", sent.curl()], sent.url)
    else:
        ran([sys.executable, "-c", sent.python()], sent.url)
    again = shared.requests.last()
    assert again != sent
    assert [again.method, again.path, again.query, again.json, again.key, again.status] == [
        sent.method, sent.path, sent.query, sent.json, sent.key, sent.status,
    ]  # fmt: skip
    assert again.headers["x-mine"] == sent.headers["x-mine"]


def test_a_request_without_a_body_is_copied_without_one(emu: Emulator) -> None:
    send(emu, "GET", "/v2/me")
    entry = emu.requests.one()
    assert entry.curl() == f'curl -sSig {emu.url}/v2/me -H "x-api-key: $APIFRAME_API_KEY"'
    assert entry.python().startswith("import os\n\nimport httpx\n\nanswer = httpx.request(\n")
    assert time.time() - entry.received.timestamp() < 60

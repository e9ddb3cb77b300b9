"""The line of curl that repeats a request: what bash makes of it arrives as it was sent."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe._redact import Secret
from fluxframe.conformance import Exchange
from fluxframe.conformance._security import security
from fluxframe.conformance.reports.curl import curl

from ..servers.http1 import Request, http
from ..servers.scripted import Server
from .strategies import PARTS, exchanges

KEY = "afk_curl_0123456789"
MARK = f"${security().variable}"
TEXT = st.lists(
    st.sampled_from([part for part in PARTS if not part.startswith("afk")]) | st.text(max_size=5),
    max_size=6,
).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
REPEATED = st.builds(
    lambda unit, times, rest: unit * times + rest,
    st.sampled_from(["x", "-", "--a ", "é", "'", "\\", "&/", "%s", "\n", "<", "[", '"', " "]),
    st.integers(0, 3000),
    TEXT,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(answer=lambda request: http(200)) as server:
        yield server


def exchange(url: str, **more: Any) -> Exchange:
    shared = {"method": "POST", "headers": {}, "started": datetime.now(UTC), "seconds": 0.1}
    return Exchange(**{**shared, "url": url, **more})


def sent(server: Server, of: Exchange, shell: str = "bash") -> Request:
    """What arrives of the command for an exchange."""
    done = subprocess.run(
        [shell, "-c", curl(of)],
        env={**os.environ, security().variable: KEY},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return server.requests[-1]


@settings(max_examples=20)
@given(body=st.dictionaries(TEXT, JSON | REPEATED, max_size=3).filter(bool))
def test_json_arrives_as_it_was_sent(server: Server, body: Any) -> None:
    got = sent(server, exchange(f"{server.url}/v1/x", body=body))
    assert got.method == "POST"
    assert got.body == json.dumps(body, separators=(",", ":")).encode()
    assert "content-type" not in got.headers


@pytest.mark.parametrize("unit", ["é", "\r\n", "\0\x1b", "%s\\n'é"])
@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_long_text_of_any_characters_is_made_again(server: Server, shell: str, unit: str) -> None:
    of = exchange(server.url, raw=unit * 3000, headers={"Content-Type": "text/plain"})
    assert len(curl(of)) < 1000
    assert sent(server, of, shell).body == (unit * 3000).encode()


@settings(max_examples=20)
@given(raw=(TEXT | REPEATED).map(lambda text: text.encode(errors="replace").decode()))
@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_any_text_arrives_as_it_was_sent(server: Server, shell: str, raw: str) -> None:
    headers = {"Content-Type": "text/plain", "Content-Length": "1", "X-Empty": ""}
    of = exchange(f"{server.url}/?a=[1]&b={{x}}", raw=raw, method="PUT", headers=headers)
    got = sent(server, of, shell)
    assert (got.method, got.target) == ("PUT", "/?a=[1]&b={x}")
    assert got.body == raw.encode()
    assert got.headers["content-type"] == "text/plain"
    assert got.headers["x-empty"] == ""


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("value", [MARK, f"Bearer {MARK}", f'a"$(b)`{MARK}\\c', "afk_another", ""])
def test_the_key_comes_from_the_environment(server: Server, method: str, value: str) -> None:
    headers = {security().header: value, "X-Other": "it's $HOME"}
    got = sent(server, exchange(f"{server.url}/", method=method, headers=headers))
    assert (got.method, got.body) == (method, b"")
    assert got.headers[security().header.lower()] == value.replace(MARK, KEY)
    assert got.headers["x-other"] == "it's $HOME"


def test_a_key_that_was_left_in_is_taken_out(server: Server) -> None:
    secret = Secret("afk_left_in_0123456789")
    headers = {security().header: secret.reveal()}
    got = sent(server, exchange(f"{server.url}/", method="GET", headers=headers))
    assert got.headers[security().header.lower()] == KEY


@pytest.mark.parametrize("name", ["fox.png", "a;type=x, \"b\" 'c'.png"])
def test_a_form_has_a_boundary_of_its_own(server: Server, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"picture")
    headers = {"Content-Type": "multipart/form-data; boundary=old"}
    form = {"file": f"@{tmp_path / name}", "text": "a;b=<c"}
    got = sent(server, exchange(f"{server.url}/", form=form, headers=headers))
    assert b'name="file"' in got.body
    assert b"picture" in got.body
    assert b"\r\n\r\na;b=<c\r\n" in got.body
    assert "boundary=old" not in got.headers["content-type"]


def test_a_megabyte_is_made_in_a_short_line(server: Server) -> None:
    of = exchange(f"{server.url}/", body={"text": "x" * 1_048_576})
    assert len(curl(of)) < 300
    assert len(sent(server, of).body) == 1_048_576 + len('{"text":""}')


@given(of=exchanges())
def test_it_is_one_line_of_bounded_length(of: Exchange) -> None:
    line = curl(of)
    assert line.isprintable()
    assert len(line) < 150_000

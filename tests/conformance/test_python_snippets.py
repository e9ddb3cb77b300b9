"""The lines of Python that repeat a request send what was sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.conformance import Exchange
from fluxframe.conformance.reports.python import python

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
LONG = st.builds(
    lambda unit, times, end: unit * times + end,
    st.text(min_size=1, max_size=12),
    st.integers(1, 1000),
    st.text(),
)
KEY = "the-key-of-this-test"


def exchange(**members: Any) -> Exchange:
    given_ = {
        "method": "POST",
        "url": "https://api.example.com/v2/images",
        "headers": {"X-API-Key": "$APIFRAME_API_KEY", "Content-Type": "application/json"},
        "started": datetime(2026, 1, 1, tzinfo=UTC),
        "seconds": 0.1,
        "status": 400,
    }
    return Exchange(**{**given_, **members})


def sent(code: str) -> httpx.Request:
    """What the lines send, without sending it."""
    requests = []

    def request(method: str, url: str, **options: Any) -> httpx.Response:
        requests.append(httpx.Request(method, url, **options))
        return httpx.Response(400, text="no")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "request", request)
        patch.setattr("builtins.print", lambda *values: None)
        patch.setenv("APIFRAME_API_KEY", KEY)
        exec(compile(code, "snippet", "exec"), {})
    [only] = requests
    return only


@given(st.dictionaries(st.text(), JSON | LONG, max_size=5))
def test_json_is_sent_as_it_was(body: dict[str, Any]) -> None:
    code = python(exchange(body=body))
    request = sent(code)
    assert json.loads(request.content) == body
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-api-key"] == KEY
    assert KEY not in code
    assert all(c.isprintable() or c == "\n" for c in code)


@given(st.characters(codec="utf-8").filter(lambda c: c not in "\r") | st.text())
def test_a_body_that_is_not_json_is_sent_as_it_was(text: str) -> None:
    request = sent(
        python(
            exchange(
                raw=text.encode(errors="replace").decode(), headers={"Content-Type": "text/plain"}
            )
        )
    )
    assert request.content == text.encode(errors="replace")
    assert request.headers["content-type"] == "text/plain"


def test_what_is_told_of_the_key_is_its_variable_beside_a_scheme() -> None:
    code = python(exchange(method="GET", headers={"Authorization": "Bearer $APIFRAME_API_KEY"}))
    assert sent(code).headers["authorization"] == f"Bearer {KEY}"


def test_a_type_that_was_not_sent_is_not_added() -> None:
    request = sent(python(exchange(headers={}, body={"prompt": "a car"})))
    assert "content-type" not in request.headers
    assert json.loads(request.content) == {"prompt": "a car"}


def test_fields_of_a_form_are_several_parts() -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    request = sent(python(exchange(headers=headers, form={"kind": "image"})))
    request.read()
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="kind"\r\n\r\nimage' in request.content


def test_a_long_text_that_repeats_itself_is_short() -> None:
    assert len(python(exchange(body={"prompt": "a" * 100_000}))) < 500

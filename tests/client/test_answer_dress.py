"""What says the same in other dress is read the same: numbers, moments, reasons, details, encodings."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
import respx
from hypothesis import example, given
from hypothesis import strategies as st

from fluxframe import (
    BadRequestError,
    Fluxframe,
    FluxframeError,
    InsufficientCreditsError,
    Job,
    JobFailedError,
    webhooks,
)
from fluxframe._answers import boolean, integer, moment, number, text
from fluxframe._emitted.answers import Team, Upload

from ..servers.scripted import job_json
from .calls import ID, KEY, Kind, both, call

BASE = "https://api.test"


def answered(kind: Kind, use: Any, answer: httpx.Response) -> Any:
    """What a client makes of an answer."""
    with respx.mock as router:
        router.route().mock(return_value=answer)
        return call(kind, use, base_url=BASE, max_retries=0)


def refused(kind: Kind = Fluxframe, status: int = 400, **answer: Any) -> Any:
    with pytest.raises(FluxframeError) as caught:
        answered(kind, lambda client: client.me(), httpx.Response(status, **answer))
    return caught.value


# Numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4, 4),
        (4.0, 4),
        ("4", 4),
        (" 4 ", 4),
        ("4.0", 4),
        ("4e0", 4),
        ("+4", 4),
        (-0.0, 0),
        (2**64 - 1, 2**64 - 1),
        (4.5, None),
        ("4.5", None),
        ("four", None),
        ("", None),
        ("0x4", None),
        ("4_0", None),
        ("٤", None),
        (True, None),
        (None, None),
        ([4], None),
        (10**30, None),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
        ("nan", None),
        ("1e999", None),
        ("9" * 5000, None),
    ],
)
def test_what_is_exactly_an_integer_is_one(value: object, expected: int | None) -> None:
    found = integer({"x": value}, "x")
    assert found == expected
    assert found is None or type(found) is int


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4.5, 4.5),
        ("4.5", 4.5),
        ("-1e2", -100.0),
        (4, 4),
        ("4", 4),
        (float("inf"), None),
        (False, None),
    ],
)
def test_a_number_may_be_written_as_text(value: object, expected: float | None) -> None:
    assert number({"x": value}, "x") == expected


@given(value=st.integers(-(2**60), 2**60))
def test_an_integer_is_the_same_in_any_dress(value: int) -> None:
    forms: list[object] = [value, str(value), f"{value}.0"]
    forms += [float(value)] if float(value) == value else []
    assert [integer({"x": form}, "x") for form in forms] == [value] * len(forms)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("true", True),
        ("False", False),
        (1, True),
        (0, False),
        ("1", True),
        (2, None),
        ("yes", None),
        (None, None),
        ([], None),
    ],
)
def test_a_truth_may_be_written_as_text(value: object, expected: bool | None) -> None:
    assert boolean({"x": value}, "x") is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), ("", ""), (17, "17"), (True, None), ([], None), ({}, None)]
)
def test_a_number_may_stand_where_text_is(value: object, expected: str | None) -> None:
    assert text({"x": value}, "x") == expected


def test_what_a_job_cost_is_read_from_a_float() -> None:
    job = Job(None, job_json(ID, creditCost=4.0, progress="100"))
    assert (job.credit_cost, job.progress) == (4, 100)
    assert Upload({"byteSize": "512"}).byte_size == 512
    assert Team({"credits": "12.5"}).credits == 12.5


@both
def test_a_job_may_have_a_number_as_its_id(kind: Kind) -> None:
    """It was accepted, and is paid for."""
    job = answered(
        kind,
        lambda client: client.images.generate(model="flux-2-pro", prompt="a fox"),
        httpx.Response(202, json={"jobId": 17, "status": "QUEUED"}),
    )
    assert job.id == "17"


def test_credits_may_be_written_as_text() -> None:
    error = refused(
        status=402, json={"error": "No", "creditsRequired": "50", "creditsAvailable": 1.5}
    )
    assert isinstance(error, InsufficientCreditsError)
    assert (error.required, error.available) == (50, 1.5)
    assert "needs 50 credits, 1.5 left" in str(error)


@both
@pytest.mark.parametrize(
    "more", [{"hasMore": True, "nextCursor": "n"}, {"hasMore": "true", "nextCursor": 7}]
)
def test_a_list_goes_on_in_any_dress(kind: Kind, more: dict[str, object]) -> None:
    async def use(client: Any) -> Any:
        page = client.jobs.list()
        page = await page if hasattr(page, "__await__") else page
        return page.next_cursor, page.has_more

    cursor, has_more = answered(kind, use, httpx.Response(200, json={"jobs": [], **more}))
    assert (cursor, has_more) == (str(more["nextCursor"]), True)


# Moments

MOMENT = datetime(2026, 7, 16, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-07-16T09:30:00.000Z",
        "2026-07-16T09:30:00z",
        "2026-07-16 09:30:00",
        "2026-07-16 09:30:00 UTC",
        "2026-07-16T11:30:00+0200",
        "2026-07-16T09:30:00.000000000Z",
        "20260716T093000Z",
        "Thu, 16 Jul 2026 09:30:00 GMT",
        "Thu, 16 Jul 2026 11:30:00 +0200",
        1784194200,
        1784194200.0,
        1784194200000,
        "1784194200",
        "1784194200000",
    ],
)
def test_a_moment_is_read_in_any_dress(value: object) -> None:
    assert moment({"x": value}, "x") == MOMENT
    assert Job(None, job_json(ID, createdAt=value)).created_at == MOMENT


@pytest.mark.parametrize(
    "value",
    ["today", "", "9999-99-99T00:00:00Z", 1e30, -1e300, "9" * 90, True, [], None, "x" * 10**6],
)
def test_what_is_not_a_moment_is_none(value: object) -> None:
    assert moment({"x": value}, "x") is None


@given(value=st.text() | st.floats() | st.integers())
@example(value="Thu, 16 Jul 99999 09:30:00 GMT")
@example(value="Thu, 16 Jul 2026 09:30:00 +9999999")
def test_any_moment_can_be_compared_with_now(value: object) -> None:
    found = moment({"x": value}, "x")
    assert found is None or isinstance(found - datetime.now(timezone(timedelta(0))), timedelta)


# Reasons

REASONS: list[tuple[Any, str | None]] = [
    ("NSFW", "NSFW"),
    ({"message": "NSFW"}, "NSFW"),
    ({"code": "nsfw", "message": "NSFW"}, "NSFW"),
    ({"error": {"message": "NSFW"}}, "NSFW"),
    ({"detail": "NSFW", "status": 400}, "NSFW"),
    ([{"msg": "NSFW"}, "Too dark"], "NSFW; Too dark"),
    (["NSFW"], "NSFW"),
    ({"code": "nsfw"}, '{"code": "nsfw"}'),
    (17, "17"),
    (None, None),
    ("", None),
    ({}, None),
]


@pytest.mark.parametrize(("error", "expected"), REASONS)
def test_the_reason_of_a_job_is_read_in_any_dress(error: object, expected: str | None) -> None:
    job = Job(None, job_json(ID, "FAILED", error=error))
    assert job.error == expected
    assert webhooks.Event({"status": "FAILED", "error": error}).error == expected
    words = "the server gave no reason" if expected is None else re.escape(expected)
    with pytest.raises(JobFailedError, match=words):
        job.raise_for_status()


def test_the_reason_of_a_job_is_found_in_an_object() -> None:
    error = {"code": 7, "message": "No available capacity — please retry shortly"}
    with pytest.raises(JobFailedError) as caught:
        Job(None, job_json(ID, "FAILED", error=error)).raise_for_status()
    assert caught.value.resubmit is True


def test_a_long_reason_without_words_is_cut() -> None:
    error = {str(n): {"deep": [{"x": "y" * 10**5}] * 100} for n in range(1000)}
    found = Job(None, job_json(ID, "FAILED", error=error)).error
    assert found is not None
    assert len(found) <= 2000


@pytest.mark.parametrize(
    "body",
    [
        {"error": "No such luck"},
        {"error": {"message": "No such luck", "type": "x"}},
        {"message": "No such luck"},
        {"title": "No such luck", "status": 400},
        {"errors": [{"message": "No such luck"}], "message": "No such luck"},
    ],
)
def test_the_words_of_an_error_are_found(body: object) -> None:
    assert str(refused(status=418, json=body)).startswith("me: 418 No such luck")


# Details


@pytest.mark.parametrize(
    "details",
    [
        {"fluxParams.width": ["Too odd"]},
        {"fluxParams.width": "Too odd"},
        {"fluxParams": {"width": ["Too odd"]}},
        {"fluxParams": {"width": {"_errors": ["Too odd"]}, "_errors": []}},
        {"fluxParams[width]": ["Too odd"]},
        [{"path": ["fluxParams", "width"], "message": "Too odd"}],
        [{"path": "fluxParams.width", "message": "Too odd"}],
        [{"loc": ["body", "fluxParams", "width"], "msg": "Too odd", "type": "value_error"}],
        [{"field": "fluxParams.width", "error": "Too odd"}],
        [{"param": "width", "reason": "Too odd"}],
        [{"instancePath": "/fluxParams/width", "message": "Too odd"}],
        [{"pointer": "#/fluxParams/width", "detail": "Too odd"}],
        [{"fluxParams.width": ["Too odd"]}],
        {"fluxParams.width": [{"message": "Too odd", "code": "odd"}]},
    ],
)
@pytest.mark.parametrize("member", ["details", "errors", "detail"])
def test_details_are_named_after_their_parameter_in_any_dress(details: object, member: str) -> None:
    error = refused(json={"error": "Invalid", member: details})
    assert type(error) is BadRequestError
    assert error.details == {"width": ["Too odd"]}
    assert str(error) == "me: 400 Invalid\nwidth: Too odd"


@pytest.mark.parametrize(
    "details", [["Too odd"], "Too odd", [{"message": "Too odd"}], [["Too odd"]]]
)
def test_details_that_name_nothing_are_of_the_request(details: object) -> None:
    error = refused(json={"error": "Invalid", "details": details})
    assert error.details == {"request": ["Too odd"]}


# Encodings

LATIN, ASIAN, BOTH = "Zu groß", "大きい", "Zu groß — 大きい 🦊"


@both
@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("words", "encoding", "charset"),
    [
        (BOTH, "utf-8-sig", "utf-8"),
        (BOTH, "utf-8-sig", ""),
        (BOTH, "utf-16", ""),
        (BOTH, "utf-16-le", "utf-16"),
        (BOTH, "utf-32-be", ""),
        (BOTH, "utf-8", "latin-1"),
        (BOTH, "utf-8", "no-such"),
        (BOTH, "utf-8", "punycode"),
        (BOTH, "utf-8", "zlib_codec"),
        (BOTH, "utf-8", "\x00"),
        (LATIN, "latin-1", "iso-8859-1"),
        (LATIN, "cp1252", '"Windows-1252"'),
        (ASIAN, "shift_jis", "Shift_JIS"),
        (BOTH, "gb18030", "gb18030"),
        (ASIAN, "euc_jp", "EUC-JP"),
    ],
)
def test_json_is_read_in_any_encoding(
    kind: Kind, status: int, words: str, encoding: str, charset: str
) -> None:
    body = {"error": words, "details": {"fluxParams.width": [words]}}
    answer = httpx.Response(
        status,
        content=json.dumps(body, ensure_ascii=False).encode(encoding),
        headers={"Content-Type": f"application/json; charset={charset}"},
    )
    if status == 200:
        assert answered(kind, lambda client: client.me(), answer).raw == body
    else:
        with pytest.raises(BadRequestError) as caught:
            answered(kind, lambda client: client.me(), answer)
        assert (caught.value.body, caught.value.details) == (body, {"width": [words]})


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "idna", "unicode_escape", "base64"])
def test_an_encoding_of_more_than_text_is_not_used(charset: str) -> None:
    content = b"\xff" + b"a-" * 300_000
    error = refused(content=content, headers={"Content-Type": f"text/plain; charset={charset}"})
    assert error.body == content.decode(errors="replace")


@pytest.mark.parametrize("status", [200, 400])
def test_a_key_in_escapes_is_hidden(status: int) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    answer = httpx.Response(status, content=f'{{"error": "{escaped}", "email": "{escaped}"}}')
    if status == 200:
        data = answered(Fluxframe, lambda client: client.me(), answer).raw
    else:
        with pytest.raises(FluxframeError) as caught:
            answered(Fluxframe, lambda client: client.me(), answer)
        assert KEY not in str(caught.value)
        data = getattr(caught.value, "body", None)
    assert KEY not in repr(data)

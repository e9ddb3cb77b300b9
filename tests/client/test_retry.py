"""When to try again: properties of the pure functions."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fluxframe._errors import is_transient
from fluxframe._wire.retry import (
    FIRST_DELAY,
    LONGEST_DELAY,
    LONGEST_RETRY_AFTER,
    Failure,
    Stop,
    backoff,
    decide,
    http_date,
    retry_after,
)

FINAL = ("certificate", "request")

seconds = st.floats(0, 1e6, allow_nan=False)
failures = st.builds(
    Failure,
    cause=st.sampled_from(["connection", "timeout", "certificate", "request", "status", "answer"]),
    words=st.just("words"),
    sent=st.booleans(),
    status=st.integers(100, 999) | st.sampled_from([408, 429, 500, 524, 529]),
    retry_after=st.none() | seconds | st.sampled_from([0.0, 1.0, LONGEST_RETRY_AFTER]),
)
situations = st.fixed_dictionaries(
    {
        "attempt": st.integers(1, 10_000),
        "max_retries": st.integers(0, 10_000),
        "left": st.floats(-100, 1000, allow_nan=False),
        "repeatable": st.booleans(),
        "jitter": st.floats(0, 1),
    }
)
# One in which only the failure can be a reason to stop.
EASY: dict[str, Any] = {
    "attempt": 1,
    "max_retries": 1,
    "left": 1e9,
    "repeatable": True,
    "jitter": 0.5,
}
failing = Failure("status", "words", status=429)


def pause(asked: float, situation: dict[str, Any]) -> float:
    most = backoff(situation["attempt"])
    return float(max(asked + situation["jitter"] * most, most / 2))


@given(failure=failures, situation=situations)
def test_a_delay_is_never_shorter_than_asked_nor_beyond_the_deadline(
    failure: Failure, situation: dict[str, Any]
) -> None:
    delay = decide(failure, **situation)
    if isinstance(delay, Stop):
        return
    asked = failure.retry_after or 0.0
    most = asked + backoff(situation["attempt"])
    assert max(asked, backoff(situation["attempt"]) / 2) <= delay <= most
    assert 0 <= delay < situation["left"]
    assert delay <= LONGEST_RETRY_AFTER + LONGEST_DELAY
    assert situation["attempt"] <= situation["max_retries"]
    assert situation["repeatable"] or not failure.sent
    assert failure.cause not in FINAL
    assert failure.cause != "status" or is_transient(failure.status or 0)


@given(failure=failures, situation=situations)
def test_there_is_a_reason_to_stop(failure: Failure, situation: dict[str, Any]) -> None:
    """Each as it is named, and none where there is no reason."""
    stop = decide(failure, **situation)
    final = failure.cause in FINAL
    final |= failure.cause == "status" and not is_transient(failure.status or 0)
    asked = failure.retry_after or 0.0
    reasons = {
        Stop.FINAL: final,
        Stop.REPEATS: failure.sent and not situation["repeatable"],
        Stop.ATTEMPTS: situation["attempt"] > situation["max_retries"],
        Stop.RETRY_AFTER: asked > LONGEST_RETRY_AFTER,
        Stop.DEADLINE: pause(asked, situation) >= situation["left"],
    }
    assert stop == next((reason for reason, holds in reasons.items() if holds), stop)
    assert isinstance(stop, Stop) == any(reasons.values())


@given(retries=st.integers(0, 50), jitter=st.floats(0, 1))
def test_there_are_as_many_attempts_as_allowed(retries: int, jitter: float) -> None:
    attempts = 1
    while not isinstance(
        decide(
            failing,
            attempt=attempts,
            max_retries=retries,
            left=1e9,
            repeatable=True,
            jitter=jitter,
        ),
        Stop,
    ):
        attempts += 1
    assert attempts == retries + 1


@given(attempt=st.integers(1, 10**6), jitter=st.floats(0, 1))
def test_half_of_the_delay_is_left_to_chance(attempt: int, jitter: float) -> None:
    """And no less, whatever the server asks for: 0 from each answer would be a storm."""
    situation = {**EASY, "attempt": attempt, "max_retries": attempt, "jitter": jitter}
    for asked in (None, 0.0):
        delay = decide(Failure("status", "words", status=429, retry_after=asked), **situation)
        assert delay == max(jitter, 0.5) * backoff(attempt)


def test_the_backoff_doubles_to_its_limit() -> None:
    assert [backoff(n) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert backoff(1) == FIRST_DELAY
    assert backoff(10**9) == LONGEST_DELAY


@given(asked=st.floats(LONGEST_RETRY_AFTER, 1e300, exclude_min=True))
def test_a_server_that_asks_for_too_much_is_not_waited_for(asked: float) -> None:
    failure = Failure("status", "words", status=429, retry_after=asked)
    assert decide(failure, **EASY) is Stop.RETRY_AFTER


def test_the_most_that_a_server_may_ask_for_is_waited_for() -> None:
    failure = Failure("status", "words", status=429, retry_after=LONGEST_RETRY_AFTER)
    assert decide(failure, **{**EASY, "jitter": 0.0}) == LONGEST_RETRY_AFTER


# Retry-After

NOW = 1_790_000_000.0
ANY_TEXT = (
    st.text()
    | st.text("0123456789.-+eE ")
    | st.from_regex(r"[A-Z][a-z]{2}, ?[0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{1,9} [A-Z+0-9-]*")
)


@given(value=st.none() | ANY_TEXT, now=st.floats(0, 4e9))
@example(value="inf", now=NOW)
@example(value="-1", now=NOW)
@example(value="0, " * 200_000, now=NOW)
@example(value="Mon, " * 200_000, now=NOW)
@example(value="nan", now=NOW)
@example(value="9" * 400, now=NOW)
@example(value="٣", now=NOW)
@example(value="1_0", now=NOW)
@example(value="Mon, 01 Jan 0001 00:00:00 +2359", now=NOW)
@example(value="Fri, 31 Dec 9999 23:59:59 -2359", now=NOW)
@example(value="Mon, 1 Jan 1 00:00:00 GMT", now=NOW)
@example(value="Mon, 01 Jan 2026 00:00:00 +99999999999999999999", now=NOW)
@example(value="Mon, 01 Jan 2026 99999999999999999999:00:00 GMT", now=NOW)
def test_any_header_is_seconds_or_nothing(value: str | None, now: float) -> None:
    found = retry_after(value, now=now)
    assert found is None or (found >= 0 and math.isfinite(found))


@given(value=st.integers(0, 10**12), space=st.sampled_from(["", " ", "\t"]))
def test_seconds_are_read(value: int, space: str) -> None:
    assert retry_after(f"{space}{value}{space}", now=NOW) == value


@given(moment=st.integers(0, 253402300799), now=st.integers(0, 4 * 10**9))
def test_a_date_is_read_in_each_of_its_forms(moment: int, now: int) -> None:
    """IMF-fixdate and asctime; RFC 850 below, whose year has two digits."""
    left = max(0, moment - now)
    date = datetime.fromtimestamp(moment, UTC)
    assert retry_after(formatdate(moment, usegmt=True), now=now) == left
    assert http_date(formatdate(moment, usegmt=True)) == moment
    asctime = f"{date:%a %b} {date.day:2d} {date:%H:%M:%S} {date.year:04d}"
    assert retry_after(asctime, now=now) == left


@given(moment=st.integers(0, 3124223999))  # 1970 to 2068, as two digits are read.
def test_a_date_of_rfc_850_is_read(moment: int) -> None:
    date = datetime.fromtimestamp(moment, UTC)
    assume(date.year < 2069)
    text = f"{date:%A, %d-%b-%y %H:%M:%S} GMT"
    assert retry_after(text, now=0) == moment


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 28.0),
        ("Wednesday, 21-Oct-26 07:28:00 GMT", 28.0),
        ("Wed Oct 21 07:28:00 2026", 28.0),
        ("Wed, 21 Oct 2026 09:28:00 +0200", 28.0),
        ("Wed, 21 Oct 2026 07:00:00 GMT", 0.0),
        # Two headers are one, with a comma; proxies write it so as well.
        ("120, 120", 120.0),
        ("5,7.5, 6", 7.5),
        ("0, 0", 0.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT, 30", 30.0),
        ("3, Wed, 21 Oct 2026 07:28:00 GMT", 28.0),
        ("Wednesday, 21-Oct-26 07:28:00 GMT,Wed Oct 21 07:28:01 2026", 29.0),
        ("soon, 5", 5.0),
        ("-1, 5", 5.0),
        ("5, ", 5.0),
        ("1.5", 1.5),
        ("1.", 1.0),
        # Neither seconds nor a date: as if nothing was asked for.
        ("", None),
        (",,", None),
        ("-1", None),
        ("-0.5", None),
        ("1e3", None),
        ("5s", None),
        ("inf, nan", None),
        ("1_0", None),
    ],
)
def test_each_form_is_read(value: str, expected: float | None) -> None:
    now = datetime(2026, 10, 21, 7, 27, 32, tzinfo=UTC).timestamp()
    assert retry_after(value, now=now) == expected


@pytest.mark.parametrize("digits", [10, 300, 5000, 10**6])
def test_a_number_of_any_length_is_a_long_wait(digits: int) -> None:
    found = retry_after("9" * digits, now=NOW)
    assert found is not None
    assert LONGEST_RETRY_AFTER < found < math.inf


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, *range(520, 531), 598, 599])
def test_what_is_said_of_a_moment_passes(status: int) -> None:
    assert is_transient(status)


@pytest.mark.parametrize("status", [*range(300, 408), *range(409, 429), 451, 499, 501, 505, 511])
def test_what_is_said_of_the_request_does_not_pass(status: int) -> None:
    assert not is_transient(status)

"""When to try again: properties of the pure functions."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fluxframe._wire.retry import (
    FIRST_DELAY,
    LONGEST_DELAY,
    LONGEST_RETRY_AFTER,
    STATUSES,
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
    status=st.none() | st.integers(100, 599) | st.sampled_from(sorted(STATUSES)),
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


@given(failure=failures, situation=situations)
def test_a_delay_is_never_shorter_than_asked_nor_beyond_the_deadline(
    failure: Failure, situation: dict[str, Any]
) -> None:
    delay = decide(failure, **situation)
    if isinstance(delay, Stop):
        return
    asked = failure.retry_after or 0.0
    most = asked + backoff(situation["attempt"])
    assert asked <= delay <= most
    assert 0 <= delay < situation["left"]
    assert delay <= LONGEST_RETRY_AFTER + LONGEST_DELAY
    assert situation["attempt"] <= situation["max_retries"]
    assert situation["repeatable"] or not failure.sent
    assert failure.cause not in FINAL
    assert failure.cause != "status" or failure.status in STATUSES


@given(failure=failures, situation=situations)
def test_there_is_a_reason_to_stop(failure: Failure, situation: dict[str, Any]) -> None:
    """Each as it is named, and none where there is no reason."""
    stop = decide(failure, **situation)
    final = failure.cause in FINAL
    final |= failure.cause == "status" and failure.status not in STATUSES
    asked = failure.retry_after or 0.0
    reasons = {
        Stop.FINAL: final,
        Stop.REPEATS: failure.sent and not situation["repeatable"],
        Stop.ATTEMPTS: situation["attempt"] > situation["max_retries"],
        Stop.RETRY_AFTER: asked > LONGEST_RETRY_AFTER,
        Stop.DEADLINE: asked + situation["jitter"] * backoff(situation["attempt"])
        >= situation["left"],
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
def test_the_jitter_is_full(attempt: int, jitter: float) -> None:
    situation = {**EASY, "attempt": attempt, "max_retries": attempt, "jitter": jitter}
    assert decide(failing, **situation) == jitter * backoff(attempt)


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
    ],
)
def test_the_forms_of_the_standard_are_read(value: str, expected: float) -> None:
    now = datetime(2026, 10, 21, 7, 27, 32, tzinfo=UTC).timestamp()
    assert retry_after(value, now=now) == expected

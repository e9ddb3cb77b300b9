# A copy of codegen/runtime/_wire/retry.py, where it is edited.
"""When to try again, for calls and downloads alike: a pure decision, and what it is made of."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Literal, TypeAlias

from .._clock import monotonic
from .._errors import APIError, is_transient
from .._redact import short_repr

FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
# Seconds; a server that asks for more is not waited for, its error is the caller's at once.
LONGEST_RETRY_AFTER = 60.0

Cause: TypeAlias = Literal["connection", "timeout", "certificate", "request", "status", "answer"]


class Stop(StrEnum):
    """The reason not to try again."""

    FINAL = "another attempt would end the same way"
    REPEATS = "it may have arrived, and has no idempotency key"
    ATTEMPTS = "no attempts are left"
    RETRY_AFTER = "the server asks for a longer wait than is allowed"
    DEADLINE = "no time is left"
    FORGOTTEN = "it may have arrived, and the server may have forgotten its idempotency key"


@dataclass(frozen=True, slots=True)
class Failure:
    """How an attempt failed.

    `sent` is False where nothing of the request can have reached the server; `retry_after` is the
    seconds that the server asks to wait.
    """

    cause: Cause
    words: str
    sent: bool = True
    status: int | None = None
    retry_after: float | None = None

    __repr__ = short_repr


class RetryState:
    """The attempts of one call or download so far, and the seconds that are left for more."""

    __slots__ = ("_end", "_max_retries", "_start", "count")

    def __init__(self, deadline: float, max_retries: int) -> None:
        self.count = 0
        self._max_retries = max_retries
        self._start = monotonic()
        self._end = self._start + deadline

    def begin(self) -> float:
        """Count the next attempt; returns the seconds that are left for it, which may be below 0."""
        self.count += 1
        return self._end - monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the first attempt."""
        return monotonic() - self._start

    def after(self, failure: Failure, *, repeatable: bool) -> float | Stop:
        """Seconds to sleep after a failed attempt, or the reason not to try again."""
        return decide(
            failure,
            attempt=self.count,
            max_retries=self._max_retries,
            left=self._end - monotonic(),
            repeatable=repeatable,
            jitter=random.random(),
        )

    def record(self, error: APIError, operation: str) -> None:
        """Write into the last error what was tried, how often and for how long."""
        error.operation, error.attempts, error.elapsed = operation, self.count, self.elapsed


def decide(
    failure: Failure,
    *,
    attempt: int,
    max_retries: int,
    left: float,
    repeatable: bool,
    jitter: float,
) -> float | Stop:
    """Seconds to sleep before the next attempt, or the reason why there won't be one.

    Args:
        failure: How the last attempt failed.
        attempt: How many there were, that one included.
        max_retries: How many there may be after the first.
        left: Seconds until the deadline.
        repeatable: Whether the server does it once however often it is sent: a GET, or a request
            with an idempotency key.
        jitter: A random number from 0 to 1. The delay is that share of a limit which doubles from
            attempt to attempt, on top of what the server asks for, and at least half of the limit:
            a server that asks for no wait at all is not stormed.
    """
    if failure.cause in ("certificate", "request"):
        return Stop.FINAL
    if failure.cause == "status" and not is_transient(failure.status or 0):
        return Stop.FINAL
    # Such as an upload: if it did arrive, a second attempt would store the file, and may bill it, twice.
    if failure.sent and not repeatable:
        return Stop.REPEATS
    if attempt > max_retries:
        return Stop.ATTEMPTS
    asked = failure.retry_after or 0.0
    if asked > LONGEST_RETRY_AFTER:
        return Stop.RETRY_AFTER
    delay = max(asked + jitter * backoff(attempt), backoff(attempt) / 2)
    return delay if delay < left else Stop.DEADLINE


def backoff(attempt: int) -> float:
    """The most seconds to sleep after an attempt, if the server does not ask for more."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempt - 1, 30))


# The parts of a list, whose dates have a comma of their own.
_ASKED = re.compile(r"\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,[^,]+|[^,]+", re.IGNORECASE)
# Longer than any number or list that is meant; a number that is cut is huge still.
_LONGEST_HEADER = 300


def retry_after(value: str | None, *, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, given in seconds or as an HTTP date.

    `now` is the time in seconds since the epoch, best by the server's own clock. Of several that
    were sent, the longest counts, and 0 stands for a date that is past. None for a header that is
    not there, or is neither: `inf`, `-1`.
    """
    parts = _ASKED.findall((value or "")[:_LONGEST_HEADER])
    return max(
        (s for part in parts if (s := _seconds(part.strip(), now)) is not None), default=None
    )


def _seconds(text: str, now: float) -> float | None:
    if re.fullmatch(r"[0-9]+(\.[0-9]*)?", text):
        return float(text)
    moment = http_date(text)
    return None if moment is None else max(0.0, moment - now)


def http_date(text: str | None) -> float | None:
    """An HTTP date in seconds since the epoch; None for any other text."""
    from email.utils import parsedate_to_datetime  # Slow to import, and seldom needed.

    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return None

"""What came of each vector, as data: a verdict, and the exchanges that decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .._redact import short_repr


class Verdict(StrEnum):
    """What a vector says of the server."""

    PASS = "pass"
    LOOSER = "looser"  # It took what the documents say it refuses.
    TIGHTER = "tighter"  # It refused what the documents say it takes.
    FAIL = "fail"  # It answered in a way that the documents do not have.
    DIFFERS = "differs"  # It does what another known reading of the documents says.
    UNTESTED = "untested"  # It was not sent.
    INCONCLUSIVE = "inconclusive"  # No answer said anything of it.

    @property
    def is_difference(self) -> bool:
        """Whether the server and the documents differ."""
        return self in (Verdict.LOOSER, Verdict.TIGHTER, Verdict.FAIL)

    @property
    def is_final(self) -> bool:
        """Whether sending it again would tell no more."""
        return self not in (Verdict.UNTESTED, Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer. Where the key was, there is the name of its variable.

    `body` is the JSON that was sent; `raw` the text of a body that was sent as it is; `form` the fields of
    a form, a file by its name after an `@`, as for curl. `status` is None if there was no answer, which
    `error` tells of. `answer` is the answer's text; of one that is too long it is the beginning
    (`is_cut`).
    """

    method: str
    url: str
    headers: Mapping[str, str]
    started: datetime
    seconds: float
    body: Any = None
    raw: str | None = None
    form: Mapping[str, str] | None = None
    status: int | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    is_cut: bool = False
    error: str | None = None

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a vector.

    `exchanges` are those that decided it, the last of them last; vectors that went in one request share
    it. `expected` and `observed` say in data what should have been and what was: `accepted`, `refused`,
    or for anything else what the check of a sequence says. `reading` is the source that says what the
    server does. `credits` is what the vector cost by itself, where it should have cost nothing.
    `reason` says why it is untested or inconclusive: `budget`, `account`, `prerequisite`, `network`, `server_error`,
    `rate_limit`, `interrupted`, `too_long`.
    """

    vector: str
    constraint: str
    verdict: Verdict
    says: str = ""
    expected: str = ""
    observed: str = ""
    exchanges: Sequence[Exchange] = ()
    reading: str | None = None
    credits: int | None = None
    reason: str | None = None

    __repr__ = short_repr

"""A request as data, what sends it, and the jobs that came of some."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .._redact import short_repr
from ._outcomes import Exchange

# What a request says of who it is from: the key of the run, nothing, a key that no account has, or
# something that does not look like a key.
Auth: TypeAlias = Literal["valid", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A file in a form."""

    name: str
    content_type: str
    content: bytes

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that is to be sent.

    `path` stands below the base URL, quoted as it is to be sent, or is a whole URL: that of a file, which
    is fetched without a key. At most one of `body`, `raw` and `form` is there: JSON, the bytes of a body
    whose content type `headers` say, or the fields of a form; a body that is null is sent as `raw`.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None
    form: Mapping[str, str | FormFile] | None = None
    auth: Auth = "valid"

    __repr__ = short_repr


class NotSentError(Exception):
    """The request was not sent. `reason` is one of those of `Outcome`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# Sends a request once, or again by Retry-After and after a failure of the server, and says what came of it
# the last time; it raises nothing for an answer, nothing for a network that fails, and NotSentError for
# what must not be sent. The text of an answer is its bytes as UTF-8, with U+FFFD for each that is none.
Send: TypeAlias = Callable[[Call], Awaitable[Exchange]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedJob:
    """A job that the server made of a request.

    `exchange` is the submission, with its answer. `idempotency_key` is None if it had none. `vectors` are
    the ids of those that the request was for.
    """

    id: str
    operation: str
    model: str
    body: Mapping[str, Any]
    idempotency_key: str | None
    exchange: Exchange
    vectors: tuple[str, ...] = ()

    __repr__ = short_repr

    @property
    def name(self) -> str:
        """What tells it from others in the ids of outcomes: the same in every run."""
        return self.vectors[0] if self.vectors else self.model

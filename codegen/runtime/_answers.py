"""An answer's JSON as properties: readers of its members, and the base of its classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from ._redact import short_repr, show, shown

A = TypeVar("A", bound="Answer")


def text(raw: Mapping[str, Any], name: str) -> str | None:
    """The member as text."""
    value = raw.get(name)
    return value if isinstance(value, str) else None


def integer(raw: Mapping[str, Any], name: str) -> int | None:
    """The member as an integer."""
    value = raw.get(name)
    return (
        value if isinstance(value, int) and not isinstance(value, bool) and _fits(value) else None
    )


def _fits(value: int) -> bool:
    """Whether it fits 64 bits; an integer of a thousand digits can't be a float."""
    return value.bit_length() <= 64


def number(raw: Mapping[str, Any], name: str) -> float | None:
    """The member as a number."""
    value = raw.get(name)
    if isinstance(value, float):
        return value
    return integer(raw, name)


def boolean(raw: Mapping[str, Any], name: str) -> bool | None:
    """The member as True or False."""
    value = raw.get(name)
    return value if isinstance(value, bool) else None


def moment(raw: Mapping[str, Any], name: str) -> datetime | None:
    """The member as a point in time."""
    value = raw.get(name)
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def mapping(raw: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The member as a mapping."""
    value = raw.get(name)
    return value if isinstance(value, dict) else None


def anything(raw: Mapping[str, Any], name: str) -> Any:
    """The member as it came."""
    return raw.get(name)


def one(raw: Mapping[str, Any], name: str, kind: type[A]) -> A | None:
    """The member as an object of another kind."""
    value = raw.get(name)
    return kind(value) if isinstance(value, dict) else None


def always(raw: Mapping[str, Any], name: str, kind: type[A]) -> A:
    """The member as an object; an empty one if the member is missing."""
    return one(raw, name, kind) or kind({})


def many(raw: Mapping[str, Any], name: str, kind: type[A]) -> list[A]:
    """The member as a list of objects; what is not an object is left out."""
    value = raw.get(name)
    items = value if isinstance(value, list) else []
    return [kind(item) for item in items if isinstance(item, dict)]


@dataclass(slots=True, eq=False)
class Response:
    """An answer as it came over HTTP, and `data`, the JSON in it.

    `attempts` is how often the request was sent, `elapsed` the seconds that took in all;
    `idempotency_key` is that of a submission.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    data: Any = field(repr=False)
    attempts: int
    elapsed: float
    idempotency_key: str | None = None

    __repr__ = short_repr

    @property
    def request_id(self) -> str | None:
        """The server's id for the request, to quote to its support."""
        return self.headers.get("x-request-id")


class Answer:
    """An object of an answer: its members are properties, and `raw` is its JSON as it came.

    A member that is missing, or of another type than documented, reads as None, so that an answer
    that has grown does not break its reader. `response` is the answer that it was read from.
    """

    response: Response | None = None

    def __init__(self, raw: dict[str, Any], response: Response | None = None) -> None:
        self.raw = raw
        if response is not None:
            self.response = response

    def __getstate__(self) -> dict[str, Any]:
        """A copy, and what goes to another process, is without the response."""
        return {name: value for name, value in self.__dict__.items() if name != "response"}

    def __repr__(self) -> str:
        known = (name for name, value in vars(type(self)).items() if isinstance(value, property))
        members = ((name, getattr(self, name)) for name in known)
        words = (f"{name}={_shown(value)}" for name, value in members if value is not None)
        return shown(f"<{' '.join([type(self).__name__, *words])}>")


def _shown(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], Answer):
        return f"[{', '.join(map(repr, value[:20]))}]"
    return repr(value) if isinstance(value, Answer) else show(value)

# A copy of codegen/runtime/_answers.py, where it is edited.
"""An answer's JSON as properties: readers of its members, and the base of its classes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from ._catalog import API
from ._redact import cut, short_repr, show, shown

A = TypeVar("A", bound="Answer")


def text(raw: Mapping[str, Any], name: str) -> str | None:
    """The member as text; a number is text too."""
    value = raw.get(name)
    if isinstance(value, str):
        return value
    return None if isinstance(value, bool) or number(raw, name) is None else str(value)


def integer(raw: Mapping[str, Any], name: str) -> int | None:
    """The member as an integer, which `4.0` and `"4"` are too, and `4.5` is not."""
    value = _number(raw.get(name))
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return None if value is None or value.bit_length() > _LONGEST_INTEGER else value


def number(raw: Mapping[str, Any], name: str) -> float | None:
    """The member as a finite number, which `"4.5"` is too."""
    value = _number(raw.get(name))
    if isinstance(value, int):
        return integer(raw, name)
    return value


# Bits; an integer of a thousand digits can't be a float.
_LONGEST_INTEGER = 64
_NUMBER = re.compile(r"([+-]?[0-9]{1,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")


def _number(value: object) -> int | float | None:
    """A number, or the number that is written in a text; not one that is not finite."""
    if isinstance(value, str) and len(value) < 50 and (found := _NUMBER.fullmatch(value.strip())):
        whole, fraction, power = found.groups(default="")
        value = float(found[0]) if power or fraction.strip(".0") else int(whole)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def boolean(raw: Mapping[str, Any], name: str) -> bool | None:
    """The member as True or False, which `"true"` and 1 are too."""
    value = raw.get(name)
    if isinstance(value, bool):
        return value
    return _BOOLEANS.get(str(value).lower()) if isinstance(value, str | int | float) else None


def moment(raw: Mapping[str, Any], name: str) -> datetime | None:
    """The member as a point in time: written in ISO 8601 or as in HTTP, or counted from 1970.

    One without a time zone is in UTC, as all of them are.
    """
    value = raw.get(name)
    try:
        if (seconds := _number(value)) is not None:
            # In seconds or, as in JavaScript, in milliseconds.
            return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
        found = _written_moment(value) if isinstance(value, str) and len(value) < 100 else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _written_moment(text: str) -> datetime:
    """Raises ValueError, or what email.utils raises."""
    text = re.sub(r"(?i)\s*(?:z|utc|gmt)$", "+00:00", text.strip())
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime  # Slow to import, and seldom needed.

        return parsedate_to_datetime(text)


# What servers call the words in an object that is a reason.
_REASONS = ("message", "error", "detail", "reason", "msg", "title", "description")


def reason(value: object, depth: int = 3) -> str | None:
    """The words in what a server gives as a reason: text, or the object or list that holds it."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, dict) and depth:
        found = (reason(value.get(name), depth - 1) for name in _REASONS)
        return next(filter(None, found), None)
    if isinstance(value, list) and depth:
        return "; ".join(filter(None, (reason(item, depth - 1) for item in value[:10]))) or None
    return None


def abridged(value: Any, depth: int = 4) -> Any:
    """JSON cut to its first items and letters, to be shown."""
    if isinstance(value, str):
        return cut(value, 200)
    if isinstance(value, dict):
        items = islice(value.items(), 10 if depth else 0)
        return {cut(name, 200): abridged(member, depth - 1) for name, member in items}
    if isinstance(value, list):
        return [abridged(item, depth - 1) for item in value[: 10 if depth else 0]]
    return value


def mapping(raw: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The member as a mapping."""
    value = raw.get(name)
    return value if isinstance(value, dict) else None


def inside(raw: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object that is nested below these names; an empty one if there is none."""
    for name in names:
        value = raw.get(name)
        raw = value if isinstance(value, dict) else {}
    return raw


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
    """An answer as it came over HTTP, and `data`, the JSON in it; without the API key, should it repeat that.

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
        return self.headers.get(API.request_id_header)


class Answer:
    """An object of an answer: its members are properties, and `raw` is its JSON as it came.

    A member that is missing, or can't be read as what is documented, is None, so that an answer that
    has grown does not break its reader. `response` is the answer that it was read from.
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

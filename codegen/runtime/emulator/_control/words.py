"""Bodies and queries of the control API, read with care."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from .._contract.document import Json


class WrongError(ValueError):
    """What was asked can't be done; the message says how it could."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def members(body: bytes, *names: str) -> Json:
    """The members of a JSON object that may have these; an empty body is an empty object."""
    try:
        value = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        raise WrongError("the body is not valid JSON") from None
    if not isinstance(value, dict):
        raise WrongError("the body: expected a JSON object")
    known(value, names)
    return value


def known(given: Iterable[str], names: Iterable[str]) -> None:
    """Refuse a name that there is not."""
    listed = list(names)
    for name in given:
        if name not in listed:
            close = get_close_matches(name, listed, 1)
            there = ", ".join(listed) or "none"
            hint = f"did you mean {close[0]!r}?" if close else f"there are: {there}"
            raise WrongError(f"there is no {name!r} here; {hint}")


def text(given: Mapping[str, Any], name: str) -> str | None:
    """A text, if it is there."""
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise WrongError(f"{name}: expected a text, got {_shown(value)}")
    return value


def flag(given: Mapping[str, Any], name: str) -> bool | None:
    """True or false, if it is there."""
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise WrongError(f"{name}: expected true or false, got {_shown(value)}")
    return value


def number(given: Mapping[str, Any], name: str) -> float | None:
    """A number of 0 or more, if it is there."""
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongError(f"{name}: expected a number, got {_shown(value)}")
    if not 0 <= value < 1e15 or not math.isfinite(value):
        raise WrongError(f"{name}: expected a number of 0 or more, got {_shown(value)}")
    return value


def integer(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    """An integer of a query, of 1 to `most`."""
    value = given.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= most):
        raise WrongError(f"{name}: expected an integer from 1 to {most}, got {_shown(value)}")
    return int(value)


def _shown(value: object) -> str:
    said = json.dumps(value, ensure_ascii=True)
    return said if len(said) <= 60 else f"{said[:59]}…"

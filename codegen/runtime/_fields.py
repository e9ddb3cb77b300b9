"""Reads members of the server's JSON; one of another type than documented reads as None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


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
    """Whether it can be counted with: one of a thousand digits is no float."""
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

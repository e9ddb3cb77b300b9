"""Texts of a page to values: types, numbers and units."""

from __future__ import annotations

import json
import re
from typing import Any

from .phrases import NUMBER

TRUTH = {
    **dict.fromkeys(["true", "enabled", "on", "yes"], True),
    **dict.fromkeys(["false", "disabled", "off", "no"], False),
}
_TYPES = (
    (r"(?:list|array) ?(?:of |<)(\w+?)s?>?|(\w+)\[\]|array|list", "array"),
    (r"string|str|text|enum", "string"),
    (r"integer|int", "integer"),
    (r"number|float|double|decimal", "number"),
    (r"boolean|bool", "boolean"),
    (r"object", "object"),
)
_UNITS = {
    "mp": "MP",
    "megapixel": "MP",
    "pixel": "px",
    "char": "characters",
    "character": "characters",
}


def read_type(cell: str) -> tuple[str | None, str | None, str]:
    """The type that a cell names, that of its items, and the rest of the cell."""
    cell = cell.strip()
    for pattern, kind in _TYPES:
        if match := re.match(rf"(?:{pattern})(?!\w)", cell, re.IGNORECASE):
            item = next(filter(None, match.groups()), "")
            return kind, read_type(item)[0] if item else None, cell[match.end() :].strip()
    return None, None, ""


def read_number(text: str, kind: str) -> int | float | None:
    """The number in a text; None if it is not a number, or not an integer where `kind` is one."""
    if not re.fullmatch(NUMBER, text):
        return None
    plain = text.replace(",", "").replace("−", "-")
    if "." not in plain:
        return int(plain)
    number = float(plain)
    return number if kind == "number" else int(number) if number.is_integer() else None


def read_value(text: str, kind: str | None) -> Any:
    """The value of the type `kind` in a text; None if it has no such value."""
    plain = text.strip('"')
    if kind in ("integer", "number"):
        return read_number(plain, kind)
    if kind == "boolean":
        return TRUTH.get(plain.casefold())
    if kind == "array":
        return _read_list(text)
    return plain if kind == "string" else None


def _read_list(text: str) -> list[Any] | None:
    """The list of plain values in a text; None if it is not one."""
    try:
        values = json.loads(text)
    except ValueError:
        return None
    plain = isinstance(values, list) and all(
        isinstance(v, bool | int | float | str) for v in values
    )
    return values if plain else None


def read_unit(text: str) -> str:
    """The standard name of a unit."""
    return _UNITS.get(text.casefold().removesuffix("s"), text.casefold())

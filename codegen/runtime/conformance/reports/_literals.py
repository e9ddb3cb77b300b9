"""JSON as literals of Python, laid out as formatters leave it whatever the width of their lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..._redact import without_key
from ._data import runs

_STEP = "    "


def literal(value: Any, indent: str = "") -> str:
    """A value that JSON can have; what is in it stands on lines of its own."""
    if isinstance(value, str):
        return _text(without_key(value), indent)
    if isinstance(value, Mapping):
        inner = indent + _STEP
        items = [
            f"{_quoted(without_key(str(name)))}: {literal(one, inner)}"
            for name, one in value.items()
        ]
        return braced("{", items, "}", indent)
    if isinstance(value, list | tuple):
        return braced("[", [literal(one, indent + _STEP) for one in value], "]", indent)
    if isinstance(value, float):
        return repr(value).replace("e+", "e") if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, int) and value.bit_length() > 10_000:
        return hex(value)  # Longer decimals are not read.
    return repr(value)


def braced(start: str, items: Sequence[str], end: str, indent: str) -> str:
    """Items on a line each."""
    if not items:
        return start + end
    inner = "".join(f"{indent}{_STEP}{item},\n" for item in items)
    return f"{start}\n{inner}{indent}{end}"


def joined(parts: Sequence[str], indent: str) -> str:
    """Expressions that make a text together."""
    if len(parts) == 1:
        return parts[0]
    inner = indent + _STEP
    return f'"".join(\n{inner}{braced("[", parts, "]", inner)}\n{indent})'


def _text(text: str, indent: str) -> str:
    """A text; what repeats itself in a long one is multiplied."""
    parts = [
        _quoted(part) if times == 1 else f"{_quoted(part)} * {times}" for part, times in runs(text)
    ]
    return joined(parts or ['""'], indent)


def _quoted(text: str) -> str:
    """A text in the quotes that need fewer escapes, and in characters that can be seen."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = "".join(
        c if c.isprintable() and c not in "\\'\"" else _escape(c, quote) for c in text
    )
    return f"{quote}{escaped}{quote}"


def _escape(character: str, quote: str) -> str:
    if character in "'\"" and character != quote:
        return character
    return f"\\{character}" if character in "\\'\"" else ascii(character)[1:-1]

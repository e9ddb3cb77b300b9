# A copy of codegen/runtime/conformance/reports/_data.py, where it is edited.
"""What reports hold as data: bounded, without keys, and what every reader of JSON takes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..._redact import cut, without_key
from .._exchanges import Exchange

# Characters of a text, members of an object or items of a list, and levels of them.
_LONGEST = 4_000
_MOST = 200
_DEEPEST = 20


def body_text(exchange: Exchange) -> str | None:
    """The body of a request as it was sent, in ASCII if it is JSON; None if it had none, or a form."""
    if exchange.body is None:
        return None if exchange.raw is None else without_key(exchange.raw)
    try:
        return without_key(json.dumps(exchange.body, separators=(",", ":")))
    except (ValueError, TypeError, RecursionError):  # Not what a vector is made of.
        return without_key(dumps(bounded(exchange.body)))


def bounded(value: Any, deepest: int = _DEEPEST) -> Any:
    """A value of any size as JSON of at most some, without keys."""
    if isinstance(value, str):
        return cut(without_key(cut(value, _LONGEST)), _LONGEST)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 200 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if not deepest:
        return "…"
    if isinstance(value, Mapping):
        kept = {
            bounded(str(name)): bounded(inner, deepest - 1)
            for name, inner in islice(value.items(), _MOST)
        }
        return {**kept, "…": f"{len(value) - _MOST} more"} if len(value) > _MOST else kept
    if isinstance(value, list | tuple):
        items = [bounded(inner, deepest - 1) for inner in value[:_MOST]]
        return [*items, f"… and {len(value) - _MOST} more"] if len(value) > _MOST else items
    return f"a {type(value).__name__}"


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON that can be written as UTF-8: half a surrogate pair is escaped, other characters stand as they are."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)

"""What reports hold as data: bounded, without keys, and what every reader of JSON takes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from ..._redact import cut, without_key
from .._exchanges import Exchange

# Of what is deep or long, so much is kept: members or items, levels of them, and characters of a text.
_MOST = 200
_DEEPEST = 20
_LONGEST = 4_000
# Characters: a longer text is searched for what repeats itself, unless it is longer than the second; what
# repeats itself is left as it is if it is shorter than the third.
SHORT = 1_000
SEARCHED = 1_100_000
_REPEATED = 200
_RUN = re.compile(r"(?s)(.{1,12}?)\1{19,}")


def body_text(exchange: Exchange) -> str | None:
    """The body of a request as it was sent, in ASCII if it is JSON; None if it had none, or a form."""
    if exchange.body is None:
        return None if exchange.raw is None else without_key(exchange.raw)
    try:
        return without_key(json.dumps(exchange.body, separators=(",", ":")))
    except (ValueError, TypeError, RecursionError):
        return None  # Such a value can't have been sent.


def runs(text: str) -> Iterator[tuple[str, int]]:
    """A text as parts, each so many times."""
    end = 0
    if SHORT < len(text) <= SEARCHED:
        for match in _RUN.finditer(text):
            if len(match[0]) >= _REPEATED:
                if before := text[end : match.start()]:
                    yield before, 1
                yield match[1], len(match[0]) // len(match[1])
                end = match.end()
    if rest := text[end:]:
        yield rest, 1


def moment(time: datetime) -> str:
    """A time in UTC, as RFC 3339 has it."""
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return f"{time.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def seconds(number: float) -> float:
    """A duration in milliseconds' precision; 0 for what is none."""
    return round(number, 3) if math.isfinite(number) else 0.0


def bounded(value: Any, deepest: int = _DEEPEST) -> Any:
    """A value of any size as JSON of some size, without keys."""
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

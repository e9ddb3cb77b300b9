"""Whether an answer fits what the documents say of it, and what it has to be beside that."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ._document import Json, found_at, validator
from ._outcomes import Exchange

if TYPE_CHECKING:
    import jsonschema_rs

_SHOWN = 200
_LONGEST = 4000  # Characters of one text in an answer that is long.


def header(exchange: Exchange, name: str) -> str | None:
    """A header of the answer, however its name is written."""
    return next((v for n, v in exchange.answer_headers.items() if n.lower() == name.lower()), None)


def parsed(exchange: Exchange) -> Any:
    """The JSON of an answer; None where it is not JSON."""
    try:
        return json.loads(exchange.answer)
    except (ValueError, RecursionError):
        return None


def shortened(value: Any) -> Any:
    """JSON without the ends of texts that are too long to be kept."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    if isinstance(value, dict):
        return {name: shortened(member) for name, member in value.items()}
    return [shortened(item) for item in value] if isinstance(value, list) else value


def misfit(exchange: Exchange, component: str | None) -> str | None:
    """What is wrong with the body of an answer; None if it is an object of that name."""
    if component is None:
        return None
    media = (header(exchange, "content-type") or "").partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        return f"content type {media}" if media else "no content type"
    try:
        body = json.loads(exchange.answer)
        error = next(validator(component).iter_errors(body), None)
    except (ValueError, RecursionError):  # It is not JSON, or deeper than the engine goes.
        return "not JSON"
    return None if error is None else _fault(error)


def _fault(error: jsonschema_rs.ValidationError) -> str:
    """Where and how a body is not what it should be; the same in every run."""
    at = "".join(f"/{'*' if isinstance(part, int) else part}" for part in error.instance_path)
    told: Json = error.kind.as_dict()
    if error.kind.name == "required":
        return f"no {at}/{told['property']}"
    if error.kind.name == "additionalProperties":
        return f"{at}/{told['unexpected'][0]}, which is not known"
    return f"{at or 'a body'} of another {error.kind.name}"


def no_retry_after(exchange: Exchange) -> bool:
    """Whether it does not say how many seconds to wait."""
    return not (header(exchange, "retry-after") or "").strip().isdigit()


def moment(value: Any) -> float | None:
    """The seconds of a date, which is a text or a number of seconds; None if it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def unmet(check: Json, exchange: Exchange, known: Mapping[str, Any]) -> tuple[str, str] | None:
    """What a check expects and what there is instead; None if it holds.

    `every` and `some` value at its pointer is the one of the check, it `holds` all of them, there are at
    `most` so many, they are `falling` or `below` it, or the `content` of the whole answer is the one of the check.
    """
    wanted: Any = check.get("value")
    wanted = known[wanted[1:-1]] if isinstance(wanted, str) and wanted[:1] == "{" else wanted
    if check["is"] == "content":
        same = base64.b64decode(str(wanted)).decode(errors="replace") == exchange.answer
        return None if same else ("the same bytes", "other bytes")
    at = check["at"]
    there = [*found_at(at, parsed(exchange))]
    told = "that of the job" if wanted is not check.get("value") else _shown(wanted)
    match check["is"]:
        case "every":
            others = [value for value in there if value != wanted]
            if not there and "*" not in at:
                others = [None]
            other = "another" if told != _shown(wanted) else _shown(next(iter(others), None))
            return (f"{at}: {told}", f"{at}: {other}") if others else None
        case "some":
            return None if wanted in there else (f"{at}: {told}", f"{at}: others")
        case "holds":
            lacking = [value for value in wanted or () if value not in there]
            return ("all of them", f"no {_shown(lacking)}") if lacking else None
        case "most":
            few = len(there) <= int(wanted or 0)
            return None if few else (f"at most {wanted}", "more")
        case "below":
            value = there[0] if there else None
            less = all(isinstance(n, int | float) for n in (value, wanted)) and value < wanted
            return None if less else (f"{at}: less than before", f"{at}: no less than before")
        case "falling":
            moments = [moment(value) or 0.0 for value in there]
            falls = moments == sorted(moments, reverse=True)
            return None if falls else (f"{at}: falling", f"{at}: rising")
    raise ValueError(f"unknown check: {check['is']}")


def _shown(value: Any) -> str:
    each = value if isinstance(value, list) else [value]
    text = ", ".join(v if isinstance(v, str) else json.dumps(v) for v in each)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

"""Values as tables hold them, to the JSON that they stand for, where nothing of them is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from .._catalog import FIELDS, MODELS

# Levels of mappings and lists; no request has as many, and what has more may be too deep to be sent.
DEEPEST = 100
# Beyond it a float no longer tells one integer from the next.
_LARGEST_EXACT = 2**53
_LONGEST_DECIMAL = 4000


class TooDeepError(ValueError):
    """Mappings and lists are nested beyond `DEEPEST` levels."""


def plain(value: Any, levels: int = DEEPEST) -> Any:
    """A copy of JSON, with the numbers, texts and arrays of numpy and decimal as Python's own.

    A caller may use what it gave again for the next request, while this one is under way.
    """
    if isinstance(value, Mapping | list | tuple):
        if not levels:
            raise TooDeepError
        if isinstance(value, Mapping):
            return {name: plain(member, levels - 1) for name, member in value.items()}
        return [plain(item, levels - 1) for item in value]
    if isinstance(value, Decimal):
        return _undecimal(value)
    if type(value).__module__ == "numpy":
        found = value.tolist()
        return value if type(found) is type(value) else plain(found, levels)
    return value


def without_gaps(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request by Python names without what is None, NaN or NA, which is how tables leave a cell empty."""
    return {name: value for name, value in request.items() if not _is_gap(value)}


def with_integers(request: dict[str, Any]) -> dict[str, Any]:
    """A request whose integers are such, though a column with a gap holds them as floats."""
    id = request.get("model")
    for container, name in _integers(id if isinstance(id, str) and id in MODELS else None):
        place = request.get(container) if container else request
        if not isinstance(place, dict):
            continue
        value = place.get(name)
        if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT:
            place[name] = int(value)
    return request


def _is_gap(value: Any) -> bool:
    if type(value).__module__ == "numpy" and not value.shape:
        value = value.tolist()
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    kind = type(value)
    return value is None or (
        kind.__module__.startswith("pandas.") and kind.__name__ in ("NAType", "NaTType")
    )


def _undecimal(value: Decimal) -> Any:
    """An integer or a float that is shown the same; any other stays as it is, for the check to find."""
    if not value.is_finite() or abs(value.adjusted()) > _LONGEST_DECIMAL:
        return value
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else value


@cache
def _integers(id: str | None) -> list[tuple[str, str]]:
    """The containers and names of a model's integers."""
    parameters = (FIELDS if id is None else MODELS[id].parameters).values()
    paths = [p.path.rpartition(".") for p in parameters if p.type == "integer"]
    return [(container, name) for container, _, name in paths]

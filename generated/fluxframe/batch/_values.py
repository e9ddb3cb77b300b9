# A copy of codegen/runtime/batch/_values.py, where it is edited.
"""Values as tables hold them, to the JSON that they stand for, where nothing of them is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import _numbers

# Levels of mappings and lists; no request has as many, and what has more may be too deep to be sent.
DEEPEST = 100
_OURS = frozenset((str, int, bool, float, type(None)))
_NO_GAPS = frozenset((str, int, bool))


class TooDeepError(ValueError):
    """Mappings and lists are nested beyond `DEEPEST` levels."""


def plain(value: Any, levels: int = DEEPEST) -> Any:
    """A copy of JSON, with the numbers, texts and arrays of numpy and decimal as Python's own.

    A caller may use what it gave again for the next request, while this one is under way.
    """
    if type(value) in _OURS:  # As almost all are.
        return value
    is_mapping = isinstance(value, Mapping)
    if is_mapping or isinstance(value, list | tuple):
        if not levels:
            raise TooDeepError
        if is_mapping:
            return {name: plain(member, levels - 1) for name, member in value.items()}
        return [plain(item, levels - 1) for item in value]
    if isinstance(value, Decimal):
        return _numbers.plain("number", value)
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        found = value.tolist()
        return value if type(found) is type(value) else plain(found, levels)
    return value


def without_gaps(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request by Python names without what is None, NaN or NA, which is how tables leave a cell empty."""
    return {
        name: value
        for name, value in request.items()
        if type(value) in _NO_GAPS or not _is_gap(value)
    }


def _is_gap(value: Any) -> bool:
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        value = value.tolist()
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return value is None or _numbers.is_missing(value)

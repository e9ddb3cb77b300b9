# A copy of codegen/runtime/_numbers.py, where it is edited.
"""Reads numbers as other libraries have them: what is exactly an integer is one, what would lose something is not.

Tables have 1.0 for 1 in a column with a gap, and numpy, pandas and `decimal` have types of their own.
"""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction
from typing import Any

# From here on, a float has no neighbour that is 1 away: whoever wrote it may have meant another integer.
# By the bytes of a float, as numpy has shorter ones.
_EXACT = {2: 2.0**11, 4: 2.0**24, 8: 2.0**53}
# Of a Decimal; more than a float has, and 10 ** that many is written in no time.
_MOST_DIGITS = 400
_PLAIN = (str, int, list, dict, type(None))  # And `bool`, which is an `int`.


def plain(kind: str, value: Any) -> Any:
    """A value for a parameter of a kind as JSON has it; what is not exactly that stays as it is."""
    if isinstance(value, _PLAIN):
        return value
    if kind == "integer":
        return _integer(value)
    if kind == "number":
        return _number(value)
    if kind == "boolean" and _is_numpy(value) and isinstance(value.item(), bool):
        return value.item()
    return value


def is_missing(value: object) -> bool:
    """Whether it is NA or NaT of pandas, which nothing but a gap is."""
    kind = type(value)
    return kind.__name__ in ("NAType", "NaTType") and kind.__module__.partition(".")[0] == "pandas"


def _integer(value: Any) -> Any:
    if isinstance(value, Decimal):
        fits = value.is_finite() and value.adjusted() < _MOST_DIGITS and value == int(value)
        return int(value) if fits else value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    is_numpy = _is_numpy(value)
    if not isinstance(value.item() if is_numpy else value, float):
        return _by_index(value)
    number = float(value)
    width = value.dtype.itemsize if is_numpy else 8
    fits = number.is_integer() and abs(number) < _EXACT.get(width, _EXACT[8])
    return int(number) if fits else value


def _number(value: Any) -> Any:
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Decimal | Fraction):
        whole = _integer(value)
        if isinstance(whole, int):
            return whole
        number = _float(value)
        # A float is written with as many digits as tell it from its neighbours.
        exact = Decimal(repr(number)) if isinstance(value, Decimal) else number
        return number if math.isfinite(number) and exact == value else value
    if _is_numpy(value) and isinstance(value.item(), float):
        return value.item()
    return _by_index(value)


def _float(value: Decimal | Fraction) -> float:
    try:
        return float(value)
    except (OverflowError, ValueError):  # Too large, or a NaN that raises.
        return math.inf


def _by_index(value: Any) -> Any:
    """What says that it stands for an integer, without loss."""
    if _is_numpy(value) and isinstance(value.item(), bool):
        return value.item()
    try:
        return operator.index(value)
    except TypeError:
        return value


def _is_numpy(value: Any) -> bool:
    """Whether it is one value of numpy, which need not be imported for that."""
    return type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0

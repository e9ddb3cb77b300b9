"""The JSON of requests, read as the API reads it."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn


def read_json(text: str) -> Any:
    """The value of a JSON text. Raises ValueError or RecursionError for what is none."""
    return _DECODER.decode(text)


def _number(text: str) -> float:
    """A number with a point or an exponent; what is an integer, as 1.0 and 1e3 are, is one."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    from decimal import Decimal  # Not needed to start.

    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_number)

"""How long an answer is held back: a number of seconds, or one that chance draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeAlias, TypeGuard

Delay: TypeAlias = float | Mapping[str, float | Sequence[float]]

MOST_SECONDS = 600.0
# The numbers of each distribution, as they are told to people.
DISTRIBUTIONS = {
    "uniform": ("least", "most"),
    "normal": ("mean", "standard deviation"),
    "exponential": ("mean",),
    "lognormal": ("median", "sigma"),
}
_FORMS = (
    '{"uniform": [least, most]}, {"normal": [mean, standard deviation]}, '
    '{"exponential": mean} or {"lognormal": [median, sigma]}'
)


def wrong_delay(delay: object) -> str | None:
    """What is wrong with a delay."""
    if is_number(delay):
        return None if 0 <= delay <= MOST_SECONDS else f"expected 0 to {MOST_SECONDS:.0f} seconds"
    expected = f"expected seconds, {_FORMS}"
    if not isinstance(delay, Mapping) or len(delay) != 1:
        return expected
    [(name, said)] = delay.items()
    if name not in DISTRIBUTIONS:
        return expected
    numbers = _numbers(said)
    if len(numbers) != len(DISTRIBUTIONS[name]) or not all(map(is_number, numbers)):
        return f"expected {' and '.join(DISTRIBUTIONS[name])} in seconds"
    if not all(0 <= number <= MOST_SECONDS for number in numbers):
        return f"expected numbers from 0 to {MOST_SECONDS:.0f}"
    if name == "uniform" and numbers[0] > numbers[1]:
        return "expected the least before the most"
    return None


def drawn(delay: Delay, chance: Random) -> float:
    """The seconds of one delay, never more than ten minutes."""
    if not isinstance(delay, Mapping):
        return float(delay)
    [(name, said)] = delay.items()
    first, *rest = _numbers(said)
    match name:
        case "uniform":
            seconds = chance.uniform(first, rest[0])
        case "normal":
            seconds = chance.gauss(first, rest[0])
        case "exponential":
            seconds = chance.expovariate(1 / first) if first > 0 else 0.0
        case _:
            exponent = min(chance.gauss(0, rest[0]), math.log(MOST_SECONDS) + 700)
            seconds = first * math.exp(min(exponent, 700))
    return min(max(seconds, 0.0), MOST_SECONDS)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(said: object) -> list[float]:
    if isinstance(said, Sequence) and not isinstance(said, str):
        return list(said)
    return [said]  # type: ignore[list-item]  # Whether it is a number is checked.

# A copy of codegen/runtime/emulator/_webhooks/faults.py, where it is edited.
"""What goes wrong with deliveries on request, by chance that repeats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookFaults:
    """What happens to the events of jobs.

    Args:
        lose: The fraction of events that are never posted, from 0 (none) to 1 (all).
        double: The fraction of events that are posted twice.
        shuffle: Whether a job's events are held until it ends, and then posted in random order.
        delay: Seconds by which each event is late, by the emulator's clock; or a range of two numbers.
        seed: The same seed has the same jobs lose the same events, in the order of submission.
    """

    lose: float = 0.0
    double: float = 0.0
    shuffle: bool = False
    delay: float | tuple[float, float] = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("lose", "double"):
            share = getattr(self, name)
            if not isinstance(share, int | float) or not 0 <= share <= 1:
                raise ValueError(f"{name}: {share!r} is not a share of events, from 0 to 1")
        if not isinstance(self.shuffle, bool):
            raise ValueError(f"shuffle: {self.shuffle!r} is neither true nor false")
        if not isinstance(self.seed, int):
            raise ValueError(f"seed: {self.seed!r} is not a whole number")
        pair = self._delays()
        if not (
            len(pair) == 2
            and all(isinstance(seconds, int | float) for seconds in pair)
            and 0 <= pair[0] <= pair[1]
            and math.isfinite(pair[1])
        ):
            raise ValueError(
                f"delay: {self.delay!r} is not a number of seconds, nor the least and the most"
            )

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> WebhookFaults:
        """Of an object with these names. Raises ValueError."""
        known = [field.name for field in fields(cls)]
        for name in value:
            if name not in known:
                raise ValueError(f"{name}: not a fault of webhooks; expected {', '.join(known)}")
        delay = value.get("delay", 0.0)
        return cls(**{**value, "delay": tuple(delay) if isinstance(delay, list) else delay})

    def as_json(self) -> dict[str, Any]:
        """An object of which `of_json` makes the same."""
        return asdict(self)

    @property
    def is_none(self) -> bool:
        """Whether nothing goes wrong."""
        return not (self.lose or self.double or self.shuffle or self.delay)

    def of(self, job: int, events: int) -> Fate:
        """What happens to the events of a job, which is told by its number."""
        import random  # Not before it is needed: it takes longer than the rest of this module.

        chance = random.Random(f"{self.seed} {job}")
        low, high = self._delays()
        order = list(range(events))
        if self.shuffle:
            chance.shuffle(order)
        return Fate(
            self.shuffle,
            tuple(order),
            tuple(chance.random() < self.lose for _ in order),
            tuple(chance.random() < self.double for _ in order),
            tuple(chance.uniform(low, high) for _ in order),
        )

    def _delays(self) -> tuple[float, ...]:
        return self.delay if isinstance(self.delay, tuple) else (self.delay, self.delay)


@dataclass(frozen=True, slots=True)
class Fate:
    """The order in which a job's events are posted, and of each whether it is lost, doubled and late."""

    is_shuffled: bool
    order: tuple[int, ...]
    lost: tuple[bool, ...]
    doubled: tuple[bool, ...]
    late: tuple[float, ...]

"""Which parts of a refused request it is refused for, found with few requests that are accepted.

What is refused costs nothing, and what is accepted does: of n parts with k culprits, at most k times log2 n
requests are accepted on the way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from .._redact import short_repr

T = TypeVar("T")

# Whether a request with these parts is accepted.
Accepts: TypeAlias = Callable[[Sequence[T]], Awaitable[bool]]


@dataclass(slots=True)
class Found(Generic[T]):
    """What is known of the parts so far; it is filled as answers come, until one can't be had.

    `together` are parts that are refused beside each other, and accepted without one of them.
    """

    accepted: list[T] = field(default_factory=list)
    refused: list[T] = field(default_factory=list)
    together: list[Sequence[T]] = field(default_factory=list)

    __repr__ = short_repr


async def search(parts: Sequence[T], accepts: Accepts[T], found: Found[T]) -> None:
    """Look through the parts of a request that was refused."""
    if len(parts) == 1:
        found.refused += parts
        return
    middle = len(parts) // 2
    halves = (parts[:middle], parts[middle:])
    good = 0
    for half in halves:
        if await accepts(half):
            found.accepted += half
            good += 1
        else:
            await search(half, accepts, found)
    if good == len(halves):
        found.together.append(await _pair(*halves, accepts))


async def _pair(some: Sequence[T], others: Sequence[T], accepts: Accepts[T]) -> Sequence[T]:
    """The fewest parts of both that are refused together."""
    first = await needed(some, others, accepts)
    return [*first, *await needed(others, first, accepts)]


async def needed(parts: Sequence[T], beside: Sequence[T], accepts: Accepts[T]) -> Sequence[T]:
    """The fewest parts that are refused beside others; all of them are, and the others alone are not."""
    if len(parts) == 1:
        return parts
    middle = len(parts) // 2
    for half in (parts[:middle], parts[middle:]):
        if not await accepts([*half, *beside]):
            return await needed(half, beside, accepts)
    last = await needed(parts[middle:], [*beside, *parts[:middle]], accepts)
    return [*await needed(parts[:middle], [*beside, *last], accepts), *last]

"""Packs that are refused: the culprits are found, and little is paid for that."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from fluxframe.conformance._packs import Found, search


class Server:
    """Refuses requests that hold one of some sets of parts, and counts those that it accepts."""

    def __init__(self, *refused: frozenset[int]) -> None:
        self.refused = refused
        self.accepted = 0
        self.asked: set[frozenset[int]] = set()

    async def accepts(self, parts: Sequence[int]) -> bool:
        good = not any(parts_of <= set(parts) for parts_of in self.refused)
        self.accepted += good
        self.asked.add(frozenset(parts))
        return good


def searched(count: int, server: Server) -> Found[int]:
    found: Found[int] = Found()

    async def whole() -> None:
        if not await server.accepts(range(count)):
            await search(range(count), server.accepts, found)

    asyncio.run(whole())
    # What is shown of those that are to blame is the request with them and nothing else.
    assert {frozenset(parts) for parts in found.together} <= server.asked
    return found


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), min_size=1))
    )
)
def test_all_culprits_are_found_and_nothing_else(case: tuple[int, set[int]]) -> None:
    count, culprits = case
    server = Server(*(frozenset([culprit]) for culprit in culprits))
    found = searched(count, server)
    assert sorted(found.refused) == sorted(culprits)
    assert sorted(found.accepted) == sorted(set(range(count)) - culprits)
    assert not found.together
    assert server.accepted <= len(culprits) * math.ceil(math.log2(count) if count > 1 else 0)


@given(
    st.integers(2, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), min_size=2, max_size=3))
    )
)
def test_parts_that_are_refused_together_are_found(case: tuple[int, set[int]]) -> None:
    count, culprits = case
    server = Server(frozenset(culprits))
    found = searched(count, server)
    assert not found.refused
    (together,) = found.together
    assert set(together) == culprits
    assert sorted(found.accepted) == sorted(set(found.accepted))
    assert server.accepted <= 6 * math.ceil(math.log2(count)) + 6

"""Texts in which `*` is any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fluxframe.emulator._state.wildcards import wildcard

PIECES = st.lists(
    st.text("ab/[]?!*\n.", max_size=4).map(lambda text: text.replace("*", "")), min_size=1
)


@given(pieces=PIECES, between=st.text("ab/[?\n", max_size=4))
def test_a_star_is_any_text(pieces: list[str], between: str) -> None:
    assert wildcard("*".join(pieces)).fullmatch(between.join(pieces))


@given(text=st.text("ab[]?!.\\^$"), other=st.text("ab[]?!.\\^$"))
def test_without_a_star_it_is_itself(text: str, other: str) -> None:
    assert bool(wildcard(text).fullmatch(other)) == (text == other)


def test_many_stars_do_not_take_long() -> None:
    assert not wildcard("*a" * 60 + "b").fullmatch("a" * 5_000)

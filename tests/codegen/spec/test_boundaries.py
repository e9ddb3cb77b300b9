"""What is tried of each kind of constraint: it is on the side that it says, and has a name of its own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.spec.boundaries import Beside
from codegen.spec.constraints import KINDS, Kind
from codegen.spec.samples import alternatives, samples
from codegen.spec.schema import Quantity

SIZED = [kind for kind in KINDS if kind.breaks and kind.name != "multiple_of"]
STEPS = st.sampled_from([None, 1, 8, 0.5])
PIECES = st.recursive(
    st.sampled_from(["a", "Z", "[0-9]", "[^a]", r"\d", r"\.", r"\x41", "[A-Za-z0-9+.\\-]", " "]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda branches: f"(?:{'|'.join(branches)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{2,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", SIZED, ids=lambda kind: kind.name)
@given(limit=st.integers(-50, 50) | st.integers(-50, 50).map(lambda n: n / 4), step=STEPS)
def test_a_size_is_on_the_side_that_it_says(kind: Kind, limit: float, step: float | None) -> None:
    assert kind.breaks is not None
    tried = list(kind.boundaries(limit, Beside([], step)))
    for near in tried:
        if step is None or near.value % step == 0 or near.name == "at":
            is_reached = near.value == limit or near.name != "at"
            assert not is_reached or bool(kind.breaks(near.value, limit)) != near.inside, near
    assert {near.inside for near in tried} == {True, False} or "exclusive" in kind.name
    assert len({near.name for near in tried}) == len(tried)


@given(st.integers(-50, 50), st.integers(1, 20))
def test_with_steps_the_nearest_on_both_sides_are_tried(limit: int, step: int) -> None:
    """Just one step is between what is allowed and what is not."""
    for kind in SIZED:
        if "exclusive" not in kind.name and kind.breaks is not None:
            tried = list(kind.boundaries(limit, Beside([], step)))
            inside = {near.value for near in tried if near.inside}
            [outside] = {near.value for near in tried if not near.inside}
            assert min(abs(outside - value) for value in inside) == step
            assert kind.breaks(outside, limit)
            assert not any(kind.breaks(value, limit) for value in inside)


@given(st.lists(st.text(max_size=4), min_size=1, max_size=6, unique=True))
def test_each_member_is_tried_and_has_a_name(values: list[str]) -> None:
    [kind] = [kind for kind in KINDS if kind.name == "values"]
    tried = list(kind.boundaries(values, Beside(values, strangers=["elsewhere"])))
    assert [near.value for near in tried if near.inside] == values
    names = [near.name for near in tried if near.inside]
    assert len({*names}) == len(names)
    assert any(near.value == "elsewhere" for near in tried if not near.inside)


@given(st.integers(1, 1000))
def test_quantities_are_told_apart(most: int) -> None:
    [kind] = [kind for kind in KINDS if kind.name == "quantity"]
    for near in kind.boundaries(Quantity(unit="MP", maximum=most), Beside([])):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?MP", near.value)
        assert near.inside == (match is not None and float(match[1]) <= most), near


@given(PIECES)
def test_samples_are_of_their_pattern(pattern: str) -> None:
    made = samples(pattern)
    assert made
    assert all(re.fullmatch(pattern, text) for text in made)
    assert all(re.fullmatch(pattern, text) for text in alternatives(pattern))


def test_each_alternative_has_a_sample() -> None:
    assert alternatives("(?:[a-z]+://|data:)x") == ["a://x", "data:x"]
    assert alternatives("jpg|png|webp") == ["jpg", "png", "webp"]


@pytest.mark.parametrize(
    "pattern",
    ["(?=a)b", "a" * 5000, "(" * 900 + "a" + ")" * 900, "((a{1000}){1000}){1000}", r"\bx", "^a$", "[", "(", "a{2"],
)  # fmt: skip
def test_what_is_too_intricate_has_none(pattern: str) -> None:
    assert all(re.fullmatch(pattern, text) for text in samples(pattern))

"""What is exactly an integer is one, for the check, the call, the typed request and the emulator alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy
import pandas
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe import BadRequestError, Fluxframe, InvalidRequestError, check
from fluxframe._numbers import plain
from fluxframe.emulator import Emulator
from fluxframe.types import Flux2Flex

PROMPT: dict[str, Any] = {"model": "flux-2-flex", "prompt": "x"}


class Seven(IntEnum):
    SEVEN = 7


class Index:
    """As integers of other libraries say that they are some."""

    def __index__(self) -> int:
        return 7


INTEGERS: list[tuple[Any, int]] = [
    (7, 7),
    (7.0, 7),
    (-0.0, 0),
    (2.0**52, 2**52),
    (Decimal(7), 7),
    (Decimal("7.00"), 7),
    (Decimal("7e3"), 7000),
    (Decimal(2**60), 2**60),
    (Fraction(14, 2), 7),
    (Seven.SEVEN, 7),
    (Index(), 7),
    (numpy.array(7), 7),
    (numpy.array(7.0), 7),
    (numpy.int8(7), 7),
    (numpy.int64(2**60), 2**60),
    (numpy.uint64(2**64 - 1), 2**64 - 1),
    (numpy.float16(7), 7),
    (numpy.float32(7), 7),
    (numpy.float64(7), 7),
    (pandas.Series([7, None])[0], 7),
    (pandas.Series([7, None], dtype="Int64")[0], 7),
]
NOT_INTEGERS: list[Any] = [
    7.5,
    2.0**53,  # There, a float stands for its neighbours too.
    1e300,
    float("nan"),
    float("inf"),
    -float("inf"),
    Decimal("7.5"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1e1000000"),
    Decimal("7.0000000000000000000000000001"),
    Fraction(7, 2),
    True,
    numpy.bool_(True),
    numpy.float16(2048),
    numpy.float32(2**24),
    numpy.float32(7.5),
    numpy.float64("nan"),
    numpy.array([7]),
    numpy.datetime64(7, "s"),
    7 + 0j,
    "7",
    "7.0",
    b"7",
    None,
    [7],
]


def by_type(value: object) -> str:
    return f"{type(value).__name__}-{str(value)[:12]}"


@pytest.fixture(scope="module")
def client() -> Iterator[Fluxframe]:
    with Emulator(job_seconds=0) as emulator, emulator.client() as client:
        yield client


FORMS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "flat": lambda name, value: {**PROMPT, name: value},
    "wire": lambda name, value: {**PROMPT, "fluxParams": {name: value}},
}


@pytest.mark.parametrize(("value", "expected"), INTEGERS, ids=by_type)
def test_what_is_exactly_an_integer_is_one(value: Any, expected: int, client: Fluxframe) -> None:
    typed = Flux2Flex(prompt="x", seed=value)
    assert typed.to_wire()["fluxParams"] == {"seed": expected}
    assert json.loads(typed.model_dump_json())["seed"] == expected
    request: Any
    for request in (typed, *(form("seed", value) for form in FORMS.values())):
        assert check(request).ok
        for validation in ("error", "off"):
            unchecked: Any = client.with_options(validation=validation)
            job = unchecked.images.run(request)
            sent = client.jobs.get(job.id).input
            assert isinstance(sent, Mapping)
            assert sent["fluxParams"] == {"seed": expected}
            assert type(sent["fluxParams"]["seed"]) is int
    job = client.images.generate(model="flux-2-flex", prompt="x", seed=value)
    assert job.status


@pytest.mark.parametrize("value", NOT_INTEGERS, ids=by_type)
def test_what_would_lose_something_is_not_an_integer(value: Any, client: Fluxframe) -> None:
    with pytest.raises(pydantic.ValidationError):
        Flux2Flex(prompt="x", seed=value)
    for form in FORMS.values():
        [problem] = check(form("seed", value)).problems
        assert (problem.rule, problem.parameter) == ("type", "seed")
        with pytest.raises(InvalidRequestError, match=r"^seed: "):
            client.images.generate(form("seed", value))


@pytest.mark.parametrize("value", [7.5, True, "7", None, [7]], ids=by_type)
def test_the_emulator_refuses_what_the_check_refuses(value: Any, client: Fluxframe) -> None:
    unchecked = client.with_options(validation="off")
    for form in FORMS.values():
        with pytest.raises(BadRequestError):
            unchecked.images.generate(form("seed", value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (2.5, 2.5),
        (Decimal("2.5"), 2.5),
        (Decimal("2.1"), 2.1),
        (Decimal(3), 3),
        (Fraction(5, 2), 2.5),
        (numpy.float64(2.1), 2.1),
        (numpy.float32(2.5), 2.5),
        (numpy.int64(3), 3),
        (numpy.array(2.5), 2.5),
    ],
    ids=by_type,
)
def test_a_number_is_one_if_nothing_of_it_is_lost(
    value: Any, expected: float, client: Fluxframe
) -> None:
    assert Flux2Flex(prompt="x", guidance=value).to_wire()["fluxParams"] == {"guidance": expected}
    job = client.images.run({**PROMPT, "guidance": value})
    sent = client.jobs.get(job.id).input
    assert isinstance(sent, Mapping)
    assert sent["fluxParams"] == {"guidance": expected}


@pytest.mark.parametrize(
    "value",
    [
        True,
        numpy.bool_(True),
        Decimal("2.00000000000000000000000000001"),
        Decimal("NaN"),
        Decimal("1e400"),
        Fraction(8, 3),
        "2.5",
        2 + 0j,
        numpy.float32("inf"),
    ],
    ids=by_type,
)
def test_a_number_that_would_lose_something_is_refused(value: Any) -> None:
    with pytest.raises(pydantic.ValidationError):
        Flux2Flex(prompt="x", guidance=value)
    assert not check({**PROMPT, "guidance": value}).ok


@pytest.mark.parametrize("value", [numpy.bool_(True), numpy.array(False), True])
def test_a_boolean_of_numpy_is_one(value: Any) -> None:
    wire = Flux2Flex(prompt="x", prompt_upsampling=value).to_wire()["fluxParams"]
    assert wire["prompt_upsampling"] is bool(value)
    assert check({**PROMPT, "prompt_upsampling": value}).ok


@pytest.mark.parametrize("value", [1, 0, 1.0, numpy.int64(1), numpy.float64(0), "true"])
def test_a_number_is_not_a_boolean(value: Any) -> None:
    assert not check({**PROMPT, "prompt_upsampling": value}).ok


@pytest.mark.parametrize("gap", [pandas.NA, pandas.NaT], ids=repr)
def test_a_gap_of_pandas_is_left_out(gap: Any, client: Fluxframe) -> None:
    assert Flux2Flex(prompt="x", seed=gap).to_wire() == {**PROMPT}
    for form in FORMS.values():
        job = client.images.run(form("seed", gap))
        sent = client.jobs.get(job.id).input
        assert isinstance(sent, Mapping)
        assert "seed" not in str(sent)
    [problem] = check({"model": "flux-2-flex", "prompt": gap}).problems
    assert (problem.rule, problem.parameter) == ("required", "prompt")


def test_numbers_that_are_sent_unchecked_are_plain_too(client: Fluxframe) -> None:
    extra = {"seed": numpy.int64(7), "guidance": Decimal("2.5")}
    job = client.images.generate(PROMPT, extra_params=extra)
    sent = client.jobs.get(job.id).input
    assert isinstance(sent, Mapping)
    assert sent["fluxParams"] == {"seed": 7, "guidance": 2.5}


@settings(max_examples=50)
@given(
    value=st.floats() | st.decimals() | st.fractions() | st.integers() | st.text() | st.booleans(),
    kind=st.sampled_from(["integer", "number", "boolean", "string"]),
)
def test_nothing_is_ever_lost(value: Any, kind: str) -> None:
    found = plain(kind, value)
    if found is not value and not isinstance(value, float):
        assert type(found) in (int, float)
        assert found == value or Decimal(repr(found)) == value
    elif isinstance(value, float):
        assert repr(float(found)) == repr(value) or found == value

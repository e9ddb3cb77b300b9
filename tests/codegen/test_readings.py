"""Each kind of constraint, by each of the three readings, on values at, beside and far from its limits.

The models at hand do not use every kind; this one does.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.emit import tree
from codegen.emit.package import emit
from codegen.spec.constraints import KINDS
from codegen.spec.load import resolve

from .few import few

FAMILY = """\
id: every
title: Every
vendor: A Lab
container: everyParams
source: {page: x}
parameters:
  between: {type: number, summary: Between two numbers that are not allowed.}
  halves: {type: number, summary: A multiple of a half.}
  eighths: {type: integer, summary: A multiple of eight.}
  count: {type: integer, summary: One of some numbers.}
  word: {type: string, summary: Neither too short nor too long.}
  code: {type: string, summary: Of a pattern.}
  size: {type: string, summary: A quantity.}
  shape: {type: string, format: ratio, summary: A ratio.}
  mood: {type: string, summary: One of some words.}
  numbers: {type: array, items: {type: integer}, summary: "Some, none twice."}
"""
CONSTRAINTS: dict[str, dict[str, Any]] = {
    "between": {"exclusive_minimum": 0.5, "exclusive_maximum": 10},
    "halves": {"multiple_of": 0.5, "minimum": -2, "maximum": 2.5},
    "eighths": {"multiple_of": 8, "minimum": 8, "maximum": 64},
    "count": {"values": [1, 2, 4]},
    "word": {"min_length": 2, "max_length": 5},
    "code": {"pattern": "[a-z]+(-[0-9])?"},
    "size": {"quantity": {"unit": "MP", "maximum": 4}},
    "shape": {"format": "ratio", "values": ["custom"]},
    "mood": {"values": ["calm", "wild"]},
    "numbers": {
        "min_items": 1, "max_items": 3, "unique_items": True,
        "items": {"type": "integer", "minimum": 0, "maximum": 5},
    },
}  # fmt: skip
# No request may hold a null yet.
ELSEWHERE = {"nullable"}
NEAR: dict[str, list[Any]] = {
    "between": [0.5, math.nextafter(0.5, 1), 1, 10, math.nextafter(10, 0), 10.5, 0, True],
    "halves": [-2, -2.5, 2.5, 3, 0.25, 0.5, math.nextafter(0.5, 1), 0],
    "eighths": [0, 8, 7, 9, 64, 72, -8],
    "count": [0, 1, 2, 3, 4, "1", True],
    "word": ["", "a", "ab", "abcde", "abcdef", "é" * 5, "é" * 6],
    "code": ["a", "ab-1", "", "A", "ab-", "a\n", "ab-12", "x ab"],
    "size": ["4 MP", "4.01 MP", "4MP", "0.5 MP", "5", "4 mp", "04 MP"],
    "shape": ["1:1", "custom", "Custom", "1:1:1", "16x9"],
    "mood": ["calm", "Calm", "calm ", "wild", ""],
    "numbers": [[], [0], [5], [6], [-1], [1, 2, 3], [1, 2, 3, 4], [1, 1], [0, 5, 0], [1.5]],
}
ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 80), st.floats(-12, 12, width=16), st.text(max_size=6),
    st.lists(st.integers(-1, 6), max_size=4), st.just({}),
)  # fmt: skip


def model_file() -> str:
    said = {
        name: {**limits, "source": {"page": "x"}, "readings": {}}
        for name, limits in CONSTRAINTS.items()
    }
    head = {
        "id": "every-kind", "title": "Every Kind", "family": "every", "summary": "Has every kind.",
        "description": "Has every kind.", "source": {"page": "x"},
    }  # fmt: skip
    request = {"model": "every-kind", "prompt": "x"}
    example = {"summary": "One.", "source": {"page": "x"}, "request": request}
    return json.dumps({**head, "parameters": said, "examples": {"one": example}})


class Readings:
    """Whether a value of one parameter is let through: by the client, the emulator, the types."""

    def __init__(self, package: ModuleType) -> None:
        name = package.__name__
        self._check = package.check
        self._emulator = import_module(f"{name}.emulator._validation").check_request
        self._typed = import_module(f"{name}.types").EveryKind

    def of(self, name: str, value: Any) -> tuple[bool, ...]:
        request = {"model": "every-kind", "prompt": "x", "everyParams": {name: value}}
        client = not self._check(request).problems
        emulator = self._emulator(request) == {}
        if name == "numbers":  # Typed requests do not know unique items yet.
            return client, emulator
        try:
            self._typed(prompt="x", **{name: value})
            return client, emulator, True
        except pydantic.ValidationError:
            return client, emulator, False


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readings]:
    files = few("flux-2-pro")
    files["families/every.yaml"] = FAMILY.encode()
    files["models/every-kind.yaml"] = model_file().encode()
    folder = tmp_path_factory.mktemp("every")
    tree.write(emit(resolve(files)), folder)
    (folder / "fluxframe").rename(folder / "every_kind")  # Beside the one that is at hand.
    sys.path.insert(0, str(folder))
    try:
        yield Readings(import_module("every_kind"))
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "every_kind"]:
            del sys.modules[name]


def test_every_kind_is_here() -> None:
    used = {kind for limits in CONSTRAINTS.values() for kind in limits}
    assert used | ELSEWHERE >= {kind.name for kind in KINDS}


def expected(name: str, value: Any) -> bool | None:
    """What the limits above say, written again by hand; None where the types differ."""
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return False
    match name:
        case "between":
            return isinstance(value, int | float) and 0.5 < value < 10
        case "halves":
            return isinstance(value, int | float) and -2 <= value <= 2.5 and value % 0.5 == 0
        case "eighths":
            return None if isinstance(value, float) else value in (8, 16, 24, 32, 40, 48, 56, 64)
        case "count":
            return None if isinstance(value, float) else value in (1, 2, 4)
        case "word":
            return isinstance(value, str) and 2 <= len(value) <= 5
        case "mood":
            return value in ("calm", "wild")
        case "numbers":
            whole = isinstance(value, list) and all(type(item) is int for item in value)
            return (
                whole
                and 1 <= len(value) <= 3
                and len(set(value)) == len(value)
                and all(0 <= item <= 5 for item in value)
            )
    return None


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_near_a_limit_all_readings_say_what_it_says(name: str, readings: Readings) -> None:
    for value in NEAR[name]:
        found = readings.of(name, value)
        assert len(set(found)) == 1, (value, found)
        if (wanted := expected(name, value)) is not None:
            assert found[0] == wanted, value


@pytest.mark.parametrize("name", CONSTRAINTS)
@settings(max_examples=60)
@given(value=ANY)
def test_all_readings_agree_on_any_value(name: str, value: Any, readings: Readings) -> None:
    found = readings.of(name, value)
    assert len(set(found)) == 1, found
    if (wanted := expected(name, value)) is not None:
        assert found[0] == wanted

"""Each kind of constraint and rule, by each of the three readings, on values at, beside and far from its
limits.

The models at hand do not use every kind; these do.
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
from codegen.naming import class_name
from codegen.spec.constraints import KINDS
from codegen.spec.load import resolve

from .few import few

KEY = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"
FAMILY = """\
id: every
title: Every
vendor: A Lab
operation: images.generate
container: everyParams
source: {page: x}
parameters: {}
"""
BARE = FAMILY.replace("id: every", "id: bare").replace("container: everyParams\n", "")
PARAMETERS: dict[str, dict[str, Any]] = {
    "between": {"type": "number", "exclusive_minimum": 0.5, "exclusive_maximum": 10},
    "halves": {"type": "number", "multiple_of": 0.5, "minimum": -2, "maximum": 2.5},
    "eighths": {"type": "integer", "multiple_of": 8, "minimum": 8, "maximum": 64},
    "count": {"type": "integer", "values": [1, 2, 4]},
    "factor": {"type": "number", "values": [1.5, 2]},
    "word": {"type": "string", "min_length": 2, "max_length": 5},
    "code": {"type": "string", "pattern": "[a-z]+(-[0-9])?"},
    "size": {"type": "string", "quantity": {"unit": "MP", "maximum": 4}},
    "shape": {"type": "string", "format": "ratio", "values": ["custom"]},
    "mood": {"type": "string", "values": ["calm", "wild"]},
    "key": {"type": "string", "format": "uuid"},
    "numbers": {
        "type": "array", "min_items": 1, "max_items": 3, "unique_items": True,
        "items": {"type": "integer", "minimum": 0, "maximum": 5},
    },
    "steps": {"type": "array", "items": {"type": "number", "values": [0.5, 1]}},
    "mixed": {
        "type": "array", "unique_items": True,
        "items": {"any_of": [{"type": "integer"}, {"type": "boolean"}, {"type": "string"}]},
    },
    "tones": {
        "type": "array", "max_items": 2, "default": ["warm", "dark"],
        "items": {"type": "string", "values": ["warm", "cold", "dark"]},
    },
    "maybe": {"type": "number", "nullable": True, "minimum": 0, "maximum": 2},
    "maybe_word": {"type": "string", "nullable": True, "values": ["calm", "wild"]},
    "maybe_many": {
        "type": "array", "nullable": True, "max_items": 2,
        "items": {"type": "integer", "nullable": True, "maximum": 5},
    },
    "part": {
        "type": "object",
        "properties": {
            "from": {"type": "integer", "required": True, "minimum": 0, "maximum": 5},
            "maxLength": {"type": "number", "nullable": True, "exclusive_minimum": 0},
            "deep": {"type": "object", "properties": {"on": {"type": "boolean", "required": True}}},
        },
    },
    "parts": {
        "type": "array", "max_items": 2, "unique_items": True,
        "items": {
            "type": "object",
            "properties": {
                "at": {"type": "number", "required": True, "minimum": 0, "maximum": 1},
                "as-is": {"type": "string", "format": "ratio"},
            },
        },
    },
    "either": {
        "any_of": [
            {"type": "string", "values": ["calm", "wild"]},
            {"type": "integer", "values": [1, 2, 3]},
            {"type": "array", "items": {"type": "number", "minimum": 0}, "max_items": 2},
            {"type": "object", "properties": {"on": {"type": "boolean", "required": True}}},
        ],
    },
    "maybe_either": {
        "nullable": True,
        "any_of": [{"type": "integer", "minimum": 5}, {"type": "number", "maximum": 0.5}],
    },
}  # fmt: skip
# What holds between parameters; that which is not enforced changes no verdict.
RULED: dict[str, dict[str, Any]] = {
    "mode": {
        "type": "string", "values": ["fast", "slow", "custom"],
        "requires": [
            {"when": "custom", "parameter": "amount", "enforced": True},
            {"when": "slow", "parameter": "style", "enforced": False},
        ],
        "excludes": [{"when": "fast", "parameter": "style", "enforced": True}],
    },
    "amount": {
        "type": "number", "minimum": 0, "maximum": 10,
        "limits": [
            {"when": {"mode": ["slow", "custom"]}, "maximum": 5, "enforced": True},
            {"when": {"flag": True}, "minimum": 2, "enforced": True},
            {"when": {"flag": False}, "maximum": 1, "enforced": False},
        ],
    },
    "flag": {"type": "boolean", "default": False},
    "level": {"type": "integer", "values": [1, 2], "default": 1},
    "style": {
        "type": "string", "nullable": True, "values": ["a", "b", "c"],
        "limits": [
            {"when": {"level": 1}, "values": ["a", "b"], "enforced": True},
            {"when": {"level": 2, "mode": "slow"}, "values": ["c"], "enforced": True},
        ],
    },
    "words": {
        "type": "array", "items": {"type": "string"},
        "requires": [{"parameter": "level", "enforced": True}],
        "excludes": [{"parameter": "flag", "enforced": True}],
        "limits": [{"when": {"level": 2}, "min_items": 1, "max_items": 2, "enforced": True}],
    },
}  # fmt: skip
NEAR: dict[str, list[Any]] = {
    "between": [0.5, math.nextafter(0.5, 1), 1, 10, math.nextafter(10, 0), 10.5, 0, True, None],
    "halves": [-2, -2.5, 2.5, 3, 0.25, 0.5, math.nextafter(0.5, 1), 0],
    "eighths": [0, 8, 7, 9, 64, 72, -8, 8.0],
    "count": [0, 1, 2, 3, 4, "1", True, 1.0],
    "factor": [1.5, 2, 2.0, 1, 1.75, "2", True],
    "word": ["", "a", "ab", "abcde", "abcdef", "é" * 5, "é" * 6],
    "code": ["a", "ab-1", "", "A", "ab-", "a\n", "ab-12", "x ab"],
    "size": ["4 MP", "4.01 MP", "4MP", "0.5 MP", "5", "4 mp", "04 MP"],
    "shape": ["1:1", "custom", "Custom", "1:1:1", "16x9"],
    "mood": ["calm", "Calm", "calm ", "wild", ""],
    "key": [
        KEY, KEY.upper(), KEY.replace("-", ""), KEY[:-1], f"{{{KEY}}}", f"urn:uuid:{KEY}", f"{KEY}\n",
    ],
    "numbers": [[], [0], [5], [6], [-1], [1, 2, 3], [1, 2, 3, 4], [1, 1], [0, 5, 0], [1.5], [1.0], [True]],
    "mixed": [[], [1, True], [0, False], [1, 1.0], ["1", 1], [True, True], [1.5], ["a", "a"], [None]],
    "steps": [[], [0.5], [1], [1.0, 0.5], [0.75], [True], ["1"]],
    "tones": [[], ["warm"], ["warm", "pale"], ["warm", "cold", "dark"], None],
    "maybe": [None, 0, 2, 2.5, -1, "0", False],
    "maybe_word": [None, "calm", "mild", ""],
    "maybe_many": [None, [], [None], [5, None], [6], [1, 2, 3], [True]],
    "part": [
        {}, {"from": 0}, {"from": 5.0}, {"from": 6}, {"from": None}, {"from": 1, "to": 2},
        {"from": 1, "maxLength": None}, {"from": 1, "maxLength": 0}, {"from": 1, "maxLength": 0.5},
        {"from": 1, "deep": {}}, {"from": 1, "deep": {"on": True}}, {"from": 1, "deep": {"on": 1}},
        {"from": 1, "deep": None}, {"from_": 1}, {"from": True}, [], "from", None,
    ],
    "parts": [
        [], [{"at": 0}], [{"at": 1}], [{"at": 1.5}], [{}], [{"at": 0.5, "as-is": "1:1"}],
        [{"at": 0, "as-is": "custom"}], [{"at": 0}, {"at": 1}, {"at": 0.5}], [{"at": 0}, {"at": 0}],
        [{"at": 0, "as-is": "1:1"}, {"as-is": "1:1", "at": 0}],
        [{"at": 1}, {"at": 1.0}],
        [{"at": 0}, {"at": 0, "as-is": "1:1"}],
        [{"at": 0, "as_is": "1:1"}], [{"at": True}], {"at": 0}, [None],
    ],
    "either": [
        "calm", "mild", 1, 1.0, 3, 4, 1.5, True, [], [0.5, 1], [-1], [0, 1, 2], [True],
        {"on": True}, {"on": 0}, {}, None,
    ],
    "maybe_either": [None, 5, 5.0, 4, 0.5, 0, -3, 1, 5.5, True, False],
}  # fmt: skip
ANY = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-10, 80), st.floats(-12, 12, width=16), st.text(max_size=6),
        st.sampled_from(["calm", "custom", "1:1", "2 MP", "warm", KEY, 0.5, 1.5, 2.0]),
    ),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["from", "maxLength", "deep", "on", "at", "as-is"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def model_file(id: str, family: str, parameters: dict[str, dict[str, Any]], **more: Any) -> bytes:
    page = {"page": "x"}
    said = {
        name: {
            "summary": "One.",
            "source": page,
            **limits,
            **({"limits": [{**at, "source": page} for at in limits["limits"]]} if "limits" in limits else {}),
        }
        for name, limits in parameters.items()
    }  # fmt: skip
    head = {
        "id": id, "title": id.title(), "family": family, "summary": "Has all.",
        "description": "Has all.", "source": page,
    }  # fmt: skip
    return json.dumps({**head, "parameters": said, "examples": {}, **more}).encode()


# A family with a container and one without, and models that have other fields than most.
FILES = {
    "families/every.yaml": FAMILY.encode(),
    "families/bare.yaml": BARE.encode(),
    "models/every/every-kind.yaml": model_file("every-kind", "every", PARAMETERS),
    "models/every/every-rule.yaml": model_file("every-rule", "every", RULED),
    "models/bare/bare-rule.yaml": model_file("bare-rule", "bare", RULED),
    "models/every/needed.yaml": model_file(
        "needed", "every", {"flag": {"type": "boolean"}}, container_required=True
    ),
    "models/bare/short.yaml": model_file(
        "short", "bare", {"flag": {"type": "boolean"}},
        fields={"prompt": {"max_length": 3, "source": {"page": "x"}}},
    ),
    "models/bare/mute.yaml": model_file(
        "mute", "bare", {"flag": {"type": "boolean", "required": True}}, without=["prompt", "webhookEvents"]
    ),
}  # fmt: skip


class Readings:
    """Whether a request is let through: by the client, the emulator, the types."""

    def __init__(self, package: ModuleType) -> None:
        name = package.__name__
        self._check = package.check
        self._emulator = (
            import_module(f"{name}.emulator._contract.contract").contract().checks.request
        )
        self._types = import_module(f"{name}.types")

    def of(self, name: str, value: Any) -> tuple[bool, ...]:
        """The verdicts on a value of one parameter."""
        request = {"model": "every-kind", "prompt": "x", "everyParams": {name: value}}
        return self.of_request(request, prompt="x", **{name: value})

    def of_request(self, request: dict[str, Any], **flat: Any) -> tuple[bool, ...]:
        """The verdicts on a request; of the types by `flat`, its parameters, if there are any."""
        client = not self._check(request).problems
        emulator = self._emulator(json.loads(json.dumps(request))) == {}
        kind = getattr(self._types, class_name(request["model"]))
        try:
            made = kind(**flat) if flat else kind.model_validate(request)
        except pydantic.ValidationError:
            return client, emulator, False
        # What is let through is what was given.
        assert made.to_wire() == request
        return client, emulator, True


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readings]:
    folder = tmp_path_factory.mktemp("every")
    tree.write(emit(resolve({**few("flux-2-pro"), **FILES})), folder)
    (folder / "fluxframe").rename(folder / "every_kind")  # Beside the one that is at hand.
    sys.path.insert(0, str(folder))
    try:
        yield Readings(import_module("every_kind"))
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "every_kind"]:
            del sys.modules[name]


def test_every_kind_is_here() -> None:
    used = {kind for limits in PARAMETERS.values() for kind in limits}
    assert used >= {kind.name for kind in KINDS}
    assert NEAR.keys() == PARAMETERS.keys()


def expected(name: str, value: Any) -> bool | None:
    """What the limits above say, written again by hand; None where the types differ."""
    if value is None:
        return name.startswith("maybe")
    if isinstance(value, bool):
        return False
    match name:
        case "between":
            return isinstance(value, int | float) and 0.5 < value < 10
        case "factor":
            return value in (1.5, 2)
        case "maybe":
            return isinstance(value, int | float) and 0 <= value <= 2
        case "maybe_either":
            return isinstance(value, int | float) and (
                value <= 0.5 or (value >= 5 and value == int(value))
            )
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
            if isinstance(value, list) and any(isinstance(item, float) for item in value):
                return None
            whole = isinstance(value, list) and all(type(item) is int for item in value)
            return (
                whole
                and 1 <= len(value) <= 3
                and len(set(value)) == len(value)
                and all(0 <= item <= 5 for item in value)
            )
    return None


@pytest.mark.parametrize("name", PARAMETERS)
def test_near_a_limit_all_readings_say_what_it_says(name: str, readings: Readings) -> None:
    for value in NEAR[name]:
        found = readings.of(name, value)
        assert len(set(found)) == 1, (value, found)
        if (wanted := expected(name, value)) is not None:
            assert found[0] == wanted, value


@pytest.mark.parametrize("name", PARAMETERS)
@settings(max_examples=60)
@given(value=ANY)
def test_all_readings_agree_on_any_value(name: str, value: Any, readings: Readings) -> None:
    found = readings.of(name, value)
    assert len(set(found)) == 1, found
    if (wanted := expected(name, value)) is not None:
        assert found[0] == wanted


SETTINGS: dict[str, list[Any]] = {
    "mode": ["fast", "slow", "custom"],
    "amount": [0, 1, 2, 5, 5.5, 10, 10.5],
    "flag": [True, False],
    "level": [1, 2, 3],
    "style": ["a", "b", "c", None],
    "words": [[], ["x"], ["x"] * 2, ["x"] * 3],
}


def obeyed(given: dict[str, Any]) -> bool:
    """What the rules say, written again by hand."""
    mode, flag, level = given.get("mode"), given.get("flag", False), given.get("level", 1)
    amount, style = given.get("amount"), given.get("style")
    broken = [
        mode == "custom" and "amount" not in given,
        mode == "fast" and "style" in given,
        amount is not None and (amount > 10 or (mode in ("slow", "custom") and amount > 5)),
        amount is not None and flag and amount < 2,
        level == 3,
        level == 1 and style == "c",
        level == 2 and mode == "slow" and style in ("a", "b"),
    ]
    if "words" in given:
        broken += ["level" not in given, "flag" in given]
        broken += [level == 2 and not 1 <= len(given["words"]) <= 2]
    return not any(broken)


@pytest.mark.parametrize("container", ["everyParams", None])
@settings(max_examples=400)
@given(
    given=st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in SETTINGS.items()})
)
def test_all_readings_obey_the_rules_between_parameters(
    given: dict[str, Any], container: str | None, readings: Readings
) -> None:
    if container is None:
        request = {"model": "bare-rule", "prompt": "x", **given}
    else:
        request = {"model": "every-rule", "prompt": "x"} | ({container: given} if given else {})
    assert set(readings.of_request(request)) == {obeyed(given)}


@pytest.mark.parametrize(
    ("request_", "right"),
    [
        ({"model": "needed", "prompt": "x", "everyParams": {}}, True),
        ({"model": "needed", "prompt": "x", "everyParams": {"flag": True}}, True),
        ({"model": "needed", "prompt": "x", "everyParams": None}, False),
        ({"model": "needed", "prompt": "x", "everyParams": []}, False),
        ({"model": "needed", "prompt": "x", "flag": True, "everyParams": {}}, False),
        ({"model": "short", "prompt": "xyz"}, True),
        ({"model": "short", "prompt": "xyz!"}, False),
        ({"model": "short"}, False),
        ({"model": "short", "prompt": ""}, False),
        ({"model": "short", "prompt": None}, False),
        ({"model": "short", "prompt": "x", "webhookEvents": ["failed"]}, True),
        ({"model": "short", "prompt": "x", "webhookEvents": []}, False),
        ({"model": "mute", "flag": True}, True),
        ({"model": "mute", "flag": True, "webhookUrl": "https://example.com/"}, True),
        ({"model": "mute", "flag": True, "prompt": "x"}, False),
        ({"model": "mute", "flag": True, "webhookEvents": ["failed"]}, False),
        ({"model": "mute"}, False),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_all_readings_know_fields_that_differ_and_containers_that_are_needed(
    request_: dict[str, Any], right: bool, readings: Readings
) -> None:
    assert readings.of_request(request_) == (right, right, right)

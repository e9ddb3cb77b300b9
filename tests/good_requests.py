"""Requests that keep every limit of the spec, drawn by chance and quickly: thousands a second.

A second reading of the spec beside `strategies`, which finds small counterexamples; this one is for
numbers. Each value is an end of its range one time in three.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from codegen.spec import model as spec

from .strategies import parameters, place

_LETTERS = "abc XYZ 019 .,:;!?'\"\\/{}<>&%$#@ äöü 漢字 🦊 \n\t\x00 \u2028"
_URLS = (
    "https://example.com/a%20b.png?sig=q%2B/=&x#y",
    "s3://bucket/key",
    "data:image/png;base64,",
)


def draw(model: str, chance: Random) -> dict[str, Any]:
    """A request for a model; each optional parameter is there one time in two."""
    known = parameters(model)
    names = [name for name, schema in known.items() if schema.required or chance.random() < 0.5]
    return place(model, {name: _value(known[name], chance) for name in names})


def ends(model: str) -> dict[str, list[Any]]:
    """The ends of the ranges of a model's parameters, and the values that are listed."""
    return {name: found for name, schema in parameters(model).items() if (found := _ends(schema))}


def values(request: Mapping[str, Any], name: str) -> Iterator[Any]:
    """What a request has under a wire name; of a list or text with limits, its length."""
    for place_ in (request, *(inner for inner in request.values() if isinstance(inner, dict))):
        if name in place_:
            value = place_[name]
            yield value
            if isinstance(value, list | str):
                yield len(value)


def _ends(schema: spec.Schema) -> list[Any]:
    limits = (schema.minimum, schema.maximum, schema.min_length, schema.max_length)
    lengths = (schema.min_items, schema.max_items)
    return [*(end for end in (*limits, *lengths) if end is not None), *(schema.values or [])]


def _value(schema: spec.Schema, chance: Random) -> Any:
    match schema.type:
        case "boolean":
            return chance.random() < 0.5
        case "integer":
            low = math.ceil(schema.minimum) if schema.minimum is not None else -(2**40)
            high = math.floor(schema.maximum) if schema.maximum is not None else 2**40
            return chance.choice((low, high, chance.randint(low, high)))
        case "number":
            least, most = schema.minimum or 0.0, schema.maximum or 1e6
            return chance.choice((least, most, chance.uniform(least, most)))
        case "array":
            assert schema.items is not None
            low = schema.min_items or 0
            high = schema.max_items if schema.max_items is not None else low + 12
            size = chance.choice((low, high, chance.randint(low, high)))
            return [_value(schema.items, chance) for _ in range(size)]
        case _:
            return _text(schema, chance)


def _text(schema: spec.Schema, chance: Random) -> str:
    choices = [str(value) for value in schema.values or ()]
    if schema.quantity is not None:
        hundredths = chance.randint(0, 100 * schema.quantity.maximum)
        number = chance.choice((f"{hundredths / 100:.2f}", str(hundredths // 100)))
        choices.append(number + chance.choice(("", " ")) + schema.quantity.unit)
    if schema.format == "ratio":
        choices.append(f"{chance.randint(1, 99)}:{chance.randint(1, 99)}")
    elif schema.format is not None:
        choices.append(chance.choice(_URLS))
    if choices:
        return chance.choice(choices)
    low = schema.min_length or 0
    high = schema.max_length if schema.max_length is not None else low + 50
    size = chance.choice((low, high, chance.randint(low, high)))
    drawn = "".join(chance.choices(_LETTERS, k=min(size, 64)))
    return (drawn * (size // 64 + 1))[:size]  # Drawing thousands of letters takes most of the time.

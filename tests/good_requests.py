"""Requests that keep every limit of the spec, drawn by chance and quickly: thousands a second.

A second reading of the spec beside `strategies`, which finds small counterexamples; this one is for
numbers. Each value is an end of its range one time in three.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

from codegen.spec import schema as schemas
from codegen.spec.load import load

_LETTERS = "abc XYZ 019 .,:;!?'\"\\/{}<>&%$#@ äöü 漢字 🦊 \n\t\x00 \u2028"


def draw(model: str, chance: Random) -> dict[str, Any]:
    """A request for a model; each optional parameter is there one time in two."""
    from .strategies import in_keeping, parameters, place

    known = parameters(model)
    every = {name: value(schema, chance) for name, schema in known.items()}
    left_out = [n for n, schema in known.items() if not schema.required and chance.random() < 0.5]
    return place(model, in_keeping(model, every, left_out))


def ends(model: str) -> dict[str, list[Any]]:
    """The ends of the ranges of a model's parameters, and the values that are listed."""
    from .strategies import parameters

    return {name: found for name, schema in parameters(model).items() if (found := _ends(schema))}


def values(request: Mapping[str, Any], name: str) -> Iterator[Any]:
    """What a request has under a wire name; of a list or text with limits, its length."""
    for place_ in (request, *(inner for inner in request.values() if isinstance(inner, dict))):
        if name in place_:
            found = place_[name]
            yield found
            if isinstance(found, list | str):
                yield len(found)


def _ends(schema: schemas.Schema) -> list[Any]:
    limits = (schema.minimum, schema.maximum, schema.min_length, schema.max_length)
    lengths = (schema.min_items, schema.max_items)
    return [*(end for end in (*limits, *lengths) if end is not None), *(schema.values or [])]


def value(schema: schemas.Schema, chance: Random) -> Any:
    """A value that keeps the limits of a schema."""
    if schema.nullable and chance.random() < 0.1:
        return None
    if schema.any_of:
        return value(chance.choice(schema.any_of), chance)
    if schema.values is not None and schema.type in ("integer", "number"):
        return chance.choice(schema.values)
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
            return [value(schema.items, chance) for _ in range(size)]
        case "object":
            members = (schema.properties or {}).items()
            there = [(n, m) for n, m in members if m.required or chance.random() < 0.5]
            return {name: value(member, chance) for name, member in there}
        case _:
            return _text(schema, chance)


def _text(schema: schemas.Schema, chance: Random) -> str:
    choices = [str(value) for value in schema.values or ()]
    if schema.quantity is not None:
        hundredths = chance.randint(0, 100 * schema.quantity.maximum)
        number = chance.choice((f"{hundredths / 100:.2f}", str(hundredths // 100)))
        choices.append(number + chance.choice(("", " ")) + schema.quantity.unit)
    if schema.format is not None:
        choices.append(chance.choice(_of_format(schema.format)))
    if choices:
        return chance.choice(choices)
    low = schema.min_length or 0
    most = schema.max_length
    high = most if most is not None and most < 100_000 else low + 50
    size = chance.choice((low, high, chance.randint(low, high)))
    drawn = "".join(chance.choices(_LETTERS, k=min(size, 64)))
    return (drawn * (size // 64 + 1))[:size]  # Drawing thousands of letters takes most of the time.


@cache
def _of_format(name: str) -> list[str]:
    """Some texts of a form: its example, and what can be made of it."""
    form = load().formats[name]
    made = [form.example, *(form.example.replace(digit, "7") for digit in "0123456789")]
    made += [f"{form.example}?sig=q%2B/=&x#y", "s3://bucket/key", "data:image/png;base64,"]
    return [text for text in dict.fromkeys(made) if re.fullmatch(form.pattern, text)]

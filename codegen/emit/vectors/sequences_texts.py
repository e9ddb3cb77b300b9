"""Texts at, inside and outside each limit of a parameter that is a text: in a path, a query or a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...spec.patterns import matched
from ...spec.schema import Schema
from ...spec.whole import Spec
from .sequences_parts import slug_of


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the kind of constraint that it tests, and whether it keeps it."""

    kind: str
    slug: str
    text: str
    accepted: bool
    says: str
    limit: Any = None


def texts(spec: Spec, schema: Schema) -> Iterator[Text]:
    """The texts of a parameter; none of a file."""
    match schema.type:
        case "integer" | "number":
            yield from _numbers(schema)
        case "boolean":
            yield Text("type", "true", "true", True, "true")
            yield Text("type", "false", "false", True, "false")
            yield Text("type", "text", "perhaps", False, "neither true nor false")
        case "string":
            yield from _choices(schema)
            yield from _forms(spec, schema)
            yield from _lengths(schema)


def _numbers(schema: Schema) -> Iterator[Text]:
    step = 1 if schema.type == "integer" else 0.01
    least, most = schema.minimum, schema.maximum
    if least is not None:
        yield Text("minimum", "at", str(least), True, "the minimum", least)
        below = round(least - step, 9)
        yield Text("minimum", "one-below", str(below), False, "one below the minimum", least)
        yield Text("minimum", "far-below", str(least - 1000), False, "far below the minimum", least)
    if most is not None:
        yield Text("maximum", "at", str(most), True, "the maximum", most)
        above = round(most + step, 9)
        yield Text("maximum", "one-above", str(above), False, "one above the maximum", most)
        far = most * 1000 + 1000
        yield Text("maximum", "far-above", str(far), False, "far above the maximum", most)
    yield Text("type", "text", "many", False, "a text that is not a number", schema.type)
    if schema.type == "integer":
        whole = least if least is not None else most or 0
        yield Text("type", "fraction", f"{whole}.5", False, "a fraction", schema.type)


def _choices(schema: Schema) -> Iterator[Text]:
    if schema.values is None or schema.open:
        return
    allowed = [str(value) for value in schema.values]
    for value in allowed:
        yield Text(
            "values", f"member-{slug_of(value)}", value, True, f"the value {value}", schema.values
        )
    if schema.format or schema.pattern or schema.quantity or not allowed:
        return
    misses = {
        "other-case": allowed[0].swapcase(),
        "longer": f"{allowed[0]}x",
        "shorter": allowed[-1][:-1],
        "stranger": "something-else",
    }
    for slug, text in misses.items():
        if text not in allowed:
            yield Text("values", slug, text, False, "a value that is not listed", schema.values)


def _forms(spec: Spec, schema: Schema) -> Iterator[Text]:
    form = spec.formats.get(schema.format or "")
    if form is None or schema.values:
        return
    good = form.example
    yield Text("format", "example", good, True, form.title, schema.format)
    misses = {"longer": f"{good}x", "before": f"x{good}", "shorter": good[:-1]}
    for slug, text in misses.items():
        if text and matched(form.pattern, text) is False:
            yield Text("format", slug, text, False, f"not {form.title}", schema.format)


def _lengths(schema: Schema) -> Iterator[Text]:
    least, most = schema.min_length, schema.max_length
    if schema.format or schema.pattern or schema.values:
        return
    if least:
        yield Text("min_length", "at", "x" * least, True, "as short as it may be", least)
        yield Text("min_length", "one-below", "x" * (least - 1), False, "one too short", least)
    if most is not None:
        yield Text("max_length", "at", "x" * most, True, "as long as it may be", most)
        yield Text("max_length", "one-above", "x" * (most + 1), False, "one too long", most)

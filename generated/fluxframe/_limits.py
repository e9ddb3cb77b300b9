# A copy of codegen/runtime/_limits.py, where it is edited.
"""Whether a value keeps the limits of its parameter."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ._problems import Action, Advice, Problem
from ._redact import show
from ._spec import Parameter


def check_value(parameter: Parameter, value: object, model: str) -> Iterator[Problem]:
    """Whether a value keeps the limits of its parameter; `model` is that whose limits they are."""
    p = parameter
    if value is None and p.nullable:
        return
    if p.any_of:
        yield from _check_branches(p, value, model)
    elif not has_type(p.type, value):
        yield broken(p, value, model, "type", p.type, advice=_type_advice(p, value))
    elif isinstance(value, str):
        yield from _check_text(p, value, model)
    elif isinstance(value, Mapping):
        yield from _check_properties(p, value, model)
    elif isinstance(value, list | tuple):
        yield from _check_size(p, value, model)
        for index, item in enumerate(value):
            if p.items is not None:
                for inner in check_value(p.items, item, model):
                    yield replace(
                        inner,
                        parameter=p.name,
                        path=f"{p.path}[{index}]{inner.path.removeprefix(p.items.path)}",
                        index=(index, *inner.index),
                    )
    elif isinstance(value, int | float) and not _plainly_within(p, value):
        yield from _check_number(p, value, model)


def _check_branches(p: Parameter, value: object, model: str) -> Iterator[Problem]:
    """What the nearest of several forms has against a value that fits none of them."""
    nearest: list[Problem] = []
    for branch in p.any_of:
        found = list(check_value(replace(branch, name=p.name, path=p.path), value, model))
        if not found:
            return
        if not nearest or (nearest[0].rule == "type" and found[0].rule != "type"):
            nearest = found
    if nearest[0].rule != "type":
        yield from nearest
        return
    expected = tuple(branch.type for branch in p.any_of)
    yield broken(p, value, model, "type", expected, advice=_type_advice(p.any_of[0], value))


def _check_properties(p: Parameter, value: Mapping[Any, Any], model: str) -> Iterator[Problem]:
    """The members of a value that is an object."""
    for key, inner in value.items():
        if (known := p.properties.get(key)) is not None:
            yield from (
                replace(found, parameter=f"{p.name}.{found.parameter}")
                for found in check_value(known, inner, model)
            )
        else:
            advice = did_you_mean(key, p.properties) or Advice(Action.TAKES, tuple(p.properties))
            words = f"{p.name} has no member {show(key)}"
            yield broken(p, value, model, "unknown", None, detail=words, advice=advice)
    for key, known in p.properties.items():
        if known.required and key not in value:
            words = f"the member {show(key)} is missing"
            yield broken(p, value, model, "required", key, detail=words)


def broken(
    p: Parameter,
    value: object,
    model: str,
    rule: str,
    limit: object,
    *,
    detail: str = "",
    advice: Advice | None = None,
) -> Problem:
    """A limit of a parameter that a value breaks."""
    return Problem(
        rule=rule,
        path=p.path,
        parameter=p.name,
        value=value,
        limit=limit,
        unit=p.unit,
        model=model,
        choices=p.values or (),
        example="" if p.format is None else p.format.example,
        detail=detail,
        advice=advice,
    )


def _plainly_within(p: Parameter, value: float) -> bool:
    """Whether a number keeps a range and has no other limit, as almost all do."""
    return (
        (p.minimum is None or value >= p.minimum)
        and (p.maximum is None or value <= p.maximum)
        and p.exclusive_minimum is None
        and p.exclusive_maximum is None
        and p.multiple_of is None
        and p.values is None
    )


def _check_number(p: Parameter, value: float, model: str) -> Iterator[Problem]:
    if p.minimum is not None and value < p.minimum:
        yield broken(p, value, model, "minimum", p.minimum)
    if p.maximum is not None and value > p.maximum:
        yield broken(p, value, model, "maximum", p.maximum)
    if p.exclusive_minimum is not None and value <= p.exclusive_minimum:
        yield broken(p, value, model, "exclusive_minimum", p.exclusive_minimum)
    if p.exclusive_maximum is not None and value >= p.exclusive_maximum:
        yield broken(p, value, model, "exclusive_maximum", p.exclusive_maximum)
    if p.multiple_of is not None and Decimal(repr(value)) % Decimal(repr(p.multiple_of)):
        yield broken(p, value, model, "multiple_of", p.multiple_of)
    if p.values is not None and not isinstance(value, bool) and value not in p.values:
        yield broken(p, value, model, "values", p.values)


def _check_text(p: Parameter, value: str, model: str) -> Iterator[Problem]:
    if p.min_length is not None and len(value) < p.min_length:
        yield broken(p, value, model, "min_length", p.min_length)
    if p.max_length is not None and len(value) > p.max_length:
        yield broken(p, value, model, "max_length", p.max_length)
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        detail = f"{show(value)} contains half a surrogate pair, which is not valid text"
        yield broken(p, value, model, "type", "string", detail=detail)
    if p.values is not None and value in p.values:
        return
    if p.quantity is not None:
        yield from _check_quantity(p, value, model)
    elif p.format is not None:
        if not re.fullmatch(p.format.pattern, value):
            yield broken(p, value, model, "format", p.format.title, advice=_upload_advice(p))
    elif p.values is not None:
        advice = did_you_mean(value, [v for v in p.values if isinstance(v, str)])
        yield broken(p, value, model, "values", p.values, advice=advice)
    if p.pattern is not None and not re.fullmatch(p.pattern, value):
        yield broken(p, value, model, "pattern", p.pattern)


def _check_quantity(p: Parameter, value: str, model: str) -> Iterator[Problem]:
    assert p.quantity is not None
    number = r"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?"
    match = re.fullmatch(number + re.escape(p.quantity.unit), value)
    limit = f"{p.quantity.maximum} {p.quantity.unit}"
    if match is None:
        detail = f'{show(value)} is not a number of {p.quantity.unit} (such as "{limit}")'
        yield broken(p, value, model, "quantity", limit, detail=detail)
    elif Decimal(match[1]) > p.quantity.maximum:
        yield broken(p, value, model, "quantity", limit)


def _check_size(p: Parameter, value: Sequence[object], model: str) -> Iterator[Problem]:
    if p.min_items is not None and len(value) < p.min_items:
        yield broken(p, value, model, "min_items", p.min_items)
    if p.max_items is not None and len(value) > p.max_items:
        yield broken(p, value, model, "max_items", p.max_items)
    if p.unique_items:
        seen: dict[object, int] = {}
        for index, item in enumerate(value):
            # To compare each with each takes squared time.
            if (before := seen.setdefault(_comparable(item), index)) != index:
                detail = f"item {index} repeats item {before}"
                yield broken(p, value, model, "unique_items", True, detail=detail)
                return


def _comparable(value: object, depth: int = 20) -> object:
    """A value as a key of a dictionary: the same for what is the same in JSON, where True is not 1."""
    if isinstance(value, Mapping) and depth:
        members = ((name, _comparable(inner, depth - 1)) for name, inner in value.items())
        return frozenset(members)
    if isinstance(value, list | tuple) and depth:
        return tuple(_comparable(item, depth - 1) for item in value)
    plain = isinstance(value, int | float | str) and not isinstance(value, bool)
    return value if plain or value is None else (type(value), repr(value))


def has_type(kind: str, value: object) -> bool:
    """Whether a value is of a type of the API's JSON."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            return math.isfinite(value) if isinstance(value, float) else True
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list | tuple)
        case _:
            return isinstance(value, Mapping)


def _type_advice(p: Parameter, value: object) -> Advice | None:
    """How to fix a value of the wrong type, where that is clear."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Advice(Action.OMIT)
    if p.type == "array" and isinstance(value, str):
        return Advice(Action.PASS, (f"[{show(value)}]",))
    if p.type in ("integer", "number") and isinstance(value, str):
        return Advice(Action.PASS, (value,)) if re.fullmatch(r"-?[0-9]{1,18}", value) else None
    return _upload_advice(p) if p.type == "string" else None


def _upload_advice(p: Parameter) -> Advice | None:
    is_url = p.format is not None and "://" in p.format.example
    return Advice(Action.UPLOAD) if is_url else None


def did_you_mean(value: object, names: Iterable[str]) -> Advice | None:
    text = value if isinstance(value, str) else ""
    close = difflib.get_close_matches(text[:100], list(names), n=1, cutoff=0.6)
    return Advice(Action.DID_YOU_MEAN, (close[0],)) if close else None

"""What is said of a parameter in docstrings and documents: meaning, constraints, default, advisories."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .schema import Constraints, Number, Parameter, Quantity, Schema


def describe(parameter: Schema) -> str:
    """What a parameter is, in sentences: meaning, constraints, default and advisories."""
    sentences = [parameter.summary or ""]
    if constraints := describe_constraints(parameter):
        sentences.append(f"{constraints[0].upper()}{constraints[1:]}.")
    if parameter.default is not None:
        sentences.append(f"The server's default is {json.dumps(parameter.default)}.")
    if isinstance(parameter, Parameter):
        for words, advisory in (
            ("Only used when", parameter.used_when),
            ("Ignored when", parameter.ignored_when),
        ):
            when = " and ".join(
                f"{name} is {json.dumps(value)}" for name, value in advisory.items()
            )
            if when:
                sentences.append(f"{words} {when}.")
    return " ".join(filter(None, sentences))


def describe_constraints(schema: Schema) -> str:
    """The constraints of a value in words, such as `256 to 2048 px`; empty without any."""
    unit = schema.unit or ""
    choices = [json.dumps(value, ensure_ascii=False) for value in schema.values or []]
    if schema.format == "ratio":
        choices.insert(0, 'a ratio such as "16:9"')
    above, below = schema.exclusive_minimum, schema.exclusive_maximum
    parts = [
        interval(schema.minimum, schema.maximum, unit),
        interval(schema.min_length, schema.max_length, unit),
        interval(above, below, unit, above=True, below=True),
        multiple(schema.multiple_of, unit),
        interval(schema.min_items, schema.max_items, "items", one="item"),
        NO_ITEM_TWICE if schema.unique_items else "",
        quantity(schema.quantity) if schema.quantity else "",
        one_of(choices),
    ]
    return ", ".join(filter(None, parts))


def stated(schema: Constraints) -> dict[str, object]:
    """The constraints that a schema states, by their name."""
    return {
        name: value
        for name in Constraints.model_fields
        if name not in ("type", "default") and (value := getattr(schema, name)) is not None
    }


NO_ITEM_TWICE = "no item twice"


def interval(
    low: Number | None,
    high: Number | None,
    unit: str = "",
    *,
    one: str = "",
    above: bool = False,
    below: bool = False,
) -> str:
    """A range in words; empty if it is unbounded. `one` is the unit of a single one.

    `above` and `below` say that `low` and `high` are not in it.
    """
    if one and {low, high} <= {1, None}:
        unit = one
    parts: list[str] = []
    if low is not None and high is not None and not above and not below:
        parts = [f"{low} to {high}"]
    else:
        if low is not None:
            parts.append(f"{'above' if above else 'at least'} {low}")
        if high is not None:
            parts.append(f"{'below' if below else 'at most'} {high}")
    return f"{' and '.join(parts)} {unit}".rstrip() if parts else ""


def multiple(of: object, unit: str = "") -> str:
    """What a number has to be a multiple of, in words; empty for None."""
    return "" if of is None else f"a multiple of {of} {unit}".rstrip()


def quantity(limit: Quantity) -> str:
    """A quantity in words, such as `at most 2 MP`."""
    return interval(None, limit.maximum, limit.unit)


def one_of(choices: Sequence[str]) -> str:
    """Choices in words, such as `a, b or c`; empty without any."""
    return " or ".join(filter(None, [", ".join(choices[:-1]), *choices[-1:]]))

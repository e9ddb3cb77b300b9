"""A parameter in words: its meaning, limits, default and rules, as docstrings and documents say it."""

from __future__ import annotations

import json

from . import model as spec


def describe(parameter: spec.Schema) -> str:
    """What a parameter is, in sentences: meaning, limits, default and rules."""
    sentences = [parameter.summary or ""]
    if limits := describe_limits(parameter):
        sentences.append(f"{limits[0].upper()}{limits[1:]}.")
    if parameter.default is not None:
        sentences.append(f"The server's default is {json.dumps(parameter.default)}.")
    if isinstance(parameter, spec.Parameter):
        for words, rule in (
            ("Only used when", parameter.used_when),
            ("Ignored when", parameter.ignored_when),
        ):
            when = " and ".join(f"{name} is {json.dumps(value)}" for name, value in rule.items())
            if when:
                sentences.append(f"{words} {when}.")
    return " ".join(filter(None, sentences))


def describe_limits(schema: spec.Schema) -> str:
    """The limits of a value in words, such as `256 to 2048 px`; empty where there are none."""
    unit = f" {schema.unit}" if schema.unit else ""
    parts: list[str] = []
    low, high = schema.minimum, schema.maximum
    if schema.min_length is not None or schema.max_length is not None:
        low, high = schema.min_length, schema.max_length
    if low is not None and high is not None:
        parts.append(f"{low} to {high}{unit}")
    elif low is not None:
        parts.append(f"at least {low}{unit}")
    elif high is not None:
        parts.append(f"at most {high}{unit}")
    if schema.exclusive_minimum is not None:
        parts.append(f"above {schema.exclusive_minimum}{unit}")
    if schema.exclusive_maximum is not None:
        parts.append(f"below {schema.exclusive_maximum}{unit}")
    if schema.multiple_of is not None:
        parts.append(f"a multiple of {schema.multiple_of}{unit}")
    if schema.min_items is not None:
        parts.append(f"at least {_items(schema.min_items)}")
    if schema.max_items is not None:
        parts.append(f"at most {_items(schema.max_items)}")
    if schema.unique_items:
        parts.append("no item twice")
    if schema.quantity is not None:
        parts.append(f"at most {schema.quantity.maximum} {schema.quantity.unit}")
    choices = [json.dumps(value, ensure_ascii=False) for value in schema.values or []]
    if schema.format == "ratio":
        choices.insert(0, 'a ratio such as "16:9"')
    if choices:
        last = f" or {choices[-1]}" if len(choices) > 1 else choices[-1]
        parts.append(", ".join(choices[:-1]) + last)
    return ", ".join(parts)


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"

"""What is said of a parameter in docstrings and documents: meaning, constraints, default, advisories."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from .model import Format, Price
from .schema import (
    Constraints,
    Exclusion,
    Limit,
    Number,
    Parameter,
    Quantity,
    Scalar,
    Schema,
    Settings,
)

Formats: TypeAlias = Mapping[str, Format]
# What another parameter is called, which rules and prices name as requests do.
Naming: TypeAlias = Callable[[str], str]

_READ = {"ratio": "a ratio", "dimensions": "dimensions"}


def describe(parameter: Schema, formats: Formats) -> str:
    """What a parameter is, in sentences: meaning, constraints, default and rules."""
    sentences = [parameter.summary or ""]
    if constraints := describe_constraints(parameter, formats):
        sentences.append(f"{constraints[0].upper()}{constraints[1:]}.")
    if parameter.default is not None:
        sentences.append(f"The server's default is {json.dumps(parameter.default)}.")
    if isinstance(parameter, Parameter):
        sentences += rules(parameter, advice=False)
    return " ".join(filter(None, sentences))


def rules(parameter: Parameter, called: Naming = str, *, advice: bool = True) -> Iterator[str]:
    """What holds beside other parameters, in sentences; without `advice`, not what is only advised."""
    for words, settings in (
        ("Only used when", parameter.used_when),
        ("Ignored when", parameter.ignored_when),
    ):
        if settings:
            yield f"{words} {setting(settings, called)}."
    for verbs, known in (
        (("needs", "makes sense only with"), parameter.requires),
        (("can't stand beside", "makes no sense beside"), parameter.excludes),
    ):
        joined: dict[tuple[str, bool], list[str]] = {}
        for rule in known:
            what = "It" if rule.when is None else json.dumps(rule.when, ensure_ascii=False)
            if advice or rule.enforced or isinstance(rule, Exclusion):
                joined.setdefault((what, rule.enforced), []).append(called(rule.parameter))
        word = "and" if known is parameter.requires else "or"
        for (what, enforced), others in joined.items():
            yield f"{what} {verbs[not enforced]} {f' {word} '.join(others)}."
    yield from (f"{conditional(parameter, limit, called)}." for limit in parameter.limits)


def conditional(parameter: Parameter, limit: Limit, called: Naming = str) -> str:
    """A limit that holds only beside other values, in words."""
    bare = Schema.model_construct(unit=parameter.unit, **limit.stated())
    words = describe_constraints(bare, {})
    return f"{words[:1].upper()}{words[1:]} when {setting(limit.when, called)}"


def setting(settings: Settings, called: Naming = str) -> str:
    """What other parameters are, in words."""
    return " and ".join(
        f"{called(name)} is {one_of([json.dumps(value, ensure_ascii=False) for value in _several(wanted)])}"
        for name, wanted in settings.items()
    )


def type_of(schema: Schema) -> str:
    """The JSON type of a value in words, such as `array of string or null`."""
    kinds = [type_of(branch) for branch in schema.any_of or ()] or [schema.type or ""]
    if schema.items is not None:
        kinds = [f"{kinds[0]} of {type_of(schema.items)}"]
    return " or ".join([*kinds, "null"] if schema.nullable else kinds)


def cost(price: Price, called: Naming = str) -> str:
    """What a request costs, in words."""
    words: list[str] = []
    for name, costs in (price.by or {}).items():
        each = [f"{credits} for {value}" for value, credits in costs.items()]
        words.append(f"by {called(name)}: {', '.join(each)}")
        words += [f"{price.default} without it"] if price.default is not None else []
    text = f"credits {'; '.join(words)}" if price.credits is None else f"{price.credits} credits"
    if price.per:
        text += f" for each {price.per} of each picture"
    if price.times:
        text += f", times {called(price.times)}"
    return f"{text} (assumed)" if price.assumed else text


def _several(wanted: Scalar | list[Scalar]) -> list[Scalar]:
    return wanted if isinstance(wanted, list) else [wanted]


def describe_constraints(schema: Schema, formats: Formats) -> str:
    """The constraints of a value in words, such as `256 to 2048 px`; empty without any."""
    unit = schema.unit or ""
    choices = [json.dumps(value, ensure_ascii=False) for value in schema.values or []]
    form = formats.get(schema.format or "")
    if form is not None and form.reads is not None:  # What can be guessed from an example.
        choices.insert(0, f'{_READ[form.reads]} such as "{form.example}"')
    above, below = schema.exclusive_minimum, schema.exclusive_maximum
    parts = [
        interval(schema.minimum, schema.maximum, unit),
        interval(schema.min_length, schema.max_length, unit or "characters"),
        interval(above, below, unit, above=True, below=True),
        multiple(schema.multiple_of, unit),
        interval(schema.min_items, schema.max_items, "items", one="item"),
        NO_ITEM_TWICE if schema.unique_items else "",
        quantity(schema.quantity) if schema.quantity else "",
        one_of(choices),
    ]
    return ", ".join(filter(None, parts))


def limits_of(schema: Schema, formats: Formats) -> str:
    """All that a value may be, that of its items and of each of its alternatives included, in words."""
    form = formats.get(schema.format or "")
    parts = [
        describe_constraints(schema, formats),
        form.title if form is not None and form.reads is None else "",
        f"matching {schema.pattern}" if schema.pattern else "",
        " or ".join(filter(None, (limits_of(one, formats) for one in schema.any_of or ()))),
    ]
    if schema.items is not None and (each := limits_of(schema.items, formats)):
        parts.append(f"each {each}")
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

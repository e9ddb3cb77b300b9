"""What is said of a parameter at run time, in `help()` and at the command line: limits and rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

from ._problems import listed
from ._spec import Limit, Model, Parameter, Price, Settings

# What a parameter that a rule names as the request's JSON does is called: its Python name, or its flag.
Naming: TypeAlias = Callable[[str], str]


def limits(parameter: Parameter) -> Iterator[str]:
    """Each limit of a value in a few words."""
    yield from ranges(parameter)
    yield from _choices(parameter)


def _choices(parameter: Parameter) -> Iterator[str]:
    for p in (parameter, parameter.items):
        if p is not None and (choices := [*_forms(p), *map(str, p.values or ())]):
            yield listed(choices)


def ranges(parameter: Parameter) -> Iterator[str]:
    """Each limit except the choices."""
    p = parameter
    unit = f" {p.unit}" if p.unit else ""
    if span := _span(p.minimum, p.maximum):
        yield span + unit
    if p.exclusive_minimum is not None:
        yield f"above {p.exclusive_minimum}{unit}"
    if p.exclusive_maximum is not None:
        yield f"below {p.exclusive_maximum}{unit}"
    if p.multiple_of is not None:
        yield f"a multiple of {p.multiple_of}{unit}"
    if span := _span(p.min_length, p.max_length):
        yield f"{span} characters"
    if span := _span(p.min_items, p.max_items):
        yield f"{span} value{'s' * (1 not in (p.min_items, p.max_items))}"
    if p.unique_items:
        yield "no value twice"
    if p.pattern is not None:
        yield f"matches {p.pattern}"
    if p.items is not None:
        yield from ranges(p.items)


def _forms(parameter: Parameter) -> Iterator[str]:
    if parameter.format is not None:
        yield f"{parameter.format.title} (such as {parameter.format.example})"
    if parameter.quantity is not None:
        most = f"{parameter.quantity.maximum} {parameter.quantity.unit}"
        yield f'at most {most} (such as "{most}")'


def _span(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"{least} to {most}"
    if least is not None:
        return f"at least {least}"
    return f"at most {most}" if most is not None else ""


def rules(parameter: Parameter, called: Naming = str) -> Iterator[str]:
    """Each rule that joins a parameter to others, as a sentence."""
    if parameter.used_when:
        yield f"Used only with {_setting(parameter.used_when, called)}."
    if parameter.ignored_when:
        yield f"Ignored with {_setting(parameter.ignored_when, called)}."
    needs: dict[tuple[object, bool], list[str]] = {}
    for requirement in parameter.requires:
        needs.setdefault((requirement.when, requirement.enforced), []).append(
            called(requirement.parameter)
        )
    for (when, enforced), others in needs.items():
        verb = "needs" if enforced else "makes sense only with"
        what = "It" if when is None else _word(when)
        yield f"{what} {verb} {' and '.join(others)}."
    for bar in parameter.excludes:
        what = "It" if bar.when is None else _word(bar.when)
        verb = "is not allowed" if bar.enforced else "makes no sense"
        yield f"{what} {verb} beside {called(bar.parameter)}."
    for limit in parameter.limits:
        yield f"With {_setting(limit.when, called)}, {_limited(parameter, limit)}."


def _limited(parameter: Parameter, limit: Limit) -> str:
    """A limit that holds only beside other values, in words."""
    bare = Parameter(
        name=parameter.name,
        path=parameter.path,
        type=parameter.type,
        unit=parameter.unit,
        **{limit.rule: limit.limit},
    )
    return "; ".join(limits(bare))


def _setting(values: Settings, called: Naming) -> str:
    return " and ".join(
        f"{called(name)} {listed([_word(one) for one in wanted])}"
        for name, wanted in values.items()
    )


def _word(value: object) -> str:
    """A value as it is written in JSON, but for the quotes of a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def price(model: Model) -> str | None:
    """What a request for a model costs, in words; None if no source says so."""
    return None if model.price is None else _priced(model, model.price)


def _priced(model: Model, p: Price) -> str:
    words: list[str] = []
    for name, costs in p.by.items():
        each = [f"{cost} for {value}" for value, cost in costs.items()]
        words.append(f"by {model.name_of(name)}: {', '.join(each)}")
        if p.default is not None:
            words.append(f"{p.default} without it")
    text = f"{p.credits} credits" if p.credits is not None else f"credits {'; '.join(words)}"
    if p.per == "megapixel":
        text += " for each megapixel of each picture"
    if p.times:
        text += f", times {model.name_of(p.times)}"
    return text + (" (assumed)" if p.assumed else "")


def described(parameter: Parameter, called: Naming = str, *, choices: bool = True) -> str:
    """All that is known of a parameter, in sentences; without its choices if `choices` is False."""
    sentences = [parameter.summary] if parameter.summary else []
    sentences += [f"{text[0].upper()}{text[1:]}." for text in ranges(parameter)]
    if choices:
        sentences += [f"One of: {text}." for text in _choices(parameter)]
    else:
        sentences += _forms_beside(parameter)
    if parameter.default is not None:
        sentences.append(f"The server's default is {_word(parameter.default)}.")
    return " ".join([*sentences, *rules(parameter, called)])


def _forms_beside(parameter: Parameter) -> Iterator[str]:
    if parameter.format is not None and "://" not in parameter.format.example:
        yield f"Such as {parameter.format.example}."
    if parameter.quantity is not None:
        most = f"{parameter.quantity.maximum} {parameter.quantity.unit}"
        yield f'At most {most}, written "{most}".'

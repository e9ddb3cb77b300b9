# A copy of codegen/runtime/_describe.py, where it is edited.
"""What is said of a parameter at run time, in `help()` and at the command line: limits and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ._problems import listed
from ._spec import Parameter

# What a parameter is called: its Python name, or on a command line its flag.
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
        what = "It" if when is None else str(when)
        yield f"{what} {verb} {' and '.join(others)}."


def _setting(values: Mapping[str, object], called: Naming) -> str:
    return " and ".join(f"{called(name)} {value}" for name, value in values.items())


def described(parameter: Parameter, called: Naming = str, *, choices: bool = True) -> str:
    """All that is known of a parameter, in sentences; without its choices if `choices` is False."""
    sentences = [parameter.summary] if parameter.summary else []
    sentences += [f"{text[0].upper()}{text[1:]}." for text in ranges(parameter)]
    if choices:
        sentences += [f"One of: {text}." for text in _choices(parameter)]
    else:
        sentences += _forms_beside(parameter)
    if parameter.default is not None:
        sentences.append(f"The server's default is {parameter.default}.")
    return " ".join([*sentences, *rules(parameter, called)])


def _forms_beside(parameter: Parameter) -> Iterator[str]:
    if parameter.format is not None and "://" not in parameter.format.example:
        yield f"Such as {parameter.format.example}."
    if parameter.quantity is not None:
        most = f"{parameter.quantity.maximum} {parameter.quantity.unit}"
        yield f'At most {most}, written "{most}".'

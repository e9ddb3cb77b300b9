"""What help texts and tables say of a parameter: its limits and rules in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._spec import Parameter


def flag(name: str) -> str:
    """The flag of a parameter, by its Python name."""
    return "--" + name.strip("_").replace("_", "-")


def limits(parameter: Parameter) -> Iterator[str]:
    """Each limit of a value in a few words."""
    yield from ranges(parameter)
    for p in (parameter, parameter.items):
        if p is not None and (choices := [*_forms(p), *map(str, p.values or ())]):
            yield " or ".join([", ".join(choices[:-1]), choices[-1]] if choices[1:] else choices)


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


def rules(parameter: Parameter) -> Iterator[str]:
    """Each rule that joins a parameter to others, as a sentence."""
    if parameter.used_when:
        yield f"Used only with {_setting(parameter.used_when)}."
    if parameter.ignored_when:
        yield f"Ignored with {_setting(parameter.ignored_when)}."
    needs: dict[tuple[object, bool], list[str]] = {}
    for requirement in parameter.requires:
        needs.setdefault((requirement.when, requirement.enforced), []).append(
            flag(requirement.parameter)
        )
    for (when, enforced), others in needs.items():
        verb = "needs" if enforced else "makes sense only with"
        what = "It" if when is None else str(when)
        yield f"{what} {verb} {' and '.join(others)}."


def _setting(values: Mapping[str, object]) -> str:
    return " and ".join(f"{flag(name)} {value}" for name, value in values.items())


def described(parameter: Parameter) -> str:
    """All that is known of a parameter, for a help text that shows its choices beside it."""
    sentences = [parameter.summary] if parameter.summary else []
    sentences += [f"{text[0].upper()}{text[1:]}." for text in ranges(parameter)]
    if parameter.format is not None and "://" not in parameter.format.example:
        sentences.append(f"Such as {parameter.format.example}.")
    if parameter.quantity is not None:
        most = f"{parameter.quantity.maximum} {parameter.quantity.unit}"
        sentences.append(f'At most {most}, written "{most}".')
    if parameter.default is not None:
        sentences.append(f"The server's default is {parameter.default}.")
    return " ".join([*sentences, *rules(parameter)])

"""Checks a request against the limits of its model, before it is sent and paid for."""

from __future__ import annotations

import difflib
import json
import math
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._catalog import API, MODELS
from ._errors import ConfigurationError, InvalidRequestError, RequestWarning
from ._spec import Model, Parameter

if TYPE_CHECKING:
    from ._model import BaseModel

Validation: TypeAlias = Literal["error", "warn", "off"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a request: where, what rule it touches, and the whole in words.

    `path` is the place in the request's JSON (`fluxParams.width`), `parameter` the Python name,
    `rule` the limit's name (`maximum`), `limit` its value.
    """

    path: str
    parameter: str
    rule: str
    message: str
    value: object = field(default=None, repr=False)  # It may hold a secret, such as a signed URL.
    limit: object = None

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: `problems` that break a limit, and `advisories` that do not."""

    problems: tuple[Problem, ...] = ()
    advisories: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the request keeps all limits."""
        return not self.problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems + self.advisories)


def check(request: BaseModel | Mapping[str, Any]) -> Report:
    """What is wrong with a typed request, or one in the shape of its JSON; nothing is sent.

    `problems` break a limit of the model; `advisories` are legal and paid for, but not what the
    caller means, such as a `width` that counts only beside another parameter.
    """
    if not isinstance(request, Mapping):
        if not hasattr(request, "to_wire"):
            message = f"{show(request)} is {_kind(request)}, expected a request or a mapping"
            return Report((Problem("", "", "type", message, request, "object"),))
        request = request.to_wire()
    model_id = request.get("model")
    if not isinstance(model_id, str) or model_id not in MODELS:
        return Report((_model_problem(request),))
    model = MODELS[model_id]
    problems = list(_check_members(request, model))
    parameters = request.get(model.container)
    given = parameters if isinstance(parameters, Mapping) else {}
    advisories: list[Problem] = []
    for problem, enforced in _check_rules(given, model):
        (problems if enforced else advisories).append(problem)
    return Report(tuple(problems), tuple(advisories))


def check_parameters(values: Mapping[str, object], parameters: Iterable[Parameter]) -> Report:
    """What is wrong with values by Python name, such as those of a query."""
    known = {parameter.name: parameter for parameter in parameters}
    problems = [
        problem
        for name, value in values.items()
        if name in known
        for problem in _check_value(known[name], value, "")
    ]
    return Report(tuple(problems))


def enforce(report: Report, validation: Validation) -> None:
    """Raise or warn of what a report holds, as the caller has chosen."""
    if validation not in ("error", "warn", "off"):
        message = f'validation: {validation!r} is not "error", "warn" or "off"'
        raise ConfigurationError(message)
    if validation == "off" or not (report.problems or report.advisories):
        return
    if validation == "error" and report.problems:
        raise InvalidRequestError(report.problems)
    level = _stack_level()
    for problem in report.problems + report.advisories:
        warnings.warn(problem.message, RequestWarning, stacklevel=level)


def _stack_level() -> int:
    """How far up the first caller outside this package is, as warnings.warn counts."""
    package = __name__.rpartition(".")[0]
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and _inside(frame.f_globals.get("__name__", ""), package):
        level, frame = level + 1, frame.f_back
    return level


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _model_problem(request: Mapping[str, Any]) -> Problem:
    known = ", ".join(MODELS)
    if "model" not in request:
        return Problem("model", "model", "required", f"model: missing; expected one of {known}")
    value = request["model"]
    hint = _did_you_mean(value, MODELS) or f"expected one of {known}"
    message = f"model: {show(value)} is not known; {hint}"
    return Problem("model", "model", "values", message, value, tuple(MODELS))


@cache
def _by_path(id: str) -> Mapping[str, Parameter]:
    return {parameter.path: parameter for parameter in MODELS[id].parameters.values()}


@cache
def _by_wire_name(id: str) -> Mapping[str, Parameter]:
    return {parameter.wire_name: parameter for parameter in MODELS[id].parameters.values()}


def _check_members(request: Mapping[str, Any], model: Model) -> Iterator[Problem]:
    """The members of the request, known or not, and those that must be there."""
    by_path = _by_path(model.id)
    given: set[str] = set()
    for key, value in ((str(key), value) for key, value in request.items()):
        if key != model.container:
            given.add(key)
            yield from _check_member(by_path, key, value, model)
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                given.add(f"{key}.{name}")
                yield from _check_member(by_path, f"{key}.{name}", inner, model)
        else:
            message = f"{key}: {show(value)} is {_kind(value)}, expected a mapping of parameters"
            yield Problem(key, key, "type", message, value, "object")
    for path, parameter in by_path.items():
        if parameter.required and path not in given:
            message = f"{parameter.name}: missing; {model.id} requires it"
            yield Problem(path, parameter.name, "required", message)


def _check_member(
    by_path: Mapping[str, Parameter], path: str, value: object, model: Model
) -> Iterator[Problem]:
    parameter = by_path.get(path)
    if parameter is None:
        yield _unknown(path, value, model)
    elif parameter.name != "model":
        yield from _check_value(parameter, value, f" for {model.id}")


def _unknown(path: str, value: object, model: Model) -> Problem:
    """A parameter that the model lacks: misplaced, another model's, or misspelt."""
    name = path.rpartition(".")[2]
    here = [p for p in model.parameters.values() if p.wire_name == name or p.name == name]
    takers = [
        other.id
        for other in MODELS.values()
        if any(p.wire_name == name for p in other.parameters.values())
    ]
    if here:
        known = here[0]
        message = (
            f"{name}: not in its place; it is {known.path} in a request's JSON, and {known.name} "
            "as an argument"
        )
    elif takers:
        verb = "takes" if len(takers) == 1 else "take"
        message = f"{name}: {model.id} does not take it; {_listed(takers, 'and')} {verb} it"
    else:
        names = [p.name for p in model.parameters.values() if p.name != "model"]
        hint = _did_you_mean(name, names) or "it takes " + _listed(names, "and")
        message = f"{name}: {model.id} has no such parameter; {hint}"
    return Problem(path, name, "unknown", message, value)


def _check_rules(given: Mapping[str, Any], model: Model) -> Iterator[tuple[Problem, bool]]:
    """What holds between parameters; each with whether the API is said to refuse it."""
    by_name = _by_wire_name(model.id)
    for name, value in given.items():
        parameter = by_name.get(name)
        if parameter is None:
            continue
        for other, wanted in parameter.used_when.items():
            if given.get(other, by_name[other].default) != wanted:
                message = (
                    f"{name}: {show(value)} will be ignored by {model.id}, which uses {name} only "
                    f"with {other}={show(wanted)}"
                )
                yield _rule(parameter, "used_when", message, value, {other: wanted}), False
        for other, unwanted in parameter.ignored_when.items():
            if given.get(other, by_name[other].default) == unwanted:
                message = (
                    f"{name}: {show(value)} will be ignored by {model.id}, which has no use for "
                    f"{name} with {other}={show(unwanted)}"
                )
                yield _rule(parameter, "ignored_when", message, value, {other: unwanted}), False
        for requirement in parameter.requires:
            met = requirement.parameter in given or requirement.when not in (None, value)
            if not met:
                sure = "needs" if requirement.enforced else "makes sense only with"
                message = (
                    f"{name}: {show(value)} {sure} {requirement.parameter}, which is not given"
                )
                limit = requirement.parameter
                yield _rule(parameter, "requires", message, value, limit), requirement.enforced


def _rule(parameter: Parameter, rule: str, message: str, value: object, limit: object) -> Problem:
    return Problem(parameter.path, parameter.name, rule, message, value, limit)


def _check_value(parameter: Parameter, value: object, whom: str) -> Iterator[Problem]:
    """Whether a value keeps the limits of its parameter; `whom` names the model in messages."""

    def problem(rule: str, limit: object, words: str) -> Problem:
        message = f"{parameter.name}: {words}"
        return Problem(parameter.path, parameter.name, rule, message, value, limit)

    if not _has_type(parameter.type, value):
        words = f"{_type_words(parameter, value)}{whom}{_type_hint(parameter, value)}"
        yield problem("type", parameter.type, words)
    elif isinstance(value, str):
        yield from (problem(*fault) for fault in _text_faults(parameter, value, whom))
    elif isinstance(value, list | tuple):
        yield from (problem(*fault) for fault in _size_faults(parameter, value, whom))
        for index, item in enumerate(value):
            if parameter.items is not None:
                for inner in _check_value(parameter.items, item, whom):
                    words = f"{parameter.name}[{index}]{inner.message.removeprefix(parameter.items.name)}"
                    path = f"{parameter.path}[{index}]"
                    yield Problem(path, parameter.name, inner.rule, words, item, inner.limit)
    elif isinstance(value, int | float):
        yield from (problem(*fault) for fault in _number_faults(parameter, value, whom))


Fault: TypeAlias = tuple[str, object, str]


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


def _number_faults(parameter: Parameter, value: float, whom: str) -> Iterator[Fault]:
    p = parameter
    if _plainly_within(p, value):
        return
    unit = f" {parameter.unit}" if parameter.unit else ""
    shown = show(value)
    if p.minimum is not None and value < p.minimum:
        yield "minimum", p.minimum, f"{shown} is below the minimum of {p.minimum}{unit}{whom}"
    if p.maximum is not None and value > p.maximum:
        yield "maximum", p.maximum, f"{shown} is above the maximum of {p.maximum}{unit}{whom}"
    if p.exclusive_minimum is not None and value <= p.exclusive_minimum:
        words = f"{shown} is not above {p.exclusive_minimum}{unit}{whom}"
        yield "exclusive_minimum", p.exclusive_minimum, words
    if p.exclusive_maximum is not None and value >= p.exclusive_maximum:
        words = f"{shown} is not below {p.exclusive_maximum}{unit}{whom}"
        yield "exclusive_maximum", p.exclusive_maximum, words
    if p.multiple_of is not None and Decimal(repr(value)) % Decimal(repr(p.multiple_of)):
        yield "multiple_of", p.multiple_of, f"{shown} is no multiple of {p.multiple_of}{unit}{whom}"
    if p.values is not None and not isinstance(value, bool) and value not in p.values:
        yield "values", p.values, f"{shown} is not one of {_choices(p)}{whom}"


def _text_faults(parameter: Parameter, value: str, whom: str) -> Iterator[Fault]:
    p = parameter
    if p.min_length is not None and len(value) < p.min_length:
        words = f"{_count(value, 'character')} below the minimum of {p.min_length}{whom}"
        yield "min_length", p.min_length, words
    if p.max_length is not None and len(value) > p.max_length:
        words = f"{_count(value, 'character')} above the maximum of {p.max_length}{whom}"
        yield "max_length", p.max_length, words
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        yield "type", "string", f"{show(value)} holds half a surrogate pair, which is no text{whom}"
    if p.values is not None and value in p.values:
        return
    if p.quantity is not None:
        yield from _quantity_faults(p, value, whom)
    elif p.format is not None:
        if not re.fullmatch(p.format.pattern, value):
            yield (
                "format",
                p.format.title,
                f"{show(value)} is not {_choices(p)}{whom}{_file_hint(p)}",
            )
    elif p.values is not None:
        hint = _did_you_mean(value, [v for v in p.values if isinstance(v, str)])
        words = f"{show(value)} is not one of {_choices(p)}{whom}"
        yield "values", p.values, words + (f"; {hint}" if hint else "")
    if p.pattern is not None and not re.fullmatch(p.pattern, value):
        yield "pattern", p.pattern, f"{show(value)} does not match {p.pattern}{whom}"


def _quantity_faults(parameter: Parameter, value: str, whom: str) -> Iterator[Fault]:
    quantity = parameter.quantity
    assert quantity is not None
    number = r"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?"
    match = re.fullmatch(number + re.escape(quantity.unit), value)
    limit = f"{quantity.maximum} {quantity.unit}"
    if match is None:
        words = f'{show(value)} is no number of {quantity.unit} (such as "{limit}")'
        yield "quantity", limit, f"{words}{whom}"
    elif Decimal(match[1]) > quantity.maximum:
        yield "quantity", limit, f"{show(value)} is above the maximum of {limit}{whom}"


def _size_faults(parameter: Parameter, value: Sequence[object], whom: str) -> Iterator[Fault]:
    p = parameter
    if p.min_items is not None and len(value) < p.min_items:
        words = f"{_count(value, 'item')} below the minimum of {p.min_items}{whom}"
        yield "min_items", p.min_items, words
    if p.max_items is not None and len(value) > p.max_items:
        words = f"{_count(value, 'item')} above the maximum of {p.max_items}{whom}"
        yield "max_items", p.max_items, words
    if p.unique_items:
        seen: list[object] = []
        for index, item in enumerate(value):
            if item in seen:
                words = f"item {index} repeats item {seen.index(item)}{whom}"
                yield "unique_items", True, words
                return
            seen.append(item)


def _has_type(kind: str, value: object) -> bool:
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


_NAMES = {
    "string": "text",
    "integer": "an integer",
    "number": "a finite number",
    "boolean": "True or False",
    "array": "a list",
    "object": "a mapping",
}


def _kind(value: object) -> str:
    """What a value is, in the words of messages."""
    for kind, name in (
        (bool, "a bool"),
        (int, "an integer"),
        (float, "a float"),
        (str, "text"),
        (list | tuple, "a list"),
        (Mapping, "a mapping"),
    ):
        if isinstance(value, kind):
            return name
    return f"of type {type(value).__qualname__}"


def _type_words(parameter: Parameter, value: object) -> str:
    expected = _NAMES[parameter.type]
    if value is None:
        return f"None is not allowed, expected {expected}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not finite, expected {expected}"
    return f"{show(value)} is {_kind(value)}, expected {expected}"


def _type_hint(parameter: Parameter, value: object) -> str:
    """How to mend a value of the wrong type, where that is plain."""
    if value is None:
        return "; leave it out instead"
    if parameter.type == "array" and isinstance(value, str):
        return f"; pass [{show(value)}]"
    if parameter.type == "integer" and isinstance(value, float) and value.is_integer():
        return f"; pass {int(value)}"
    if parameter.type in ("integer", "number") and isinstance(value, str):
        return f"; pass {value}" if re.fullmatch(r"-?[0-9]+", value) else ""
    return _file_hint(parameter) if parameter.type == "string" else ""


def _file_hint(parameter: Parameter) -> str:
    if parameter.format is not None and "://" in parameter.format.example:
        return "; a file of yours is uploaded with client.uploads.create(path) and has a url then"
    return ""


def _choices(parameter: Parameter) -> str:
    choices = [show(value) for value in parameter.values or ()]
    if parameter.format is not None:
        choices.insert(0, f"{parameter.format.title} (such as {show(parameter.format.example)})")
    return _listed(choices)


def _listed(items: Sequence[str], last: str = "or") -> str:
    joint = f" {last} "
    return ", ".join(items[:-1]) + joint + items[-1] if len(items) > 1 else "".join(items)


def _count(value: Sequence[object], noun: str) -> str:
    return f"{len(value)} {noun} is" if len(value) == 1 else f"{len(value)} {noun}s are"


def _did_you_mean(value: object, names: Iterable[str]) -> str:
    text = value if isinstance(value, str) else ""
    close = difflib.get_close_matches(text[:100], list(names), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""


def checked_key(key: str) -> str:
    """The API key. Raises ConfigurationError for one that can't be, which does not show it."""
    if not isinstance(key, str):
        raise ConfigurationError(f"api_key: a {type(key).__qualname__}, expected text")
    if not key:
        raise ConfigurationError("api_key: it is empty")
    if not re.fullmatch(r"[!-~]+", key):
        raise ConfigurationError(
            "api_key: it holds a character that no key has, such as a space or a line's end; "
            f"copy it again, from `{API.key_prefix}` to its last letter"
        )
    return key


def show(value: object, width: int = 60) -> str:
    """A value for a message: short, on one line, and without the query of a URL, a secret often."""
    if isinstance(value, str):
        text = re.sub(r"(?i)((?:/|^https?:)[^?#]*)[?#].*", r"\1?…", value, flags=re.DOTALL)
        text = re.sub(r"(://)[^/@]*@", r"\1…@", text)
        shown = json.dumps(
            text if len(text) <= width else text[: width - 1] + "…", ensure_ascii=False
        )
        if not shown.isprintable():  # Such as half a surrogate pair, or a line's end in Unicode.
            shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)
        return shown
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, bool | int | float) or value is None:
        return str(value)
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return f"a {type(value).__qualname__}"

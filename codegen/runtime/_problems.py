"""What is wrong with a request, as data, and the sentences that describe it.

Code reads only the fields: a sentence is made where it is shown, and is never parsed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from ._catalog import API, operation_of
from ._redact import cut, listing, masked, short_repr, show, shown
from ._spec import Kind

Validation: TypeAlias = Literal["error", "warn", "off"]


# Models that are named as those which take a parameter.
_MOST_TAKERS = 6
# Characters; the longest names all parameters of a model.
LONGEST_ADVICE = 500


class Action(StrEnum):
    """What can be done about something that went wrong."""

    DID_YOU_MEAN = "did_you_mean"  # (name,)
    EXPECTED = "expected"  # (name, …)
    TAKES = "takes"  # (parameter, …)
    OTHER_MODELS = "other_models"  # (model, …)
    MOVE = "move"  # (path in the JSON, argument)
    OPERATION = "operation"  # (operation,)
    OMIT = "omit"
    PASS = "pass"  # (value,)
    REQUEST_FORM = "request_form"  # (option,)
    UPLOAD = "upload"
    NO_SUCH_FILE = "no_such_file"
    WAIT = "wait"  # (job,)
    WAIT_AGAIN = "wait_again"  # (job,)
    GET = "get"  # (job,)
    LIST = "list"  # (cursor,)
    SUBMIT_AGAIN = "submit_again"  # (idempotency key,)
    KEY_FORGOTTEN = "key_forgotten"  # (idempotency key,)
    CHECK_KEY = "check_key"
    MAY_HAVE_ARRIVED = "may_have_arrived"
    CHECK_BASE_URL = "check_base_url"  # (where the answer points to,)
    RESUBMIT_UNKNOWN = "resubmit_unknown"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next: an action and its arguments."""

    action: Action
    subject: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The advice for someone who writes Python."""
        return self.worded(_ADVICE[self.action])

    def worded(self, words: Callable[[tuple[str, ...]], str]) -> str:
        """The advice in words that are made of its subject, which may be of any length."""
        return shown(
            words(tuple(shown(text, LONGEST_ADVICE) for text in self.subject)), LONGEST_ADVICE
        )

    __repr__ = short_repr


def listed(items: Sequence[str], last: str = "or") -> str:
    """`a, b or c`."""
    joint = f" {last} "
    return ", ".join(items[:-1]) + joint + items[-1] if len(items) > 1 else "".join(items)


def _takers(models: tuple[str, ...]) -> str:
    if len(models) > _MOST_TAKERS:
        models = (*models[: _MOST_TAKERS - 1], f"{len(models) - _MOST_TAKERS + 1} more models")
    return f"{listed(models, 'and')} {'takes' if len(models) == 1 else 'take'} it"


def _called(kind: Kind, method: str = "") -> str:
    """How the client does what an operation is for, or beside it what its resource does."""
    operation = operation_of(kind)
    name = operation.name if operation else ""
    return f"client.{name.rpartition('.')[0]}.{method}" if method else f"client.{name}"


def _upload(s: tuple[str, ...]) -> str:
    if operation_of("upload") is None:
        return "put a file of your own where the API can fetch it, and pass its URL"
    return f"upload a file of your own with {_called('upload')}(path), and pass its URL"


def _list(s: tuple[str, ...]) -> str:
    operation = operation_of("jobs")
    cursor = operation.by_role("cursor") if operation else None
    given = f'{cursor.name}="{s[0]}"' if cursor else ""
    return f"list what follows with {_called('jobs')}({given})"


def _forgotten(s: tuple[str, ...]) -> str:
    search = f" with {_called('jobs')}()" if operation_of("jobs") else ""
    return (
        f'it may have been accepted under idempotency_key="{s[0]}", so long ago that the server may '
        f"have forgotten the key, and was not sent again; look for its job{search} before you submit "
        "it anew"
    )


_ADVICE: Mapping[Action, Callable[[tuple[str, ...]], str]] = {
    Action.DID_YOU_MEAN: lambda s: f"did you mean {s[0]}?",
    Action.EXPECTED: lambda s: f"expected one of {', '.join(s)}",
    Action.TAKES: lambda s: f"it takes {listed(s, 'and')}",
    Action.OTHER_MODELS: _takers,
    Action.MOVE: lambda s: f"it is {s[0]} in a request's JSON, and {s[1]} as an argument",
    Action.OPERATION: lambda s: f"pass it to client.{s[0]}",
    Action.OMIT: lambda s: "leave it out instead",
    Action.PASS: lambda s: f"pass {s[0]}",
    Action.REQUEST_FORM: lambda s: (
        f"it is an option of the call, which goes with a request: pass one, as in "
        f"{_called('submit').rpartition('.')[2]}(request, {s[0]}=…), and {s[0]} beside it"
    ),
    Action.UPLOAD: _upload,
    Action.NO_SUCH_FILE: lambda s: "and no such file exists",
    Action.WAIT: lambda s: f'wait for it with {_called("job", "wait")}("{s[0]}")',
    Action.WAIT_AGAIN: lambda s: f'wait for it again with {_called("job", "wait")}("{s[0]}")',
    Action.GET: lambda s: f'ask for it with {_called("job")}("{s[0]}")',
    Action.LIST: _list,
    Action.SUBMIT_AGAIN: lambda s: (
        "it may have been accepted, so submit it again with "
        f'idempotency_key="{s[0]}", and it is paid for once'
    ),
    Action.KEY_FORGOTTEN: _forgotten,
    Action.CHECK_KEY: lambda s: f"check api_key or {API.key_variable}",
    Action.MAY_HAVE_ARRIVED: lambda s: "it may have arrived, and was not sent again",
    Action.CHECK_BASE_URL: lambda s: f"it points to {s[0]}, which base_url can name if it is right",
    Action.RESUBMIT_UNKNOWN: lambda s: "resubmit_unknown=True submits it anew",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about a request: where, which rule it touches, and what to do about it.

    `path` is the place in the request's JSON (`options.width`), `parameter` the Python name,
    `index` the item of a list that is meant, `rule` the rule's name (`maximum`), `limit` its value,
    in `unit`s, `model` whose limit it is, `choices` the values that are allowed by name beside a
    form of which `example` is one, `origin` the file and line, where there is one, `beside` the other
    parameters that the limit holds with, and `detail` what no other field says.
    """

    rule: str
    path: str = ""
    parameter: str = ""
    value: object = field(default=None, repr=False)  # It may hold a secret, such as a signed URL.
    limit: object = None
    index: tuple[int, ...] = ()
    unit: str = ""
    model: str = ""
    choices: tuple[object, ...] = ()
    example: str = ""
    origin: str = ""
    detail: str = ""
    beside: str = ""
    advice: Advice | None = None

    def __post_init__(self) -> None:
        # Whoever pastes the API key somewhere else finds it nowhere: not in a log, nor in a pickle.
        for name in ("value", "path", "parameter", "origin", "detail"):
            object.__setattr__(self, name, masked(getattr(self, name)))

    __repr__ = short_repr

    @property
    def what(self) -> str:
        """What is wrong, in a sentence, without what to do about it."""
        name = cut(self.parameter, 100) + "".join(f"[{index}]" for index in self.index[:20])
        names = [shown(self.origin, 300), shown(name, 100), self._fault]
        return ": ".join(filter(None, names))

    @property
    def _fault(self) -> str:
        """What is wrong, for where its place is told already."""
        words = cut(self.detail or _WORDS[self.rule](self), 1000)
        whom = f" for {self.model}" if self.model and self.rule in _OF_A_MODEL else ""
        whom += f" with {self.beside}" if self.beside else ""
        return shown(words + whom, 1000)

    @property
    def message(self) -> str:
        """What is wrong, and what to do about it in Python."""
        return self._advised(self.what)

    @property
    def without_place(self) -> str:
        """The message, for where the parameter is named already."""
        return self._advised(self._fault)

    def _advised(self, what: str) -> str:
        return what if self.advice is None else f"{what}; {self.advice}"

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
        return listing(self.problems + self.advisories)

    __repr__ = short_repr


_EXPECTED = {
    "string": "text",
    "integer": "an integer",
    "number": "a finite number",
    "boolean": "True or False",
    "array": "a list",
    "object": "a mapping",
}
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a bool"),
    (int, "an integer"),
    (float, "a float"),
    (str, "text"),
    ((list, tuple), "a list"),
    (Mapping, "a mapping"),
)


def kind(value: object) -> str:
    """What a value is, in the words of messages."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return f"of type {type(value).__qualname__}"


def _type(p: Problem) -> str:
    kinds = p.limit if isinstance(p.limit, tuple) else (p.limit,)
    expected = listed([_EXPECTED[str(one)] for one in kinds])
    if p.value is None:
        return f"None is not allowed, expected {expected}"
    if isinstance(p.value, float) and not math.isfinite(p.value):
        return f"{p.value} is not finite, expected {expected}"
    return f"{show(p.value)} is {kind(p.value)}, expected {expected}"


def _unknown(p: Problem) -> str:
    match p.advice and p.advice.action:
        case Action.OTHER_MODELS:
            return f"{p.model} does not take it"
        case Action.MOVE:
            return "not in its place"
    return f"{p.model} has no such parameter"


def _limit(p: Problem) -> str:
    return f"{p.limit} {p.unit}" if p.unit else str(p.limit)


def _choices(p: Problem) -> str:
    choices = [show(value) for value in p.choices]
    if p.example:
        choices.insert(0, f"{p.limit} (such as {show(p.example)})")
    return listed(choices)


def _count(p: Problem, noun: str) -> str:
    number = len(p.value) if isinstance(p.value, Sequence) else 0
    return f"{number} {noun} is" if number == 1 else f"{number} {noun}s are"


def _setting(p: Problem) -> str:
    limit = p.limit if isinstance(p.limit, Mapping) else {}
    return " and ".join(
        f"{name}={listed([show(one) for one in wanted])}" for name, wanted in limit.items()
    )


# The rules whose sentence ends with the model whose limit it is.
_OF_A_MODEL = frozenset(
    [
        "type",
        "values",
        "minimum",
        "maximum",
        "exclusive_minimum",
        "exclusive_maximum",
        "multiple_of",
        "min_length",
        "max_length",
        "format",
        "pattern",
        "quantity",
        "min_items",
        "max_items",
        "unique_items",
    ]
)
_WORDS: Mapping[str, Callable[[Problem], str]] = {
    "type": _type,
    "required": lambda p: f"missing; {p.model} requires it" if p.model else "missing",
    "unknown": _unknown,
    "values": lambda p: f"{show(p.value)} is not one of {_choices(p)}",
    "minimum": lambda p: f"{show(p.value)} is below the minimum of {_limit(p)}",
    "maximum": lambda p: f"{show(p.value)} is above the maximum of {_limit(p)}",
    "exclusive_minimum": lambda p: f"{show(p.value)} is not above {_limit(p)}",
    "exclusive_maximum": lambda p: f"{show(p.value)} is not below {_limit(p)}",
    "multiple_of": lambda p: f"{show(p.value)} is not a multiple of {_limit(p)}",
    "min_length": lambda p: f"{_count(p, 'character')} below the minimum of {p.limit}",
    "max_length": lambda p: f"{_count(p, 'character')} above the maximum of {p.limit}",
    "min_items": lambda p: f"{_count(p, 'item')} below the minimum of {p.limit}",
    "max_items": lambda p: f"{_count(p, 'item')} above the maximum of {p.limit}",
    "format": lambda p: f"{show(p.value)} is not {_choices(p)}",
    "pattern": lambda p: f"{show(p.value)} does not match {p.limit}",
    "quantity": lambda p: f"{show(p.value)} is above the maximum of {p.limit}",
    "used_when": lambda p: (
        f"{show(p.value)} will be ignored by {p.model}, which uses {p.parameter} only with "
        f"{_setting(p)}"
    ),
    "ignored_when": lambda p: (
        f"{show(p.value)} will be ignored by {p.model}, which does not use {p.parameter} with "
        f"{_setting(p)}"
    ),
    "requires": lambda p: f"{show(p.value)} needs {p.limit}, which is not given",
    "excludes": lambda p: f"{show(p.value)} makes no sense beside {p.limit}, which is given too",
}

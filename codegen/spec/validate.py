"""A file of the spec to an instance of its class, or every problem that the class has with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .diagnostics import Diagnostic, SpecError, closest, nearest
from .document import Document, Path

T = TypeVar("T")

_MOST = 200  # Problems of one file that are told.

# pydantic's error types, and what to say for them.
_EXPECTED = {
    "string_type": "text",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "list_type": "a list",
    "model_type": "a mapping",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_pattern_mismatch": "text that matches {pattern}",
}


def validated(document: Document, kind: type[T]) -> T:
    """The value of a document as a `kind`. Raises SpecError with all that is wrong with it."""
    try:
        return TypeAdapter(kind).validate_python(document.value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    found = [_mismatch(document, details, kind) for details in errors[:_MOST]]
    said = [_said(document, mismatch) for mismatch in _merged(found)]
    if len(errors) > _MOST:
        more = f"there are {len(errors) - _MOST} more problems in this file"
        place = _mismatch(document, errors[_MOST], kind)
        said.append(document.problem(place.path, more, "correct the first ones", at_key=True))
    raise SpecError(said)


class _Kind(Enum):
    UNKNOWN_KEY = auto()
    MISSING_KEY = auto()
    UNKNOWN_VALUE = auto()
    OTHER_VALUE = auto()


@dataclass(frozen=True, slots=True)
class _Mismatch:
    """What does not fit a class, and where.

    `name` is the key that is unknown or missing, or that of a value that is not among `names`;
    `expected` has words for each of pydantic's error types.
    """

    kind: _Kind
    path: Path
    found: object
    name: str
    names: tuple[str, ...] = ()
    expected: Mapping[str, str] = field(default_factory=dict)


def _mismatch(document: Document, details: ErrorDetails, kind: object) -> _Mismatch:
    """What pydantic found, at its place in the file."""
    error, found, name = details["type"], details["input"], str(details["loc"][-1])
    path: Path = ()
    for part in details["loc"]:  # Parts that are not in the file name branches of a union.
        if (*path, part) in document.values:
            path = (*path, part)
    if error == "extra_forbidden":
        return _Mismatch(_Kind.UNKNOWN_KEY, path, found, name, tuple(_keys(kind, path[:-1])))
    if error == "missing":
        return _Mismatch(_Kind.MISSING_KEY, path, found, name)
    if error == "literal_error":
        return _Mismatch(_Kind.UNKNOWN_VALUE, path, found, name, tuple(_literals(kind, path)))
    words = details["msg"][:1].lower() + details["msg"][1:]
    if error in _EXPECTED:
        words = _EXPECTED[error].format(**details.get("ctx", {}))
    return _Mismatch(_Kind.OTHER_VALUE, path, found, name, expected={error: words})


def _merged(found: Iterable[_Mismatch]) -> list[_Mismatch]:
    """One mismatch per place: a union reports every branch, and a misspelt key is also missing."""
    found = list(found)
    meant = {(m.path[:-1], closest(m.name, m.names)) for m in found if m.kind == _Kind.UNKNOWN_KEY}
    values: dict[Path, _Mismatch] = {}
    result: list[_Mismatch] = []
    for mismatch in found:
        if mismatch.kind == _Kind.OTHER_VALUE:
            other = values.get(mismatch.path, mismatch)
            expected = {**other.expected, **mismatch.expected}
            values[mismatch.path] = replace(other, expected=expected)
        elif mismatch.kind != _Kind.MISSING_KEY or (mismatch.path, mismatch.name) not in meant:
            result.append(mismatch)
    return [*result, *values.values()]


def _said(document: Document, mismatch: _Mismatch) -> Diagnostic:
    """A mismatch in words, at its position."""
    path, found, name = mismatch.path, mismatch.found, mismatch.name
    match mismatch.kind:
        case _Kind.UNKNOWN_KEY:
            hint = nearest(name, mismatch.names)
            return document.problem(path, f"unknown key `{name}`", hint, at_key=True)
        case _Kind.MISSING_KEY:
            return document.problem(path, f"`{name}` is missing", f"write `{name}: …`", at_key=True)
        case _Kind.UNKNOWN_VALUE:
            hint = nearest(str(found), mismatch.names)
            return document.problem(path, f"{_shown(found)} is not a valid {name}", hint)
    expected = dict(mismatch.expected)
    if "float_type" in expected:  # An integer is one.
        expected.pop("int_type", None)
    words = " or ".join(sorted(set(expected.values())))
    return document.problem(path, f"found {_shown(found)}, expected {words}")


def _annotation(kind: Any, path: Iterable[int | str]) -> Any:
    """The type that a spec class declares for the value at `path`."""
    for part in path:
        kind = _plain(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:
            kind = [Any, *get_args(kind)][-1]
    return _plain(kind)


def _plain(kind: Any) -> Any:
    """The type without Annotated and without `| None`."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(arg for arg in get_args(kind) if arg is not NoneType)
    return kind


def _keys(kind: Any, path: Iterable[int | str]) -> list[str]:
    entry = _annotation(kind, path)
    known = isinstance(entry, type) and issubclass(entry, BaseModel)
    return list(entry.model_fields) if known else []


def _literals(kind: Any, path: Iterable[int | str]) -> list[str]:
    return [str(value) for value in get_args(_annotation(kind, path))]


def _shown(value: object) -> str:
    """A value of a spec file, as its reader would name it."""
    if isinstance(value, str):
        return f'the text "{value}"'
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else json.dumps(value)

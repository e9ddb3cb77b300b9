"""YAML text to plain values that remember their positions.

Only the core schema of YAML 1.2 is read, so that `16:9`, `no` and `1_000` are text as they look.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import yaml
from yaml.reader import ReaderError

from .diagnostics import Diagnostic, Position, SpecError

Path: TypeAlias = tuple[str | int, ...]

DEEPEST = 100  # How deeply a document may be nested.

# The parser in C is ten times as fast; both return the same nodes and marks.
if TYPE_CHECKING:
    from yaml import SafeLoader as _Base
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """Reads the core schema of YAML 1.2, and nothing that depends on a tag."""

    # The base class declares no ClassVar, which type checkers hold us to.
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), list(_first)
    )


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_CONVERSIONS: dict[str, Callable[[str], object]] = {
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": _finite,
    "null": lambda text: None,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, with the position of every key and value."""

    file: str
    text: str
    value: object
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def problem(
        self, path: Path, message: str, hint: str = "", *, at_key: bool = False
    ) -> Diagnostic:
        """A diagnostic at `path`, or at the nearest place above it that the file has."""
        while path and path not in self.values:
            path, at_key = path[:-1], False
        places = self.keys if at_key and path in self.keys else self.values
        return _diagnostic(self.file, self.text, places.get(path, (0, 0)), message, hint)


def parse(file: str, data: bytes) -> Document:
    """The document in `data`; `file` is the name shown in problems.

    Raises SpecError for text that is not a YAML mapping: bad encoding, bad syntax, duplicate
    keys, aliases, keys that are not text, and files with nothing in them.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = before.count("\n"), len(before) - (before.rfind("\n") + 1)
        message = f"byte 0x{data[error.start]:02x} is not valid UTF-8"
        raise SpecError(
            [_diagnostic(file, before, place, message, "save the file as UTF-8")]
        ) from None
    try:
        loader = _Loader(text)
        try:
            node = _compose(loader, file, text)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise SpecError([_syntax_problem(file, text, error)]) from None
    except yaml.YAMLError as error:
        reason = error.reason if isinstance(error, ReaderError) else "it can't be read"
        message = f"this is not valid YAML: {reason}"
        raise SpecError([_diagnostic(file, text, (0, 0), message)]) from None
    if not isinstance(node, yaml.MappingNode):
        kind = "list" if isinstance(node, yaml.SequenceNode) else "single value"
        found = "the file is empty" if node is None else f"the file is a {kind}"
        raise SpecError(
            [_diagnostic(file, text, (0, 0), f"{found}, expected a mapping", "write `key: value`")]
        )
    reader = _Reader(file, text)
    value = reader.read(node, ())
    if reader.problems:
        raise SpecError(reader.problems)
    return Document(file, text, value, reader.keys, reader.values)


# What the parser was at, or found: what to say, how to fix it, and whether to point at the start.
# PyYAML's errors have a class, marks and two texts, and no code: its words are all that tells one
# from another. If it rewords them, its own words are shown in place of ours.
_SYNTAX = (
    (
        re.compile(r"flow sequence .*expected"),
        "this list is not closed",
        "close it with `]`",
        True,
    ),
    (
        re.compile(r"flow mapping .*expected"),
        "this mapping is not closed",
        "close it with `}`",
        True,
    ),
    (
        re.compile(r"quoted scalar .*end of stream"),
        "this quoted text is not closed",
        "close it with a quote",
        True,
    ),
    (
        re.compile(r"another document"),
        "a second document begins here",
        "a file holds only one: remove `---`",
        False,
    ),
    (
        re.compile(r"mapping values are not allowed"),
        "a colon and a space begin a value here",
        "quote the text if they are a part of it: `'like: this'`",
        False,
    ),
    (
        re.compile(r"cannot start any token"),
        "a tab, or a character that has to be quoted",
        "",
        False,
    ),
)


def _syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Diagnostic:
    """What the parser stumbled over, in words of ours where they say more than its own."""
    said = f"{error.context or ''} {error.problem or ''}"
    mark, message, hint = (
        error.problem_mark,
        error.problem or "this is not valid YAML",
        error.context or "",
    )
    for pattern, ours, mend, at_start in _SYNTAX:
        if pattern.search(said):
            message, hint = ours, mend
            mark = error.context_mark if at_start else error.problem_mark
            break
    place = (mark.line, mark.column) if mark else (0, 0)
    lines = _lines(text)
    if "\t" in (lines[place[0]] if place[0] < len(lines) else ""):
        message, hint = "a tab can't indent", "indent with spaces"
    return _diagnostic(file, text, place, message, hint)


def _compose(loader: _Loader, file: str, text: str) -> yaml.Node | None:
    """The nodes of a text. What is too deep for the composer, which would crash, is found before."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        mark = event.start_mark
        place = (mark.line, mark.column) if mark else (0, 0)
        if depth > DEEPEST:
            message = f"this is nested more than {DEEPEST} deep"
            raise SpecError([_diagnostic(file, text, place, message)])
        if isinstance(event, yaml.AliasEvent):
            message = f"`*{event.anchor}` is an alias, which a spec can't have"
            hint = "write the value out: a constraint is read where it stands"
            raise SpecError([_diagnostic(file, text, place, message, hint)])
    return loader.get_single_node()


class _Reader:
    """Turns nodes into values, and notes positions and problems on its way."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self.problems: list[Diagnostic] = []

    def read(self, node: yaml.Node, path: Path) -> object:
        self.values[path] = node.start_mark.line, node.start_mark.column
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            place = key_node.start_mark.line, key_node.start_mark.column
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(place, "a key must be text")
                continue
            key = str(key_node.value)
            if key in result:
                line = self.keys[(*path, key)][0] + 1
                self._problem(place, f"`{key}` appears twice, first on line {line}", "remove one")
                continue
            self.keys[(*path, key)] = place
            result[key] = self.read(value_node, (*path, key))
        return result

    def _problem(self, place: tuple[int, int], message: str, hint: str = "") -> None:
        self.problems.append(_diagnostic(self.file, self.text, place, message, hint))


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    try:
        return _CONVERSIONS[kind](text) if kind in _CONVERSIONS else text
    except ValueError:  # A tag such as `!!int x`.
        return text


@lru_cache(1)
def _lines(text: str) -> list[str]:
    """The lines of a text, which has as many problems as it may have."""
    return text.splitlines()


def _diagnostic(
    file: str, text: str, place: tuple[int, int], message: str, hint: str = ""
) -> Diagnostic:
    line, column = place
    lines = _lines(text)
    shown = lines[line] if line < len(lines) else ""
    return Diagnostic(Position(file, line + 1, column + 1), message, hint, shown)

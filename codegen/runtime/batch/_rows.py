"""The rows of a batch: requests at their positions."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeGuard, cast

from .._catalog import MODELS
from .._check import check
from .._problems import Problem
from .._redact import short_repr, shown
from .._requests import SupportsWire, exact, is_flat, value_of, wired
from ._sources import Source
from ._values import DEEPEST, TooDeepError, plain, without_gaps

Request: TypeAlias = Mapping[str, Any] | SupportsWire


class SupportsRecords(Protocol):
    """A table of pandas or polars."""

    @property
    def columns(self) -> Any:
        """The names of its columns."""
        ...

    def to_dict(self, *args: Any, **options: Any) -> Any:
        """What it holds, as Python's own."""
        ...


Requests: TypeAlias = str | os.PathLike[str] | Iterable[Request] | SupportsRecords

Rows: TypeAlias = "Generator[Row, None, None]"

_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A request at its position, from 0.

    `request` is its JSON, or None with the `problem` of one that can't be read; `source` is where it is
    in a file. `content` is a text that is the same for the same request. The row's key is made from it,
    so it must stay the same from version to version.
    """

    position: int
    content: str
    request: Mapping[str, Any] | None = None
    problem: Problem | None = None
    source: Source | None = None

    @property
    def where(self) -> str:
        """Where it is, for messages."""
        return str(self.source or f"row {self.position}")

    __repr__ = short_repr

    @property
    def model(self) -> str | None:
        """The model's id."""
        model = MODELS.named_in(self.request or {})
        return None if model is None else shown(model, 100)

    @property
    def seed(self) -> int | None:
        """The seed that the request asks for."""
        request = self.request or {}
        model = MODELS.of(request)
        parameter = model.by_role("seed") if model else None
        seed = value_of(request, parameter) if parameter else None
        return int(seed) if isinstance(seed, int) and seed.bit_length() < 64 else None


def row(position: int, request: object, source: Source | None = None) -> Row:
    """A row of a typed request, or of a mapping in wire shape or by Python names."""
    try:
        if isinstance(request, Mapping):
            found = without_gaps(request) if is_flat(request) else request
            wire = plain(wired(found))
        elif isinstance(request, SupportsWire):
            wire = plain(exact(request.to_wire()))
        else:
            problem = check(cast("Any", request)).problems[0]
            return Row(position, _content(request), None, problem, source)
    except TooDeepError:
        fault = f"nested too deeply, in more than {DEEPEST} levels"
        return unreadable(position, source, fault, fault)
    return Row(position, _content(wire), wire, None, source)


def _content(value: object) -> str:
    """The same text for the same JSON, in whatever order; also for what can't be written as JSON."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_named)
    except (TypeError, ValueError, RecursionError):
        return f"<{type(value).__qualname__}>"  # It can't be sent either.


def _named(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else f"<{type(value).__qualname__}>"


def is_path(requests: object) -> TypeGuard[str | os.PathLike[str]]:
    """Whether requests are in a file."""
    return isinstance(requests, str | os.PathLike)


def unreadable(
    position: int, source: Source | None, text: object, fault: str, content: str | None = None
) -> Row:
    """A row that can't be read; `text`, or else `content`, tells it from others."""
    known = repr(text) if content is None else content
    return Row(position, known, None, Problem(rule="format", detail=fault), source)


def undecoded(text: str) -> int | None:
    """Where a text has bytes that were not of its encoding; None if it has none."""
    found = None if text.isascii() else _UNDECODED.search(text)
    return None if found is None else found.start()

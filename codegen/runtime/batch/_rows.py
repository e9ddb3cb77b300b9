"""The rows of a batch: requests from any iterable, from a JSONL file or from a CSV file."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard, cast

from .._catalog import FIELDS, MODELS
from .._check import check
from .._errors import ConfigurationError, InvalidRequestError
from .._problems import Problem
from .._redact import show
from .._requests import SupportsWire, copied, exact, wired

Request: TypeAlias = Mapping[str, Any] | SupportsWire
Requests: TypeAlias = str | os.PathLike[str] | Iterable[Request]

Rows: TypeAlias = "Generator[Row, None, None]"

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """A request at its position, from 0; `where` it is, for messages.

    `request` is its JSON, or None with the `problem` of one that can't be read; `content` is a text
    that is the same for the same request. The row's key is made from it, so it must stay the same
    from version to version.
    """

    position: int
    where: str
    content: str
    request: Mapping[str, Any] | None = None
    problem: Problem | None = None

    @property
    def model(self) -> str | None:
        """The model's id."""
        model = (self.request or {}).get("model")
        return model[:100] if isinstance(model, str) else None

    @property
    def seed(self) -> int | None:
        """The seed that the request asks for."""
        for member in (self.request or {}).values():
            seed = member.get("seed") if isinstance(member, Mapping) else None
            if isinstance(seed, int) and seed.bit_length() < 64:
                return int(seed)
        return None


def row(position: int, request: object, where: str | None = None) -> Row:
    """A row of a typed request, or of a mapping in wire shape or by Python names."""
    place = where or f"row {position}"
    if isinstance(request, Mapping):
        wire = copied(wired(request))
    elif isinstance(request, SupportsWire):
        wire = copied(exact(request.to_wire()))
    else:
        problem = check(cast("Any", request)).problems[0]
        return Row(position, place, _content(request), None, problem)
    return Row(position, place, _content(wire), wire)


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


def read(requests: Requests) -> Rows:
    """The rows of requests, one by one. Raises ConfigurationError for what can't hold any."""
    if isinstance(requests, str | os.PathLike):
        return _read_file(Path(requests))
    if isinstance(requests, Mapping | bytes) or not isinstance(requests, Iterable):
        kind = type(requests).__qualname__
        raise ConfigurationError(
            f"requests: a {kind}, expected an iterable of requests, or the path of a .jsonl or .csv file"
        )
    return (row(position, request) for position, request in enumerate(requests))


def _read_file(path: Path) -> Rows:
    match path.suffix.lower():
        case ".jsonl" | ".ndjson":
            return _read_jsonl(path)
        case ".csv":
            return _read_csv(path)
        case ending:
            message = f"requests: {path} ends in {ending!r}, expected .jsonl or .csv"
            raise ConfigurationError(message)


def _read_jsonl(path: Path) -> Rows:
    position = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            text = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
            if not text:
                continue
            where = f"{path}:{number}"
            try:
                value = json.loads(text.decode())
            except UnicodeDecodeError:
                yield _unreadable(position, where, text, "the line is not UTF-8")
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else "beyond limits"
                yield _unreadable(position, where, text, f"the line is not valid JSON: {reason}")
            else:
                if isinstance(value, dict):
                    yield row(position, value, where)
                else:
                    fault = f"{show(value)} is not a JSON object"
                    yield _unreadable(position, where, text, fault)
            position += 1


def _unreadable(position: int, where: str, text: object, fault: str) -> Row:
    return Row(position, where, repr(text), None, Problem(rule="format", detail=fault))


def _read_csv(path: Path) -> Rows:
    # What is not UTF-8 becomes half surrogate pairs, so that its line can be named.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        columns: list[str] | None = None
        position = 0
        while True:
            where = f"{path}:{reader.line_num + 1}"
            try:
                cells = next(reader, None)
            except csv.Error as error:
                # It is impossible to tell where the next row begins.
                words = f"the line is not valid CSV: {error}"
                problem = Problem(rule="format", origin=where, detail=words)
                raise InvalidRequestError([problem]) from None
            if cells is None:
                return
            if not any(cells):
                continue
            if columns is None:
                columns = _columns(cells, where)
                continue
            yield _csv_row(position, where, columns, cells)
            position += 1


def _columns(cells: list[str], where: str) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for index, column in enumerate(columns):
        fault = None
        if not column:
            fault = f"column {index + 1} has no name"
        elif column in columns[:index]:
            fault = f"column {show(column)} appears twice"
        if fault:
            raise InvalidRequestError([Problem(rule="format", origin=where, detail=fault)])
    return columns


def _csv_row(position: int, where: str, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        fault = f"{len(cells)} cells are above the {len(columns)} columns of the first line"
        return _unreadable(position, where, cells, fault)
    if any("\udc80" <= c <= "\udcff" for cell in cells if not cell.isascii() for c in cell):
        return _unreadable(position, where, cells, "the line is not UTF-8")
    given = {name: cell for name, cell in zip(columns, cells, strict=False) if cell != ""}
    model = MODELS.get(given.get("model", ""))
    types = {p.name: p.type for p in (model.parameters if model else FIELDS).values()}
    values = {name: _value(types.get(name, "string"), cell) for name, cell in given.items()}
    return row(position, values, where)


def _value(kind: str, cell: str) -> Any:
    """A cell as its parameter's type; any other stays text, for the check to find."""
    text = cell.strip()
    match kind:
        case "integer" if re.fullmatch(r"[+-]?[0-9]{1,4000}", text):
            return int(text)
        case "number" if re.fullmatch(r"[+-]?[0-9]{1,4000}", text):
            return int(text)
        case "number" if re.fullmatch(
            r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", text
        ):
            return float(text)
        case "boolean" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "array" if text.startswith("["):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return cell
        case "array":
            return [item.strip() for item in text.split(";")]
        case "object":
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return cell
    return cell

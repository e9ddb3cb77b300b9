# A copy of codegen/runtime/batch/_tables.py, where it is edited.
"""Requests in tables: CSV as spreadsheets and libraries write it, wherever that has one meaning."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from .._catalog import MODELS
from .._errors import InvalidRequestError
from .._problems import Problem, listed
from .._redact import show
from .._requests import FIELDS
from .._spec import Parameter
from ._rows import Row, Rows, row, undecoded, unreadable
from ._sources import Source

# The first that fits: a comma decides where a first line has one column only.
_DELIMITERS = ",;\t|"
_NAMES = {name for model in MODELS.values() for name in model.parameters} | set(FIELDS)
# A `data:` URI has a `;` of its own before its comma, and none behind it.
_ITEM = re.compile(r"\s*data:[^,]*,[^;]*|[^;]+")
# An image in a cell is longer than Python's limit, which is one for the whole process.
_LONGEST_CELL = 2**28
_NOT_UTF8 = "not UTF-8 text; a spreadsheet writes it as “CSV UTF-8”"
_NUL = "a NUL character, as in UTF-16 without its mark; save the table as UTF-8"


class UnreadableFileError(InvalidRequestError):
    """A file that can't be read beyond a line: where its next row begins is not known."""

    def __init__(self, name: str, line: int, fault: str) -> None:
        super().__init__([Problem(rule="format", origin=f"{name}:{line}", detail=fault)])
        self.line = line


def read_table(name: str, lines: Iterator[str]) -> Rows:
    """The rows of a table; a blank line is none. Raises UnreadableFileError."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    before, first, delimiter = _beginning(lines)
    reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    position = 0
    while True:
        line = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UnreadableFileError(name, line, f"not valid CSV: {error}") from None
        if cells is None:
            return
        if not any(map(str.strip, cells)):
            continue
        if columns is None:
            columns = [cell.strip() for cell in cells]
            if fault := _fault_of_columns(columns, cells):
                raise UnreadableFileError(name, line, fault)
            continue
        yield _row(position, name, line, columns, cells, decimals="." if delimiter == "," else ".,")
        position += 1


def _beginning(lines: Iterator[str]) -> tuple[int, str, str]:
    """How many lines are before the names of the columns, the line of these, and the delimiter."""
    said = ""
    for number, line in enumerate(lines):
        if found := re.fullmatch(r'"?sep=(.)"?\s*', line):  # As Excel writes and reads it.
            said = found[1]
        elif line.strip(_DELIMITERS + " \r\n"):
            return number, line, said or max(_DELIMITERS, key=lambda d: _known(line, d))
    return 0, "", ","


def _known(line: str, delimiter: str) -> int:
    """How many names of parameters a line has."""
    return sum(cell.strip(' "\r\n') in _NAMES for cell in line.split(delimiter))


def _fault_of_columns(columns: list[str], cells: Iterable[str]) -> str | None:
    """What is wrong with the names of columns; trailing ones without a name are none."""
    while not columns[-1]:
        columns.pop()
    for cell in cells:
        if "\0" in cell or undecoded(cell) is not None:
            return _NUL if "\0" in cell else _NOT_UTF8
    for index, column in enumerate(columns):
        if not column:
            hint = "; pandas leaves its index out with to_csv(index=False)" if not index else ""
            return f"column {index + 1} has no name{hint}"
        if column in columns[:index]:
            return f"column {show(column)} appears twice"
    if MODELS.discriminators.keys().isdisjoint(columns):
        wanted = listed(list(MODELS.discriminators))
        return f"no column is named {wanted}: the first line has {show(' '.join(columns))}"
    return None


def _row(
    position: int, name: str, line: int, columns: list[str], cells: list[str], *, decimals: str
) -> Row:
    source = Source(name, line)
    if any(cell.strip() for cell in cells[len(columns) :]):
        fault = f"{len(cells)} cells are above the {len(columns)} columns of the first line"
        return unreadable(position, source, cells, fault)
    for cell in cells:
        if "\0" in cell or undecoded(cell) is not None:
            fault = _NUL if "\0" in cell else _NOT_UTF8
            return unreadable(position, source, cells, fault)
    given = {name: cell for name, cell in zip(columns, cells, strict=False) if cell != ""}
    model = MODELS.of(given)
    known = model.parameters if model else FIELDS
    values = {name: _read(known.get(name), cell, decimals) for name, cell in given.items()}
    return row(position, values, source)


def _read(parameter: Parameter | None, cell: str, decimals: str) -> Any:
    """A cell as a value of its parameter: in the first of several forms that it has."""
    if parameter is None:
        return cell
    if cell == "null" and parameter.nullable:
        return None
    branches = parameter.any_of or (parameter,)
    if any(cell in (branch.values or ()) for branch in branches):
        return cell
    values = (_value(branch.type, cell, decimals) for branch in branches)
    return next((value for value in values if not isinstance(value, str)), cell)


def _value(kind: str, cell: str, decimals: str) -> Any:
    """A cell as its parameter's type; any other stays text, for the check to find.

    `decimals` are the signs that may stand before decimals; where a comma is one of them, "1.000" may
    be a thousand, and is not taken for a number.
    """
    text = cell.strip()
    match kind:
        case "integer" | "number" if found := re.fullmatch(r"([+-]?[0-9]{1,4000})([.,]0+)?", text):
            exact = not found[2] or found[2][0] in decimals
            clear = decimals == "." or len(found[2] or "") != len(".000")
            return int(found[1]) if exact and clear else cell
        case "number" if re.fullmatch(
            rf"[+-]?(?:[0-9]+[{decimals}]?[0-9]*|[{decimals}][0-9]+)(?:[eE][+-]?[0-9]+)?", text
        ):
            thousands = decimals != "." and re.fullmatch(r"[+-]?[0-9]{1,3}[.,][0-9]{3}", text)
            return cell if thousands else float(text.replace(",", "."))
        case "boolean" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "array" | "object" if text.startswith("[") or kind == "object":
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return cell
        case "array":
            return [item.strip() for item in _ITEM.findall(text) if item.strip()]
    return cell

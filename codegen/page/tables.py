"""Lines of a page to the rows of its tables: HTML, Markdown, tabs, or run together by a copy."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..spec.model import Family
from .decode import CELL
from .markdown import mark_code, outside_fences, without_marks
from .result import PageError
from .run_together import Cutter
from .values import read_type

_HEADERS = {
    "name": ("parameter", "parameters", "name", "field", "property", "key", "option", "argument"),
    "type": ("type", "data type"),
    "description": ("description", "details", "meaning"),
}
_HEADER_TOGETHER = re.compile(
    "".join(f"({'|'.join(sorted(names, key=len, reverse=True))})" for names in _HEADERS.values()),
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"(?P<container>[A-Za-z]\w*)\.[A-Za-z]")
_MEMBER = re.compile(r'"([A-Za-z]\w*)"\s*:')
_TOKEN = re.compile(r"\\.|\||[^\\|]+|\\")  # Of a line in Markdown: a bar after a `\` is text.


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by column, with code marked, and the cells beyond the columns."""

    name: str
    type: str = ""
    description: str = ""
    surplus: str = ""
    others: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: list[str], cells: list[str]) -> Row:
        """The row of the cells, which can be fewer or more than the columns."""
        pairs = itertools.zip_longest(columns, cells)
        surplus = " | ".join(cell for column, cell in pairs if cell and not column)
        by_column = {c: cell for c, cell in zip(columns, cells, strict=False) if c}
        name, type_, description = (by_column.pop(column, "") for column in _HEADERS)
        return cls(without_marks(name), type_, description, surplus, by_column)

    def words(self) -> str:
        """The row as a reader of the page sees it."""
        cells = [self.name, self.type, self.description, self.surplus, *self.others.values()]
        return " | ".join(without_marks(cell) for cell in cells if cell)


class Table(NamedTuple):
    """A table of a page; `headed` if its header is one of parameters."""

    headed: bool
    rows: list[Row]


def parameter_rows(
    lines: list[str], family: Family, common: Collection[str]
) -> tuple[dict[str, Row], dict[str, Row], list[str]]:
    """The rows of parameters by name, those of fields, and the words of those that can't be read.

    `common` names the fields of every request, which a table may list beside the parameters.
    Raises PageError if there is no table of parameters.
    """
    prefix = f"{family.container}." if family.container else ""
    all_tables = list(read_tables(lines, CellSplitter(family, lines)))
    tables = [
        table
        for table in all_tables
        if any((row.name or row.surplus).startswith(prefix) for row in table.rows)
    ]
    if not prefix or not tables:  # A table need not name the member that holds the parameters.
        prefix = ""
        names = family.parameters.keys()
        tables = [
            table
            for table in all_tables
            if table.headed and any(row.name in names for row in table.rows)
        ]
    rows: dict[str, Row] = {}
    fields: dict[str, Row] = {}
    unread: list[str] = []
    for row in itertools.chain.from_iterable(table.rows for table in tables):
        name = row.name.removeprefix(prefix)
        readable = row.name.startswith(prefix) and re.fullmatch(r"[A-Za-z]\w*", name)
        if not (row.name or row.surplus) or row == rows.get(name):
            continue
        if row.name in common and not row.surplus:
            fields.setdefault(row.name, row)
            continue
        if readable and not row.surplus and name not in rows:
            rows[name] = row
        else:
            unread.append(row.words())
    if not tables:
        example = [*filter(None, [family.container]), next(iter(family.parameters), "NAME")]
        raise no_table(".".join(example))
    return rows, fields, unread


def no_table(example: str) -> PageError:
    """What is said of a page without a table of parameters."""
    return PageError(
        "there is no table of parameters; expected `Parameter | Type | Description`"
        f" with rows such as `{example} | integer | …`"
    )


def read_tables(lines: list[str], splitter: CellSplitter) -> Iterator[Table]:
    """The tables of the page, in which a line that can't be read stands as a row of one cell."""
    columns, rows, form = [*_HEADERS], list[Row](), ""
    beside = ""  # A line after a row, which belongs to the table if the next line does.
    for line in [*outside_fences(lines), ""]:
        cells = splitter.cells(line, form or ("rows" if rows else ""))
        if cells and (set(cells) == {""} or all(re.fullmatch(":?-+:?", cell) for cell in cells)):
            continue
        names = [_column(cell) for cell in cells or ()]
        if cells and not ("name" in names and {"type", "description"} & {*names}):
            if beside and _container(cells[0]) != _container(rows[-1].name):
                yield Table(bool(form), rows)
                columns, rows, form = [*_HEADERS], [], ""
            elif beside:
                rows.append(Row("", surplus=beside))
            rows.append(Row("", surplus=line) if cells == [line] else Row.of(columns, cells))
            beside = ""
        elif not cells and line and rows and not beside and _container(rows[-1].name):
            beside = line
        else:
            if rows:
                yield Table(bool(form), rows)
            columns, rows, beside = names if cells else [*_HEADERS], [], ""
            form = "" if not cells else "together" if _HEADER_TOGETHER.fullmatch(line) else "barred"


def _container(name: str) -> str:
    """The member that a row's name begins with; empty without one."""
    found = _BEGINNING.match(name)
    return found["container"] if found else ""


def _column(header: str) -> str:
    """What a column holds, as `_HEADERS` calls it; any other keeps its own name."""
    name = without_marks(header)
    plain = name.casefold().rstrip("?: ")
    return next((column for column, names in _HEADERS.items() if plain in names), name)


class CellSplitter:
    """Splits lines of a page into cells; without a family, only what its signs split."""

    def __init__(self, family: Family | None = None, lines: Iterable[str] = ()) -> None:
        container = family.container if family else None
        self._prefix = f"{container}." if container else ""
        known = {*(family.parameters if family else ())}
        rows: list[str] = []
        for line in lines if family else ():
            known.update(_MEMBER.findall(line))  # What examples in JSON use.
            rows += [line.removeprefix(self._prefix)] if line.startswith(self._prefix) else []
        self._cutter = Cutter(known, rows)

    def cells(self, line: str, form: str = "") -> list[str] | None:
        """The cells of a line, with code marked; None if it is not a row.

        `form` is that of the table around it: `together`, `barred`, or `rows` without a header.
        A line in a table that begins as a row, and can't be split, is one cell.
        """
        if line.startswith(CELL):
            return [cell.strip() for cell in line[1:].split(CELL)]
        if header := _HEADER_TOGETHER.fullmatch(line):
            return list(header.groups())
        cells = [] if form == "together" else _between_bars(line)
        if not cells and "\t" in line:
            cells = line.split("\t")
        barred = len(cells) > 1 and (form == "barred" or read_type(cells[1])[0] is not None)
        together = form == "together" or (self._prefix and line.startswith(self._prefix))
        if together and not barred:
            found = self._cutter.cut(line.removeprefix(self._prefix))
            if found:
                return [self._prefix + found.name, *found[1:]]
        if cells:
            return [mark_code(cell.strip()) for cell in cells]
        unread = line if form == "together" else form and _BEGINNING.match(line)
        return [line] if unread else None


def _between_bars(line: str) -> list[str]:
    """The cells of a row in Markdown, whose outer bars may be missing; empty if it has no bar."""
    cells: list[list[str]] = [[]]
    for token in _TOKEN.findall(line) if "|" in line else ():
        if token == "|":
            cells.append([])
        else:
            cells[-1].append(token)
    if len(cells) == 1:
        return []
    texts = ["".join(cell) for cell in cells]
    return texts[line.startswith("|") : None if texts[-1] else -1]

"""Lines of a page to the rows of its tables: HTML, Markdown, tabs, or run together by a copy."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ..spec.model import Family
from .decode import CELL
from .markdown import mark_code, outside_fences, without_marks
from .result import PageError

_HEADERS = {
    "name": ("parameter", "parameters", "name", "field", "property", "key", "option", "argument"),
    "type": ("type", "data type"),
    "description": ("description", "details", "meaning"),
}
_TYPE = r"((?:string|integer|number|boolean|object|array|float|int|bool)(?:\[\])?)"
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


def parameter_rows(
    lines: list[str], family: Family, common: Collection[str]
) -> tuple[dict[str, Row], list[str]]:
    """The rows of parameters by name, and the words of those that can't be read.

    `common` names what every request takes, which a table may list beside the parameters.
    Raises PageError if there is no table of parameters.
    """
    prefix = f"{family.container}."
    all_tables = list(_tables(lines, CellSplitter(family)))
    tables = [table for table in all_tables if any(row.name.startswith(prefix) for row in table)]
    if not tables:  # A table need not name the member that holds the parameters.
        prefix = ""
        names = family.parameters.keys()
        tables = [table for table in all_tables if any(row.name in names for row in table)]
    rows: dict[str, Row] = {}
    unread: list[str] = []
    for row in itertools.chain.from_iterable(tables):
        name = row.name.removeprefix(prefix)
        readable = row.name.startswith(prefix) and re.fullmatch(r"[A-Za-z]\w*", name)
        if not row.name or row.name in common or row == rows.get(name):
            continue
        if readable and not row.surplus and name not in rows:
            rows[name] = row
        else:
            unread.append(row.words())
    if not rows:
        example = f"`{family.container}.seed | integer | …`"
        raise PageError(
            "there is no table of parameters; expected `Parameter | Type | Description`"
            f" with rows such as {example}"
        )
    return rows, unread


def _tables(lines: list[str], splitter: CellSplitter) -> Iterator[list[Row]]:
    """The rows of each table of the page."""
    columns, table = [*_HEADERS], list[Row]()
    for line in [*outside_fences(lines), ""]:
        cells = splitter.cells(line)
        if cells and (set(cells) == {""} or all(re.fullmatch(":?-+:?", cell) for cell in cells)):
            continue
        names = [_column(cell) for cell in cells or ()]
        if cells and not ("name" in names and {"type", "description"} & {*names}):
            table.append(Row.of(columns, cells))
            continue
        if table:
            yield table
        columns, table = names if cells else [*_HEADERS], []


def _column(header: str) -> str:
    """What a column holds, as `_HEADERS` calls it; any other keeps its own name."""
    name = without_marks(header)
    plain = name.casefold().rstrip("?: ")
    return next((column for column, names in _HEADERS.items() if plain in names), name)


class CellSplitter:
    """Splits lines of a page into cells."""

    def __init__(self, family: Family) -> None:
        self._prefix = f"{family.container}."
        known = sorted(map(re.escape, family.parameters), key=len, reverse=True)
        # Where cells are run together, a name that is not known ends where a type begins.
        self._run_together = [
            re.compile(rf"({re.escape(self._prefix)}(?:{name})){_TYPE}{after}(.*)")
            for name, after in (("|".join(known), ""), (r"[A-Za-z]\w*?", "(?![a-z_])"))
        ]

    def cells(self, line: str) -> list[str] | None:
        """The cells of a line, with code marked; None if it is not a row."""
        if line.startswith(CELL):
            return [cell.strip() for cell in line[1:].split(CELL)]
        for pattern in self._run_together:
            if match := pattern.fullmatch(line):
                return list(match.groups())
        if not (cells := _between_bars(line)) and "\t" in line:
            cells = line.split("\t")
        if not cells:  # A sentence that begins as a row does not end the table around it.
            return [""] if line.startswith(self._prefix) else None
        return [mark_code(cell.strip()) for cell in cells]


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

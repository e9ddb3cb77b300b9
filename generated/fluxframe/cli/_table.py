# A copy of codegen/runtime/cli/_table.py, where it is edited.
"""A table on stdout, fitted to the width of a terminal; elsewhere no line is broken."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from ._session import Session, cell


def print_table(
    session: Session,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    colours: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Print rows below their headings; None is a dash. `colours` are those of cells, by their text."""
    texts = [["-" if value is None else cell(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        widths = [max(map(len, column)) for column in zip(headings, *texts, strict=True)]
        for row in [headings, *texts]:
            cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
            session.result("  ".join(cells).rstrip())
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    columns = list(zip(headings, *texts, strict=True))
    # No word is cut, as it may be an id that is copied from here.
    if sum(max(map(_longest_word, column)) + 1 for column in columns) > console.width:
        for row in texts:
            for heading, text in zip(headings, row, strict=True):
                session.result(f"{heading}: {text}")
            session.result("")
        return
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for heading, *column in columns:
        table.add_column(heading, no_wrap=not any(" " in text for text in column))
    for row in texts:
        table.add_row(*(Text(text, colours.get(text, "")) for text in row))
    console.print(table)


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)

"""A table on stdout, fitted to the width of a terminal; elsewhere no line is broken."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from ._session import Session, cell


def print_table(
    session: Session, headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Print rows below their headings; None is a dash."""
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

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for number, heading in enumerate(headings, 1):
        table.add_column(heading, no_wrap=number < len(headings))
    for row in texts:
        table.add_row(*map(Text, row))
    Console().print(table)

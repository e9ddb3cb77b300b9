# A copy of codegen/runtime/cli/_table.py, where it is edited.
"""A table on stdout, fitted to the width of a terminal; elsewhere no line is broken."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

import click

from ._lines import columns, screen_width, wrapped
from ._session import Session, cell, colourful

# A column that is broken into lines is no narrower than this, and than its longest word.
_NARROWEST = 12


def print_table(
    session: Session,
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    colours: Mapping[str, str] = MappingProxyType({}),
    numbers: Collection[str] = (),
) -> None:
    """Print rows below their headings; None is a dash.

    `colours` are those of cells, by their text; the columns of `numbers` end on the right. Where a row
    does not fit the screen, its texts are broken between words; where they still don't, each row is a
    paragraph.
    """
    texts = [["-" if value is None else cell(value) for value in row] for row in rows]
    screen = screen_width(sys.stdout)
    parts = [list(part) for part in zip(headings, *texts, strict=True)]
    widths = [max(map(columns, part)) for part in parts]
    gap = "  "
    if screen is not None and sum(widths) + len(gap) * (len(widths) - 1) > screen:
        gap = " "
    in_colour = colourful(sys.stdout)

    def styled(text: str, colour: str | None) -> str:
        return click.style(text, fg=colour) if in_colour and colour else text

    if screen is not None and not _narrow(widths, parts, screen - len(gap) * (len(widths) - 1)):
        for row in texts:
            for line in _paragraph(
                headings, [styled(text, colours.get(text)) for text in row], screen
            ):
                session.line(line)
        return
    for number, row in enumerate([list(headings), *texts]):
        broken = [list(wrapped(text, width)) for text, width in zip(row, widths, strict=True)]
        for line_of_row in zip_longest(*broken, fillvalue=""):
            cells = []
            for heading, text, whole, width in zip(headings, line_of_row, row, widths, strict=True):
                pad = " " * (width - columns(text))
                shown = styled(text, colours.get(whole))
                if number == 0 and in_colour:
                    shown = click.style(text, bold=True)
                cells.append(pad + shown if heading in numbers else shown + pad)
            session.line(gap.join(cells).rstrip())


def _narrow(widths: list[int], parts: Sequence[Sequence[str]], room: int) -> bool:
    """Take from the widest columns of texts what is too wide; whether the rest fits the room."""
    least = [
        min(width, max(_NARROWEST, max(map(_longest_word, part))))
        for width, part in zip(widths, parts, strict=True)
    ]
    if sum(least) > room:
        return False
    while sum(widths) > room:
        slack = [width - low for width, low in zip(widths, least, strict=True)]
        widths[max(range(len(widths)), key=lambda i: (slack[i] > 0, widths[i]))] -= 1
    return True


def _paragraph(headings: Sequence[str], row: Sequence[str], screen: int) -> Iterator[str]:
    """A row as its first cell, and below it the others by their headings."""
    yield row[0]
    line = ""
    for heading, text in zip(headings[1:], row[1:], strict=True):
        fact = f"{heading}: {text}"
        if line and columns(f"  {line}, {fact}") > screen:
            yield from wrapped(f"{line},", screen, "  ", "    ")
            line = fact
        else:
            line = f"{line}, {fact}" if line else fact
    if line:
        yield from wrapped(line, screen, "  ", "    ")


def _longest_word(text: str) -> int:
    return max(map(columns, text.split()), default=0)

"""HTML to lines of text: a row of a table as a line of cells, a heading as in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from .decode import CELL, CODE, MARKS
from .result import PageError

_SKIPPED = ("script", "style", "title", "template", "svg", "noscript")
_BLOCKS = {"p", "div", "li", "ul", "ol", "section", "article", "header", "main", "br"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CODE = {"code", "kbd", "tt", "pre"}
_CELLS = {"td", "th"}
_SPACE = re.compile(r"[ \t\n\r\f]+")


def has_table(text: str) -> bool:
    """Whether a text has a table of HTML in it."""
    start = re.search(r"<table\b", text, re.IGNORECASE)
    return start is not None and bool(re.compile(r"</table\s*>", re.I).search(text, start.end()))


def page_lines(text: str) -> list[str]:
    """The lines of a page, which may be HTML."""
    return (html_to_text(text) if has_table(text) else text).split("\n")


def html_to_text(html: str) -> str:
    """The text of HTML, in lines. Raises PageError if it can't be read to its end."""
    # A limit of the parser on nesting is left in force, so that time grows with length alone.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(html.encode(), parser)
    if parser.error_log.filter_from_fatals():
        raise PageError("the elements of this HTML are nested too deeply")
    if root is None:
        raise PageError("this is not HTML: there are no elements in it")
    etree.strip_elements(root, *_SKIPPED, with_tail=False)
    return _text(root, "\n", CODE, _PRINTERS)


def _text(
    element: etree._Element,
    block: str,
    code: str,
    printers: Mapping[str, Callable[[etree._Element], str]],
) -> str:
    """The text below an element, with `block` at the ends of blocks and `code` at those of code.

    An element that has a printer is as that prints it.
    """
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        tag = str(inner.tag)
        if tag in printers and inner is not element:
            if event == "start":
                parts.append(printers[tag](inner))
                walk.skip_subtree()
        else:
            parts.append(block if tag in _BLOCKS else code if tag in _CODE else "")
            parts.append(_clean(inner.text) if event == "start" else "")
        if event == "end" and inner is not element:
            parts.append(_clean(inner.tail))
    return "".join(parts)


def _clean(text: str | None) -> str:
    """Text without the marks of `decode`, which HTML can contain as character references."""
    return MARKS.sub("", text or "")


def _table(table: etree._Element) -> str:
    """Each row of a table, and of the tables in its cells, on a line."""
    rows = ([cell for cell in parent if cell.tag in _CELLS] for parent in table.iter())
    lines = (CELL + CELL.join(map(_cell, cells)) for cells in rows if cells)
    return "".join(f"\n{line}" for line in lines) + "\n"


def _cell(cell: etree._Element) -> str:
    return _SPACE.sub(" ", _text(cell, " ", CODE, {"table": lambda table: ""}))


def _heading(heading: etree._Element) -> str:
    """A heading as in Markdown, on one line."""
    words = _SPACE.sub(" ", _text(heading, " ", "", {})).strip()
    return f"\n{'#' * int(str(heading.tag)[1])} {words}\n"


def _listing(listing: etree._Element) -> str:
    return "\n```\n" + _text(listing, "\n", "", {}) + "\n```\n"


_PRINTERS = {"table": _table, "pre": _listing, **dict.fromkeys(_HEADINGS, _heading)}

"""Pages of Markdown as a reader sees them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from lxml import html
from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark").enable("table")


def shown(text: str) -> html.HtmlElement:
    """A page as the tree that a browser has of it."""
    tree = html.fromstring(f"<main>{_READER.render(text)}</main>")
    assert isinstance(tree, html.HtmlElement)
    return tree


def words(element: html.HtmlElement) -> str:
    """The text of an element, with a space wherever there are several."""
    return " ".join(element.text_content().split())


def rows(tree: html.HtmlElement) -> list[list[str]]:
    """The cells of all rows of all tables, but for their heads."""
    return [[words(cell) for cell in row.xpath("td")] for row in tree.xpath("//tr[td]")]


def anchors(tree: html.HtmlElement) -> set[str]:
    """Where links into a page can lead: ids, and headings as GitHub and Python-Markdown name them."""
    headings = map(words, tree.xpath("//h1|//h2|//h3"))
    slugs = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {*map(str, tree.xpath("//@id")), *(re.sub(r"\s+", "-", slug) for slug in slugs)}


def broken_links(files: Mapping[str, bytes], folder: str) -> Iterator[str]:
    """The links of the pages in a folder of emitted files that lead nowhere."""
    pages = {
        path: shown(data.decode())
        for path, data in files.items()
        if path.startswith(f"{folder}/") and path.endswith(".md")
    }
    assert pages
    for path, tree in pages.items():
        for link in map(str, tree.xpath("//a/@href")):
            if "://" in link:
                continue
            where, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), where))
            target = target if where else path
            if target not in files or (anchor and anchor not in anchors(pages[target])):
                yield f"{path}: {link}"

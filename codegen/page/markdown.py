"""Markdown, or plain text, to the words that a reader of the page sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .decode import CODE, LONGEST

_MARKUP = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|\*\*(?P<bold>[^*]+)\*\*|\[(?P<link>[^\[\]]+)\]\([^)]*\)|<br ?/?>"
)


def mark_code(text: str) -> str:
    """Markdown as its words, with a mark at the two ends of code; what is too long stays as it is."""
    if len(text) > LONGEST:
        return text

    def plain(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return CODE + match["code"].replace("\\|", "|") + CODE
        return match["escaped"] or mark_code(match["bold"] or match["link"] or "") or " "

    return _MARKUP.sub(plain, text)


def without_marks(text: str) -> str:
    """Text whose code is marked, without the marks."""
    return text.replace(CODE, "")


def words(text: str) -> str:
    """Markdown as its words."""
    return without_marks(mark_code(text))


def heading_words(line: str) -> str:
    """A line without the signs of a heading."""
    return line.lstrip("#").strip()


def outside_fences(lines: Iterable[str]) -> Iterator[str]:
    """The lines, stripped; those of code in fences are empty."""
    fenced = False
    for line in lines:
        fence = line.lstrip().startswith("```")
        fenced ^= fence
        yield "" if fenced or fence else line.strip()

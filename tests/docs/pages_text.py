"""Tables of a page, for the tests that hold them."""

from __future__ import annotations

import re

from .blocks import ROOT


class PageText:
    """The text of a page, by its headings."""

    def __init__(self, path: str) -> None:
        self.path = ROOT / path
        self.text = self.path.read_text(encoding="utf-8")

    def section(self, title: str) -> str:
        """What stands under a heading, up to the next one."""
        pattern = rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)"
        found = re.search(pattern, self.text, re.MULTILINE | re.DOTALL)
        assert found, f"{self.path} has no heading {title!r}"
        return found[1]

    def rows(self, title: str) -> list[list[str]]:
        """The cells of the tables under a heading, without their heads."""
        rows: list[list[str]] = []
        for line in self.section(title).splitlines():
            if re.fullmatch(r"[|-]+", line):
                rows.pop()  # The line before it is the head.
            elif line.startswith("|"):
                rows.append([cell.strip() for cell in re.split(r"\|(?: |$)", line)[1:-1]])
        return rows


def code_in(text: str) -> list[str]:
    """What is marked as code in a text."""
    return re.findall(r"`([^`]+)`", text)

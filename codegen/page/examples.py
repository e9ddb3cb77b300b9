"""The curl commands of a page to examples of requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..naming import snake_case
from .markdown import heading_words, words

_DATA = re.compile(r"(?:-d|--data(?:-raw|-binary)?|--json)[ =]*'\s*(?=\{)")
_LABELS = ("curl", "bash", "shell", "sh", "http", "json", "request")
_SECTION = re.compile(r"(?:code )?examples?|usage|quick ?start", re.IGNORECASE)
_MOST = 100  # Commands that are read.
_TITLE = re.compile(r"[^\W\d_][^{}()\[\];=<>|\\$\"]{0,79}")


def read_examples(
    lines: list[str], model: str, container: str
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The requests of the curl commands that are for the model, by name, and what is not JSON."""
    text = "\n".join(lines).replace("'\\''", "'")
    examples: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    unread: list[str] = []
    outline, line, counted, command = Outline(), 1, 0, -1
    for count, match in enumerate(_DATA.finditer(text)):
        if count == _MOST:  # Each that is not JSON costs a look at the whole page.
            unread.append(
                f"the page shows more than {_MOST} curl commands; the others are not read"
            )
            break
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        command = max(command, text.rfind("curl", max(command, 0), match.start()))
        try:
            request, _ = json.JSONDecoder().raw_decode(text, match.end())
            key = json.dumps(request, allow_nan=False, ensure_ascii=False, sort_keys=True)
            key.encode()
        except (ValueError, RecursionError) as error:
            unread.append(f"the JSON of the curl command at line {line}: {error}")
            continue
        if request.get("model") != model or key in seen:
            continue
        seen.add(key)
        section, heading = outline.above(text, command)
        parameters = request.get(container)
        edits = isinstance(parameters, dict) and parameters.get("input_images")
        summary = heading or ("Image editing with references" if edits else "Text to image")
        name = snake_case(heading) or ("edit_with_references" if edits else "text_to_image")
        while name in examples:
            name += "_"
        source = ", ".join(filter(None, [section, heading])) or "curl command"
        examples[name] = {"summary": summary, "request": request, "source": {"page": source}}
    return examples, unread


@dataclass(slots=True)
class Outline:
    """The headings above a place in a text, which moves on."""

    end: int = 0
    fenced: bool = False
    fences: bool = False
    section: str = ""
    marked: str = ""
    last: str = ""

    def above(self, text: str, place: int) -> tuple[str, str]:
        """The section that a code block stands in, and its own heading; empty without one."""
        if place < 0:
            return "", ""
        start = text.rfind("\n", self.end, place) + 1
        if start > self.end:
            self._read(text[self.end : start - 1].split("\n"))
            self.end = start
        here = replace(self)
        here._read([text[self.end : place]])
        heading = here.marked if here.fences and here.marked else here.last
        title = _TITLE.fullmatch(heading)
        return here.section, heading.rstrip(":") if title and heading != here.section else ""

    def _read(self, lines: Iterable[str]) -> None:
        for text in lines:
            self.fences |= "```" in text
            fence = text.lstrip().startswith("```")
            self.fenced ^= fence
            line = "" if self.fenced or fence else text.rpartition(");")[2].strip()
            if not line.lstrip("`"):
                continue
            heading = heading_words(words(line))
            if _SECTION.fullmatch(heading):
                self.section = heading
            if line.startswith("#"):
                self.marked = heading_words(line)
            if heading.casefold() not in _LABELS:
                self.last = heading

"""The curl commands of a page to examples of requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..naming import snake_case
from ..spec.model import Family
from .context import Submission, with_role
from .markdown import heading_words, words

_DATA = re.compile(r"(?:-d|--data(?:-raw|-binary)?|--json)[ =]*'\s*(?=\{)")
_LABELS = ("curl", "bash", "shell", "sh", "http", "json", "request")
_SECTION = re.compile(r"(?:code )?examples?|usage|quick ?start", re.IGNORECASE)
_MOST = 100  # Commands that are read.
_TITLE = re.compile(r"[^\W\d_][^{}()\[\];=<>|\\$\"]{0,79}")


def read_examples(
    lines: list[str], model: str, family: Family, operation: Submission | None
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
        if not _is_for(request, model, operation) or key in seen:
            continue
        seen.add(key)
        section, heading = outline.above(text, command)
        name, summary = snake_case(heading), heading
        if not name:
            name, summary = _named(request, family, operation)
        while name in examples:
            name += "_"
        source = ", ".join(filter(None, [section, heading])) or "curl command"
        examples[name] = {"summary": summary, "request": request, "source": {"page": source}}
    return examples, unread


def _is_for(request: dict[str, Any], model: str, operation: Submission | None) -> bool:
    """Whether a request is for a model: its discriminator says so, or any member if none is known."""
    member = operation.discriminator if operation else None
    return model in ([request.get(member)] if member else request.values())


def _named(
    request: dict[str, Any], family: Family, operation: Submission | None
) -> tuple[str, str]:
    """A name and a summary of a request that has no heading."""
    parameters = request.get(family.container) if family.container else request
    if isinstance(parameters, dict) and any(map(parameters.get, with_role(family, "reference"))):
        return "edit_with_references", "Image editing with references"
    if operation and operation.field_with("prompt") not in request:
        return "example", "Example"
    return "text_to_image", "Text to image"


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

"""The family that a page belongs to, by the member that its table says holds the parameters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from ..spec.model import Family
from .context import Context
from .endpoint import read_endpoint
from .html import page_lines
from .markdown import outside_fences, words
from .result import PageError
from .run_together import TYPES
from .tables import CellSplitter, no_table, read_tables

_MEMBER = re.compile(r"([A-Za-z]\w*)\.[A-Za-z]\w*")
_TOGETHER = re.compile(rf"([A-Za-z]\w*)\.[A-Za-z]\w*?(?:{TYPES})")


def page_family(text: str, families: Mapping[str, Family], context: Context) -> Family:
    """The family of the page in `text`. Raises PageError if it is none of them, or may be several."""
    lines = page_lines(text)
    containers = Counter(_containers(lines))
    operation = _operation(lines, context)
    if len(families) == 1 and not containers:
        return next(iter(families.values()))
    most = max((containers[one.container or ""] for one in families.values()), default=0)
    found = [one for one in families.values() if containers[one.container or ""] == most]
    if containers and not most:
        name = containers.most_common(1)[0][0]
        begin = f"python -m codegen new-family ID --container {name}"
        raise PageError(
            f"no family has the container `{name}`; begin one with `{begin}`,"
            " or say which it is with --family"
        )
    if not containers:
        if not any(table.headed for table in read_tables(lines, CellSplitter())):
            raise no_table(_example(families))
        found = [one for one in found if one.container is None and one.operation == operation]
    if len(found) > 1:
        found = [one for one in found if one.operation == operation] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise PageError("the table names no container of parameters; say the family with --family")
    names = ", ".join(sorted(one.id for one in found))
    raise PageError(f"it may be of any of the families {names}; say which with --family")


def _containers(lines: list[str]) -> list[str]:
    """What stands before the dot of each row's name."""
    names = [row.name for table in read_tables(lines, CellSplitter()) for row in table.rows]
    found = [match[1] for name in names if (match := _MEMBER.fullmatch(name))]
    found += [match[1] for line in outside_fences(lines) if (match := _TOGETHER.match(line))]
    return found


def _operation(lines: Iterable[str], context: Context) -> str | None:
    """The operation that the page is about."""
    for line in outside_fences(lines):
        endpoint = read_endpoint(words(line), context) if line else None
        if endpoint:
            return endpoint.operation.name if endpoint.operation else None
    return None


def _example(families: Mapping[str, Family]) -> str:
    """A parameter of some family, as a row has it."""
    for one in families.values():
        if one.container and one.parameters:
            return f"{one.container}.{next(iter(one.parameters))}"
    return "CONTAINER.NAME"

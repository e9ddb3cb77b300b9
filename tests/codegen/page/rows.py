"""A row of a table of parameters, and what is read of it."""

from __future__ import annotations

from codegen.page.reader import read
from codegen.page.result import PageParameter

from .pages import FLUX, HEADER

SIBLINGS = """\
| fluxParams.output_format | string | Format: "jpg", "png", or "webp" |
| fluxParams.aspect_ratio | string | Aspect ratio in "W:H" format |
| fluxParams.input_images | string[] | Reference images |
| fluxParams.go_fast | boolean | Fast |
"""


def row(name: str, kind: str, said: str, **columns: str) -> PageParameter:
    """What is read of one row that stands in a table with others."""
    headers = [*HEADER, *columns]
    text = f"| {' | '.join(headers)} |\n{'|-' * len(headers)}|\n"
    text += f"| fluxParams.{name} | {kind} | {said} | {' | '.join(columns.values())} |\n"
    text = text.replace("|  |\n", "|\n")
    siblings = [line for line in SIBLINGS.splitlines() if f".{name} " not in line]
    found = read(text + "\n".join(siblings), "m", FLUX).parameters
    return next(one for one in found if one.name == name)

"""The text of a documentation page to what it says of a model."""

from __future__ import annotations

from collections.abc import Collection

from ..spec.model import Family
from .examples import read_examples
from .html import has_table, html_to_text
from .parameters import read_parameters
from .prose import read_prose
from .result import Page, PageError
from .tables import parameter_rows

MOST = 1000  # Parameters of a page.


def read(text: str, model: str, family: Family, common: Collection[str] = ()) -> Page:
    """What the page in `text` says of `model`.

    `common` names what every request takes, which a table may list beside the parameters.
    Raises PageError if the page has no table of parameters.
    """
    lines = (html_to_text(text) if has_table(text) else text).split("\n")
    rows, unread = parameter_rows(lines, family, common)
    if len(rows) > MOST:
        raise PageError(f"the page has {len(rows)} parameters; at most {MOST} are read")
    prose = read_prose(lines, model, family)
    if prose.other_model:
        unread.append(f"{prose.source}: this is the page of another model")
    examples, broken = read_examples(lines, model, family.container)
    return Page(
        title=prose.title,
        summary=prose.summary,
        description=prose.description,
        source=prose.source,
        parameters=read_parameters(rows, family),
        examples=examples,
        unread=unread + broken,
    )

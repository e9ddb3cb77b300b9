"""The text of a documentation page to what it says of a model."""

from __future__ import annotations

from collections.abc import Collection

from ..spec.model import Family
from .context import Context
from .endpoint import Endpoint
from .examples import read_examples
from .html import page_lines
from .outcome import read_outcome
from .parameters import read_parameters
from .price import read_price
from .prose import read_prose
from .result import Page, PageError
from .tables import parameter_rows

MOST = 1000  # Parameters of a page.
_NOTHING = Context()


def read(
    text: str,
    model: str,
    family: Family,
    common: Collection[str] = (),
    context: Context = _NOTHING,
) -> Page:
    """What the page in `text` says of `model`.

    `common` names what every request takes, which a table may list beside the parameters.
    Raises PageError if the page has no table of parameters.
    """
    lines = page_lines(text)
    rows, unread = parameter_rows(lines, family, common)
    if len(rows) > MOST:
        raise PageError(f"the page has {len(rows)} parameters; at most {MOST} are read")
    prose = read_prose(lines, model, family, context)
    asked = prose.endpoint
    operation = asked.operation if asked else context.submissions.get(family.operation)
    examples, broken = read_examples(lines, model, family, operation)
    parameters = read_parameters(rows, family, context.formats)
    price = read_price(lines, parameters, family, {model, asked.value if asked else model})
    outcome = read_outcome("\n".join(lines), context.results)
    return Page(
        title=prose.title,
        summary=prose.summary,
        description=prose.description,
        source=asked.words() if asked else "",
        parameters=parameters,
        examples=examples,
        unread=[*unread, *_remarks(asked, model, context), *outcome.unread, *broken],
        operation=None if not operation or operation.name == family.operation else operation.name,
        result=None if outcome.result == family.result else outcome.result,
        count=outcome.count,
        price=price.entries,
        price_unread=price.unread,
    )


def _remarks(asked: Endpoint | None, model: str, context: Context) -> list[str]:
    """What is not as it should be with the endpoint of a page."""
    remarks: list[str] = []
    if asked and asked.value not in ("", model):
        remarks.append(
            f"{asked.words()}: this is the page of another model,"
            f" or of one with `discriminator: {asked.value}`"
        )
    if asked and context.submissions and asked.operation is None:
        known = ", ".join(f"{one.method} {one.path}" for one in context.submissions.values())
        remarks.append(
            f"{asked.method} {asked.path}: no operation takes requests there; add it to"
            f" operations.yaml, and say `operation` here; there are {known}"
        )
    return remarks

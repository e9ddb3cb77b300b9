"""The text of a documentation page to what it says of a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..spec.model import Family
from ..spec.schema import SharedParameter
from .context import Context, Submission
from .endpoint import Endpoint
from .examples import read_examples
from .html import page_lines
from .outcome import read_outcome
from .parameters import read_parameters
from .price import read_price
from .prose import read_prose
from .result import Page, PageError, PageParameter
from .tables import Row, parameter_rows

MOST = 1000  # Parameters of a page.
_NOTHING = Context()
_SHARED = {"items", "format", "unit"}


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
    prose = read_prose(lines, model, family, context)
    asked = prose.endpoint
    operation = asked.operation if asked else context.submissions.get(family.operation)
    rows, field_rows, unread = parameter_rows(
        lines, family, {*common, *(operation.fields if operation else ())}
    )
    if len(rows) > MOST:
        raise PageError(f"the page has {len(rows)} parameters; at most {MOST} are read")
    value = _discriminator(asked, model)
    examples, broken = read_examples(lines, value, family, operation)
    parameters = read_parameters(rows, family, context.formats)
    price = read_price(lines, parameters, family, {model, value})
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
        discriminator=None if value == model else value,
        fields=_fields(field_rows, family, operation, context) if operation else [],
        price=price.entries,
        price_unread=price.unread,
    )


def _fields(
    rows: Mapping[str, Row], family: Family, operation: Submission, context: Context
) -> list[PageParameter]:
    """What rows say of fields of every request that the spec does not say of them."""
    shared = {
        name: SharedParameter.model_validate(
            {
                "type": field.type or "object",
                **field.model_dump(include=_SHARED, exclude_unset=True),
                "summary": field.summary or name,
            }
        )
        for name, field in operation.fields.items()
    }
    beside = family.model_copy(update={"container": None, "parameters": shared})
    found = read_parameters(rows, beside, context.formats)
    for one in found:
        known = operation.fields[one.name].model_dump(exclude_unset=True)
        for key, value in [*one.constraints.items()]:
            if known.get(key) == value:
                del one.constraints[key]
    return [one for one in found if one.constraints or one.unread]


def _discriminator(asked: Endpoint | None, model: str) -> str:
    """What stands for a model in a request: its id, or the end of it if the page has no more."""
    return asked.value if asked and asked.value and model.endswith(f"-{asked.value}") else model


def _remarks(asked: Endpoint | None, model: str, context: Context) -> list[str]:
    """What is not as it should be with the endpoint of a page."""
    remarks: list[str] = []
    if asked and asked.value not in ("", _discriminator(asked, model)):
        remarks.append(f"{asked.words()}: this is the page of another model")
    if asked and context.submissions and asked.operation is None:
        known = ", ".join(f"{one.method} {one.path}" for one in context.submissions.values())
        remarks.append(
            f"{asked.method} {asked.path}: no operation takes requests there; add it to"
            f" operations.yaml, and say `operation` here; there are {known}"
        )
    return remarks

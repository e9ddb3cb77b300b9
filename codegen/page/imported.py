"""The file of a documentation page to the file of a model, by the spec in a folder."""

from __future__ import annotations

from pathlib import Path

from ..spec import pieces
from ..spec.model import Api, Definition, Family
from ..spec.pieces import RefusalError
from .compose import ModelText, model_from_page
from .context import Context
from .decode import LARGEST, decode
from .family import page_family
from .reader import read
from .result import PageError


def imported(
    page: Path, folder: Path, id: str, title: str | None, family: str | None
) -> tuple[Family, ModelText]:
    """The model of a page and its family, which the page tells if it is not said.

    Raises RefusalError if it can't be begun.
    """
    context = Context.of(
        pieces.entry(folder, "api.yaml", Api),
        pieces.formats(folder),
        pieces.entry(folder, "objects.yaml", dict[str, Definition]),
        pieces.operations(folder),
    )
    try:
        with page.open("rb") as file:
            text = decode(file.read(LARGEST + 1))  # It may be a device without an end.
        if family is None:
            belongs = page_family(text, pieces.families(folder), context)
        else:
            belongs = pieces.family(folder, family)
        found = read(text, id, belongs, context=context)
    except PageError as error:
        raise RefusalError(f"{page}: {error}") from None
    return belongs, model_from_page(found, id, title, belongs)

"""What the pages say of all models: their place in the navigation, and their classes."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from itertools import groupby

from codegen.emit.markdown import plain
from fluxframe import Model, models, types
from fluxframe._catalog import FAMILIES

# The navigation of a folder, as the plugin literate-nav reads it.
NAVIGATION = "SUMMARY.md"
# Where the table of classes goes.
_MARKER = "<!-- classes -->"
# The page of a model.
_MODEL = re.compile(r"reference/models/(.+)\.md")
_SECTION = """## The class

::: fluxframe.types.{name}
    options:
      heading_level: 3
      show_root_heading: true
"""


def navigation(places: Container[str]) -> str:
    """The models that have a page at one of the places of the site, by family."""
    lines = ["* [All models](index.md)"]
    known = [model for model in models.values() if f"reference/models/{model.id}.md" in places]
    for id, group in groupby(known, key=lambda model: model.family):
        family = [f"[{plain(model.title)}](models/{model.id}.md)" for model in group]
        if len(family) == 1:
            lines.append(f"* {family[0]}")
        else:
            lines.append(f"* {plain(FAMILIES[id].title)}")
            lines.extend(f"    * {line}" for line in family)
    return "\n".join(lines) + "\n"


def class_of(model: Model) -> str:
    """The name of the class in `fluxframe.types` of which requests for a model are."""
    return _classes()[model.id]


@cache
def _classes() -> dict[str, str]:
    """The names of classes by the id of their model."""
    ids = {(model.discriminator, model.stands_for): model.id for model in models.values()}
    found = {}
    for name in types.__all__:
        fields = getattr(getattr(types, name), "model_fields", {})
        for field, known in fields.items():
            if (field, known.default) in ids:
                found[ids[field, known.default]] = name
    return found


def completed(place: str, text: str) -> str:
    """A page at a place of the site with what the catalogue says: a model's class, or a table of all."""
    model = _MODEL.fullmatch(place)
    if model and model[1] in models:
        section = _SECTION.format(name=class_of(models[model[1]]))
        return f"{text.rstrip()}\n\n{section}"
    return text.replace(_MARKER, _table()) if place == "api/requests.md" else text


def _table() -> str:
    rows = [
        f"| {plain(model.title)} | [`{class_of(model)}`][fluxframe.types.{class_of(model)}] |"
        for model in models.values()
    ]
    return "\n".join(["| Model | Class |", "|---|---|", *rows])

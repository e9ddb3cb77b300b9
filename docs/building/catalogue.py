"""What the pages say of all models: their place in the navigation, and their classes."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

from fluxframe import Model, models, types
from fluxframe._catalog import FAMILIES

# The navigation of a folder, as the plugin literate-nav reads it.
NAVIGATION = "SUMMARY.md"
# Where the table of classes goes.
_MARKER = "<!-- classes -->"
_SECTION = """## The class

::: fluxframe.types.{name}
    options:
      heading_level: 3
      show_root_heading: true
"""


def navigation(pages: Path) -> str:
    """The models that have a page in a folder of the site, by family."""
    lines = ["* [All models](index.md)"]
    known = [model for model in models.values() if (pages / f"models/{model.id}.md").exists()]
    for id, group in groupby(known, key=lambda model: model.family):
        family = [f"[{model.title}](models/{model.id}.md)" for model in group]
        if len(family) == 1:
            lines.append(f"* {family[0]}")
        else:
            lines.append(f"* {FAMILIES[id].title}")
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


def complete(pages: Path) -> None:
    """Add to the pages of a site what the catalogue says: the models' navigation, and their classes."""
    for model in models.values():
        page = pages / f"reference/models/{model.id}.md"
        if page.exists():
            section = _SECTION.format(name=class_of(model))
            text = page.read_text(encoding="utf-8")
            if not text.endswith(section):
                page.write_text(f"{text.rstrip()}\n\n{section}", encoding="utf-8", newline="\n")
    if (pages / "reference/index.md").exists():
        (pages / "reference" / NAVIGATION).write_text(navigation(pages / "reference"), "utf-8")
    requests = pages / "api/requests.md"
    if requests.exists():
        text = requests.read_text(encoding="utf-8")
        requests.write_text(text.replace(_MARKER, _table()), encoding="utf-8", newline="\n")


def _table() -> str:
    rows = [
        f"| {model.title} | [`{class_of(model)}`][fluxframe.types.{class_of(model)}] |"
        for model in models.values()
    ]
    return "\n".join(["| Model | Class |", "|---|---|", *rows])

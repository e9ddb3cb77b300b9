"""The lines of a model's file with nothing in it but places to fill in."""

from __future__ import annotations

from collections.abc import Iterator

from ..spec.model import Family
from .yaml_text import comment_text, scalar_line

_RANGE = {"minimum": "TODO", "maximum": "TODO", "default": "TODO"}
_PLACES: dict[str, dict[str, str]] = {
    "string": {"values": "[TODO]", "default": "TODO"},
    "integer": _RANGE,
    "number": _RANGE,
    "boolean": {"default": "TODO"},
    "array": {"min_items": "TODO", "max_items": "TODO"},
    "object": {},
}


def scaffold_lines(id: str, title: str | None, family: Family) -> Iterator[str]:
    """A file with a place for all that a model can say; it does not load as it is."""
    yield f"# A model of the family {comment_text(family.id)}. Do what each TODO says, and take out the TODO."
    yield scalar_line("id", id)
    yield from (
        [scalar_line("title", title)] if title else ["# TODO: what it is called", "title: TODO"]
    )
    yield scalar_line("family", family.id)
    yield from ["# TODO: what it is for, in a sentence", "summary: TODO"]
    yield from ["# TODO: what it is good at, in two or three sentences", "description: TODO"]
    yield "# TODO: the words that say that there is such a model, by a source of sources.yaml"
    yield from ["source:", "  page: TODO"]
    yield "# price:  # What an image costs, if a source says so."
    yield "#   credits: TODO"
    yield "#   per: megapixel  # Without it, a request costs so much, whatever its size."
    yield "#   source: {page: TODO}"
    yield ""
    yield "# TODO: the parameters that the model has, each with its limits and the words that say so"
    yield "# Type and meaning are the family's; a parameter that it lacks says `type` and `summary`."
    yield "# A parameter can also say `required: true`, `used_when: {other: value}`,"
    yield "# `ignored_when: {other: value}` and `requires: [{when: value, parameter: other}]`."
    yield "parameters:"
    for name, shared in family.parameters.items():
        type_ = shared.type or "several forms"
        kind = f"{type_}, {shared.format}" if shared.format else type_
        yield "  # " + comment_text(f"{name}:  # {kind}: {shared.summary}")
        yield from (f"  #   {key}: {value}" for key, value in _PLACES.get(type_, {}).items())
        yield "  #   source: {page: TODO}"
    yield ""
    yield "# TODO: a request that the documentation shows, as it goes over the wire"
    yield "examples:"
    yield "  # text_to_image:"
    yield "  #   summary: Text to image"
    yield "  #   request:"
    yield "  #     prompt: TODO"
    yield f"  #     {scalar_line('model', id)}"
    if family.container:
        yield "  #     " + comment_text(f"{family.container}: {{}}")
    yield "  #   source: {page: TODO}"

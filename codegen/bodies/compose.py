"""A draft to the text of a model's file, and drafts of one container to that of their family's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..page import compose
from ..page.compose import ModelText
from ..page.yaml_text import Block, Inline, comment_text, entry_lines, scalar_line
from ..spec.model import Family
from ..spec.schema import Parameter
from .draft import Draft
from .limits import Limits

_TODO = "# TODO: "
# What a family says of a parameter, where all its models agree.
_SHARED = ("type", "items", "properties", "any_of", "nullable", "format", "role", "sizes")
_KEYS = list(
    dict.fromkeys(["type", "items", "summary", "required", *Parameter.model_fields, "source"])
)


def model_text(draft: Draft, id: str, title: str | None, family: Family, source: str) -> ModelText:
    """The file of a model; what the spec can't say of its body is there as a TODO."""
    return compose.model_text(_model_lines(draft, id, title, family, source), family.id)


def family_text(
    id: str, title: str | None, vendor: str | None, said: Mapping[str, Any]
) -> ModelText:
    """The file of a family; `said` has its operation, its container, its source and its parameters."""
    return compose.family_text(_family_lines(id, title, vendor, said))


def shared_parameters(drafts: Sequence[Draft]) -> dict[str, dict[str, Any]]:
    """What a family says of the parameters of its models: that in which all of them agree."""
    shared: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        for name, limits in draft.parameters.items():
            if "type" not in limits.said:  # A model says a union by itself.
                continue
            said = {key: limits.said[key] for key in _SHARED if key in limits.said}
            known = shared.setdefault(name, {**said, "summary": _sentence(limits.words)})
            for key in [key for key in known if key not in ("type", "summary")]:
                if said.get(key) != known[key]:
                    del known[key]
    return shared


def _model_lines(
    draft: Draft, id: str, title: str | None, family: Family, source: str
) -> Iterator[str]:
    body = draft.body
    yield from map(_todo, dict.fromkeys(draft.unread))
    yield scalar_line("id", id)
    title = title or str(body.variant.get("x-label") or body.variant.get("title") or "")
    yield from _said_or_todo("title", title, "what it is called")
    yield scalar_line("family", family.id)
    if body.value != id:
        yield scalar_line("discriminator", body.value)
    if draft.operation is not None and draft.operation != family.operation:
        yield scalar_line("operation", draft.operation)
    if draft.container_required != family.container_required:
        yield from entry_lines("container_required", draft.container_required)
    words = _sentence(str(body.variant.get("description") or ""))
    yield from _said_or_todo("summary", words, "what it is for, in a sentence")
    yield from _said_or_todo("description", words, "what it is good at, in two or three sentences")
    yield from entry_lines("source", {source: f'{body.operation}, {body.member}: "{body.value}"'})
    if draft.without:
        yield from entry_lines("without", draft.without)
    if draft.fields:
        yield "fields:"
        for name, limits in draft.fields.items():
            yield from _limits_lines(name, limits.said, limits, {source: name})
    yield ""
    yield "parameters:" if draft.parameters else "parameters: {}"
    for name, limits in draft.parameters.items():
        shared = family.parameters.get(name)
        known = shared.model_dump(exclude_none=True, exclude_defaults=True) if shared else {}
        said = {
            key: value
            for key, value in limits.said.items()
            if key not in _SHARED or known.get(key) != value
        }
        # What a family says of a parameter holds unless its model says that it does not.
        said |= {key: None for key in ("format", "nullable") if key in known.keys() - limits.said}
        if shared is None:
            said["summary"] = _sentence(limits.words) or "TODO"
        place = f"{draft.container}.{name}" if draft.container else name
        yield from _limits_lines(name, said, limits, {source: limits.words or place})
    yield ""
    if body.examples:
        yield "examples:"
        for name, summary, request in body.examples:
            entry = {"summary": summary, "request": request, "source": {source: f"examples.{name}"}}
            yield from (f"  {line}" for line in entry_lines(_example_name(name), entry))
    else:
        yield _todo("the document has no example; write a request as it goes over the wire")
        yield "examples: {}"


def _limits_lines(
    name: str, said: dict[str, Any], limits: Limits, source: dict[str, str]
) -> Iterator[str]:
    yield f"  {entry_lines(name, None)[0].removesuffix(' null')}"
    yield from (f"    {_todo(words)}" for words in dict.fromkeys(limits.unread))
    for key, value in sorted(said.items(), key=lambda entry: _KEYS.index(entry[0])):
        yield from (f"    {line}" for line in entry_lines(key, _styled(key, value)))
    yield from (f"    {line}" for line in entry_lines("source", source))


def _family_lines(
    id: str, title: str | None, vendor: str | None, said: Mapping[str, Any]
) -> Iterator[str]:
    yield scalar_line("id", id)
    yield from _said_or_todo("title", title or "", "what its models are called")
    yield from _said_or_todo("vendor", vendor or "", "who makes its models")
    operation = said.get("operation")
    words = said.get("unknown_operation") or "the operation that takes requests for its models"
    yield from _said_or_todo("operation", operation or "", words)
    if said.get("container"):
        yield scalar_line("container", said["container"])
    if said.get("container_required"):
        yield from entry_lines("container_required", True)
    yield from entry_lines("source", said["source"])
    parameters = said.get("parameters")
    if not parameters:
        yield _todo("its parameters, each with `type`, `summary` and perhaps `role`")
        yield "parameters: {}"
        return
    yield "parameters:"
    for name, entry in parameters.items():
        yield f"  {entry_lines(name, None)[0].removesuffix(' null')}"
        for key, value in entry.items():
            if key == "summary" and not value:
                yield f"    {_todo('what it is, in a sentence, and its `role` if it has one')}"
            yield from (f"    {line}" for line in entry_lines(key, _styled(key, value or "TODO")))


def _said_or_todo(key: str, text: str, words: str) -> Iterator[str]:
    if not text:
        yield _todo(words)
    yield scalar_line(key, text or "TODO")


def _styled(key: str, value: Any) -> Any:
    """A constraint as it is written by hand: a mapping on one line, a list of them on several."""
    if key == "items":
        return Inline(value)
    if key in ("requires", "any_of"):
        return Block(map(Inline, value))
    if key == "properties":
        return {name: Inline(inner) for name, inner in value.items()}
    return value


def _sentence(words: str) -> str:
    return " ".join(words.split())


def _example_name(name: str) -> str:
    """A name for an example; what our own documents put before it is the model's id."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", name.rpartition(".")[2]).strip("_") or "example"


def _todo(words: str) -> str:
    return _TODO + comment_text(words)

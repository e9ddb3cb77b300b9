"""What a page says of a model to the text of the model's file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..spec.model import Family
from ..spec.schema import Parameter
from .result import Page, PageParameter
from .scaffold import scaffold_lines
from .yaml_text import Block, Inline, comment_text, entry_lines, scalar_line

_TODO = "# TODO: "
_MODELINE = "# yaml-language-server: $schema={}generated/spec-schema/{}.json"
_KEYS_FIRST = ["type", "items", "summary", "required", "values", "requires", "format"]
_KEYS = list(dict.fromkeys([*_KEYS_FIRST, *Parameter.model_fields]))


class ModelText(NamedTuple):
    """The text of a model's file, and the TODOs in it by line."""

    text: str
    todos: list[tuple[int, str]]


def model_from_page(page: Page, id: str, title: str | None, family: Family) -> ModelText:
    """The file of a model as its page has it; what could not be read is there as a TODO."""
    return model_text(_page_lines(page, id, title, family), family.id)


def model_scaffold(id: str, title: str | None, family: Family) -> ModelText:
    """The file of a model with all still to be filled in."""
    return model_text(scaffold_lines(id, title, family), family.id)


def model_text(lines: Iterator[str], family: str) -> ModelText:
    """The lines of a model's file, after the one that names the schema of its family's models."""
    return _text(_MODELINE.format("../../../", f"models/{comment_text(family)}"), lines)


def family_text(lines: Iterator[str]) -> ModelText:
    """The lines of a family's file, after the one that names its schema."""
    return _text(_MODELINE.format("../../", "families"), lines)


def _text(modeline: str, lines: Iterator[str]) -> ModelText:
    numbered = list(enumerate([modeline, *lines], 1))
    todos = [
        (number, line.strip().removeprefix(_TODO))
        for number, line in numbered
        if line.strip().startswith(_TODO)
    ]
    return ModelText("".join(f"{line}\n" for _, line in numbered), todos)


def _page_lines(page: Page, id: str, title: str | None, family: Family) -> Iterator[str]:
    yield from map(_todo, page.unread)
    yield scalar_line("id", id)
    yield from _text_lines("title", title or page.title)
    yield scalar_line("family", family.id)
    yield from _text_lines("summary", page.summary)
    yield from _text_lines("description", page.description)
    yield from entry_lines("source", {"page": page.source or page.title or "TODO"})
    for key in ("discriminator", "operation", "result", "count"):
        value = getattr(page, key)
        if value is not None:
            yield from entry_lines(key, value)
    if page.fields:
        yield "fields:"
        for field in page.fields:
            yield from _parameter_lines(field)
    yield from map(_todo, page.price_unread)
    if page.price:
        yield from entry_lines("price", {key: _styled(key, v) for key, v in page.price.items()})
    yield ""
    yield "parameters:" if page.parameters else "parameters: {}"
    for parameter in page.parameters:
        yield from _parameter_lines(parameter)
    yield ""
    if page.examples:
        yield from entry_lines("examples", page.examples)
    else:
        yield _todo(f"the page shows no curl command for {id}")
        yield "examples: {}"


def _parameter_lines(parameter: PageParameter) -> Iterator[str]:
    yield f"  {parameter.name}:"
    yield from (f"    {_todo(words)}" for words in dict.fromkeys(parameter.unread))
    words = list(filter(None, parameter.words)) or ["TODO"]
    entries = sorted(parameter.constraints.items(), key=lambda entry: _KEYS.index(entry[0]))
    for key, value in [
        *entries,
        ("source", {"page": words[0] if len(words) == 1 else Block(words)}),
    ]:
        yield from (f"    {line}" for line in entry_lines(key, _styled(key, value)))


def _styled(key: str, value: Any) -> Any:
    """An entry as it is written by hand: a mapping on one line, a list of them on several."""
    if key in ("used_when", "ignored_when", "quantity", "items"):
        return Inline(value)
    if key == "by":
        return Inline({name: Inline(prices) for name, prices in value.items()})
    if key == "source":
        return {id: Block(said) if isinstance(said, list) else said for id, said in value.items()}
    return Block(map(Inline, value)) if key == "requires" else value


def _text_lines(key: str, text: str) -> Iterator[str]:
    """A text of the model; a TODO if it is not on the page."""
    if not text:
        yield _todo(f"the page has no {key}")
    if key == "description" and _folds(text):
        yield f"{key}: >-"
        yield from textwrap.wrap(
            text,
            96,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    else:
        yield scalar_line(key, text or "TODO")


def _folds(text: str) -> bool:
    """Whether a text is the same when it is folded into lines and read again."""
    return text.isprintable() and text == " ".join(text.split()) != "" and _TODO not in text


def _todo(words: str) -> str:
    return _TODO + comment_text(words)

"""`new-model`: begin the file of a model, from its documentation page or from nothing."""

from __future__ import annotations

import argparse
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from ..page.reader import Page, PageError, decode, read
from ..spec import model as spec
from ..spec.diagnostics import nearest
from ..spec.document import parse

T = TypeVar("T")


class RefusalError(Exception):
    """There is a reason to write nothing."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, and where to read of it."""
    parser.add_argument("id", metavar="ID", help="the model's id, such as flux-2-pro")
    parser.add_argument(
        "--from-page",
        type=Path,
        metavar="FILE",
        help="its documentation page as text, Markdown or HTML; without it, a scaffold is written",
    )
    parser.add_argument("--family", default="flux", help="the family it is of (%(default)s)")
    parser.add_argument("--title", help="what it is called, where the page does not say it")
    parser.add_argument("--stdout", action="store_true", help="print the file, and write none")


def run(options: argparse.Namespace) -> int:
    """Write `models/ID.yaml` and list what a person must still do; the status is 1 on a refusal."""
    path = options.spec / "models" / f"{options.id}.yaml"
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    try:
        text, todos = _text(options, path)
        if options.stdout:
            print(text, end="")
        else:
            _write(path, text)
    except (RefusalError, OSError) as error:
        print(f"codegen new-model: {error}", file=sys.stderr)
        return 1
    for line, words in todos:
        print(f"{path}:{line}: TODO: {words}", file=sys.stderr)
    count = f"{len(todos)} TODO{'' if len(todos) == 1 else 's'}"
    print(f"{'printed' if options.stdout else 'wrote'} {path}, with {count}", file=sys.stderr)
    return 0


def _text(options: argparse.Namespace, path: Path) -> tuple[str, list[tuple[int, str]]]:
    """The text of the file, and its TODOs by line. Raises RefusalError if there can be none."""
    pattern = next(filter(None, (getattr(m, "pattern", "") for m in _ID.metadata)))
    if not re.fullmatch(pattern, options.id):
        raise RefusalError(f"`{options.id}` is no id; expected letters, digits, `.`, `_` and `-`")
    if not options.stdout and os.path.lexists(path):
        raise RefusalError(f"{path} is there already, and is left as it is")
    family = _family(options.spec, options.family)
    if options.from_page is None:
        return _numbered(_scaffold(options.id, options.title, family))
    try:
        text = decode(options.from_page.read_bytes())
        page = read(text, options.id, family, _request_fields(options.spec))
    except PageError as error:
        raise RefusalError(f"{options.from_page}: {error}") from None
    return render(page, options.id, options.title, family)


_ID = spec.Model.model_fields["id"]


def _family(folder: Path, name: str) -> spec.Family:
    names = [path.stem for path in (folder / "families").glob("*.yaml")]
    if name not in names:
        hint = nearest(name, names) or f"{folder} has no families"
        raise RefusalError(f"`{name}` is no family; {hint}")
    return _entry(folder, f"families/{name}.yaml", spec.Family)


def _request_fields(folder: Path) -> set[str]:
    """What every request takes beside the parameters of its model."""
    operations = _entry(folder, "operations.yaml", dict[str, spec.Operation])
    objects = _entry(folder, "objects.yaml", dict[str, spec.Definition])
    requests = {operation.body.request for operation in operations.values()}
    return {
        field for name in requests & {*objects} for field in objects[name or ""].properties or {}
    }


def _entry(folder: Path, name: str, kind: type[T]) -> T:
    """A file of the spec by itself: what else is in the spec may be unfinished."""
    path = folder / name
    try:
        return TypeAdapter(kind).validate_python(parse(str(path), path.read_bytes()).value)
    except ValidationError:
        hint = "`python -m codegen lint` shows them"
        raise RefusalError(f"{path} has problems, and {hint}") from None


def _write(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    try:
        beside.write_bytes(text.encode())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)


# ------------------------------------------------------------------------ what is in the file

_TODO = "# TODO: "
_MODELINE = "# yaml-language-server: $schema=../../generated/spec-schema/models.json"


def render(
    page: Page, id: str, title: str | None, family: spec.Family
) -> tuple[str, list[tuple[int, str]]]:
    """The file of a model as its page has it, and the TODOs in it by line."""
    return _numbered(_lines(page, id, title, family))


def _numbered(lines: Iterator[str]) -> tuple[str, list[tuple[int, str]]]:
    """The lines as a text, and those that are a TODO by number."""
    written = [_MODELINE, *lines]
    found = [(number, line.strip()) for number, line in enumerate(written, 1)]
    todos = [(number, line.removeprefix(_TODO)) for number, line in found if line.startswith(_TODO)]
    return "\n".join(written) + "\n", todos


def _scaffold(id: str, title: str | None, family: spec.Family) -> Iterator[str]:
    """A file with a place for all that a model can say; it does not load as it is."""
    yield f"# A model of the family {family.id}. Do what each TODO says, and take out the TODO."
    yield _scalar("id", id)
    yield from [_scalar("title", title)] if title else ["# TODO: what it is called", "title: TODO"]
    yield _scalar("family", family.id)
    yield from ["# TODO: what it is for, in a sentence", "summary: TODO"]
    yield from ["# TODO: what it is good at, in two or three sentences", "description: TODO"]
    yield "# TODO: the words that say that there is such a model, by a source of sources.yaml"
    yield from ["source:", "  page: TODO"]
    yield "# price:  # What an image costs, if a source says so."
    yield "#   credits: TODO"
    yield "#   megapixels: TODO"
    yield "#   source: {page: TODO}"
    yield ""
    yield "# TODO: the parameters that the model has, each with its limits and the words that say so"
    yield "# Type and meaning are the family's; a parameter that it lacks says `type` and `summary`."
    yield "# A parameter can also say `required: true`, `used_when: {other: value}`,"
    yield "# `ignored_when: {other: value}` and `requires: [{when: value, parameter: other}]`."
    yield "parameters:"
    for name, shared in family.parameters.items():
        kind = f"{shared.type}, {shared.format}" if shared.format else shared.type
        yield f"  # {name}:  # {kind}: {_printable(shared.summary)}"
        yield from (f"  #   {key}: {value}" for key, value in _PLACES[shared.type].items())
        yield "  #   source: {page: TODO}"
    yield ""
    yield "# TODO: a request that the documentation shows, as it goes over the wire"
    yield "examples:"
    yield "  # text_to_image:"
    yield "  #   summary: Text to image"
    yield "  #   request:"
    yield "  #     prompt: TODO"
    yield f"  #     {_scalar('model', id)}"
    yield f"  #     {family.container}: {{}}"
    yield "  #   source: {page: TODO}"


_NUMERIC = {"minimum": "TODO", "maximum": "TODO", "default": "TODO"}
_PLACES: dict[str, dict[str, str]] = {
    "string": {"values": "[TODO]", "default": "TODO"},
    "integer": _NUMERIC,
    "number": _NUMERIC,
    "boolean": {"default": "TODO"},
    "array": {"min_items": "TODO", "max_items": "TODO"},
    "object": {},
}


def _lines(page: Page, id: str, title: str | None, family: spec.Family) -> Iterator[str]:
    """The file of a model as its page has it; what could not be read stands there as a TODO."""
    yield from (_todo(words) for words in page.unread)
    yield _scalar("id", id)
    yield from _said("title", title or page.title)
    yield _scalar("family", family.id)
    yield from _said("summary", page.summary)
    yield from _said("description", page.description)
    yield from _block("source", {"page": page.source or page.title or "TODO"})
    yield ""
    yield "parameters:"
    for found in page.parameters:
        yield f"  {found.name}:"
        yield from (f"    {_todo(words)}" for words in dict.fromkeys(found.unread))
        words = list(filter(None, found.words)) or ["TODO"]
        source = {"page": words[0] if len(words) == 1 else _Block(words)}
        for key, value in [*sorted(found.constraints.items(), key=_place), ("source", source)]:
            yield from (f"    {line}" for line in _block(key, _styled(key, value)))
    yield ""
    if page.examples:
        yield from _block("examples", page.examples)
    else:
        yield _todo(f"the page shows no curl command for {id}")
        yield "examples: {}"


def _place(entry: tuple[str, Any]) -> int:
    """Where a key of a parameter goes: in the order of the class, but rules before the rest."""
    order = ["type", "items", "summary", "required", "values", "requires", "format"]
    order += [key for key in spec.Parameter.model_fields if key not in order]
    return order.index(entry[0])


def _styled(key: str, value: Any) -> Any:
    """A constraint as it is written by hand: a small mapping on one line, a list of them on more."""
    if key in ("used_when", "ignored_when", "quantity", "items"):
        return _Inline(value)
    return _Block(map(_Inline, value)) if key == "requires" else value


def _said(key: str, text: str) -> Iterator[str]:
    """A text of the model, folded if it is long; a TODO if the page does not say it."""
    if not text:
        yield _todo(f"the page says no {key}")
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
        yield _scalar(key, text or "TODO")


def _folds(text: str) -> bool:
    """Whether a text is the same when it is folded into lines and read again."""
    return text.isprintable() and text == " ".join(text.split()) != "" and _TODO not in text


def _todo(words: str) -> str:
    return _TODO + _printable(words)


def _printable(text: str) -> str:
    """Text that stays in its comment: what can't be seen is written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# ------------------------------------------------------------------------ as YAML


class _Inline(dict[str, Any]):
    """A mapping that is written on one line."""


class _Block(list[Any]):
    """A list that is written with an item a line."""


class _Dumper(yaml.SafeDumper):
    """Writes YAML as the spec's files are written, and quotes what any reader takes for a number."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True

    def choose_scalar_style(self) -> str:
        style = super().choose_scalar_style()
        text = self.event.value if isinstance(self.event, yaml.ScalarEvent) else ""
        return '"' if style == "'" and ("\n" in text or not {'"', "\\"} & {*text}) else style


def _mapping(dumper: _Dumper, value: dict[str, Any]) -> yaml.Node:
    inline = isinstance(value, _Inline)
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=inline)


def _sequence(dumper: _Dumper, value: list[Any]) -> yaml.Node:
    inline = not isinstance(value, _Block)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=inline)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(_Inline, _mapping)
_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(_Block, _sequence)
# PyYAML writes YAML 1.1, in which texts such as `1e5` and `09` are no numbers.
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"),
    list("-+.0123456789"),
)


def _block(key: str, value: Any) -> list[str]:
    """The lines of an entry of a mapping."""
    text = yaml.dump(
        {key: value}, Dumper=_Dumper, width=float("inf"), allow_unicode=True, sort_keys=False
    )
    return str(text).removesuffix("\n").split("\n")


def _scalar(key: str, text: str) -> str:
    return _block(key, text)[0]

"""`new-model`: begin the file of a model, from its documentation page or from nothing."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from ..page.compose import ModelText, model_from_page, model_scaffold
from ..page.context import Context
from ..page.decode import LARGEST, decode
from ..page.family import page_family
from ..page.reader import read
from ..page.result import PageError
from ..spec.diagnostics import nearest
from ..spec.document import parse
from ..spec.model import Api, Definition, Family, Format, Model, Operation

T = TypeVar("T")


class RefusalError(Exception):
    """The model's file can't be begun; the message says why, and nothing is written."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the model, and the page to read."""
    parser.add_argument("id", metavar="ID", help="the model's id, such as flux-2-pro")
    parser.add_argument(
        "--from-page",
        type=Path,
        metavar="FILE",
        help="its documentation page as text, Markdown or HTML; without it, a scaffold is written",
    )
    parser.add_argument(
        "--family", help="the family it belongs to; a page's is the one with its container"
    )
    parser.add_argument("--title", help="its title, where the page has none")
    parser.add_argument(
        "--stdout", action="store_true", help="print the file instead of writing it"
    )


def run(options: argparse.Namespace) -> int:
    """Write `models/FAMILY/ID.yaml` and list what is still to be done; the status is 1 on a refusal."""
    try:
        path, (text, todos) = _model_text(options)
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


def _model_text(options: argparse.Namespace) -> tuple[Path, ModelText]:
    """The file of the model, and where it goes. Raises RefusalError if it can't be begun."""
    metadata = Model.model_fields["id"].metadata
    pattern = next(filter(None, (getattr(limit, "pattern", "") for limit in metadata)))
    if not re.fullmatch(pattern, options.id):
        raise RefusalError(
            f"`{options.id}` is not an id; expected letters, digits, `.`, `_` and `-`"
        )
    if not options.stdout:
        _refuse_existing(options.spec, options.id)
    if options.from_page is None:
        family = _family(options.spec, options.family)
        text = model_scaffold(options.id, options.title, family)
    else:
        family, text = _from_page(options)
    path = options.spec / "models" / family.id / f"{options.id}.yaml"
    return _shown(path), text


def _from_page(options: argparse.Namespace) -> tuple[Family, ModelText]:
    """The family that a page belongs to, and the file of its model."""
    spec: Path = options.spec
    context = Context.of(
        _entry(spec, "api.yaml", Api),
        _entry(spec, "formats.yaml", dict[str, Format]),
        _entry(spec, "objects.yaml", dict[str, Definition]),
        _entry(spec, "operations.yaml", dict[str, Operation]),
    )
    try:
        with options.from_page.open("rb") as file:
            text = decode(file.read(LARGEST + 1))  # It may be a device without an end.
        if options.family is None:
            families = {name: _family(spec, name) for name in _families(spec)}
            family = page_family(text, families, context)
        else:
            family = _family(spec, options.family)
        page = read(text, options.id, family, context.fields(), context)
    except PageError as error:
        raise RefusalError(f"{options.from_page}: {error}") from None
    return family, model_from_page(page, options.id, options.title, family)


def _families(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "families").glob("*.yaml"))


def _family(folder: Path, name: str | None) -> Family:
    """A family by its name; without one, the only family that there is."""
    names = _families(folder)
    if name is None and len(names) != 1:
        known = ", ".join(names) or f"{folder} has none"
        raise RefusalError(f"the model needs a family; say which with --family: {known}")
    name = name or names[0]
    if name not in names:
        hint = nearest(name, names) or f"{folder} has no families"
        raise RefusalError(f"`{name}` is not a family; {hint}")
    return _entry(folder, f"families/{name}.yaml", Family)


def _refuse_existing(folder: Path, id: str) -> None:
    """Refuse to write a model that some family has already."""
    for family in sorted((folder / "models").glob("*/")):
        path = family / f"{id}.yaml"
        if os.path.lexists(path):
            raise RefusalError(f"{_shown(path)} exists already, and is left as it is")


def _shown(path: Path) -> Path:
    """A path from where the reader stands, if it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _entry(folder: Path, name: str, kind: type[T]) -> T:
    """A file of the spec by itself, as the others may be unfinished."""
    path = folder / name
    try:
        return TypeAdapter(kind).validate_python(parse(str(path), path.read_bytes()).value)
    except ValidationError:
        hint = "`python -m codegen lint` shows them"
        raise RefusalError(f"{path} has problems, and {hint}") from None


def _write(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    try:
        beside.write_bytes(text.encode())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)

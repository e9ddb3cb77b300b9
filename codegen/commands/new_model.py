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
from ..page.decode import LARGEST, decode
from ..page.reader import read
from ..page.result import PageError
from ..spec.diagnostics import nearest
from ..spec.document import parse
from ..spec.model import Definition, Family, Model, Operation

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
    parser.add_argument("--family", default="flux", help="the family it belongs to (%(default)s)")
    parser.add_argument("--title", help="its title, where the page has none")
    parser.add_argument(
        "--stdout", action="store_true", help="print the file instead of writing it"
    )


def run(options: argparse.Namespace) -> int:
    """Write `models/ID.yaml` and list what a person must still do; the status is 1 on a refusal."""
    path = options.spec / "models" / f"{options.id}.yaml"
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    try:
        text, todos = _model_text(options, path)
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


def _model_text(options: argparse.Namespace, path: Path) -> ModelText:
    """The file of the model. Raises RefusalError if it can't be begun."""
    metadata = Model.model_fields["id"].metadata
    pattern = next(filter(None, (getattr(limit, "pattern", "") for limit in metadata)))
    if not re.fullmatch(pattern, options.id):
        raise RefusalError(
            f"`{options.id}` is not an id; expected letters, digits, `.`, `_` and `-`"
        )
    if not options.stdout and os.path.lexists(path):
        raise RefusalError(f"{path} exists already, and is left as it is")
    family = _family(options.spec, options.family)
    if options.from_page is None:
        return model_scaffold(options.id, options.title, family)
    try:
        with options.from_page.open("rb") as file:
            text = decode(file.read(LARGEST + 1))  # It may be a device without an end.
        page = read(text, options.id, family, _request_fields(options.spec))
    except PageError as error:
        raise RefusalError(f"{options.from_page}: {error}") from None
    return model_from_page(page, options.id, options.title, family)


def _family(folder: Path, name: str) -> Family:
    names = [path.stem for path in (folder / "families").glob("*.yaml")]
    if name not in names:
        hint = nearest(name, names) or f"{folder} has no families"
        raise RefusalError(f"`{name}` is not a family; {hint}")
    return _entry(folder, f"families/{name}.yaml", Family)


def _request_fields(folder: Path) -> set[str]:
    """The members that every request has beside the parameters of its model."""
    operations = _entry(folder, "operations.yaml", dict[str, Operation])
    objects = _entry(folder, "objects.yaml", dict[str, Definition])
    requests = {operation.body.request for operation in operations.values()}
    return {
        field for name in requests & {*objects} for field in objects[name or ""].properties or {}
    }


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
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    try:
        beside.write_bytes(text.encode())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)

"""Files of a spec one by one, for commands that begin a further one while others may be unfinished."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from .diagnostics import nearest
from .document import parse
from .load import extended
from .model import Definition, Family, Format, Model, Operation, Origin
from .schema import Schema

T = TypeVar("T")


class RefusalError(Exception):
    """A file can't be begun; the message says why, and nothing is written."""


def entry(folder: Path, name: str, kind: type[T]) -> T:
    """A file of the spec by itself, as the others may be unfinished."""
    path = folder / name
    try:
        return TypeAdapter(kind).validate_python(parse(str(path), path.read_bytes()).value)
    except ValidationError:
        hint = "`python -m codegen lint` shows them"
        raise RefusalError(f"{path} has problems, and {hint}") from None


def families(folder: Path) -> dict[str, Family]:
    """The families by their ids."""
    names = sorted(path.stem for path in (folder / "families").glob("*.yaml"))
    return {name: entry(folder, f"families/{name}.yaml", Family) for name in names}


def family(folder: Path, name: str) -> Family:
    """One family; whether the others are finished does not count."""
    names = [path.stem for path in (folder / "families").glob("*.yaml")]
    if name not in names:
        hint = nearest(name, names) or f"{folder} has no families"
        raise RefusalError(f"`{name}` is not a family; {hint}")
    return entry(folder, f"families/{name}.yaml", Family)


def operations(folder: Path) -> dict[str, Operation]:
    """The operations by their names."""
    return entry(folder, "operations.yaml", dict[str, Operation])


def formats(folder: Path) -> dict[str, Format]:
    """The forms of text by their names."""
    return entry(folder, "formats.yaml", dict[str, Format])


def requests(folder: Path) -> dict[str, Mapping[str, Schema]]:
    """The fields of the object of each operation that takes requests."""
    objects = entry(folder, "objects.yaml", dict[str, Definition])
    named = {operation.body.request for operation in operations(folder).values()}
    return {name: extended(name, objects).properties or {} for name in objects if name in named}


def source(folder: Path, said: str | None, kind: str) -> str:
    """The id of the source that a document is: the one that is said, or the only one of its kind."""
    sources = entry(folder, "sources.yaml", dict[str, Origin])
    if said is not None:
        if said not in sources:
            raise RefusalError(f"`{said}` is not a source; {nearest(said, sources)}")
        return said
    found = [id for id, origin in sources.items() if origin.kind == kind]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"`{id}`" for id in found or sources)
    raise RefusalError(f"say which source the document is with --source: one of {names}")


def check_id(id: str) -> None:
    """Raises RefusalError if a model or a family can't have this id."""
    metadata = Model.model_fields["id"].metadata
    pattern = next(filter(None, (getattr(limit, "pattern", "") for limit in metadata)))
    if not re.fullmatch(pattern, id):
        raise RefusalError(f"`{id}` is not an id; expected letters, digits, `.`, `_` and `-`")

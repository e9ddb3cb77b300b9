"""`learn`: put what a server was found to do beside the constraints, as readings of a source."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from ..emit import tree
from ..page.yaml_edit import put
from ..page.yaml_text import Inline
from ..spec import pieces
from ..spec.diagnostics import nearest
from ..spec.document import parse
from ..spec.load import load, read, resolve
from ..spec.model import Model
from ..spec.pieces import RefusalError
from ..spec.schema import Entry, Reading, Schema
from ..spec.validate import validated
from ..spec.whole import Spec

SOURCES = "sources.yaml"


class LearntSource(Entry):
    """The source that a server is."""

    id: str
    title: str
    summary: str


class LearntModel(Entry):
    """What a server does with a model, by the place of a parameter in a request."""

    parameters: dict[str, Reading]


class Learnt(Entry):
    """A file that `fluxframe conformance --learn` writes."""

    source: LearntSource
    models: dict[str, LearntModel] = Field({})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what was learnt, and whose reading it is."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="what `fluxframe conformance --learn` wrote"
    )
    parser.add_argument(
        "--as",
        dest="source",
        metavar="SOURCE",
        help="the source that the server is; added to sources.yaml if it is not there (as FILE says)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show the changes as a diff, and write nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Write the readings into the files of the models; 1 on a refusal, and then nothing is written."""
    try:
        learnt = validated(parse(str(options.file), options.file.read_bytes()), Learnt)
        tree.recover(options.spec)  # A run may have been cut off.
        spec, before = load(options.spec), read(options.spec)
        changed = patched(spec, before, learnt, options.source or learnt.source.id)
        resolve({**before, **changed}, root=f"{options.spec}/")
        if options.dry_run:
            sys.stdout.writelines(_diff(options.spec, before, changed))
        else:
            tree.write(changed, options.spec, changed)
            for path in changed:
                print(f"wrote {options.spec / path}")
        if not changed:
            print("No change.")
    except (RefusalError, tree.ObstacleError, OSError) as error:
        print(f"codegen learn: {error}", file=sys.stderr)
        return 1
    return 0


def patched(
    spec: Spec, files: Mapping[str, bytes], learnt: Learnt, source: str
) -> dict[str, bytes]:
    """The files of a spec that change. Raises RefusalError for what has no place in it."""
    pieces.check_id(source)
    changed: dict[str, bytes] = {}
    if source not in spec.sources:
        entry = {"title": learnt.source.title, "summary": learnt.source.summary}
        changed[SOURCES] = put(SOURCES, files[SOURCES], (), {source: entry})
    for id, model in learnt.models.items():
        if id not in spec.models:
            raise RefusalError(f"`{id}` is not a model; {nearest(id, spec.models)}")
        file = spec.models[id].file
        data = files[file]
        for name, reading in model.parameters.items():
            said = reading.model_dump(exclude_unset=True)
            for path, entry in _entries(spec, spec.models[id], name, source, said):
                data = put(file, data, path, entry)
        if data != files[file]:
            changed[file] = data
    return changed


def _entries(
    spec: Spec, model: Model, name: str, source: str, said: dict[str, Any]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """What is put where, for a reading of what stands at a dotted place of a request."""
    names = name.split(".")
    if names[0] == spec.container(model) and len(names) > 1:
        names = names[1:]
    fields = spec.fields(model)
    part: str = "parameters"
    known: Mapping[str, Schema] = model.parameters
    if names[0] not in known and names[0] in fields:
        part, known = "fields", fields
    path, schema = [part, names[0]], known.get(names[0])
    for inner in names[1:]:
        schema = (schema.properties or {}).get(inner) if schema else None
        path += ["properties", inner]
    if schema is None:
        hint = nearest(names[0], {*model.parameters, *fields})
        raise RefusalError(f"{model.id} has no parameter `{name}`; {hint}")
    shared = len(names) > 1 and not _is_own(model, path)
    if shared:
        raise RefusalError(f"{model.id}: `{name}` is told by its family; write the reading there")
    if part == "fields" and names[0] not in model.fields:
        yield (part, names[0]), {"source": dict(schema.source)}
    old = schema.readings.get(source)
    there = old.model_dump(exclude_unset=True) if old and _is_own(model, path) else {}
    if there != {**there, **said}:
        if there:
            yield (*path, "readings", source), said
        else:
            yield (*path, "readings"), {source: Inline(said)}


def _is_own(model: Model, path: list[str]) -> bool:
    """Whether the file of a model itself has the schema at a path."""
    schema: Schema | None = getattr(model, path[0]).get(path[1])
    for name in path[3::2]:
        schema = (schema.properties or {}).get(name) if schema else None
    return schema is not None


def _diff(folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    for path, data in after.items():
        name = (folder / path).as_posix()
        old, new = (text.decode().splitlines(keepends=True) for text in (before[path], data))
        yield from difflib.unified_diff(old, new, name, name)

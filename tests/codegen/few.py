"""What tests of the generator share: what is emitted, made once, and a spec with few models.

Few show as much as all where a test is not of each model, and what they cost does not grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType

from codegen.emit.package import emit
from codegen.spec.load import SPEC, load, read, resolve

FILES = read(SPEC)
WHOLE = load()


def few(*ids: str) -> dict[str, bytes]:
    """The files of the spec with these models alone, and their families."""
    kept = {
        "models": set(ids),
        "families": {WHOLE.models[id].family for id in ids},
    }
    return {
        path: data
        for path, data in FILES.items()
        if PurePath(path).stem in kept.get(PurePath(path).parts[0], {PurePath(path).stem})
    }


def written(files: dict[str, bytes], folder: Path) -> Path:
    """The folder, with the files of a spec in it."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@cache
def emitted() -> Mapping[str, bytes]:
    """All that the spec is made into."""
    return MappingProxyType(emit(WHOLE))


@cache
def emitted_of(*ids: str) -> Mapping[str, bytes]:
    """What the spec with these models alone is made into."""
    return MappingProxyType(emit(resolve(few(*ids))))

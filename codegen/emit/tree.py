"""{path: bytes} to a folder that holds just that, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
GENERATED = HERE.parent / "generated"
# A note of what was found to be in step; not committed, so that elsewhere all is made and compared.
STAMP = ".digest"
_IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache", STAMP}
_GENERATORS = ("datamodel-code-generator", "jinja2", "pydantic", "pyyaml", "ruff")


def differences(files: Mapping[str, bytes], root: Path = GENERATED) -> list[str]:
    """What has to be written or deleted for `root` to hold just `files`, one line each."""
    there = set(present(root))
    lines = [f"missing: {path}" for path in files if path not in there]
    lines += [f"not generated: {path}" for path in there if path not in files]
    lines += [
        f"changed: {path}"
        for path, data in files.items()
        if path in there and (root / path).read_bytes() != data
    ]
    return sorted(lines)


def write(files: Mapping[str, bytes], root: Path = GENERATED) -> list[str]:
    """Make `root` hold just `files`; returns the paths that were written or deleted.

    The new folder is made beside the old one and takes its place when it is complete, so that a
    crash or a full disk leaves one or the other. What is right already is not written again.
    """
    recover(root)
    touched = sorted(line.partition(": ")[2] for line in differences(files, root))
    if not touched:
        return []
    new, old = _beside(root)
    try:
        new.mkdir(parents=True)
        for path, data in files.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            if path in touched:
                (new / path).write_bytes(data)
            else:
                _keep(root / path, new / path)
        if root.exists():
            root.rename(old)
        new.rename(root)
    except BaseException:
        recover(root)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return touched


def _keep(source: Path, target: Path) -> None:
    """The same file at another place, with its time; a copy where there are no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _beside(root: Path) -> tuple[Path, Path]:
    """Where the new folder is made, and where the old one waits."""
    return (
        root.with_name(f".{root.name}.fluxframe-new"),
        root.with_name(f".{root.name}.fluxframe-old"),
    )


def recover(root: Path) -> None:
    """Clean up after a run that was cut off: the old folder comes back if the new one is not there."""
    new, old = _beside(root)
    if old.exists() and not root.exists():
        old.rename(root)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)


def present(root: Path = GENERATED) -> list[str]:
    """The files below `root`, without what tools leave there."""
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _IGNORED]
        place = Path(folder).relative_to(root)
        found += [(place / name).as_posix() for name in names if name not in _IGNORED]
    return sorted(found)


def in_step(spec: Path, root: Path = GENERATED) -> bool:
    """Whether `root` was found to be what `spec` says, and nothing has changed since."""
    stamp = root / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _digest(spec, root)


def note(spec: Path, root: Path = GENERATED) -> None:
    """Note that `root` is what `spec` says."""
    (root / STAMP).write_text(_digest(spec, root), encoding="ascii")


def _digest(spec: Path, root: Path) -> str:
    """A digest of the spec, of the generator with the versions of its tools, and of `root`."""
    sources = [path for path in HERE.rglob("*") if "__pycache__" not in path.parts]
    total = hashlib.sha256()
    total.update(" ".join(version(name) for name in _GENERATORS).encode())
    for paths in (spec.rglob("*.yaml"), sources, (root / path for path in present(root))):
        _feed(total, paths)
    return total.hexdigest()


def _feed(total: hashlib._Hash, paths: Iterable[Path]) -> None:
    for path in sorted(paths):
        if path.is_file():
            content = path.read_bytes()
            total.update(f"{path}\0{len(content)}\0".encode())
            total.update(content)

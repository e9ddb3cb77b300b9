"""{path: text} to files, or to a list of what differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

GENERATED = Path(__file__).resolve().parent.parent / "generated"
_IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def differences(files: Mapping[str, bytes], root: Path = GENERATED) -> list[str]:
    """What has to be written or deleted for `root` to hold just `files`, a line each."""
    there = present(root)
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

    A file is replaced whole, and left alone if it is right already.
    """
    touched: list[str] = []
    for path in present(root):
        if path not in files:
            (root / path).unlink()
            touched.append(path)
    for path, data in files.items():
        target = root / path
        if target.is_file() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(data)
        part.replace(target)
        touched.append(path)
    for folder in sorted(root.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return sorted(touched)


def present(root: Path = GENERATED) -> list[str]:
    """The files below `root`, without what tools leave there."""
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and not _IGNORED.intersection(path.relative_to(root).parts)
    )

"""Copies of the client in other projects: made, told apart by hashes, refreshed whole or not at all."""

from __future__ import annotations

import hashlib
import itertools
import json
import keyword
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..spec.diagnostics import nearest
from . import tree

LOCK = "fluxframe.lock.json"
PARTS = ("client", "cli", "conformance", "emulator")
# What the commands of the cli run.
_OF_CLI = {"conformance", "emulator"}
_PACKAGE = "fluxframe/"
_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


class VendorError(ValueError):
    """Why a copy can't be made, checked or refreshed, one fact per line."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a copy was made of, and the sha256 of each of its files."""

    version: str
    spec: str
    package: str
    parts: tuple[str, ...]
    files: Mapping[str, str]

    def data(self) -> bytes:
        """The bytes of its file, the same for the same lock."""
        return (json.dumps({"format": 1, **asdict(self)}, indent=2, sort_keys=True) + "\n").encode()

    def __str__(self) -> str:
        return f"fluxframe {self.version} ({', '.join(self.parts)})"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as it is to be: its lock, and its files without the lock."""

    lock: Lock
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """What was done to a copy, one line per file, and the files of others that were left there.

    `saved` names the edits that were written over, and the copy of each that was kept.
    """

    changes: list[str]
    kept: list[str]
    saved: Mapping[str, str] = field(default_factory=dict)


def parts(names: Iterable[str]) -> tuple[str, ...]:
    """The parts of a copy, sorted: the client always, and with the cli what its commands run.

    Raises VendorError for an unknown name.
    """
    wanted = {"client", *names}
    if unknown := sorted(wanted.difference(PARTS)):
        raise VendorError(f"there is no part `{unknown[0]}`; {nearest(unknown[0], PARTS)}")
    return tuple(sorted(wanted | _OF_CLI if "cli" in wanted else wanted))


def make(
    emitted: Mapping[str, bytes], spec: Mapping[str, bytes], package: str, parts: tuple[str, ...]
) -> Copy:
    """The copy with these parts, of what is emitted for the files of a spec."""
    files = {
        path: data
        for whole, data in sorted(emitted.items())
        if whole.startswith(_PACKAGE) and _part(path := whole.removeprefix(_PACKAGE)) in parts
    }
    version = re.findall(r'__version__ = "(.+)"', files["_version.py"].decode())[0]
    hashes = {path: sha256(data) for path, data in files.items()}
    return Copy(Lock(version, _digest(spec), package, parts, hashes), files)


def _part(path: str) -> str:
    folder = path.partition("/")[0]
    if folder == "__main__.py":
        return "cli"
    if folder in ("__pyinstaller", "_pytest_entry.py"):  # Found by entry points; a copy has none.
        return "installed"
    if path.startswith("_emitted/vectors/"):
        return "conformance"
    if folder == "testing":  # Tests of a program need its server.
        return "emulator"
    return folder if folder in PARTS else "client"


def sha256(data: bytes) -> str:
    """The hash of a text, however a checkout ends its lines."""
    return hashlib.sha256(tree.unix(data)).hexdigest()


def _digest(files: Mapping[str, bytes]) -> str:
    """One sha256 of paths and bytes; the lengths keep one file from running into the next."""
    total = hashlib.sha256()
    for path, data in sorted(files.items()):
        text = tree.unix(data)
        total.update(f"{path}\0{len(text)}\0".encode() + text)
    return total.hexdigest()


def requirements(parts: Iterable[str]) -> list[str]:
    """What a project with such a copy has to install."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    names = [*project["dependencies"], *(name for part in parts for name in extras.get(part, ()))]
    return list(dict.fromkeys(names))


def place(dest: Path, package: str) -> Path:
    """The folder below `dest` of the package; nothing needs to be there.

    Raises VendorError for a name that can't be imported, a file in the way, or a link that would
    lead elsewhere.
    """
    names = package.split(".")
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            what = "a keyword" if keyword.iskeyword(name) else "not an identifier"
            raise VendorError(f"`{package}` can't be imported: `{name}` is {what}")
    folder = dest.joinpath(*names)
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise VendorError(f"{path} is a file, and a folder is needed there")
    for path in (folder, *folder.parents)[: len(names)]:
        if path.is_symlink():
            raise VendorError(f"{path} is a link, and a copy is not written through links")
    return folder


def bare_parents(dest: Path, package: str) -> list[Path]:
    """The folders on the way to a copy that are not regular packages."""
    names = package.split(".")[:-1]
    folders = [dest.joinpath(*names[: count + 1]) for count in range(len(names))]
    return [folder for folder in folders if not (folder / "__init__.py").is_file()]


def read_lock(folder: Path) -> Lock:
    """The lock of the copy in `folder`. Raises VendorError if it is missing or broken."""
    path = folder / LOCK
    if not folder.is_dir():
        raise VendorError(f"{folder} is not there")
    if not path.is_file() or path.is_symlink():
        raise VendorError(f"{folder} has no lock: {LOCK} is missing, or is not a file")
    try:
        return _parsed(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise VendorError(f"{path} is broken: {error}") from error


def _parsed(data: bytes) -> Lock:
    """A lock by its bytes. Its paths are only compared and never opened, wherever they lead."""
    match json.loads(data):
        case {"format": int(number)} if number != 1:
            raise ValueError(f"its format is {number}, and this generator knows format 1")
        case {
            "format": 1,
            "version": str(version),
            "spec": str(spec),
            "package": str(package),
            "parts": list(names),
            "files": dict(files),
        } if all(isinstance(text, str) for text in [*names, *files.values()]):
            return Lock(version, spec, package, parts(names), files)
    raise ValueError("an entry is missing, or not of its kind")


def _present(folder: Path) -> dict[str, str]:
    """The sha256 of each file below `folder`; what is not a file, such as a link, has no hash."""
    paths = {path: folder / path for path in tree.present(folder)}
    return {
        path: sha256(place.read_bytes()) if place.is_file() and not place.is_symlink() else ""
        for path, place in paths.items()
    }


def edits(folder: Path, lock: Lock) -> list[str]:
    """What was done to a copy since it was written, one line per file; only its lock is asked."""
    there = _present(folder)
    there.pop(LOCK, None)
    return _compared(lock.files, there, added="added", changed="edited", removed="deleted")


def outdated(lock: Lock, now: Lock) -> list[str]:
    """What a refresh would change in a copy that nobody has edited, one fact per line."""
    lines = _compared(lock.files, now.files, added="new", changed="changed", removed="removed")
    if lines:
        mover = "spec" if lock.spec != now.spec else "generator"
        versions = f", from {lock.version} to {now.version}" if lock.version != now.version else ""
        lines.insert(0, f"the {mover} has moved on{versions}")
    if lock.package != now.package:
        lines.insert(0, f"the lock is of the package {lock.package}, and this is {now.package}")
    return [f"outdated: {line}" for line in lines]


def _compared(
    old: Mapping[str, str], new: Mapping[str, str], *, added: str, changed: str, removed: str
) -> list[str]:
    """How the files of two times differ, in the given words, sorted by path."""
    lines: list[str] = []
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            word = added if path not in old else removed if path not in new else changed
            lines.append(f"{word}: {path}")
    return lines


def write(folder: Path, copy: Copy, before: Lock | None, *, force: bool = False) -> Written:
    """Make `folder` hold the copy, whole or not at all; `before` is the lock of the one there.

    Files of others stay. Raises VendorError, with nothing touched, if an edit would be lost, or
    without `before` anything is there at all; `force` overwrites, and keeps a copy of each edit.
    """
    there = _present(folder)
    if links := [path for path, hash in there.items() if not hash]:
        raise VendorError(f"{folder / links[0]} is a link, or is not a file; remove it first")
    if there and before is None and not force:
        hint = "--force writes over files of the same names"
        raise VendorError(f"{folder} holds files, and no lock says that they are a copy; {hint}")
    owned = before.files if before else {}
    files = {**copy.files, LOCK: copy.lock.data()}
    wanted = {path: sha256(data) for path, data in files.items()}
    ours = {path for path in there if path in owned or path in wanted or _blocks(path, wanted)}
    edited = [
        path
        for path in sorted(ours - {LOCK})
        if there[path] not in (owned.get(path), wanted.get(path))
    ]
    lost = [f"{'edited' if path in owned else 'added'}: {path}" for path in edited]
    lost += [f"deleted: {path}" for path in owned if path in wanted and path not in there]
    if lost and not force:
        hint = "nothing was touched; --force writes over these edits"
        raise VendorError("\n".join([*lost, hint]))
    held = {path: there[path] for path in ours}
    kept = sorted(there.keys() - ours)
    saved = {path: _free_name(folder, path, wanted) for path in edited}
    copies = {saved[path]: (folder / path).read_bytes() for path in edited}
    try:
        tree.write({**files, **copies}, folder, ours)
    except tree.ObstacleError as error:
        raise VendorError(f"{error}; nothing was touched") from None
    changes = _compared(held, wanted, added="new", changed="changed", removed="removed")
    return Written(changes, kept, saved)


def _free_name(folder: Path, path: str, wanted: Iterable[str]) -> str:
    """Where a copy of an edited file is kept: beside it, under a name that nothing has.

    Where its folder goes, since a file is wanted in its place, the copy is at the top.
    """
    base = (
        path if not any(path.startswith(f"{file}/") for file in wanted) else path.replace("/", "_")
    )
    names = (f"{base}.orig{'' if n == 1 else n}" for n in itertools.count(1))
    return next(name for name in names if not os.path.lexists(folder / name))


def _blocks(path: str, wanted: Iterable[str]) -> bool:
    """Whether a file is where a folder is wanted, or the other way round."""
    return any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in wanted)

"""{path: bytes} to a folder that holds that beside what others keep there, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parents[1]
GENERATED = HERE.parent / "generated"
# The paths that were written, which alone may be deleted.
MANIFEST = "manifest.txt"
MANIFEST_HEAD = "# Written by `python -m codegen generate`, which deletes what it no longer makes."
# A note of what was found to be in step; not committed, so that elsewhere all is made and compared.
STAMP = ".digest"
# What is made and what is replaced wait here while files are moved.
RUN = ".fluxframe-run"
_IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache", ".git", STAMP, RUN}
_GENERATORS = ("datamodel-code-generator", "jinja2", "pydantic", "pyyaml", "ruff")


class ObstacleError(Exception):
    """What stands where a file is to be written, and is not the generator's to replace."""


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and the list of their paths, sorted."""
    lines = [MANIFEST_HEAD, *sorted({*files, MANIFEST})]
    return dict(sorted({**files, MANIFEST: "".join(f"{x}\n" for x in lines).encode()}.items()))


def owned(root: Path) -> list[str]:
    """The paths that the manifest of a folder lists; none without a manifest of ours."""
    path = root / MANIFEST
    if path.is_symlink() or not path.is_file():
        return []
    head, *lines = path.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    if head != MANIFEST_HEAD:
        return []
    return [*filter(_is_inside, lines), *([] if MANIFEST in lines else [MANIFEST])]


def _is_inside(path: str) -> bool:
    """Whether a path of a list can only lead into the folder, and to no repository in it."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not {"..", "/", ".git"} & {*parts} and parts[0][:1] != "/"


def same(one: bytes, other: bytes) -> bool:
    """Whether two texts are the same but for how a checkout ends their lines."""
    return one == other or unix(one) == unix(other)


def unix(text: bytes) -> bytes:
    """A text with the ends of lines that it is emitted with."""
    return text.replace(b"\r\n", b"\n")


def differences(files: Mapping[str, bytes], root: Path = GENERATED) -> list[str]:
    """What has to be written or deleted for `root` to hold just `files`, one line each."""
    there = set(present(root))
    lines = [f"missing: {path}" for path in files if path not in there]
    lines += [f"not generated: {path}" for path in there if path not in files]
    lines += [f"changed: {path}" for path in files if path in there and _differs(files, root, path)]
    return sorted(lines)


def _differs(files: Mapping[str, bytes], root: Path, path: str) -> bool:
    """Whether another text, or no plain file, is where a file is wanted."""
    place = root / path
    return not _is_plain(place) or not same(place.read_bytes(), files[path])


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def write(
    files: Mapping[str, bytes], root: Path = GENERATED, ours: Collection[str] = ()
) -> list[str]:
    """Make `root` hold `files`, without those of `ours` that are not among them.

    Returns the paths that were written or deleted. Nothing else is touched: what others keep
    there stays where it is. All files are written before any is moved, and a run that fails or is
    cut off is undone, so that a crash or a full disk leaves the old files or the new ones.
    Raises ObstacleError, with nothing touched, where a file of others or a link is in the way.
    """
    recover(root)
    gone = [path for path in ours if path not in files and _is_plain(root / path)]
    changed = [
        path for path in files if not os.path.lexists(root / path) or _differs(files, root, path)
    ]
    if not gone and not changed:
        return []
    _check_places(root, changed, {*ours})
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        _stage({path: files[path] for path in changed}, root)
        _move(changed, gone, root)
    except BaseException:
        recover(root)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise
    return sorted({*changed, *gone})


def _check_places(root: Path, changed: Iterable[str], ours: Collection[str]) -> None:
    """Refuse to write through links, and over what is not ours."""
    for path in changed:
        for above in reversed(PurePosixPath(path).parents):
            folder = root / above
            if folder.is_symlink() and folder != root:
                raise ObstacleError(f"{folder} is a link, and nothing is written through links")
            if os.path.lexists(folder) and not folder.is_dir() and str(above) not in ours:
                raise ObstacleError(f"{folder} is a file, and a folder is needed there")
        place = root / path
        if place.is_dir() and not place.is_symlink():
            inside = {f"{path}/{below}" for below in present(place)}
            if not inside or inside - {*ours} or any(place.rglob(".git")):
                raise ObstacleError(f"{place} is a folder, and a file is to be written there")
        elif os.path.lexists(place) and not _is_plain(place):
            raise ObstacleError(f"{place} is a link, or is not a file; remove it first")
        elif place.is_file() and path not in ours:
            raise ObstacleError(f"{place} was not written by the generator; move it first")


def _stage(files: Mapping[str, bytes], root: Path) -> None:
    """Write what is new beside its place, and at last the plan that makes a run worth undoing."""
    for path, data in files.items():
        staged = root / RUN / "new" / path
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(data)
        place = root / path
        if place.is_file():
            shutil.copymode(place, staged)
    (root / RUN).mkdir(parents=True, exist_ok=True)
    added = [path for path in files if not os.path.lexists(root / path)]
    (root / RUN / "plan.new").write_bytes(json.dumps(added).encode())
    (root / RUN / "plan.new").rename(root / RUN / "plan")


def _move(changed: Iterable[str], gone: Iterable[str], root: Path) -> None:
    """Put aside what is replaced or goes, and put what is new in its place."""
    run = root / RUN
    for path in (*gone, *changed):
        if _is_plain(root / path):
            _carry(root / path, run / "old" / path)
    for path in gone:
        _prune(root, path)
    for path in changed:
        _carry(run / "new" / path, root / path)
    (run / "plan").unlink()  # From here on the new files stand.
    shutil.rmtree(run, ignore_errors=True)


def _carry(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def _prune(root: Path, path: str) -> None:
    """Take away the folders above a path that nothing is left in, but for caches of what went."""
    for above in PurePosixPath(path).parents:
        folder = root / above
        if folder == root or not folder.is_dir() or _names(folder) - {"__pycache__"}:
            return
        shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def recover(root: Path) -> None:
    """Undo a run that was cut off: what it put aside comes back, and what it added goes."""
    run = root / RUN
    if (run / "plan").is_file():
        for path in json.loads((run / "plan").read_bytes()):
            if not (run / "new" / path).exists() and _is_plain(root / path):
                (root / path).unlink()
            _prune(root, path)
        for path in _files(run / "old"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (run / "old" / path).replace(root / path)
        (run / "plan").unlink()  # Only now: undoing can be cut off too.
    if run.is_dir() and not run.is_symlink():
        shutil.rmtree(run, ignore_errors=True)


def present(root: Path = GENERATED) -> list[str]:
    """The files below `root`, without what tools leave there, and without repositories."""
    return sorted(_files(root))


def _files(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in _IGNORED]
        place = Path(folder).relative_to(root)
        yield from ((place / name).as_posix() for name in (*names, *links) if name not in _IGNORED)


def in_step(spec: Path, root: Path = GENERATED) -> bool:
    """Whether `root` was found to be what `spec` says, and nothing has changed since."""
    stamp = root / STAMP
    return stamp.is_file() and stamp.read_bytes() == _digest(spec, root).encode()


def note(spec: Path, root: Path = GENERATED) -> None:
    """Note that `root` is what `spec` says."""
    stamp = root / STAMP
    if not stamp.is_symlink():
        stamp.write_text(_digest(spec, root), encoding="ascii")


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
            total.update(f"{path}\0{len(content)}\0".encode(errors="surrogateescape"))
            total.update(content)

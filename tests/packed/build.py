"""For `nox -s package`: builds the sdist and the wheel twice, and keeps them in `dist/` if they are the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"


def tracked(root: Path = ROOT) -> list[str]:
    """What git keeps, as it is in the folder. Exits where git can't tell."""
    return _listed(root, "--cached")


def strangers(root: Path = ROOT) -> list[str]:
    """What git does not keep, nor is told to ignore: it may be a key, and is not packed."""
    return _listed(root, "--others", "--exclude-standard")


def _listed(root: Path, *options: str) -> list[str]:
    words = ["git", "ls-files", "-z", *options]
    try:
        said = subprocess.run(words, cwd=root, capture_output=True, encoding="utf-8", check=True)
    except FileNotFoundError:
        sys.exit("git is not installed, which says what is packed")
    except subprocess.CalledProcessError as error:
        sys.exit(f"git can't say what is packed: {error.stderr.strip()}")
    return sorted(name for name in said.stdout.split("\0") if name and (root / name).is_file())


def copied(folder: Path, *, private: bool = False, at: float | None = None) -> Path:
    """A copy of the project: for its owner alone or for all, with times of its own."""
    for name in tracked():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
        if private:
            place.chmod(place.stat().st_mode & 0o700)
        if at is not None:
            os.utime(place, (at, at))
    return folder


def build(source: Path, target: Path, *what: str, **environment: str) -> dict[str, bytes]:
    """What is built of a copy, by the names of the files."""
    words: list[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--installer",
        "uv",
        "--outdir",
        target,
        *what,
        source,
    ]
    subprocess.run(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
    return {path.name: path.read_bytes() for path in target.iterdir()}


def main() -> int:
    """Build, compare, and print what the wheel holds; the exit status is 1 if the builds differ."""
    for name in strangers():
        print(f"{name}: left out, as git does not keep it", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        one = copied(here / "one")
        first = build(one, here / "first")  # The wheel from the sdist, as installers build it.
        other = copied(here / "another folder" / "two", private=True, at=1e9)
        surroundings = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
        second = build(other, here / "second", "--sdist", "--wheel", **surroundings)
    for name in sorted(first | second):
        hashes = [hashlib.sha256(each.get(name, b"")).hexdigest() for each in (first, second)]
        if hashes[0] != hashes[1]:
            print(f"{name}: two builds differ: {hashes[0]} and {hashes[1]}", file=sys.stderr)
            return 1
        print(f"{name}  {len(first[name]):,} bytes\n  sha256 {hashes[0]}, of two builds")
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    for name, data in first.items():
        (DIST / name).write_bytes(data)
    print_contents(next(DIST.glob("*.whl")))
    return 0


def print_contents(wheel: Path) -> None:
    """Print what a wheel holds, by folders: files, bytes, and bytes as they are packed."""
    files, sizes, packed = Counter[str](), Counter[str](), Counter[str]()
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            parts = entry.filename.split("/")[:-1]
            for folder in ("", *("/".join(parts[: at + 1]) for at in range(len(parts)))):
                files[folder] += 1
                sizes[folder] += entry.file_size
                packed[folder] += entry.compress_size
    print(f"{'files':>6} {'bytes':>10} {'packed':>10}  {wheel.name}")
    for folder in sorted(files):
        print(f"{files[folder]:6} {sizes[folder]:10,} {packed[folder]:10,}  {folder or 'in all'}")


if __name__ == "__main__":
    sys.exit(main())

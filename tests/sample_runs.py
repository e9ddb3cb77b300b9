"""The samples in `generated/samples`, run as a reader would run them, but many at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

# What each language needs; a sample is a file that ends so.
NEEDS = {"py": [], "sh": ["sh", "curl", "jq"], "mjs": ["node"]}
# Each in a thread of one process.
_PYTHON = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_, job, *paths = sys.argv
sys.argv = ["sample.py", job]

def run(path):
    exec(compile(Path(path).read_text(encoding="utf-8"), path, "exec"), {"__name__": "__main__"})

with ThreadPoolExecutor(len(paths)) as pool:
    for running in [pool.submit(run, path) for path in paths]:
        running.result()
"""
_NODE = """
import { pathToFileURL } from "node:url";
await Promise.all(process.argv.slice(3).map((path) => import(pathToFileURL(path))));
"""
_TIMEOUT = 90  # Seconds.


def skip_without(language: str) -> None:
    """Skip the test where a program is missing that samples in the language need."""
    if language == "sh" and sys.platform == "win32":
        pytest.skip("samples for sh are for systems that have one of their own")
    if missing := [name for name in NEEDS[language] if shutil.which(name) is None]:
        pytest.skip(f"samples for {language} need {', '.join(missing)}, which is not installed")


def run(path: Path, *arguments: str, cwd: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
    """Run one sample; returns its exit status, and what it printed to stdout and stderr."""
    program = {"py": sys.executable, "sh": "sh", "mjs": "node"}[path.suffix[1:]]
    return _done([program, str(path), *arguments], cwd, env)


def run_all(paths: Sequence[Path], job: str, *, cwd: Path, env: Mapping[str, str]) -> None:
    """Run samples of one language at once, those that go on from a job from this one.

    Raises AssertionError with what they printed if one of them fails.
    """
    match paths[0].suffix:
        case ".py":
            ends = [_done([sys.executable, "-c", _PYTHON, job, *map(str, paths)], cwd, env)]
        case ".mjs":
            (cwd / "all.mjs").write_text(_NODE, encoding="utf-8")
            ends = [_done(["node", "all.mjs", job, *map(str, paths)], cwd, env)]
        case _:
            with ThreadPoolExecutor(16) as pool:  # Each sleeps for nearly all of its time.
                ends = list(pool.map(lambda path: run(path, job, cwd=cwd, env=env), paths))
    for status, out, error in ends:
        assert status == 0, f"{out}{error}"


def _done(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=_TIMEOUT,
    )
    return done.returncode, done.stdout, done.stderr

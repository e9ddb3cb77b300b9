"""No test runs on a generated/ that is not what spec/ and codegen/ make."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project whose tests are one that passes."""
    for name in ("spec", "codegen", "generated"):
        ignored = shutil.ignore_patterns("__pycache__", ".digest")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "LICENSE", "tests/conftest.py", "tests/in_step.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tests/__init__.py").touch()
    (tmp_path / "tests/test_one.py").write_text("def test_one(): pass\n", encoding="utf-8")
    return tmp_path


Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def run_tests(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_python(copy, "-m", "pytest", "-q", *arguments)


def ask(copy: Path, *_: str) -> subprocess.CompletedProcess[str]:
    """What the tests ask before they begin, without the rest that they load."""
    return run_python(copy, "-c", "from tests.in_step import stop_if_not; stop_if_not()")


def run_python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**kept, "PYTHONPATH": os.pathsep.join([str(copy / "generated"), str(copy)])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_what_is_in_step_is_tested(copy: Path) -> None:
    done = run_tests(copy, "-n", "0")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    ("place", "run"),
    [("codegen/runtime/_errors.py", run_tests), ("generated/fluxframe/_errors.py", ask)],
)
def test_a_stale_copy_stops_the_tests_with_one_line(place: str, run: Run, copy: Path) -> None:
    with (copy / place).open("a", encoding="utf-8") as file:
        file.write("syntax error\n")
    done = run(copy, "-n", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "generated/ is out of step with spec/ and codegen/ "
        "(changed: fluxframe/_errors.py); run: python -m codegen generate\n"
    )


def test_a_spec_with_problems_stops_the_tests_with_one_line(copy: Path) -> None:
    (copy / "spec/api.yaml").write_text("nothing: 1\n", encoding="utf-8")
    done = ask(copy)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("spec/ has problems (")
    assert done.stderr.endswith("); run: python -m codegen lint\n")

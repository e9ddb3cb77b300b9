"""The examples of programs that are tested with the emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_plugin import run

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["thumbnails"])
def test_an_example_and_its_tests_pass(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_bytes((EXAMPLES / f"{name}.py").read_bytes())
    tests = (EXAMPLES / f"tests_of_{name}.py").read_text(encoding="utf-8")
    status, said = run(tmp_path, tests, "-W", "error")
    assert status == 0, said
    assert f"{tests.count('def test_')} passed" in said

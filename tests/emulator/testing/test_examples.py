"""The examples of programs that are tested with the emulator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .test_plugin import run

EXAMPLES = Path(__file__).parents[2] / "examples"
README = EXAMPLES.parents[1] / "README.md"


@pytest.mark.parametrize("name", ["thumbnails"])
def test_an_example_and_its_tests_pass(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_bytes((EXAMPLES / f"{name}.py").read_bytes())
    tests = (EXAMPLES / f"tests_of_{name}.py").read_text(encoding="utf-8")
    status, said = run(tmp_path, tests, "-W", "error")
    assert status == 0, said
    assert f"{tests.count('def test_')} passed" in said


def test_the_tests_that_the_readme_shows_are_those_of_an_example() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES.glob("tests_of_*.py"))
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    shown = [
        block for block in blocks if re.search(r"^def test_\w+\(emulator", block, re.MULTILINE)
    ]
    for block in shown:
        for test in block.strip().split("\n\n\n"):
            assert test in tests

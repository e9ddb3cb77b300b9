"""Fifty-one models: what each adds, and what type checkers say of a wrong argument among them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.emit import tree
from codegen.emit.package import emit
from codegen.naming import class_name
from codegen.spec.load import SPEC, read, resolve

from ..strategies import MODELS, WHOLE

COUNT = 51
WRONG = {
    "widht": "widht=512",
    "width": 'width="512"',
    "prompt_upsampling": "prompt_upsampling=None",
    "output_format": 'output_format="gif"',
}


def many() -> dict[str, bytes]:
    """The spec with copies of its largest model."""
    files = read(SPEC)
    largest, path = max(
        ((m.id, m.file) for m in WHOLE.models.values()), key=lambda m: len(files[m[1]])
    )
    text = files[path].decode()
    for number in range(COUNT - len(MODELS)):
        id = f"{largest}-{number}"
        files[path.replace(largest, id)] = text.replace(largest, id).encode()
    return files


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    tree.write(emit(resolve(many())), folder)
    return folder


def lines(files: dict[str, bytes]) -> int:
    """What is emitted for models, in Python and as data, without the OpenAPI document."""
    return sum(
        data.count(b"\n")
        for path, data in files.items()
        if path.startswith(("fluxframe/_emitted/", "fluxframe/types")) and "openapi" not in path
    )


def test_a_further_model_adds_at_most_sixty_lines() -> None:
    files = many()
    fewer = {path: data for path, data in files.items() if not path.endswith("-0.yaml")}
    assert 0 < lines(emit(resolve(files))) - lines(emit(resolve(fewer))) <= 60


def test_type_checkers_name_a_wrong_argument_in_few_words(package: Path) -> None:
    kind = class_name("flux-2-pro")
    calls = [f'{kind}(prompt="a fox", {wrong})' for wrong in WRONG.values()]
    source = "\n".join([f"from fluxframe.types import {kind}", *calls, ""])
    (package / "wrong.py").write_text(source, encoding="utf-8")
    (package / "pyrightconfig.json").write_text("{}", encoding="utf-8")
    run: dict[str, Any] = {"cwd": package, "capture_output": True, "text": True, "check": False}
    mypy = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--follow-imports=silent", "wrong.py"],
        **run,
    )
    told = [line for line in mypy.stdout.splitlines() if ": error: " in line]
    pyright = subprocess.run(
        [
            sys.executable,
            "-m",
            "pyright",
            "--pythonpath",
            sys.executable,
            "--outputjson",
            "wrong.py",
        ],
        **run,
    )
    found = [each["message"] for each in json.loads(pyright.stdout)["generalDiagnostics"]]
    for messages in (told, found):
        assert len(messages) == len(WRONG), messages
        for message, name in zip(messages, WRONG, strict=True):
            assert name in message
            assert len(message) <= 1000

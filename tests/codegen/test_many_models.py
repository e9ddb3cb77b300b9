"""Fifty-one models: what each adds, and what type checkers say of a wrong argument among them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import pytest

from codegen.emit import tree
from codegen.emit.package import emit
from codegen.naming import class_name
from codegen.spec.load import resolve

from ..strategies import MODELS, ONE_OF_EACH_FAMILY
from .few import FILES, WHOLE, emitted_of, few

COUNT = 51
WRONG = {
    "widht": "widht=512",
    "width": 'width="512"',
    "prompt_upsampling": "prompt_upsampling=None",
    "output_format": 'output_format="gif"',
}


def copied(files: dict[str, bytes], id: str, count: int) -> dict[str, bytes]:
    """The spec with so many copies of a model."""
    path = WHOLE.models[id].file
    stands_for = WHOLE.discriminator_value(WHOLE.models[id])
    # Not the name of the family, and no part of another.
    names = f"{re.escape(id)}|{re.escape(stands_for)}"
    own = re.compile(rf"(?<!family: )(?<![\w.-])({names})(?![\w.-])")
    copies = {
        str(PurePath(path).with_name(f"{id}-{number}.yaml")): own.sub(
            rf"\1-{number}", files[path].decode()
        ).encode()
        for number in range(count)
    }
    return {**files, **copies}


def many() -> dict[str, bytes]:
    """The spec with copies of its largest model, as far as it has not so many."""
    size = {PurePath(path).stem: len(data) for path, data in FILES.items()}
    return copied(FILES, max(MODELS, key=size.__getitem__), COUNT - len(MODELS))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    tree.write(emit(resolve(many())), folder)
    return folder


def lines(files: Mapping[str, bytes]) -> int:
    """What is emitted for models, in Python and as data, without the OpenAPI document and vectors.

    Of vectors, there are as many for each constraint: see `vectors/`.
    """
    return sum(
        data.count(b"\n")
        for path, data in files.items()
        if path.startswith(("fluxframe/_emitted/", "fluxframe/types"))
        and not path.startswith(("fluxframe/_emitted/openapi", "fluxframe/_emitted/vectors/"))
    )


@pytest.mark.parametrize("model", ONE_OF_EACH_FAMILY)
def test_a_further_model_adds_some_lines_and_a_few_for_each_parameter(model: str) -> None:
    more = emit(resolve(copied(few(model), model, 1)))
    most = 28 + 4 * len(WHOLE.models[model].parameters)
    assert 0 < lines(more) - lines(emitted_of(model)) <= most


@pytest.mark.types
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

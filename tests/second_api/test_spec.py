"""The spec of the invented API is sound, and what is made of it has nothing of the other one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.emit.package import emit
from codegen.spec.load import read, resolve
from codegen.spec.whole import Spec

from ..codegen.test_no_api_facts import ALLOWED, WORDS, found
from .conftest import PACKAGE, SPEC


def test_its_spec_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--spec", str(SPEC), "lint"]) == 0
    assert capsys.readouterr().out == "No problems.\n"


def test_all_kinds_of_operations_are_told_by_structure(spec: Spec) -> None:
    assert {name: spec.kind_of(op) for name, op in spec.operations.items()} == {
        "pictures.paint": "submit",
        "pictures.refine": "submit",
        "tasks.get": "job",
        "tasks.list": "jobs",
        "tasks.remove": "empty",
        "studio": "account",
        "engines": "catalogue",
        "files.keep": "upload",
    }


def test_a_field_of_a_form_that_is_needed_has_no_default_in_python() -> None:
    files = read(SPEC)
    said = files["operations.yaml"].decode()
    assert "default: reference" in said
    files["operations.yaml"] = said.replace("default: reference", "required: true").encode()
    code = emit(resolve(files))["fluxframe/_emitted/resources.py"].decode()
    assert 'purpose: Literal["reference", "mask"],' in code
    assert "days: int | None = None," in code


def test_its_document_says_how_requests_are_made(project: Path) -> None:
    text = (project / PACKAGE.replace(".", "/") / "_emitted" / "openapi.json").read_text()
    document: dict[str, Any] = json.loads(text)
    scheme = document["components"]["securitySchemes"]["apiKey"]
    assert (scheme["type"], scheme["scheme"], scheme["x-prefix"]) == ("http", "bearer", "pw-")
    operation = document["paths"]["/tasks/{uuid}"]["delete"]
    assert operation["x-kind"] == "empty"
    assert "content" not in operation["responses"]["204"]
    orders = document["components"]["schemas"]["RefineOrder"]["discriminator"]
    assert orders["propertyName"] == "kind"
    assert set(orders["mapping"]) == {"enlarge", "again"}


def test_nothing_of_the_other_api_is_in_what_is_made_for_it(project: Path) -> None:
    folder = project.joinpath(*PACKAGE.split("."))
    sources = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in (".py", ".json")
    }
    here = found(WORDS - set(ALLOWED), sources)
    assert not here, "\n" + "\n".join(here)


@pytest.mark.types
@pytest.mark.parametrize(
    "command",
    [
        ["mypy", "--strict", "--explicit-package-bases"],
        ["pyright", "--pythonpath", sys.executable],
    ],
    ids=["mypy", "pyright"],
)
def test_type_checkers_have_nothing_to_say_of_the_package(
    command: list[str], project: Path
) -> None:
    folder = str(project.joinpath(*PACKAGE.split(".")))
    done = subprocess.run(
        [sys.executable, "-m", *command, folder],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""The spec of the invented API is sound, and what is made of it has nothing of the other one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import codegen
from codegen.__main__ import main
from codegen.emit.package import emit
from codegen.spec.load import load, read, resolve
from codegen.spec.schema import Role, Schema
from codegen.spec.whole import Spec

from .conftest import PACKAGE, SPEC

PYDANTIC = {"model_type"}  # A word of its errors too.
CODEGEN = Path(codegen.__file__).parent


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


def words_of(spec: Spec) -> Iterator[str]:
    """What names the other API and nothing else: its own words, and members that no other would have."""
    api = spec.api
    yield from (api.name, api.base_url, api.authentication.header, api.authentication.prefix)
    yield from (api.environment.api_key, api.environment.base_url)
    yield from (api.webhooks.event_header, api.webhooks.signature_header)
    yield from (operation.path for operation in spec.operations.values())
    yield from spec.models
    yield from filter(None, (family.container for family in spec.families.values()))
    yield from (f'"{status}"' for status in api.job.transitions)
    for definition in spec.objects.values():
        yield from filter(_is_camel, _names(definition))
    for family in spec.families.values():
        names = {name for name in family.parameters if "_" in name}
        yield from (f'"{name}"' for name in names.difference(get_args(Role), PYDANTIC))


def _names(schema: Schema) -> Iterator[str]:
    for name, member in (schema.properties or {}).items():
        yield name
        yield from _names(member)


def _is_camel(name: str) -> bool:
    return re.search(r"[a-z][A-Z]", name) is not None and name != "apiKey"  # A word of OpenAPI too.


def sources(project: Path) -> Iterator[tuple[str, str]]:
    """The generator with the runtime, and what was emitted for the invented API."""
    for folder in (CODEGEN, project.joinpath(*PACKAGE.split("."), "_emitted")):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in (".py", ".json", ".jinja"):
                yield path.relative_to(folder.parent).as_posix(), path.read_text(encoding="utf-8")


def test_nothing_of_the_other_api_is_in_python(project: Path) -> None:
    wanted = sorted({re.escape(word) for word in words_of(load()) if len(word) > 3})
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(wanted)})(?!\w)")
    found = [
        f"{name}:{number}: {word[0]}"
        for name, text in sources(project)
        for number, line in enumerate(text.splitlines(), 1)
        for word in pattern.finditer(line)
    ]
    assert not found, "\n" + "\n".join(found)


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

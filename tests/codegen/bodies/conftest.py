"""A spec to write to, and the command on a document."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.spec.load import SPEC as SPEC_FOLDER

from .documents import Json, Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the spec."""
    return Path(shutil.copytree(SPEC_FOLDER, tmp_path / "spec"))


@pytest.fixture
def run(folder: Path) -> Run:
    """The command on a document; returns its exit status."""

    def command(document: Json | str, *arguments: str) -> int:
        file = folder.parent / "api.json"
        text = document if isinstance(document, str) else json.dumps(document)
        file.write_text(text, encoding="utf-8")
        given = ["--spec", str(folder), "new-model", "--from-openapi", str(file), *arguments]
        return main(given)

    return command

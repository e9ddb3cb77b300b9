"""The invented API as a package of another project, and its emulator."""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.spec.load import load
from codegen.spec.whole import Spec

SPEC = Path(__file__).parent / "spec"
# As another project names it.
PACKAGE = "acme_studio.paint"

for _name in [name for name in os.environ if name.startswith("PAINTWORKS_")]:
    del os.environ[_name]


@pytest.fixture(scope="session")
def spec() -> Spec:
    return load(SPEC)


def _made(folder: Path) -> None:
    """What is generated, and a copy of the package in the source root of another project."""
    said = ["--spec", str(SPEC), "--out", str(folder / "generated")]
    assert main([*said, "generate"]) == 0
    assert main([*said, "vendor", str(folder), "--package", PACKAGE, "--with", "cli"]) == 0


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source root of the other project; made once, whichever worker comes first."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = base / "second_api"
        folder.mkdir()
        _made(folder)
        return folder
    folder = base.parent / "second_api"
    try:
        folder.mkdir()
    except FileExistsError:
        while not (folder / "done").exists():
            assert not (folder / "broken").exists(), "it could not be made; another test says why"
            time.sleep(0.05)
        return folder
    try:
        _made(folder)
    except BaseException:
        (folder / "broken").touch()
        raise
    (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def paint(project: Path) -> Iterator[Any]:
    """The package, imported by its foreign name."""
    sys.path.insert(0, str(project))
    try:
        yield import_module(PACKAGE)
    finally:
        sys.path.remove(str(project))


@pytest.fixture(scope="session")
def types(paint: ModuleType) -> Any:
    return import_module(f"{PACKAGE}.types")


@pytest.fixture(scope="session")
def server(paint: ModuleType) -> Iterator[Any]:
    """Its emulator, on a real socket."""
    with import_module(f"{PACKAGE}.emulator").Emulator(job_seconds=0.05) as running:
        yield running


@pytest.fixture
def token() -> str:
    """An account of the test's own."""
    return f"pw-{uuid.uuid4().hex}"


@pytest.fixture
def client(paint: Any, server: Any, token: str) -> Iterator[Any]:
    with paint.Fluxframe(api_key=token, base_url=server.url) as made:
        yield made


@pytest.fixture(scope="session")
def document(project: Path) -> dict[str, Any]:
    path = project.joinpath(*PACKAGE.split("."), "_emitted", "openapi.json")
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made

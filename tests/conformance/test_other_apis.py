"""Sequences of invented APIs, whose words, paths, statuses and shapes are their own, on their emulators."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from codegen.emit import tree
from codegen.emit.package import emit
from codegen.spec.load import load, resolve
from codegen.spec.whole import Spec

from ..emulator.test_another_api import ATELIER
from ..second_api.conftest import SPEC as PAINTWORKS
from .asgi import Requests, emulator, findings, run

ORDERS: Requests = [
    (
        "pictures.paint",
        "Watercolour_XL",
        [{"engine": "Watercolour_XL", "words": f"lake {n}", "settings": {}} for n in range(3)],
    ),
    (
        "pictures.refine",
        "larger",
        [{"kind": "enlarge", "picture": "https://example.org/harbour.png"}],
    ),
]
WISHES: Requests = [
    ("prints.make", "hand", [{"press": "h", "text": "a fox", "many": n} for n in (1, 2, 3)])
]


def made(spec: Spec, name: str, folder: Path) -> None:
    """A package of a name, which can be imported."""
    tree.write(emit(spec), folder)
    (folder / "fluxframe").rename(folder / name)
    sys.path.insert(0, str(folder))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Spec]]:
    """The packages of the APIs by their names, with their specs."""
    parts = {
        f"{n}.yaml": yaml.safe_dump(part).encode() for n, part in yaml.safe_load(ATELIER).items()
    }
    specs = {"paintworks_asked": load(PAINTWORKS), "atelier_asked": resolve(parts)}
    before = [*sys.path]
    for name, spec in specs.items():
        made(spec, name, tmp_path_factory.mktemp(name))
    yield specs
    sys.path[:] = before
    for name in [name for name in sys.modules if name.split(".")[0] in specs]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "requests"), [("paintworks_asked", ORDERS), ("atelier_asked", WISHES)]
)
def test_an_invented_api_does_as_documented(
    packages: dict[str, Spec], name: str, requests: Requests
) -> None:
    key = f"{packages[name].api.authentication.prefix}{uuid.uuid4().hex}"
    done = run(emulator(package=name), requests, key=key, package=name)
    assert findings(done) == set()
    assert [o.vector for o in done if o.verdict != "pass"] == []
    asked = {o.vector.split("/")[0] for o in done}
    assert asked >= packages[name].operations.keys()

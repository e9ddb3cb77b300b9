"""What is decided does not hang on wording: with every message reworded, all decisions stay.

The generator is loaded a second time, with other words in each message of the rooms that read and
compare specs, and is given what the tests of lint, diff and drift are given.
"""

from __future__ import annotations

import ast
import copy
import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path, PurePath
from types import CodeType, ModuleType
from typing import Any

import pytest

import codegen

from .compare.test_changes import CASES, OWN
from .compare.test_diff import CHANGES
from .few import few, written
from .spec.test_lint import BROKEN, edited

# Of the models that the changes are of.
FILES = few(
    "flux-2-flex", "flux-2-pro", *(PurePath(path).stem for path, *_ in CHANGES if "models/" in path)
)
ALIAS = "reworded_codegen"
ROOT = Path(codegen.__file__).parent
ROOMS = ("spec", "compare", "commands")
WORD = re.compile(r"\{\w*\}|%\(\w+\)s|[^\W\d_]{2,}")


class Rewording(ast.NodeTransformer):
    """Gives each text of two words or more other words, which no second place in the code has."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        # Patterns are not for people; one that reads a message would no longer match it.
        is_pattern = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re"
        return node if is_pattern else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str) or " " not in node.value or not WORD.search(node.value):
            return node
        tag = f"q{node.lineno}q{node.col_offset}"

        def other(match: re.Match[str]) -> str:
            return match[0] if match[0][0] in "{%" else match[0][::-1] + tag

        return ast.copy_location(ast.Constant(WORD.sub(other, node.value)), node)


class Loader(SourceFileLoader):
    """Compiles a module with its messages reworded; reads and writes no cached bytecode."""

    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(self.get_data(self.path))
        if Path(self.path).relative_to(ROOT).parts[0] in ROOMS:
            tree = ast.fix_missing_locations(Rewording().visit(tree))
        return compile(tree, self.path, "exec", dont_inherit=True)


class Finder(MetaPathFinder):
    """Finds the modules of `codegen` a second time, under another name."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        first, *rest = fullname.split(".")
        if first != ALIAS:
            return None
        place = ROOT.joinpath(*rest)
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        folders = [str(place)] if place.is_dir() else None
        loader = Loader(fullname, str(file))
        return spec_from_file_location(
            fullname, file, loader=loader, submodule_search_locations=folders
        )


@pytest.fixture(scope="module", autouse=True)
def _reworded() -> Iterator[None]:
    finder = Finder()
    sys.meta_path.insert(0, finder)
    yield
    sys.meta_path.remove(finder)
    loaded.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == ALIAS]:
        del sys.modules[name]


def both(module: str) -> list[Any]:
    """A module as it is, and reworded."""
    return [importlib.import_module(f"{package}.{module}") for package in ("codegen", ALIAS)]


def problems(load: Any, files: dict[str, bytes]) -> tuple[list[Any], str]:
    """Where a spec has problems, and with how much to say; and all that is said."""
    try:
        load.resolve(files)
    except ValueError as error:
        found: Any = error
        return [(p.position, bool(p.hint)) for p in found.diagnostics], str(error)
    return [], ""


def places(load: Any, files: dict[str, bytes]) -> list[Any]:
    return problems(load, files)[0]


def as_plain(places: list[Any]) -> Counter[Any]:
    return Counter((at.file, at.line, at.column, hinted) for at, hinted in places)


# A union whose branches all fail, a misspelt key that is required, and both beside another problem.
MERGED = {
    "union": ("maximum: 2048", "maximum: wide"),
    "mapping in place of a union": ("maximum: 2048", "maximum: {a: 1}"),
    "quoted words": ("title: Flux 2 Pro", "titel: Flux 2 Pro"),
    "two keys": ("title: Flux 2 Pro\nfamily: flux", "titel: Flux 2 Pro\nfamly: flux"),
    "value": ("values: [jpg, png, webp]", "values: [jpg, [png], webp]"),
}


@pytest.mark.parametrize("name", MERGED)
def test_problems_are_merged_alike(name: str) -> None:
    old, new = MERGED[name]
    text = FILES["models/flux/flux-2-pro.yaml"].decode()
    assert old in text
    files = {**FILES, "models/flux/flux-2-pro.yaml": text.replace(old, new, 1).encode()}
    here, there = (as_plain(places(load, files)) for load in both("spec.load"))
    assert here == there
    assert here


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_problems_stand_at_the_same_places(path: Path) -> None:
    files = edited(path.read_text(encoding="utf-8"))
    here, there = (problems(load, files) for load in both("spec.load"))
    assert as_plain(here[0]) == as_plain(there[0])
    assert here[0]
    assert here[1] != there[1]


def test_a_spec_with_problems_ends_the_command_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = written(edited(BROKEN[0].read_text(encoding="utf-8")), tmp_path / "spec")
    said = []
    for command in both("__main__"):
        assert command.main(["--spec", str(spec), "lint"]) == 1
        said.append(capsys.readouterr().err)
    assert said[0] != said[1]


def test_changes_have_the_same_effects() -> None:
    for path, old, new, *_ in CHANGES:
        text = FILES[path].decode().replace(old, new, 1)
        found = []
        for load, diff in zip(both("spec.load"), both("compare.diff"), strict=True):
            specs = load.resolve(FILES), load.resolve({**FILES, path: text.encode()})
            changes = [*diff.diff(*specs), *diff.diff(*reversed(specs))]
            # After the first space comes a part of the spec in words.
            found.append(
                Counter((change.effect.name, change.where.split()[0]) for change in changes)
            )
        assert found[0] == found[1]


def changed(change: Callable[[Any], object]) -> Any:
    """Our own document with a change."""
    document = copy.deepcopy(OWN)
    change(document)
    return document


DOCUMENTS = {
    "like ours": OWN,
    **{name: changed(case.change) for name, case in list(CASES.items())[::4]},
    "nothing": {"openapi": "3.1.0", "paths": {}},
}


@cache
def loaded() -> list[Any]:
    return [load.load() for load in both("spec.load")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_drift_has_the_same_verdicts(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(DOCUMENTS[name]), encoding="utf-8")
    found: list[Any] = []
    for command in both("__main__"):
        status = command.main(["drift", str(path), "--all", "--format", "json"])
        out = capsys.readouterr().out
        found.append([status, json.loads(out)["summary"] if out else None])
    for whole, drift in zip(loaded(), both("compare.drift"), strict=True):
        if found[0][0] == 2:
            continue
        found.append(
            [
                (f.topic.name, f.constraint, f.verdict.name, f.known)
                for f in drift.drift(DOCUMENTS[name], whole, "oas")
            ]
        )
    assert found[0] == found[1]
    assert found[2::2] == found[3::2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["lint"],
        ["lint", "--format", "json"],
        ["diff", str(ROOT.parent / "spec")],
        ["diff", "--", "no-such-revision"],
        ["drift", "nowhere.yaml"],
        ["drift", "ftp://example.com/openapi.json"],
        ["drift", str(ROOT / "naming.py")],
        ["explain", "flux-2-pro.width"],
        ["explain", "flux-2-pro"],
        ["explain", "flux-2-pro.heigth"],
        ["explain", "flux-3"],
        ["vendor", "nowhere", "--check"],
    ],
    ids=" ".join,
)
def test_commands_exit_alike(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    here, there = (command.main(arguments) for command in both("__main__"))
    assert here == there


def test_the_words_are_others() -> None:
    here, there = both("spec.descriptions")
    assert here.NO_ITEM_TWICE != there.NO_ITEM_TWICE
    assert here.__file__ == there.__file__

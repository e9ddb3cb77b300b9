"""Any text at any place of the spec: it is refused in words, or stays text in what is emitted.

One text is replaced at a time, values and keys alike; those that may be anything are also replaced
all at once. The whole sweep, some ten minutes, runs with `FLUXFRAME_SWEEP=1`.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import random
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from codegen.emit import tree
from codegen.emit.package import emit
from codegen.page.compose import model_scaffold
from codegen.spec.diagnostics import SpecError
from codegen.spec.document import parse
from codegen.spec.load import resolve
from codegen.spec.whole import Spec

from .few import few

SWEEP = bool(os.environ.get("FLUXFRAME_SWEEP"))
FILES = few("flux-2-flex", "flux-2-pro")
WHOLE = resolve(FILES)
CHUNKS = 200 if SWEEP else 2
CODE = "import os; BOOM = 1"
TEXTS = {
    "a docstring's end": f'"""\n{CODE}\n"""',
    "a docstring's end on one line": f'"""; {CODE} #',
    "single quotes": f"'''\n{CODE}\n'''",
    "out of a literal": '" + BOOM + "',
    "a backslash at the end": f'"""\n{CODE}\n\\',
    "a backslash before quotes": f'\\"""\n{CODE}\n#',
    "escapes": '\\N{x} \\u12 \\x \\"""; BOOM = 1; \\',
    "line breaks": "".join(f"a{end}{CODE}{end}" for end in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
    "Jinja": "{{ 7 * 7 }}{% raw %}{# x #}{% set BOOM = 1 %}",
    "placeholders": "{0} {x!r} %s %(x)d ${BOOM}",
    "what can't be seen": "a\0b\x1b[31mc\u202ed\u2066e\ufefff\ufdd0g\x7f\x9b",
    "ends of comments": f"*/ --> ]]> #\n{CODE}",
    "YAML": f": - # &a *b\n---\n...\n{CODE}",
    "dotted": f"x = 1\n{CODE}\nx.y",
    "a path": f"../../{CODE}/..",
    "nothing": "",
    "blank": " \n ",
    "a keyword": "class",
    "long": "x" * 20_000,
    "many words": f"{CODE} " * 500,
}  # fmt: skip


class Leaf(NamedTuple):
    """A text of the spec: a value, or a key."""

    file: str
    path: tuple[str | int, ...]
    start: int
    end: int
    key: bool = False


def leaves() -> Iterator[Leaf]:
    """Every text of every file of the spec."""

    def walk(file: str, node: yaml.Node, path: tuple[str | int, ...]) -> Iterator[Leaf]:
        inner: list[tuple[str | int, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield Leaf(file, (*path, key.value), *_span(key), key=True)
                inner.append((key.value, value))
        elif isinstance(node, yaml.SequenceNode):
            inner = list(enumerate(node.value))
        elif node.tag.endswith(":str"):
            yield Leaf(file, path, *_span(node))
        for name, child in inner:
            yield from walk(file, child, (*path, name))

    for file, data in FILES.items():
        root = yaml.compose(data.decode(), Loader=yaml.CSafeLoader)
        assert root is not None
        yield from walk(file, root, ())


def _span(node: yaml.Node) -> tuple[int, int]:
    assert node.start_mark is not None
    assert node.end_mark is not None
    return node.start_mark.index, node.end_mark.index


LEAVES = list(leaves())


def replaced(texts: dict[Leaf, str]) -> dict[str, bytes]:
    """The files of the spec with other texts at some of their leaves."""
    files = {file: data.decode() for file, data in FILES.items()}
    for leaf in sorted(texts, key=lambda leaf: leaf.start, reverse=True):
        old = files[leaf.file]
        # A block scalar ends after its last line.
        end = "\n" if old[leaf.start : leaf.end].endswith("\n") else ""
        files[leaf.file] = old[: leaf.start] + json.dumps(texts[leaf]) + end + old[leaf.end :]
    return {file: text.encode() for file, text in files.items()}


@cache
def shapes() -> dict[str, list[str]]:
    return {path: shape(data) for path, data in emitted_code(emit(WHOLE)).items()}


def emitted_code(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is made of the spec, without the runtime."""
    ours = ("fluxframe/_emitted/", "fluxframe/types.py", "samples/")
    return {p: data for p, data in files.items() if p.startswith(ours) and p.endswith(".py")}


def shape(source: bytes) -> list[str]:
    """The kinds of nodes of a module, without docstrings, which are missing where a text is empty."""
    module = ast.parse(source)
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [each for each in node.body if not _is_text(each)]
    return [type(node).__name__ for node in ast.walk(module)]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def has_no_code_of_the_text(files: dict[str, bytes]) -> None:
    for path, source in emitted_code(files).items():
        for node in ast.walk(ast.parse(source)):
            names = [getattr(node, key, None) for key in ("id", "name", "attr", "arg", "module")]
            assert not {"BOOM", "os"} & {*names}, path
    document = json.loads(files["fluxframe/_emitted/openapi.json"])
    assert yaml.load(files["openapi.yaml"], Loader=yaml.CSafeLoader) == document


def taken(texts: dict[Leaf, str]) -> Spec | None:
    """The spec, or None if it is refused in words."""
    try:
        return resolve(replaced(texts))
    except SpecError as error:
        assert str(error)
        return None


@cache
def free() -> list[Leaf]:
    """The values that may be any text, and name nothing: found by the class of the spec that has them."""
    prose = {"title", "summary", "description", "unit", "vendor", "signature", "version", "prefix"}
    return [
        leaf
        for leaf in LEAVES
        if not leaf.key
        and leaf.file != "formats.yaml"
        and (
            leaf.path[-1] in prose
            or "source" in leaf.path[-3:-1]
            or leaf.path[-2:-1] == ("readings",)
        )
        and not {"values", "properties", "quantity"} & {*leaf.path[-2:-1]}
    ]


def mixed(shift: int) -> Spec:
    """The spec with another text at each place that may be anything; another shift, other texts."""
    texts = list(TEXTS.values())
    spec = taken({leaf: texts[(n + shift) % len(texts)] for n, leaf in enumerate(free())})
    assert spec is not None
    return spec


@pytest.mark.parametrize("shift", range(len(TEXTS)) if SWEEP else (3, 11))
def test_all_prose_at_once(shift: int) -> None:
    """Nothing but constants and docstrings differs in the code, and the data are the spec's."""
    spec = mixed(shift)
    files = emit(spec)
    has_no_code_of_the_text(files)
    assert {path: shape(data) for path, data in emitted_code(files).items()} == shapes()
    family = json.loads(files["fluxframe/_emitted/families/flux.json"])
    for id, model in spec.models.items():
        found = family[id]["title"], family[id]["summary"], family[id]["description"]
        assert found == (model.title, model.summary, model.description)


def test_prose_comes_back_when_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = mixed(0)
    files = emit(spec)
    tree.write(
        {p.replace("fluxframe/", "hostile_fluxframe/", 1): d for p, d in files.items()}, tmp_path
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        package: Any = importlib.import_module("hostile_fluxframe")
        types: Any = importlib.import_module("hostile_fluxframe.types")
        resources: Any = importlib.import_module("hostile_fluxframe._emitted.resources")
        for name in types.__all__:
            assert getattr(types, name).__doc__ is not None  # Blank text is stripped since 3.13.
        for model in spec.models.values():
            here = package.models[model.id]
            assert (here.title, here.description) == (model.title, model.description)
            for name, parameter in model.parameters.items():
                found = next(p for p in here.parameters.values() if p.wire_name == name)
                assert found.summary == parameter.summary
        said = inspect.getdoc(resources.Jobs.get) or ""
        assert _words(spec.operations["jobs.get"].summary) in _words(said)
    finally:
        for name in [name for name in sys.modules if name.startswith("hostile_fluxframe")]:
            del sys.modules[name]


def _words(text: str) -> str:
    return " ".join(text.split())


def one_at_a_time() -> list[tuple[Leaf, str]]:
    pairs = [(leaf, kind) for leaf in LEAVES for kind in TEXTS]
    return pairs if SWEEP else random.Random(25).sample(pairs, 12)


@pytest.mark.parametrize(
    "places",
    [one_at_a_time()[n::CHUNKS] for n in range(CHUNKS)],
)
def test_one_text_at_a_time(places: list[tuple[Leaf, str]]) -> None:
    for leaf, kind in places:
        spec = taken({leaf: TEXTS[kind]})
        if spec is not None:
            has_no_code_of_the_text(emit(spec))
            for family in spec.families.values():
                scaffold_is_a_model_file(family.id, spec)


@pytest.mark.parametrize("place", ["id", "container", "format", "summary", "name"])
def test_a_family_stays_in_the_comments_of_a_scaffold(place: str) -> None:
    family = WHOLE.families["flux"]
    for text in TEXTS.values():
        shared = family.parameters["seed"]
        if place in ("format", "summary"):
            shared = shared.model_copy(update={place: text})
        name = text if place == "name" else "seed"
        update: dict[str, object] = {"parameters": {name: shared}}
        if place in ("id", "container"):
            update[place] = text
        scaffold_is_a_model_file("flux", WHOLE, family.model_copy(update=update))


def scaffold_is_a_model_file(id: str, spec: Spec, family: Any = None) -> None:
    text = model_scaffold("flux-9", None, family or spec.families[id]).text
    value: Any = parse("models/flux/flux-9.yaml", text.encode()).value
    assert {*value} == {
        *("id", "title", "family", "summary", "description", "source", "parameters", "examples")
    }


def test_half_of_a_surrogate_pair_is_refused_in_words() -> None:
    leaf = free()[0]
    assert taken({leaf: "\ud800"}) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("images.generate", f"x\"\"\"\n{CODE}\n\"\"\".y"),
        ("images.generate", f"x = 1\n{CODE}\nx.y"),
        ("jobs.get", "class.get"),
        ("jobs.get", "jobs.def"),
        ("jobs.get", "jobs.List"),
        ("jobs.get", "a.b.c"),
        ("jobs.get", ""),
        ("Job", "a/b"),
        ("BadRequest", "a b"),
        ("uuid", "é"),
    ],
)  # fmt: skip
def test_what_can_not_be_a_name_is_refused(old: str, new: str) -> None:
    named = [
        leaf
        for leaf in LEAVES
        if _text(leaf) == old and "properties" not in leaf.path[:-1] and leaf.path[-1] != "docs"
    ]
    assert named
    assert taken(dict.fromkeys(named, new)) is None


def _text(leaf: Leaf) -> str:
    if leaf.key:
        return str(leaf.path[-1])
    return FILES[leaf.file].decode()[leaf.start : leaf.end].strip("\"'")


@pytest.mark.parametrize("id", ["common", "class", "3d", "a b", "Common"])
def test_a_family_whose_module_can_not_be_imported_is_refused(id: str) -> None:
    files = {
        path.replace("families/flux.yaml", f"families/{id}.yaml").replace(
            "/flux/", f"/{id}/"
        ): data.replace(b"\nid: flux\n", f"\nid: {id}\n".encode()).replace(
            b"family: flux\n", f"family: {id}\n".encode()
        )
        for path, data in FILES.items()
    }
    with pytest.raises(SpecError, match="can't be the id of a family"):
        resolve(files)


@pytest.mark.parametrize("id", ["field", "literal", "request", "job-list", "strict-str"])
def test_a_model_whose_class_is_there_already_is_refused(id: str) -> None:
    files = dict(FILES)
    files[f"models/flux/{id}.yaml"] = files.pop("models/flux/flux-2-pro.yaml").replace(
        b"flux-2-pro", id.encode()
    )
    with pytest.raises(SpecError, match="which is there already"):
        resolve(files)

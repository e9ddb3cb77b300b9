"""The house: who imports whom, how long a file is, and that there is no way round in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"fluxframe": ROOT / "generated" / "fluxframe", "codegen": ROOT / "codegen"}
# Of the client's rooms, from the ground up: a module imports from its own room and those below.
FLOORS = (
    ("_version", "_clock", "_extras", "_locks", "_threads"),
    ("_saving",),
    ("_redact", "_numbers"),
    ("_spec",),
    ("_catalog",),
    ("_problems", "_describe"),
    ("_answers", "_emitted.answers", "_roles"),
    ("_life",),
    ("_errors",),
    ("_requests",),
    ("_limits",),
    ("_rules",),
    ("_check",),
    ("_wire",),
    ("_readers", "_waiting", "_wait_many", "_results"),
    ("_jobs", "_pages"),
    ("_submission",),
    ("_resources",),
    ("_emitted", "_request"),
    ("types", "webhooks", "batch"),
    ("_client",),
    ("",),
    ("conformance",),
    ("emulator",),
    ("testing",),
    ("cli",),
    ("__main__", "_pytest_entry"),
)


def imports(package: str) -> Mapping[str, set[str]]:
    """The modules of a package, each with those that it imports, TYPE_CHECKING and functions too."""
    root = PACKAGES[package]
    modules = {
        ".".join([package, *path.relative_to(root).with_suffix("").parts]).removesuffix(
            ".__init__"
        ): path
        for path in root.rglob("*.py")
        if not (package == "codegen" and "runtime" in path.parts)
    }
    return {name: set(_imported(name, path, modules)) - {name} for name, path in modules.items()}


def _imported(name: str, path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    here = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            parts = here.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1])
            module = f"{base}.{node.module}" if node.module else base
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in modules else module


@pytest.mark.parametrize("package", PACKAGES)
def test_no_import_leads_back(package: str) -> None:
    graph = imports(package)
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join([*way[way.index(module) :], module])
        if module not in done:
            for other in sorted(graph[module]):
                visit(other, (*way, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def floor(module: str) -> int:
    name = module.partition(".")[2]
    rooms = {room: number for number, floor in enumerate(FLOORS) for room in floor}
    known = [room for room in rooms if room == name or (name.startswith(f"{room}.") and room)]
    assert known, f"{module} is in no room; add it to FLOORS"
    return rooms[max(known, key=len)]


def test_the_client_is_built_from_the_ground_up() -> None:
    for module, others in imports("fluxframe").items():
        for other in others:
            if module == "fluxframe":  # It exports what is on all floors.
                continue
            assert floor(other) <= floor(module), f"{module} imports {other}"


def test_the_generator_knows_nothing_of_what_it_emits() -> None:
    for path in PACKAGES["codegen"].rglob("*.py"):
        if "runtime" not in path.parts:
            source = path.read_text(encoding="utf-8")
            assert "import fluxframe" not in source
            assert "from fluxframe" not in source


def test_the_emulator_shares_the_contract_with_the_client_and_no_check() -> None:
    allowed = {"fluxframe", *(f"fluxframe.{name}" for name in ("_client", "_clock", "_extras"))}
    for module, others in imports("fluxframe").items():
        if module.startswith("fluxframe.emulator"):
            outside = {other for other in others if not other.startswith("fluxframe.emulator")}
            assert outside <= allowed, module


def test_conformance_shares_the_contract_with_the_client_and_no_check() -> None:
    allowed = {
        f"fluxframe.{name}"
        for name in ("_clock", "_extras", "_locks", "_redact", "_saving", "_threads", "_version")
    }
    for module, others in imports("fluxframe").items():
        if module.startswith("fluxframe.conformance"):
            outside = {other for other in others if not other.startswith("fluxframe.conformance")}
            assert outside <= allowed, module


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("codegen", "tests/servers")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_file_and_its_functions_can_be_read(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or 0) - node.lineno - documented.count("\n")
            assert lines <= 60, f"{node.name}: {lines} lines"

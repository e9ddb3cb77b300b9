"""What is imported is declared, and without an extra the package says which one is missing."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import click
import pytest

import fluxframe
from fluxframe._extras import EXTRAS as HINTED
from fluxframe._extras import hint
from fluxframe.cli import cli
from fluxframe.emulator import Emulator

from ..test_rooms import imports

ROOT = Path(fluxframe.__file__).parent
PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))[
    "project"
]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
ROOMS = ("cli", "conformance", "emulator")

COMMANDS = cli.list_commands(click.Context(cli))


def named(requirements: Iterable[str]) -> set[str]:
    """The distributions of requirements, as they are compared."""
    names = [re.match(r"[\w.-]+", text) for text in requirements]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


BASE = named(PROJECT["dependencies"]) | {"pydantic-core"}  # Of pydantic, which pins it.
DISTRIBUTIONS = {
    module: named(names) for module, names in packages_distributions().items() if module != "tests"
}


PLUGIN = ("_pytest_entry.py", "pytest_plugin.py")  # Which pytest alone loads.


# What is declared


def third_parties(path: Path, *, at_once: bool) -> Iterator[str]:
    """The distributions whose modules a file imports: `at_once` when it is loaded, or ever."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes: Iterable[ast.AST] = tree.body if at_once else ast.walk(tree)
    for node in nodes:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [str(node.module)]
        for name in names:
            root = name.partition(".")[0]
            if root not in sys.stdlib_module_names:
                (distribution,) = DISTRIBUTIONS[root]
                yield distribution


def test_what_is_imported_is_declared() -> None:
    everything = BASE.union(*map(named, EXTRAS.values()))
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0]
        if room == "__pyinstaller":
            continue
        ready = BASE | named(EXTRAS.get(room, ()))
        if path.name == "_examples.py":  # Of `demo`, which asks for the emulator first.
            ready |= named(EXTRAS["emulator"])
        if path.name in PLUGIN:
            ready |= {"pytest"}
        assert set(third_parties(path, at_once=True)) <= ready, path
        assert set(third_parties(path, at_once=False)) <= everything | ready, path


# What is said of what is missing


def test_what_is_told_to_install_is_what_an_extra_brings() -> None:
    parts = {extra: names for extra, names in EXTRAS.items() if extra != "all"}
    assert parts == {extra: [*names] for extra, names in HINTED.items()}
    assert EXTRAS["all"] == ["fluxframe[emulator,conformance,cli]"]


def test_a_client_of_a_library_that_is_not_there_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(fluxframe.ConfigurationError) as caught:
        fluxframe.Fluxframe(api_key="afk_x", http_client="httpx2").me()
    assert str(caught.value).endswith(f"is not installed; install it with: {hint('httpx2')}")


@pytest.mark.skipif(sys.platform == "win32", reason="the shell of POSIX")
def test_a_shell_reads_it_as_it_is_meant(tmp_path: Path) -> None:
    for extra, names in HINTED.items():
        command = hint(extra).replace("pip", "printf '%s\\n'", 1)
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines() == ["install", *names]
    assert not [*tmp_path.iterdir()]  # `>` is of no redirection.


def closure(names: set[str]) -> set[str]:
    """The distributions that are installed with these."""
    found: set[str] = set()
    ahead = set(names)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            try:
                more = requires(name) or ()
            except PackageNotFoundError:  # For another platform or version.
                continue
            ahead |= named(text for text in more if "extra ==" not in text)
    return found


def hidden(extras: Iterable[str]) -> list[str]:
    """The modules that are not installed with these extras alone."""
    there = closure(BASE.union(*(named(EXTRAS[extra]) for extra in extras))) | {"fluxframe"}
    return [module for module, names in DISTRIBUTIONS.items() if not names & there]


PROGRAM = """
import contextlib, importlib, importlib.machinery, io, json, sys

hidden, modules, lines = json.loads(sys.argv[1])
finder = importlib.machinery.PathFinder
find = finder.find_spec

def find_spec(cls, name, path=None, target=None):
    return None if name.partition(".")[0] in hidden else find(name, path, target)

finder.find_spec = classmethod(find_spec)
for name in [n for n in sys.modules if n.partition(".")[0] in hidden]:
    del sys.modules[name]
said = {}
for name in modules:
    try:
        importlib.import_module(name)
        said[name] = "ok"
    except ModuleNotFoundError as error:
        said[name] = str(error)
ends = {}
for line in lines:
    sys.argv[1:] = line
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            from fluxframe.__main__ import main
            status = main()
        except SystemExit as end:
            status = end.code
    ends[line[0]] = [status, err.getvalue()]
print(json.dumps([said, ends]))
"""
LINES = {
    **{command: ["--help"] for command in COMMANDS},
    "generate": ["flux-2-pro", "a fox", "--interval", "0.01"],
    "wait": ["--help"],
    "jobs": [],
    "batch": ["rows.csv", "--journal", "journal", "--no-save", "--interval", "0.01"],
    "check": ["rows.csv"],
    "models": ["flux-2-pro"],
    "upload": ["picture.png"],
    "me": [],
    "verify-webhook": ["--help"],
    "demo": ["--job-seconds", "0"],
    "conformance": ["--model", "flux-2-pro", "--kind", "maximum"],
    "emulate": [],  # Needs two extras, so that it does not serve.
    "completion": ["fish"],
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8"
    "cfc0000003010100f7034143000000004945"
    "4e44ae426082"
)


@pytest.mark.parametrize(
    "extras", [(), ("cli",), ("emulator",), ("conformance",), ("httpx2",)], ids="+".join
)
def test_one_extra_alone_works_or_says_which_is_missing(
    extras: tuple[str, ...], tmp_path: Path, emulator: Emulator, key: str
) -> None:
    use_all(
        (sys.executable,),
        extras,
        tmp_path,
        hidden=hidden(extras),
        PYTHONPATH=str(ROOT.parent),
        APIFRAME_API_KEY=key,
        APIFRAME_BASE_URL=emulator.url,
    )


def use_all(
    python: tuple[str | Path, ...],
    extras: tuple[str, ...],
    folder: Path,
    *,
    hidden: list[str],
    **environment: str,
) -> None:
    """Import every module and call every command, of which each works or says which extra it needs."""
    (folder / "rows.csv").write_text("model,prompt\nflux-2-pro,a fox\n")
    (folder / "picture.png").write_bytes(PNG)
    modules = [
        name
        for name in imports("fluxframe")
        if ".__" not in name and f"{name.rpartition('.')[2]}.py" not in PLUGIN
    ]
    lines = [[name, *words] for name, words in LINES.items()]
    done = subprocess.run(
        [*python, "-c", PROGRAM, json.dumps([hidden, sorted(modules), lines])],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, ends = json.loads(done.stdout)
    for module, words in said.items():
        room = module.split(".")[1] if "." in module else ""
        missing = [extra for extra in ROOMS if f"of the extra '{extra}'" in words]
        assert words == "ok" or missing, f"{module}: {words}"
        assert not set(missing) & set(extras), words
        assert all(words.endswith(hint(extra)) for extra in missing), words
        # Tests are of the emulator.
        assert not missing or room in (*ROOMS, "testing"), words
    for command, (status, words) in ends.items():
        needs = ["cli", *(["emulator"] if command in ("demo", "emulate") else ())]
        needs += ["conformance"] if command == "conformance" else ()
        missing = [extra for extra in needs if extra not in extras]
        wrong = 2 if missing == ["conformance"] else 1
        assert status == (wrong if missing else 0), f"{command}: {words}"
        assert (
            not missing
            or f"of the extra '{missing[0]}'; install it with: {hint(missing[0])}" in words
        )
        assert "a bug in" not in words

"""The package where it is not a folder of files: in a zip, under another name, read by a freezer."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fluxframe

from ..test_rooms import imports

ROOT = Path(fluxframe.__file__).parent
EXTRAS = tuple(
    f"fluxframe.{name}"
    for name in ("cli", "conformance", "emulator", "testing", "__main__", "_pytest_entry")
)


def found_from(*modules: str) -> set[str]:
    """The modules that import statements lead to, as they do for PyInstaller."""
    graph = imports("fluxframe")
    found: set[str] = set()
    ahead = [*modules]
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.add(module)
            ahead += [*graph[module], module.rpartition(".")[0] or module]
    return found


def test_import_statements_lead_to_every_module() -> None:
    modules = {name for name in imports("fluxframe") if ".__pyinstaller" not in name}
    assert found_from("fluxframe.__main__", "fluxframe._pytest_entry") == modules
    client = {name for name in modules if not name.startswith(EXTRAS)}
    assert found_from("fluxframe") == client


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func
            called = name.id if isinstance(name, ast.Name) else getattr(name, "attr", "")
            if called in ("import_module", "__import__", "find_loader"):
                yield node


def test_no_other_package_is_loaded_by_a_name_that_no_statement_has() -> None:
    for path in ROOT.rglob("*.py"):
        for call in _calls(path):
            if ast.unparse(call.args[0]) == "'socksio'":  # Imported by a statement of httpcore's.
                continue
            assert len(call.args) == 2, f"{path}:{call.lineno}: of which package?"


def test_no_file_is_looked_for_beside_a_module() -> None:
    for path in ROOT.rglob("*.py"):
        if "__pyinstaller" not in path.parts:
            assert "__file__" not in path.read_text(encoding="utf-8"), path


PROGRAM = """
import sys
from inner._client_of_ours import Fluxframe, conformance, models, types, webhooks
from inner._client_of_ours.__main__ import main
from inner._client_of_ours.emulator import Emulator

with Emulator(job_seconds=0, follow="oas") as emulator, emulator.client() as client:
    job = client.images.generate(model="flux-2-pro", prompt="a fox").wait(interval=0.01)
    print(job.images[0].save("fox.jpg"), flush=True)
    report = conformance.run(
        emulator.url, "afk_a_key_of_ours", models=["flux-2-pro"], kinds=["maximum"]
    )
    assert report.requests and report.exit_status == 0
from inner._client_of_ours.testing import emulated
with emulated() as emulator, Fluxframe() as client:
    assert client.images.run(model="flux-2-pro", prompt="a fox").images[0].bytes()
assert "fluxframe" not in sys.modules
sys.argv[1:] = ["models"]
main()
"""


def test_a_renamed_copy_in_a_zip_makes_a_picture(tmp_path: Path) -> None:
    app = tmp_path / "app.pyz"
    with zipfile.ZipFile(app, "w") as packed:
        packed.writestr("__main__.py", PROGRAM)
        packed.writestr("inner/__init__.py", "")
        for path in ROOT.rglob("*"):
            if path.suffix in (".py", ".json"):
                packed.write(path, Path("inner/_client_of_ours") / path.relative_to(ROOT))
    done = subprocess.run(
        [sys.executable, app], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("fox.jpg\n")
    assert "  flux-2-pro " in done.stdout
    assert (tmp_path / "fox.jpg").read_bytes().startswith(b"\xff\xd8\xff")

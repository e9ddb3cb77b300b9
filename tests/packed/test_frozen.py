"""Programs made by PyInstaller; it is installed in a session of its own: `nox -s frozen`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxframe.emulator import Emulator

pytest.importorskip("PyInstaller")
pytestmark = pytest.mark.timeout(900)

CLIENT = """
from fluxframe import Fluxframe

with Fluxframe() as client:
    job = client.images.generate(model="flux-2-pro", prompt="a fox").wait(interval=0.1)
    job.images[0].save("fox.jpg")
"""
EMULATOR = """
from fluxframe.emulator import Emulator

for follow in (None, "oas"):
    with Emulator(job_seconds=0, follow=follow) as emulator, emulator.client() as client:
        url = client.uploads.create("fox.jpg").url if follow else None
        given = {"input_images": [url]} if url else {}
        job = client.images.run(model="flux-2-pro", prompt="a fox", **given)
        job.images[0].save("fox.jpg")
        emulator.requests.one(operation="images.generate")
"""
COMMAND_LINE = """
from fluxframe.__main__ import main

main()
"""


def frozen(folder: Path, source: str) -> Path:
    """The program that PyInstaller makes, which is run where no Python is found."""
    (folder / "program.py").write_text(source)
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--log-level", "WARN", "program.py"],
        cwd=folder,
        check=True,
    )
    return folder / "dist" / "program" / "program"


def run(program: Path, *arguments: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [program, *arguments],
        cwd=program.parents[2],
        env={**kept, "PATH": "", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_program_makes_a_picture(tmp_path: Path, emulator: Emulator, key: str) -> None:
    program = frozen(tmp_path, CLIENT)
    run(program, APIFRAME_API_KEY=key, APIFRAME_BASE_URL=emulator.url)
    assert (tmp_path / "fox.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_a_program_draws_its_own_pictures(tmp_path: Path) -> None:
    run(frozen(tmp_path, EMULATOR))
    assert (tmp_path / "fox.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_the_command_line_has_all_that_it_loads(tmp_path: Path) -> None:
    program = frozen(tmp_path, COMMAND_LINE)
    made = json.loads(run(program, "demo", "--job-seconds", "0", "--json"))
    assert made
    assert [row["fault"] for row in made] == [None] * len(made)
    for command in ("generate", "batch", "wait", "verify-webhook"):
        assert run(program, command, "--help")
    assert run(program, "completion", "bash")
    assert "flux-2-pro" in run(
        program, "conformance", "--dry-run", "--base-url", "http://127.0.0.1:1"
    )

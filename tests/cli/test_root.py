"""The command itself: its help, what it loads, and the end of its process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fluxframe.cli import cli
from fluxframe.cli._commands import submissions

from .shells import (
    COMMAND,
    MODELS,
    PATIENCE,
    Shell,
)

GENERATE = submissions()["generate"].name
EDITED = MODELS.asked_by(submissions()["edit"].name)[0]
COMMANDS = list(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_speaks_json(name: str) -> None:
    if name in submissions():
        name = f"{name} {MODELS.asked_by(submissions()[name].name)[0]}"
    done = CliRunner().invoke(cli, [*name.split(), "-h"], prog_name="fluxframe")
    assert done.stdout.startswith(f"Usage: fluxframe {name} ")
    assert ("--json" in done.stdout) == (name != "emulate")
    assert "--api-key" not in done.stdout


def test_the_help_tells_of_the_exit_statuses_and_the_key() -> None:
    text = CliRunner().invoke(cli, ["--help"], prog_name="fluxframe").stdout
    for status in (0, 1, 2, 3, 130):
        assert re.search(rf"^  {status} +\w", text, re.MULTILINE)
    assert "APIFRAME_API_KEY" in text
    assert "There is no flag for it" in text
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], ["fluxframe._check", "httpx", "pydantic", "rich"]),
        (["generate", "flux-2-pro", "--help"], ["fluxframe._client", "httpx", "pydantic", "rich"]),
        (["models"], ["fluxframe._client", "httpx", "pydantic", "rich"]),
        (["check", os.devnull], ["fluxframe._client", "httpx", "pydantic", "rich"]),
    ],
    ids=["help", "model", "models", "check"],
)
def test_a_command_loads_what_it_needs(
    shell: Shell, arguments: list[str], absent: list[str]
) -> None:
    code = (
        "import sys\nfrom fluxframe.__main__ import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\n"
        f"finally:\n    sys.stderr.write(repr([m for m in {absent!r} if m in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=shell.environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_misspelt_command_or_model_is_told() -> None:
    for arguments, hint in (
        (["generat"], "did you mean generate?"),
        (["generate", "flux-2-por", "x"], "did you mean flux-2-pro?"),
        (["generate", "nonsense", "x"], f"expected {', '.join(MODELS.asked_by(GENERATE))}"),
        (["generate", EDITED, "x"], f"is asked for by `fluxframe edit {EDITED}`"),
    ):
        done = CliRunner().invoke(cli, arguments, prog_name="fluxframe")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert hint in done.stderr


def test_a_reader_that_leaves_is_no_matter(shell: Shell) -> None:
    with shell.process("models", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(PATIENCE) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_disk_that_is_full_is_told(shell: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "models"],
            env=shell.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "fluxframe: [Errno 28] No space left on device\n"

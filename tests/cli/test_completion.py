"""The command `fluxframe completion`."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from fluxframe.cli import cli

from .shells import (
    COMMAND,
    MODELS,
    PATIENCE,
    Shell,
)


def completed(words: str) -> list[str]:
    """What the bash is offered for the last word of a line."""
    parts = words.split(" ")
    environment = {
        "_FLUXFRAME_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(parts) - 1),
    }
    done = CliRunner().invoke(cli, [], env=environment, prog_name="fluxframe")
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_the_shell_completes_commands_models_flags_and_values() -> None:
    assert completed("fluxframe ver") == ["verify-webhook"]
    assert completed("fluxframe generate flux-2") == [m for m in MODELS if m.startswith("flux-2")]
    assert completed("fluxframe generate flux-2-pro --wi") == ["--width"]
    assert completed("fluxframe generate flux-2-dev --no-go") == ["--no-go-fast"]
    assert completed("fluxframe generate flux-2-pro x --output-format ") == ["jpg", "png", "webp"]
    assert completed("fluxframe models flux-1") == [m for m in MODELS if m.startswith("flux-1")]
    assert completed("fluxframe jobs --status QU") in (["QUEUED"], ["queued"])


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(name: str) -> None:
    script = CliRunner().invoke(cli, ["completion", name], prog_name="fluxframe").stdout
    assert f"_FLUXFRAME_COMPLETE={name}_complete" in script


def said_by(shell: Shell, name: str, *arguments: str) -> str:
    """What a shell prints that has nothing loaded but what it is given."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    command = shell.folder / "bin" / "fluxframe"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {" ".join(COMMAND[1:])} "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}:/usr/bin:/bin"
    done = subprocess.run(
        [program, *arguments],
        env=shell.environment(PATH=path, HOME=str(shell.folder)),
        cwd=shell.folder,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_zsh_completes_as_told_without_a_set_up_of_its_own(shell: Shell) -> None:
    line = 'eval "$(fluxframe completion zsh)"; print $_comps[fluxframe]'
    assert said_by(shell, "zsh", "-f", "-c", line) == "_fluxframe_completion\n"


def test_fish_shows_help_that_has_commas(shell: Shell) -> None:
    line = 'fluxframe completion fish | source; complete -C "fluxframe mo"'
    said = said_by(shell, "fish", "--no-config", "-c", line)
    value, _, help = said.strip().partition("\t")
    assert value == "models"
    assert "," in help


def test_what_can_not_be_completed_is_passed_over_in_silence() -> None:
    for variables in (
        {},
        {"COMP_WORDS": "fluxframe 'a"},
        {"COMP_WORDS": "fluxframe", "COMP_CWORD": "x"},
        {"COMP_WORDS": "fluxframe nonsense ", "COMP_CWORD": "2"},
    ):
        environment = {"_FLUXFRAME_COMPLETE": "bash_complete", **variables}
        done = CliRunner().invoke(cli, [], env=environment, prog_name="fluxframe")
        assert done.output == ""

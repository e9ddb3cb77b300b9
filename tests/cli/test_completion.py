"""The command `fluxframe completion`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from fluxframe.cli import cli

from .shells import (
    MODELS,
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
    assert completed("fluxframe models flux-1") == ["flux-1.1-pro"]
    assert completed("fluxframe jobs --status QU") in (["QUEUED"], ["queued"])


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(name: str) -> None:
    script = CliRunner().invoke(cli, ["completion", name], prog_name="fluxframe").stdout
    assert f"_FLUXFRAME_COMPLETE={name}_complete" in script

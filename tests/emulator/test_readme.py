"""What the README shows of the emulator is what happens."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from fluxframe.cli.commands.emulate import command
from fluxframe.emulator import Emulator, Fault

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks_after(heading: str) -> list[str]:
    """The blocks of code of a section."""
    _, _, rest = README.partition(f"{heading}\n")
    section = re.split(r"^##+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)


def test_a_job_is_waited_for_and_its_request_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(blocks_after("## Develop against the emulator")[1], {})
    assert (tmp_path / "fox.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    assert "$APIFRAME_API_KEY" in capsys.readouterr().out


def test_faults_are_met_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    code, scenario = blocks_after("### When it is to go wrong")
    exec(code, {"Emulator": Emulator})
    path = tmp_path / "bad-day.toml"
    path.write_text(scenario, encoding="utf-8")
    assert [planned.fault for planned in Emulator(scenario=path).faults] == [
        Fault(operation="images.generate", reset="after", rate=0.05)
    ]


def test_the_words_of_faults_are_listed() -> None:
    _, _, table = README.partition("| which requests (`*` is any text)")
    listed = set(re.findall(r"`(\w+)`", table.partition("\n\n")[0]))
    assert {field.name for field in fields(Fault)} <= listed


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_lines_of_curl_do_what_is_said(tmp_path: Path) -> None:
    lines = blocks_after("### Test a program that calls the API")[-1].splitlines()
    with Emulator() as emu:
        before = emu.clock.now()
        for line in lines:
            words = shlex.split(line.removeprefix("$ ").replace("http://127.0.0.1:8000", emu.url))
            done = subprocess.run(
                ["env", "-u", "http_proxy", *words], capture_output=True, timeout=30, check=True
            )
            json.loads(done.stdout)
        assert emu.clock.now() - before >= 3600


def test_the_options_that_are_told_of_are_there() -> None:
    _, _, rest = README.partition("## Develop against the emulator\n")
    section = rest.partition("\n## ")[0]
    told = set(re.findall(r"`(--[a-z-]+)", section))
    assert told <= {name for option in command.params for name in option.opts}

"""docs/command-line.md names each command, flag, exit status and variable that there is, and no other."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import fluxframe
from fluxframe.cli import cli
from fluxframe.cli._commands import submissions, summaries
from fluxframe.cli._root import ENVIRONMENT, EXIT_STATUSES
from fluxframe.emulator import Emulator

from .blocks import ROOT

PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def named_in_headings() -> list[str]:
    headings = re.findall(r"^### (`.*)$", PAGE, re.MULTILINE)
    return [name for heading in headings for name in re.findall("`([^`]+)`", heading)]


def section(title: str) -> str:
    """The text below a heading, up to the next."""
    found = re.search(rf"^#+ {title}\n(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def first_cells(table: str) -> list[str]:
    """What the first cells of a table name."""
    cells = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    return [name for cell in cells for name in re.findall("`([^`]+)`", cell)]


def flags_of(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from flags_of(inner, context)


def test_each_command_has_its_passage_and_no_other_has() -> None:
    assert sorted(named_in_headings()) == sorted(summaries())


def test_each_command_that_is_shown_exists() -> None:
    for line in re.findall(r"^\$ (.*)$", PAGE, re.MULTILINE):
        for name in re.findall(r"\bfluxframe ([a-z][a-z-]*)", line):
            assert name in summaries(), line
    for command, model in re.findall(r"fluxframe ([a-z-]+) ([a-z0-9][a-z0-9.-]*[a-z0-9]) ", PAGE):
        if command in submissions():
            assert fluxframe.models[model].operation == submissions()[command].name


def test_each_flag_that_is_named_exists() -> None:
    # A command keeps its help flags from the first context that asks for them.
    known = set(flags_of(cli, click.Context(cli, **cli.context_settings)))
    own = re.sub(r"pip install .*", "", PAGE)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", own)) <= known


def test_the_exit_statuses_are_those_of_the_help() -> None:
    assert first_cells(section("Exit status")) == [*EXIT_STATUSES]


def test_the_variables_are_those_of_the_help_and_more() -> None:
    named = first_cells(section("Environment"))
    told = [name for names in ENVIRONMENT for name in names.split(", ")]
    assert [name for name in named if name in told] == told


def shapes() -> dict[str, set[str]]:
    """The members that the table of JSON names, by the first command of each of its rows."""
    rows = re.findall(r"^\| `(.*?)`.*? \| (.*) \|$", section("In scripts"), re.MULTILINE)
    return {command: set(re.findall(r'"(\w+)":', shape)) for command, shape in rows}


def members(value: object) -> set[str]:
    """The names of all members of a JSON document."""
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set().union(*map(members, value)) if isinstance(value, list) else set()


def test_the_json_of_commands_has_the_members_that_the_table_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = "afk_page"
    Path("bad.jsonl").write_text('{"model": "flux-2-pro", "prompt": ""}\n', encoding="utf-8")
    Path("good.jsonl").write_text('{"model": "flux-2-pro", "prompt": "a"}\n', encoding="utf-8")
    body = b'{"event": "completed", "jobId": "1", "status": "COMPLETED"}'
    Path("event.json").write_bytes(body)
    secret = hashlib.sha256(key.encode()).digest()
    signature = f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
    calls = {
        "generate": "flux-2-pro fox --out fox.jpg",
        "batch": "good.jsonl --journal run.jsonl --out images",
        "check": "bad.jsonl",
        "verify-webhook": f"event.json --signature {signature}",
        "completion": "bash",
    }
    told = shapes()
    with Emulator(job_seconds=0) as emulator:
        variables = {"APIFRAME_API_KEY": key, "APIFRAME_BASE_URL": emulator.url}
        for name, words in calls.items():
            done = CliRunner().invoke(cli, [name, *words.split(), "--json"], env=variables)
            assert told[name], name
            assert told[name] <= members(json.loads(done.stdout)), name
    with Emulator(job_seconds=60) as slow:
        variables = {"APIFRAME_API_KEY": key, "APIFRAME_BASE_URL": slow.url}
        late = ["generate", "flux-2-pro", "a fox", "--deadline", "0.01", "--json"]
        done = CliRunner().invoke(cli, late, env=variables)
        assert done.exit_code == 3
        assert {"error", "type", "message", "hint"} <= members(json.loads(done.stdout))


@pytest.mark.parametrize("name", [n for n in summaries() if n != "emulate"])
def test_the_json_of_each_command_is_in_the_table(name: str) -> None:
    cells = first_cells(section("In scripts"))
    others = {other for other in submissions() if other != next(iter(submissions()))}
    assert name in cells or name in others

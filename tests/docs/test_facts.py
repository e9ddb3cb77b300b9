"""The lists of the guides are whole: options, words of faults, routes, formats, commands."""

from __future__ import annotations

import inspect
import re
import shlex
import textwrap
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml

from fluxframe.cli import cli
from fluxframe.cli.commands import conformance, emulate
from fluxframe.conformance.reports import FORMATS
from fluxframe.emulator import Emulator, Fault, WebhookFaults
from fluxframe.emulator._control.app import Control
from fluxframe.emulator._faults.garbage import GARBAGE
from fluxframe.emulator._service import Service
from fluxframe.emulator._state.accounts import Terms
from fluxframe.emulator._state.fate import KINDS

from .blocks import ROOT, blocks_of

EXAMPLES = ROOT / "tests/examples"
EMULATOR = (ROOT / "docs/emulator.md").read_text(encoding="utf-8")
CONFORMANCE = (ROOT / "docs/guides/conformance.md").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """A section of a page, with those inside it."""
    level, _, _ = heading.partition(" ")
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, heading
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def quoted(text: str) -> set[str]:
    """The words that a text has as code."""
    return set(re.findall(r"[\w*/.-]+", " ".join(re.findall(r"`([^`\n]+)`", text))))


def flags(command: click.Command) -> Iterable[str]:
    """The long names of a command's options."""
    return (max(option.opts, key=len) for option in command.params)


def test_the_options_of_the_emulator_are_listed() -> None:
    listed = quoted(section(EMULATOR, "## Start it"))
    assert set(flags(emulate.command)) <= listed
    assert {word for word in listed if word.startswith("--")} <= set(flags(emulate.command))


def test_the_words_of_faults_are_listed() -> None:
    listed = quoted(section(EMULATOR, "## Faults"))
    assert {field.name for field in fields(Fault)} | {*GARBAGE} | {*KINDS} <= listed


def test_the_words_of_the_faults_of_webhooks_are_shown() -> None:
    shown = section(EMULATOR, "## Webhooks")
    assert all(re.search(rf"\b{field.name}\b", shown) for field in fields(WebhookFaults))


def test_the_routes_of_the_control_api_are_listed() -> None:
    terms = Terms(job_seconds=0, credits=0, credits_per_megapixel=0)
    told = section(EMULATOR, "## Control it over HTTP")
    for route in Control(Service(terms), "/page")._routes:
        path = f"/_emulator{route.path}".replace("*", "ID")
        assert re.search(
            rf"`{route.method}[^|]*{re.escape(path)}[`?]|[^|]*`{re.escape(path)}`", told
        ), path


def test_what_python_has_of_the_emulator_is_there() -> None:
    names = re.findall(r"`emu\.(\w+)", section(EMULATOR, "## From Python"))
    public = {name for name, _ in inspect.getmembers(Emulator) if not name.startswith("_")}
    assert {*names} == public - {"start", "stop"}


def test_the_formats_of_reports_are_listed() -> None:
    assert {*FORMATS} <= quoted(section(CONFORMANCE, "## Reports"))


def test_the_options_of_the_conformance_run_are_told_of() -> None:
    shared = {"--base-url", "--verbose", "--json", "--quiet"}
    assert set(flags(conformance.command)) - shared <= {*re.findall(r"--[a-z-]+", CONFORMANCE)}


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*thumbnails.py")), ids=lambda path: path.name
)
def test_an_example_is_shown_as_it_is(path: Path) -> None:
    shown = {block.title: block.text for block in blocks_of(ROOT / "docs/guides/testing.md")}
    assert shown[path.name] == path.read_text(encoding="utf-8")


def test_the_workflow_to_copy_calls_the_command_as_it_is() -> None:
    [workflow] = [
        yaml.safe_load(block.text)
        for block in blocks_of(ROOT / "docs/guides/conformance.md")
        if block.language == "yaml"
    ]
    steps = workflow["jobs"]["conformance"]["steps"]
    [said] = [step["run"] for step in steps if "fluxframe conformance" in step.get("run", "")]
    words = shlex.split(said)[2:]
    # With its parent, as a command keeps its help flags from the first context that asks for them.
    parent = click.Context(cli, **cli.context_settings)
    context = conformance.command.make_context("conformance", words, parent)
    assert context.params["report"]
    assert context.params["max_credits"] > 0


def test_the_yaml_of_the_architecture_is_the_specs() -> None:
    page = ROOT / "docs/architecture.md"
    [shown] = [block.text for block in blocks_of(page) if block.language == "yaml"]
    [name] = re.findall(r"This is from `(\S+)`", page.read_text(encoding="utf-8"))
    assert textwrap.indent(shown, "  ") in (ROOT / name).read_text(encoding="utf-8")


def test_the_folders_of_the_architecture_exist() -> None:
    text = section((ROOT / "docs/architecture.md").read_text(encoding="utf-8"), "## Folders")
    rows = re.findall(r"^\| ((?:`[\w/]+`(?:, )?)+) \|", text, re.MULTILINE)
    folders = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert len(folders) >= 9
    assert [name for name in folders if not (ROOT / name).is_dir()] == []

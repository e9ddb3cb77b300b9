"""docs/versioning.md: what it lists as public is there, and what is there is listed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import httpx
import pytest

import fluxframe
from codegen.compare.diff import Change, Effect, bump
from codegen.spec.load import load
from fluxframe.batch import _journal
from fluxframe.cli import _root
from fluxframe.emulator import Emulator

from ..docs.test_facts import quoted
from .files import ROOT, pyproject, pythons

PAGE = (ROOT / "docs" / "versioning.md").read_text(encoding="utf-8")
PACKAGE = Path(fluxframe.__file__).parent


def said(heading: str) -> set[str]:
    """What the paragraph with a bold heading has as code."""
    [paragraph] = re.findall(rf"^\*\*{re.escape(heading)}\*\*:(.*?)\n\n", PAGE, re.M | re.S)
    return quoted(paragraph)


def public_modules() -> set[str]:
    """The modules that have `__all__` and no `_` in their path; the command line is no module to import."""
    found = {"fluxframe"}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        private = any(part.startswith("_") for part in parts if part != "__init__")
        if not private and "\n__all__ = " in path.read_text(encoding="utf-8"):
            found.add(name)
    return found - {"fluxframe.cli"}


def test_the_public_modules_are_listed() -> None:
    listed = set(re.findall(r"^\| `(fluxframe[\w.]*)` \|", PAGE, re.MULTILINE))
    assert listed == public_modules()
    for name in listed:
        module = import_module(name)
        assert module.__all__
        values = [getattr(module, public) for public in module.__all__]
        kinds = [kind for kind in values if isinstance(kind, type)]
        errors = [kind for kind in kinds if issubclass(kind, Exception)]
        # A traceback names them as a program imports them.
        assert [kind for kind in errors if "._" in kind.__module__] == []


def test_the_extras_are_listed() -> None:
    assert said("Extras") == pyproject()["project"]["optional-dependencies"].keys()


def test_the_exit_statuses_are_listed() -> None:
    assert {word for word in said("Command line") if word.isdigit()} == _root.EXIT_STATUSES.keys()


def test_the_variables_are_listed() -> None:
    environment = load().api.environment
    assert said("Environment") == {environment.api_key, environment.base_url}


def asked(folder: Path, option: str) -> str:
    """What pytest says of itself, in a folder without tests."""
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", option]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout


def test_what_pytest_gets_is_listed(tmp_path: Path) -> None:
    fixtures = re.findall(r"^(emulator\w*)\b.* -- .*fluxframe", asked(tmp_path, "--fixtures"), re.M)
    options = re.findall(r"^ +(--fluxframe-[\w-]+|emulator_\w+)", asked(tmp_path, "--help"), re.M)
    markers = re.findall(r"^@pytest\.mark\.(emulator)\b", asked(tmp_path, "--markers"), re.M)
    assert said("pytest") == {*fixtures, *options, *markers}
    assert len(fixtures) == 2
    assert markers


def test_the_formats_of_files_are_those_of_the_code() -> None:
    formats = dict(re.findall(r"^\| ([a-z][\w' ]*\w)[^|]*\| (\d+) \|", PAGE, re.MULTILINE))
    vectors = json.loads((ROOT / "generated/vectors/index.json").read_text(encoding="utf-8"))
    assert formats == {
        "a batch's journal": str(_journal._VERSION),
        "vectors": str(vectors["format"]),
    }
    assert [*_journal._VERSIONS] == [*range(1, _journal._VERSION + 1)]


def test_the_control_api_is_where_the_page_says() -> None:
    with Emulator() as emulator:
        assert httpx.get(f"{emulator.url}/_emulator").json()
    assert {"/_emulator", "X-Emulator-Fault"} <= said("Emulator")


def test_the_pythons_are_those_that_are_tested() -> None:
    [listed] = re.findall(r"^Python ([\d., and]+) are supported:", PAGE, re.MULTILINE)
    assert re.findall(r"3\.\d+", listed) == pythons()


@pytest.mark.parametrize("effect", Effect)
def test_numbers_are_raised_as_the_table_says(effect: Effect) -> None:
    rows = {Effect.BREAKING: "breaks", Effect.ADDITIVE: "adds", Effect.EDITORIAL: "fixes"}
    [row] = re.findall(rf"^\| {rows[effect]} .*", PAGE, re.MULTILINE)[:1]
    versions = re.findall(r"\d+\.\d+\.\d+", row.replace("*", ""))
    after = partial(bump, [Change(effect, "a", "b")])
    assert [after("0.1.0"), after("1.0.0")] == versions

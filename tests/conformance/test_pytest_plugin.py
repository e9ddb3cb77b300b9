"""The pytest plugin: a test for each vector, one run for all of them, and nothing without its option."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import fluxframe
from fluxframe.conformance import plan
from fluxframe.emulator import Emulator

from ..servers.asgi import served
from .test_learn_server import KEY, server

ROOT = Path(fluxframe.__file__).parent.parent
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
MODEL = ["--fluxframe-model", "flux-2-pro"]
WIDTH = "flux-2-pro/fluxParams.width/maximum"


def run(folder: Path, *arguments: str, plugins: str = "", key: str = KEY) -> tuple[int, str]:
    """The exit status of pytest in a folder, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "fluxframe._pytest_entry", *arguments],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
            "PYTHONPATH": str(ROOT),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": plugins,
            "APIFRAME_API_KEY": key,
            "COLUMNS": "200",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "INTERNALERROR" not in done.stdout, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    """The URL of a server that takes nothing wider than 1999, and nine images."""
    with served(server()) as url:
        yield url


def requests_of(said: str) -> int:
    """How many requests were sent."""
    found = re.findall(r"^fluxframe: (\d+) requests?", said, re.MULTILINE)
    assert len(found) == 1, said
    return int(found[0])


def test_pytest_finds_what_is_declared() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    (name,) = project["entry-points"]["pytest11"].values()
    assert import_module(name).pytest_addoption


def test_without_the_option_nothing_is_collected_and_nothing_loaded(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n    assert not {n for n in sys.modules if 'conformance' in n}\n"
        "    assert 'httpx' not in sys.modules\n"
    )
    status, said = run(tmp_path)
    assert (status, "1 passed" in said) == (0, True), said


def test_a_right_server_passes(tmp_path: Path, emulator: Emulator, key: str) -> None:
    url = ["--fluxframe-base-url", emulator.url]
    status, said = run(tmp_path, *url, *MODEL, "-q", "-rs", key=key)
    assert status == 0, said
    count = len(plan(models=["flux-2-pro"]).vectors) + 1
    assert sum(map(int, re.findall(r"(\d+) (?:passed|skipped)", said))) == count
    assert "not sent, as the budget does not allow it" in said
    status, said = run(tmp_path, *url, *MODEL, "--fluxframe-max-credits", "10000", "-v", key=key)
    assert status == 0, said
    assert not re.findall(r"^fluxframe::flux-2-pro/.* (?!PASSED)[A-Z]+ ", said, re.MULTILINE)


def test_a_failing_test_tells_all_that_is_needed(tmp_path: Path, broken: str) -> None:
    credits = ["--fluxframe-max-credits", "10000"]
    status, said = run(tmp_path, "--fluxframe-base-url", broken, *MODEL, *credits, "-rfx")
    assert status == 1
    failed = dict(re.findall(r"^FAILED fluxframe::(\S+) - (.+)", said, re.MULTILINE))
    assert f"{WIDTH}/at" in failed
    assert all(words.startswith("flux-2-pro refuses width 2048") for words in failed.values())
    # Another source says so.
    assert "XFAIL fluxframe::flux-2-pro/fluxParams.input_images/max_items/one-above" in said
    assert "flux-2-pro takes 9 input images, as " in said
    shown = said.partition(f"_ {WIDTH}/at  _")[2].partition("\n____")[0]
    assert "flux-2-pro" in shown
    assert "2048" in shown
    assert "curl" in shown
    assert "$APIFRAME_API_KEY" in shown
    assert "400 {" in shown
    assert KEY not in said
    assert "pytest_plugin.py" not in said


def test_only_what_is_chosen_is_sent(tmp_path: Path, broken: str) -> None:
    url = ["--fluxframe-base-url", broken, *MODEL, "--fluxframe-max-credits", "10000"]
    status, said = run(tmp_path, *url, "-k", "width and maximum", "-v")
    assert status == 1
    assert f"fluxframe::{WIDTH}/one-above PASSED" in said
    assert f"fluxframe::{WIDTH}/at FAILED" in said
    assert "flux-2-pro/prompt" not in said
    assert requests_of(said) < 25


def test_with_xdist_the_server_is_asked_once(tmp_path: Path, broken: str) -> None:
    url = [
        "--fluxframe-base-url",
        broken,
        *MODEL,
        "--fluxframe-max-credits",
        "10000",
        "-k",
        "width",
    ]
    alone = requests_of(run(tmp_path, *url)[1])
    status, said = run(tmp_path, *url, "-n2", plugins="xdist.plugin")
    assert status == 1, said
    assert requests_of(said) <= alone + 5
    assert f"{WIDTH}/at" in said


def test_tests_of_files_run_beside_them(tmp_path: Path, emulator: Emulator, key: str) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    url = ["--fluxframe-base-url", emulator.url, *MODEL]
    status, said = run(tmp_path, *url, "-k", "test_own or discriminator", "-v", key=key)
    assert status == 0, said
    assert "test_own.py::test_own PASSED" in said
    assert "fluxframe::flux-2-pro/model/discriminator/" in said


LIBRARY = """
import os, pytest
from fluxframe import conformance
from fluxframe.conformance.pytest_plugin import check

REPORT = conformance.run(
    os.environ["SERVER"], os.environ["APIFRAME_API_KEY"], models=["flux-2-pro"], kinds=["maximum"], max_credits=100
)

@pytest.mark.parametrize("outcome", REPORT.outcomes, ids=lambda outcome: outcome.vector)
def test_the_server(outcome):
    check(outcome)
"""


def test_as_a_library(tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test_server.py").write_text(LIBRARY)
    monkeypatch.setenv("SERVER", broken)
    status, said = run(tmp_path, "-q")
    assert status == 1
    assert f"{WIDTH}/at" in said


@pytest.mark.parametrize(
    ("arguments", "key", "words"),
    [
        (["--fluxframe-base-url", "ftp://x"], KEY, "is not an http or https URL"),
        (["--fluxframe-base-url", "http://127.0.0.1:1", *MODEL], KEY, "does not answer"),
        (["--fluxframe-base-url", "http://127.0.0.1:1"], " ", "set APIFRAME_API_KEY to the key"),
        (
            ["--fluxframe-base-url", "http://127.0.0.1:1", "--fluxframe-model", "flux-2-por"],
            KEY,
            "did you mean flux-2-pro?",
        ),
        (
            ["--fluxframe-base-url", "http://127.0.0.1:1", "--fluxframe-max-credits", "-1"],
            KEY,
            "is below 0",
        ),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said_once(
    arguments: list[str], key: str, words: str, tmp_path: Path
) -> None:
    status, said = run(tmp_path, *arguments, key=key)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert said.count(words) == 1, said


def test_with_xdist_too(tmp_path: Path) -> None:
    url = ["--fluxframe-base-url", "http://127.0.0.1:1", *MODEL, "-k", "width"]
    status, said = run(tmp_path, *url, "-n2", plugins="xdist.plugin")
    assert status == 1
    assert "does not answer" in said

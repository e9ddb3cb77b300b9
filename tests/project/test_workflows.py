"""The workflows of GitHub: valid, pinned, allowed no more than they need, and in step with the rest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ..docs.commands import sessions_in
from .files import GITHUB, ROOT, WORKFLOWS, pyproject, pythons, sessions, workflow

each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
FORMS = [path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"]
TESTS = GITHUB / "workflows" / "tests.yml"


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = workflow(path)["jobs"]
    return found


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name(str(words[0])), *words[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("github-workflows", WORKFLOWS),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
    ],
)
def test_files_keep_the_schemas_of_github(schema: str, paths: list[Path]) -> None:
    done = run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_stranger_can_make_use_of_a_workflow() -> None:
    done = run("zizmor", "--offline", "--no-progress", "--min-severity", "medium", GITHUB)
    assert done.returncode == 0, done.stdout + done.stderr


@each
def test_an_action_is_a_commit_with_its_version(path: Path) -> None:
    uses = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    for action in uses:
        assert action.startswith("./") or re.fullmatch(
            r"[\w/-]+@[0-9a-f]{40} # v\d+(\.\d+){2}", action
        )


def test_an_action_has_one_version() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    pins = {tuple(pin.split("@")) for pin in re.findall(r"uses: ([\w/-]+@.*)", text)}
    assert len(pins) == len({name for name, _ in pins})


@each
def test_a_job_may_do_nothing_but_what_it_says_and_ends(path: Path) -> None:
    assert workflow(path)["permissions"] == {}
    assert workflow(path)["concurrency"]["group"]
    for name, job in jobs(path).items():
        called = "uses" in job  # Another workflow's own jobs end.
        assert called or 0 < job["timeout-minutes"] <= 60, name
        acts = called or any("uses" in step for step in job["steps"])
        assert "permissions" in job or not acts, name


def test_what_writes_is_known() -> None:
    writing = {
        (path.stem, name, scope)
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        for scope, level in job.get("permissions", {}).items()
        if level == "write"
    }
    assert writing == {
        ("docs", "deploy", "pages"),
        ("docs", "deploy", "id-token"),
        ("drift", "drift", "issues"),
        ("release", "publish", "id-token"),
        ("release", "announce", "contents"),
    }


@pytest.mark.parametrize(
    "path", sorted(GITHUB.rglob("*.*")), ids=lambda path: path.relative_to(GITHUB).as_posix()
)
def test_the_sessions_that_are_named_exist(path: Path) -> None:
    assert sessions_in(path.read_text(encoding="utf-8")) <= sessions().keys()


def test_the_gate_is_run_for_each_change() -> None:
    named = sessions_in(TESTS.read_text(encoding="utf-8"))
    assert named >= {name for name, session in sessions().items() if "gate" in session.tags}


def test_the_tests_run_on_each_python_that_is_supported() -> None:
    matrix = jobs(TESTS)["tests"]["strategy"]["matrix"]
    assert matrix == {"os": ["ubuntu", "windows", "macos"], "python": pythons()}
    assert pyproject()["project"]["requires-python"] == f">={pythons()[0]}"


def test_the_name_that_protects_main_waits_for_all_jobs() -> None:
    assert {*jobs(TESTS)["passed"]["needs"]} == jobs(TESTS).keys() - {"passed"}


def test_addresses_lead_to_the_project() -> None:
    """Of GitHub's own pages, those of this repository, which pyproject.toml names."""
    source = pyproject()["project"]["urls"]["Source"]
    text = "".join(path.read_text(encoding="utf-8") for path in GITHUB.rglob("*.*"))
    for url in re.findall(r"https://github\.com/[^\s)\"]+", text):
        assert url.startswith(f"{source}/")
    owners = set(re.findall(r"github\.repository == '([^']+)'", text))
    assert owners == {source.removeprefix("https://github.com/")}

"""What the steps of the workflows do, run as GitHub runs them, with a `gh` that notes what it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from .files import GITHUB, ROOT, workflow

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the jobs with these steps run on Linux"
)

# Notes its words, and answers a question for issues with what is in `open`.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$HERE/told"
if [ "$1 $2" = "issue list" ]; then cat "$HERE/open"; fi
"""
CHANGELOG = """# Changelog

## [Unreleased]

### Added

- What comes next.

## [0.2.0] - 2026-12-01

### Added

- Two things.

## [0.1.0] - 2026-11-27

- The first release.

[Unreleased]: https://example.com/compare/v0.2.0...HEAD
[0.1.0]: https://example.com/releases/v0.1.0
"""


def step(path: str, job: str, name: str) -> str:
    """The script of a step."""
    steps: list[dict[str, Any]] = workflow(GITHUB / "workflows" / path)["jobs"][job]["steps"]
    [script] = [step["run"] for step in steps if step.get("name") == name]
    return str(script)


class Runner:
    """Runs steps in a folder, as GitHub's runner does with `bash -e -o pipefail`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin" / "gh").write_text(GH, encoding="utf-8")
        (folder / "bin" / "gh").chmod(0o755)
        (folder / "open").write_text("", encoding="utf-8")

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(
            [str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        )
        files = {name: str(self.folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env={**os.environ, **files, "PATH": path, "HERE": str(self.folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self) -> list[str]:
        """What `gh` was told, one line each."""
        path = self.folder / "told"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def compared(runner: Runner, document: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """The step that compares, and what it leaves for the next one."""
    here = f"export PYTHONPATH={ROOT}\n"
    done = runner.run(here + step("drift.yml", "drift", "Compare"), DOCUMENT=document)
    output = runner.folder / "GITHUB_OUTPUT"
    left = output.read_text(encoding="utf-8") if output.exists() else ""
    return done, left.strip().removeprefix("news=")


def told(runner: Runner, news: str, issue: str) -> list[str]:
    """What `gh` is told after a comparison, while an issue is open or none is."""
    (runner.folder / "open").write_text(issue, encoding="utf-8")
    done = runner.run(step("drift.yml", "drift", "Tell"), NEWS=news)
    assert done.returncode == 0, done.stderr
    return [line.split(" --")[0] for line in runner.told()]


def test_a_document_that_differs_becomes_an_issue(runner: Runner) -> None:
    document = yaml.safe_load((ROOT / "generated" / "openapi.yaml").read_text(encoding="utf-8"))
    width = document["components"]["schemas"]["Flux2ProParams"]["properties"]["width"]
    width["maximum"] = 4096
    (runner.folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    with served(runner.folder) as url:
        done, news = compared(runner, f"{url}/openapi.json")
    assert (done.returncode, news) == (0, "1"), done.stderr
    assert told(runner, news, "") == ["issue list", "label create drift", "issue create"]
    assert "4096" in (runner.folder / "body.md").read_text(encoding="utf-8")


def test_an_issue_that_is_open_is_brought_up_to_date(runner: Runner) -> None:
    (runner.folder / "drift.md").write_text("a difference\n" * 10_000, encoding="utf-8")
    assert told(runner, "1", "12\n") == ["issue list", "issue edit 12"]
    assert (runner.folder / "body.md").stat().st_size < 65_536  # More is refused.


@pytest.mark.parametrize("issue", ["", "12\n"])
def test_an_issue_is_closed_once_the_document_agrees(runner: Runner, issue: str) -> None:
    assert told(runner, "0", issue) == ["issue list", *(["issue close 12"] if issue else [])]


def test_a_document_that_cannot_be_read_fails_the_job(runner: Runner) -> None:
    with served(runner.folder) as url:
        done, news = compared(runner, f"{url}/nothing.json")
    assert (done.returncode, news) == (1, "2")
    assert "404" in done.stderr


def test_an_address_that_is_not_set_is_told(runner: Runner) -> None:
    done, _ = compared(runner, "")
    assert done.returncode == 2
    assert "OPENAPI_URL" in done.stdout


@pytest.mark.parametrize(("version", "part"), [("0.2.0", "Two things."), ("0.1.0", "The first")])
def test_a_release_has_its_part_of_the_changelog(runner: Runner, version: str, part: str) -> None:
    (runner.folder / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    script = step("release.yml", "announce", "The version's part of the changelog")
    done = runner.run(script, GITHUB_REF_NAME=f"v{version}")
    assert done.returncode == 0, done.stderr
    notes = (runner.folder / "notes.md").read_text(encoding="utf-8")
    assert part in notes
    assert notes.count("- ") == 1
    assert "[" not in notes
    assert runner.told()[0].startswith(f"release create v{version} ")


@pytest.mark.parametrize(
    ("tag", "changelog", "says"),
    [
        ("v0.2.0", CHANGELOG, ""),
        ("v0.3.0", CHANGELOG, "_version.py says 0.2.0"),
        ("v0.2.0", CHANGELOG.replace("[0.2.0] - ", "[0.2.0] "), "no section"),
    ],
)
def test_a_tag_is_the_version_and_the_changelog_has_it(
    runner: Runner, tag: str, changelog: str, says: str
) -> None:
    (runner.folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    folder = runner.folder / "codegen" / "runtime"
    folder.mkdir(parents=True)
    (folder / "_version.py").write_text('__version__ = "0.2.0"\n', encoding="utf-8")
    name = "The tag is the version, and the changelog has it"
    done = runner.run(step("release.yml", "build", name), GITHUB_REF_NAME=tag)
    assert (done.returncode == 0) == (not says)
    assert says in done.stdout

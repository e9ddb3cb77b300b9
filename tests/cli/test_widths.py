"""What commands print on screens of any width, and in pipes."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click import unstyle

from fluxframe.cli import cli
from fluxframe.cli._commands import submissions, summaries
from fluxframe.cli._lines import columns

from .shells import MODELS, QUICK, UNKNOWN, Shell

WIDTHS = (30, 40, 60, 80, 120)
WIDE = 400
BAD = {"model": "flux-2-pro", "prompt": "a fox", "width": 1, "go_fast": True, "heigth": 512}


class Screen(io.StringIO):
    """A terminal, or a pipe."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


Run = Callable[..., str]


@pytest.fixture
def run(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command where it is, and returns what stdout and stderr got."""
    monkeypatch.setenv("APIFRAME_BASE_URL", shell.url)
    monkeypatch.setenv("APIFRAME_API_KEY", shell.key)

    def run(*words: object, width: int | None, **variables: str) -> str:
        screen = Screen(is_terminal=width is not None)
        with monkeypatch.context() as patch:
            for name in ("NO_COLOR", "FORCE_COLOR"):
                patch.delenv(name, raising=False)
            for name, value in {
                "TERM": "xterm-256color",
                "COLUMNS": str(width or ""),
                **variables,
            }.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdout", screen)
            patch.setattr(sys, "stderr", screen)
            with pytest.raises(SystemExit):
                cli.main([str(word) for word in words])
        return screen.getvalue()

    return run


def helps() -> list[list[str]]:
    """The command lines that explain each command, and a model of each operation."""
    found = [["-h"], *([name, "-h"] for name in summaries())]
    for name, operation in submissions().items():
        found += [[name, id, "-h"] for id in list(MODELS.asked_by(operation.name))[:4]]
    return found


def commands(folder: Path) -> list[list[str]]:
    """Command lines that print more than their help, and do the same each time."""
    (folder / "bad.json").write_text(json.dumps(BAD), encoding="utf-8")
    (folder / "good.jsonl").write_text(
        '{"model": "flux-2-pro", "prompt": "a fox"}\n', encoding="utf-8"
    )
    return [
        ["models"],
        *(["models", id] for id in list(MODELS)[::6]),
        ["check", "bad.json"],
        ["check", "good.jsonl"],
        ["batch", "bad.json", "--check"],
        ["batch", "good.jsonl"],
        ["generate", "flux-2-pro", "a fox", "--width", "1", "--output-format", "gif"],
        ["generate", "flux-2-pro", "a fox", "--go-fast"],
        ["generate", "flux-2-prop", "a fox"],
        ["jobs", UNKNOWN],
        ["wait", UNKNOWN],
        ["wait", "no-id"],
        ["me", "--base-url", "http://127.0.0.1:9/a/path/that/is/rather/long", "--no-such-flag"],
        ["verify-webhook", "--signature", "sha256=0", "bad.json"],
        ["conformance", "--dry-run", "--model", "flux-2-pro"],
        ["no-such-command"],
    ]


def too_wide(text: str, width: int) -> list[str]:
    """The lines that are wider than the screen, but for what is copied: a word, or a whole command."""
    return [
        line
        for line in unstyle(text).splitlines()
        if columns(line) > width
        and len(re.findall(r"`[^`]*`\S*|\S+", line)) > 1
        and not line.startswith(("  fluxframe ", "  bash: ", "  zsh: ", "  fish: "))
    ]


def facts(text: str) -> set[str]:
    """All that is said, wherever lines are broken and columns become paragraphs."""
    same = re.sub(r"\b[0-9a-f]{32}\b", "ID", unstyle(text))  # Each request has another,
    same = re.sub("[━╸╺]", "", same)  # and each screen another bar.
    return {word.strip(":,") for word in re.split(r"[\s|]+", same)} - {""}


def test_every_help_fits_the_screen_and_says_the_same(run: Run) -> None:
    for words in helps():
        whole = facts(run(*words, width=WIDE))
        for width in WIDTHS:
            text = run(*words, width=width)
            assert too_wide(text, width) == [], (words, width)
            assert facts(text) == whole, (words, width)


def test_everything_fits_the_screen_and_says_the_same(run: Run, shell: Shell) -> None:
    for words in commands(shell.folder):
        whole = facts(run(*words, width=WIDE))
        for width in WIDTHS:
            text = run(*words, width=width)
            assert too_wide(text, width) == [], (words, width)
            assert facts(text) == whole, (words, width)


def test_jobs_fit_the_screen_with_their_ids_whole(run: Run, shell: Shell) -> None:
    ids = shell.submitted(3)
    for width in WIDTHS:
        text = unstyle(run("jobs", width=width))
        assert too_wide(text, width) == []
        assert facts(text) >= {*ids, "flux-2-pro"}
        again = run("jobs", ids[0], width=width)
        assert ids[0] in again


def test_a_command_to_go_on_with_is_on_a_line_of_its_own(run: Run, shell: Shell) -> None:
    words = ("generate", "flux-2-pro", "a red fox in the snow", "--no-wait")
    text = run(*words, width=40)
    (line,) = [line for line in text.splitlines() if "fluxframe wait" in line]
    assert re.fullmatch(r"  fluxframe wait [0-9a-f-]{36} --out \.", line)
    assert "wait for it with: fluxframe wait " in run(*words, width=None)


@pytest.mark.parametrize(
    ("terminal", "variables", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_colours_are_where_they_are_wanted(
    run: Run, shell: Shell, terminal: bool, variables: Mapping[str, str], coloured: bool
) -> None:
    (id,) = shell.submitted()
    shell("wait", id, *QUICK)
    for width in (80, 40) if terminal else (None,):
        for words in (["jobs"], ["jobs", UNKNOWN], ["-h"], ["generate", "flux-2-pro", "-h"]):
            assert ("\x1b[" in run(*words, width=width, **variables)) == coloured, words


def test_a_pipe_gets_lines_that_are_whole_and_end_with_no_space(run: Run, shell: Shell) -> None:
    shell.submitted(2)
    for words in [*helps(), *commands(shell.folder), ["jobs"], ["me"]]:
        text = run(*words, width=None)
        assert "\x1b" not in text
        assert [line for line in text.splitlines() if line != line.rstrip()] == [], words
    described = run("models", "flux-2-pro", width=None)
    assert MODELS["flux-2-pro"].description in described.splitlines()

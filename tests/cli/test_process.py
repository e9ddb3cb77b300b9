"""What a process is started with: streams that are closed, and signals that are ignored."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .shells import COMMAND, JPEG, NOBODY, PATIENCE, QUICK, UNKNOWN, Shell, until

ALL = "<&- >&- 2>&-"


def closed(shell: Shell, streams: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call a command with some of its streams closed."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", *COMMAND, *arguments],
        env=shell.environment(),
        cwd=shell.folder,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    ("streams", "arguments", "status", "said"),
    [
        (">&-", ["models"], 0, ""),
        (">&- 2>&-", ["--help"], 0, ""),
        ("2>&-", ["models", "nonsense"], 2, ""),
        ("<&-", ["check", "-"], 2, "-: stdin is closed"),
        (ALL, ["generate", "flux-2-pro", "a fox", "--out", "fox.jpg", *QUICK], 0, ""),
    ],
)
def test_closed_streams_are_no_matter(
    shell: Shell, streams: str, arguments: list[str], status: int, said: str
) -> None:
    done = closed(shell, streams, *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert bool(said) == bool(done.stderr)
    if "fox.jpg" in arguments:
        assert Path("fox.jpg").read_bytes().startswith(JPEG)


def test_a_reader_of_stderr_that_leaves_stops_nothing(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--out", "fox.jpg", *QUICK]
    with shell.process(*call) as process:
        assert process.stderr is not None
        process.stderr.close()
        assert process.wait(PATIENCE) == 0
    assert Path("fox.jpg").is_file()


def test_the_last_words_to_nobody_do_not_change_the_exit_status(shell: Shell) -> None:
    said = "import sys; sys.stdin.read(); from fluxframe.cli._session import tell; tell('a'); tell('b')"
    with subprocess.Popen(
        [sys.executable, "-c", said],
        env=shell.environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stderr.close()
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no nohup")
def test_what_nohup_ignores_stays_ignored(shell: Shell) -> None:
    call = ["wait", UNKNOWN, "--base-url", NOBODY, "--deadline", "2", "-v"]
    line = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *COMMAND, *call]
    with subprocess.Popen(
        line, env=shell.environment(), stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        until(process.stderr, "asked again")
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE) == 3

"""What a terminal shows: progress, and images in those that can."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fluxframe.emulator import Emulator

from .shells import (
    COMMAND,
    PATIENCE,
    QUICK,
    UNKNOWN,
    Shell,
)


def on_terminal(
    shell: Shell, *arguments: object, stdout: object = False, **more: Any
) -> tuple[int, bytes, str]:
    """Call a command with stderr on a terminal: its status, what that got, and its stdout.

    With `stdout`, the terminal gets that too.
    """
    master, slave = pytest.importorskip("pty").openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=shell.environment(**{"TERM": "xterm-256color", "COLUMNS": "100", **more}),
        cwd=shell.folder,
        stdin=slave,
        stdout=slave if stdout else subprocess.PIPE,
        stderr=slave,
    ) as process:
        os.close(slave)
        got = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # Linux says so when nobody is at the other end any more.
                break
            if not part:
                break
            got += part
        os.close(master)
        printed = "" if process.stdout is None else process.stdout.read().decode()
        return process.wait(PATIENCE), got, printed


COLOUR = re.compile(rb"\x1b\[[0-9;]*3[0-9](?:;[0-9;]*)?m")


def test_a_terminal_gets_a_bar_and_a_pipe_gets_the_path(shell: Shell) -> None:
    with Emulator(job_seconds=1.0) as slow:
        there = Shell(slow.url, shell.key, shell.folder)
        call = ["generate", "flux-2-pro", "a fox", "--interval", "0.1", "--out", "fox.jpg"]
        status, got, printed = on_terminal(there, *call)
        assert (status, printed) == (0, "fox.jpg\n")
        assert b"PROCESSING" in got
        assert re.search(rb"[1-9][0-9]? %", got)
        assert re.search(rb"0:00:0[0-9]", got)
        assert COLOUR.search(got)
        assert b"\x1b_G" not in got
        assert b"\x1b]1337" not in got
        status, got, printed = on_terminal(there, *call, NO_COLOR="1")
        assert (status, printed) == (0, "fox.jpg\n")
        assert b"PROCESSING" in got
        assert not COLOUR.search(got)
        status, got, printed = on_terminal(there, *call, TERM="dumb")
        assert b"\x1b" not in got
        assert b": PROCESSING" in got
        assert on_terminal(there, *call, "--quiet") == (0, b"", "fox.jpg\n")


def test_results_of_many_jobs_stay_apart_from_the_bar(shell: Shell) -> None:
    ids = shell.submitted(2)
    status, got, printed = on_terminal(shell, "wait", *ids, *QUICK)
    assert status == 0
    assert sorted(printed.splitlines()) == sorted(f"{id}-1.jpg" for id in ids)
    assert b"-1.jpg" not in got


def test_a_server_that_is_away_is_told_of_above_the_bar(shell: Shell, emulator: Emulator) -> None:
    (id,) = shell.submitted()
    emulator.faults.add({"key": shell.key, "path": "/v2/jobs/*", "status": 503, "times": 2})
    status, got, printed = on_terminal(shell, "wait", id, *QUICK)
    assert (status, printed) == (0, f"{id}-1.jpg\n")
    # The line of the bar is emptied, and the bar drawn again below.
    assert re.search(rb"\x1b\[2Kjobs\.get: 503 [^\r\n\x1b]*asked again later\r\n", got), got[:500]


def test_kitty_is_shown_the_picture(shell: Shell) -> None:
    ids = shell.submitted(1, output_format="png", aspect_ratio="custom", width=300, height=256)
    ids += shell.submitted(1, output_format="jpg", aspect_ratio="custom", width=300, height=256)
    for id, ending in zip(ids, ("png", "jpg"), strict=True):
        _, got, printed = on_terminal(shell, "wait", id, *QUICK, TERM="xterm-kitty")
        assert printed == f"{id}-1.{ending}\n"
        parts = re.findall(rb"\x1b_G([^;]*);([^\x1b]*)\x1b\\", got)
        assert parts[0][0] == b"a=T,f=100,q=2,r=16,m=1"
        assert {keys for keys, _ in parts[1:-1]} <= {b"m=1"}
        assert parts[-1][0] == b"m=0"
        assert all(len(data) == 4096 for _, data in parts[:-1])
        content = base64.b64decode(b"".join(data for _, data in parts))
        assert content.startswith(b"\x89PNG")
        if ending == "png":
            assert content == Path(printed.strip()).read_bytes()


@pytest.mark.parametrize("program", ["iTerm.app", "WezTerm"])
def test_iterm2_and_wezterm_are_shown_the_picture(shell: Shell, program: str) -> None:
    (id,) = shell.submitted()
    _, got, printed = on_terminal(shell, "wait", id, *QUICK, TERM_PROGRAM=program)
    content = Path(printed.strip()).read_bytes()
    found = re.search(rb"\x1b\]1337;File=inline=1;size=(\d+);height=16:([^\a]*)\a", got)
    assert found
    assert int(found[1]) == len(content)
    assert base64.b64decode(found[2]) == content


@pytest.mark.parametrize(
    ("flags", "variables", "warned"),
    [
        (["--no-preview"], {"TERM": "xterm-kitty"}, False),
        (["--json"], {"TERM": "xterm-kitty"}, False),
        (["--quiet"], {"KITTY_WINDOW_ID": "1"}, False),
        ([], {"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, False),
        (["--preview"], {"TERM": "xterm"}, True),
    ],
)
def test_other_terminals_are_left_alone(
    shell: Shell, flags: list[str], variables: dict[str, str], warned: bool
) -> None:
    (id,) = shell.submitted()
    status, got, _ = on_terminal(shell, "wait", id, *QUICK, *flags, **variables)
    assert status == 0
    assert b"\x1b_G" not in got
    assert b"\x1b]1337" not in got
    assert (b"not known to show images" in got) == warned


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["terminal", "NO_COLOR", "dumb"],
)
def test_errors_and_statuses_are_coloured_on_a_terminal(
    shell: Shell, variables: dict[str, str], coloured: bool
) -> None:
    (id,) = shell.submitted()
    shell("wait", id, *QUICK)
    status, got, _ = on_terminal(shell, "jobs", UNKNOWN, **variables)
    assert status == 1
    assert b"404" in got
    assert bool(COLOUR.search(got)) == coloured
    _, got, _ = on_terminal(shell, "jobs", stdout=True, **variables)
    assert bool(re.search(rb"\x1b\[32mCOMPLETED", got)) == coloured
    assert bool(COLOUR.search(got)) == coloured


@pytest.mark.parametrize("width", [10, 40, 60, 80, 200])
def test_no_table_cuts_an_id(shell: Shell, width: int) -> None:
    ids = shell.submitted(2)
    _, got, _ = on_terminal(shell, "jobs", stdout=True, COLUMNS=str(width), NO_COLOR="1")
    for id in ids:
        assert id.encode() in got
    assert got.count(b"flux-2-pro") == 2


def test_no_picture_is_printed_on_a_terminal(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--out", "-"]
    status, got, _ = on_terminal(shell, *call, stdout=True)
    assert status == 2
    assert b"stdout is a terminal" in got
    assert shell.jobs() == 0

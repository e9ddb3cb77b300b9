"""The command `fluxframe batch`."""

from __future__ import annotations

import json
import os
import shlex
import signal
from pathlib import Path
from typing import Any

import pytest

from .shells import (
    FOUND,
    GOOD,
    PATIENCE,
    QUICK,
    Shell,
    lines,
    wait_until,
)


def rows_in(folder: Path, count: int, **more: Any) -> Path:
    path = folder / "rows.jsonl"
    rows = [{**GOOD, "prompt": f"fox {n}", "seed": n, **more} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_batch_is_run_once_however_often_it_is_called(shell: Shell, tmp_path: Path) -> None:
    path = rows_in(tmp_path, 3, aspect_ratio="custom", width=256, height=256)
    command = ("batch", path, "--journal", "run.jsonl", "--out", "pictures", *QUICK)
    for _ in range(2):
        done = shell(*command)
        assert done.exit_code == 0, done.output
        assert "completed: 3\n" in done.stdout
    assert shell.jobs() == 3
    told = json.loads(shell(*command, "--json").stdout)
    assert (told["ok"], told["rows"], told["credits"]) == (True, 3, 12)
    manifest = lines(Path(told["manifest"]).read_text(encoding="utf-8"))
    assert [row["seed"] for row in manifest] == [0, 1, 2]
    assert {row["files"][0] for row in manifest} == {p.name for p in Path("pictures").iterdir()}


def test_a_batch_from_a_table_with_a_wrong_row_sends_nothing(shell: Shell) -> None:
    table = "model,prompt,aspect_ratio,width,height\n"
    Path("rows.csv").write_text(f"{table}flux-2-pro,a,custom,512,512\nflux-2-pro,b,custom,1,512\n")
    words = f"rows.csv:3: {FOUND}"
    checked = shell("batch", "rows.csv", "--check")
    assert (checked.exit_code, checked.stdout) == (2, f"{words}\n")
    command = ("batch", "rows.csv", "--journal", "run.jsonl", "--no-save", *QUICK)
    done = shell(*command)
    assert (done.exit_code, words in done.stderr, shell.jobs()) == (2, True, 0)
    done = shell(*command, "--skip-invalid")
    assert (done.exit_code, shell.jobs()) == (1, 1)
    assert "refused: 1\n" in done.stdout


@pytest.mark.parametrize("missing", ["journal", "out"])
def test_a_batch_without_its_files_is_told_which(
    shell: Shell, tmp_path: Path, missing: str
) -> None:
    flags = {"journal": ["--journal", "run.jsonl"], "out": ["--out", "pictures"]}
    given = [word for name, words in flags.items() if name != missing for word in words]
    done = shell("batch", rows_in(tmp_path, 1), *given)
    assert (done.exit_code, f"missing: --{missing}, " in done.stderr) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_batch_that_is_interrupted_says_how_to_go_on(shell: Shell, tmp_path: Path) -> None:
    path = rows_in(tmp_path, 400, aspect_ratio="custom", width=256, height=256)
    command = ("batch", path, "--journal", "run.jsonl", "--no-save", "--concurrency", 2)
    running = shell.process(*command)
    journal = tmp_path / "run.jsonl"
    wait_until(lambda: journal.exists() and journal.read_bytes().count(b"accepted") > 3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out) == (130, "")
    shell.has_no_secret(err)
    hint = next(line for line in err.splitlines() if "go on where it stopped with: " in line)
    again = shlex.split(hint.partition("stopped with: ")[2])
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:30]), encoding="utf-8")
    done = shell(*again[1:], *QUICK)
    assert done.exit_code == 0, done.output
    assert shell.jobs() <= 30


def test_a_batch_with_a_wrong_key_goes_on_with_the_right_one(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rows_in(tmp_path, 3, aspect_ratio="custom", width=256, height=256)
    command = ("batch", path, "--journal", "run.jsonl", "--no-save", *QUICK)
    wrong = Shell(shell.url, "no_key_of_theirs", tmp_path)(*command)
    assert (wrong.exit_code, "401" in wrong.stderr) == (1, True)
    done = shell(*command)
    assert (done.exit_code, shell.jobs()) == (0, 3)
    assert "completed: 3\n" in done.stdout

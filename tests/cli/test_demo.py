"""The command `fluxframe demo`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from PIL import Image

from .shells import (
    EXAMPLES,
    MODELS,
    Shell,
)
from .test_terminal import on_terminal


def test_the_demo_tells_what_it_made_as_json(shell: Shell) -> None:
    done = shell("demo", "--out", "demo", "--job-seconds", "0", "--json")
    assert done.exit_code == 0
    made = json.loads(done.stdout)
    assert len(made) == len(EXAMPLES)
    assert all(Path(row["file"]).is_file() and not row["fault"] for row in made)
    with Image.open("demo/contact-sheet.jpg") as sheet:
        assert sheet.width == 2400


def test_on_a_terminal_its_progress_is_one_line_and_it_ends_with_what_to_do(shell: Shell) -> None:
    status, got, _ = on_terminal(shell, "demo", "--job-seconds", "0", stdout=True, COLUMNS="80")
    text = got.decode()
    assert status == 0
    before, _, table = re.sub(r"\x1b\[[0-9;]*m", "", text).partition("Model ")
    # Each change of the line begins where the line does; nothing scrolls.
    assert before.count("\n") <= 4
    assert re.search(rf"[0-9]+ of {len(EXAMPLES)} ", before)
    rows = table.splitlines()
    assert sum(row.endswith(" ok") for row in rows) == len(EXAMPLES)
    assert all(any(row.startswith(id) for row in rows) for id in MODELS)
    assert max(map(len, rows)) <= 80
    assert "fluxframe-demo/contact-sheet.jpg" in text
    assert text.rstrip().splitlines()[-1].startswith("  ")

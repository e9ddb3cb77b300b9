"""The command `fluxframe demo`."""

from __future__ import annotations

import json
from pathlib import Path

from .shells import (
    EXAMPLES,
    Shell,
)


def test_the_demo_tells_what_it_made_as_json(shell: Shell) -> None:
    done = shell("demo", "--out", "demo", "--job-seconds", "0", "--json")
    assert done.exit_code == 0
    made = json.loads(done.stdout)
    assert len(made) == len(EXAMPLES)
    assert all(Path(row["file"]).is_file() and not row["fault"] for row in made)

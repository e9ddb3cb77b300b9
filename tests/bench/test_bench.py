"""The bench of the client runs; how fast anything is, no test says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).with_name("client.py")


def test_the_bench_measures_fluxframe_beside_httpx() -> None:
    run = subprocess.run(
        [sys.executable, BENCH, "--quick", "--no-peers"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    titles = re.findall(r"^(.*)\n.* goal$", run.stdout, re.MULTILINE)
    assert [re.split(",| a ", title)[0] for title in titles] == [
        "import",
        "construct",
        "sync jobs.get",
        "sync images.generate",
        "async jobs.get",
    ]
    verdicts = re.findall(r"^(\S+)(?: \S+)* +.*(?:PASS|miss)$", run.stdout, re.MULTILINE)
    assert verdicts == ["import", "Fluxframe", "AsyncFluxframe", *["fluxframe"] * 3]

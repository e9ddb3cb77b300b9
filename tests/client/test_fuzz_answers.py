"""Some random answers, each time others; many of them with `nox -s fuzz`."""

from __future__ import annotations

import os
import subprocess
import sys

CASES = os.environ.get("FUZZ_CASES", "150")


def test_random_answers_end_in_errors_of_ours_in_little_time_and_memory() -> None:
    """In a process of its own, where time and memory are its own; it prints the seed."""
    command = [sys.executable, "-m", "tests.fuzz.answers", "--cases", CASES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

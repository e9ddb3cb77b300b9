"""What `explain` tells to type is what there is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest

from codegen.__main__ import main
from codegen.spec.load import SPEC


@pytest.mark.parametrize("name", ["flux-2-flex.steps", "flux-1.1-pro.width", "ideogram-v2.seed"])
def test_the_tests_that_are_named_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    [command] = re.findall(r"^  tests: (pytest .*)$", capsys.readouterr().out, re.MULTILINE)
    words = ["-m", *shlex.split(command), "--collect-only", "-q", "--numprocesses=0"]
    done = subprocess.run(
        [sys.executable, *words],
        cwd=SPEC.parent,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    model, _, _ = name.rpartition(".")
    assert f"test_what_breaks_a_limit_is_refused_by_client_and_server[{model}]" in done.stdout

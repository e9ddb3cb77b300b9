"""The benches of client, conformance and pictures run; how fast anything is, no test says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def quick(name: str) -> str:
    """What a bench prints of Fluxframe alone."""
    run = subprocess.run(
        [sys.executable, HERE / name, "--quick", "--no-peers"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    return run.stdout


def test_the_bench_measures_fluxframe_beside_httpx() -> None:
    printed = quick("client.py")
    titles = re.findall(r"^(.*)\n.* goal$", printed, re.MULTILINE)
    assert [re.split(",| a ", title)[0] for title in titles] == [
        "import",
        "construct",
        "sync jobs.get",
        "sync images.generate",
        "async jobs.get",
    ]
    verdicts = re.findall(r"^(\S+)(?: \S+)* +.*(?:PASS|miss)$", printed, re.MULTILINE)
    assert verdicts == ["import", "Fluxframe", "AsyncFluxframe", *["fluxframe"] * 3]


def test_the_bench_finds_servers_with_a_fault() -> None:
    printed = quick("conformance.py")
    assert re.search(r"^found out +2/2 +all  PASS$", printed, re.MULTILINE), printed
    for name in ("requests", "seconds", r"requests accepted \(paid for\)"):
        assert re.search(rf"^{name} +[0-9.]+", printed, re.MULTILINE), printed


def test_the_bench_draws_pictures_and_polls_meanwhile() -> None:
    printed = quick("pictures.py")
    for name in ("jpg", "png", "webp"):
        assert re.search(rf"^{name} +[0-9.]+ .* ≤ 60  (PASS|miss)$", printed, re.MULTILINE), printed
    assert re.search(r"^ +[0-9.]+ +[0-9.]+ +[0-9.]+ +≤ 2  (PASS|miss)$", printed, re.MULTILINE), (
        printed
    )


def test_the_bench_of_the_emulator_beside_a_bare_app() -> None:
    printed = quick("emulator.py")
    for name in ("start to first answer", "submit", "poll", "submit, 2 webhooks each"):
        assert re.search(rf"^{name} +[0-9]+ / [0-9]+ (ms|µs) = [0-9.]+ ", printed, re.MULTILINE), (
            printed
        )
    assert re.search(r"^256 connections.* no error +PASS$", printed, re.MULTILINE), printed


def test_the_bench_of_the_emulators_state() -> None:
    printed = quick("emulator_state.py")
    verdicts = re.findall(r"(PASS|miss)$", printed, re.MULTILINE)
    assert verdicts == ["PASS"] * 6, printed

"""The rows of the guide on many machines, on a local cluster of Dask, of whose two workers one is killed."""

from __future__ import annotations

import csv
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client

from fluxframe.batch import Entry, FolderStore, read_rows
from fluxframe.emulator import Emulator

from ..docs.blocks import ROOT, blocks_of

GUIDE = ROOT / "docs/guides/many-machines.md"
ROWS = 500


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the programs of the guide, in which they run."""
    for block in blocks_of(GUIDE):
        if block.title is not None and block.language == "python":
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
    (tmp_path / "shared/store").mkdir(parents=True)
    (tmp_path / "scratch").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (tmp_path, ROOT / "generated"))))
    monkeypatch.setenv("APIFRAME_API_KEY", "afk_cluster")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("rows", None)


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with Emulator(job_seconds=0.3) as emulator:
        monkeypatch.setenv("APIFRAME_BASE_URL", emulator.url)
        yield emulator


def write_rows(folder: Path, count: int) -> None:
    with (folder / "requests.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["model", "prompt", "aspect_ratio", "width", "height"])
        for number in range(count):
            rows.writerow(["flux-2-pro", f"row {number}", "custom", 256, 256])


def have_a_bad_day(emulator: Emulator) -> None:
    faults = emulator.faults
    faults.add(operation="images.generate", reset="after", every=11)  # The answer is lost.
    faults.add(operation="images.generate", status=503, every=13)
    faults.add(operation="images.generate", status=429, retry_after=1, nth=60)
    faults.add(path="/v2/jobs/*", reset="before", every=37)


def started() -> subprocess.Popen[str]:
    # A worker that ends leaves its client open, and a warning of Python's own.
    warnings = ["-W", "error", "-W", "ignore::ResourceWarning"]
    with Path("log.txt").open("a") as log:
        return subprocess.Popen(
            [sys.executable, *warnings, "on_dask.py"], stdout=subprocess.PIPE, stderr=log, text=True
        )


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def prompts(emulator: Emulator) -> list[str]:
    """What was accepted, and so is paid for."""
    return [job.request["prompt"] for job in emulator.jobs]


@pytest.mark.timeout(180)
def test_a_worker_is_killed_in_the_middle(folder: Path, emulator: Emulator) -> None:
    write_rows(folder, ROWS)
    have_a_bad_day(emulator)
    with started() as process:
        try:
            while len(emulator.jobs) < ROWS // 3:
                assert process.poll() is None
                time.sleep(0.02)
            killed, _ = workers_of(process)
            killed.kill()
            told, _ = process.communicate(timeout=150)
        finally:
            process.kill()
    assert process.returncode == 0
    assert told.startswith(f"<BatchSummary {ROWS} rows: {ROWS} completed; {4 * ROWS} credits; ")
    assert sorted(prompts(emulator)) == sorted(f"row {number}" for number in range(ROWS))
    lines = list(map(json.loads, Path("catalogue.manifest.jsonl").read_text().splitlines()))
    assert [line["row"] for line in lines] == list(range(ROWS))
    assert {line["job_id"] for line in lines} == {job.id for job in emulator.jobs}
    # What the killed worker left half written has another name, until a later one removes it.
    saved = {path.name for path in Path("shared/images").glob("0*.jpg")}
    assert {name for line in lines for name in line["files"]} == saved
    assert len(saved) == ROWS

    # The whole program again, under the same name.
    sent = len(emulator.requests)
    with started() as process:
        assert process.communicate(timeout=60)[0] == told
    assert len(emulator.requests) == sent


@pytest.mark.timeout(120)
def test_both_workers_have_each_row_at_once_and_results_are_lost(
    folder: Path, emulator: Emulator
) -> None:
    write_rows(folder, 40)
    make: Any = importlib.import_module("rows").make
    make_cluster: Any = Client
    with make_cluster(
        n_workers=2, threads_per_worker=40, dashboard_address=None, local_directory="scratch"
    ) as cluster:
        workers = list(cluster.scheduler_info()["workers"])
        tasks = [
            cluster.submit(
                make, *row, pure=False, workers=[worker], allow_other_workers=True, retries=3
            )
            for row in read_rows("requests.csv")
            for worker in workers
        ]
        cluster.gather(tasks)
        sent = len(emulator.requests)
        psutil.Process(cluster.run(os.getpid, workers=workers[:1])[workers[0]]).kill()
        entries: list[Entry] = cluster.gather(tasks)  # Those that it had are computed again.
    assert len(emulator.jobs) == 40
    assert {entry.job for entry in entries} == {job.id for job in emulator.jobs}
    assert [entry.row for entry in entries] == [row for row in range(40) for _ in workers]
    assert all(entry.state == "completed" for entry in entries)
    submitted = [one for one in emulator.requests if one.operation == "images.generate"]
    assert 40 < len(submitted) <= 80
    assert len({one.headers["idempotency-key"] for one in submitted}) == 40
    assert len(emulator.requests) == sent
    assert sum(1 for _ in FolderStore("shared/store").entries("autumn catalogue")) == 40

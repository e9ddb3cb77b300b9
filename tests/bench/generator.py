"""The generator's time and memory at 5, 50 and 500 models, beside its peers on the same document.

Run as `nox -s bench -- generator`. Every figure is of a whole process; commands that are compared run in turn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = {5: 7, 50: 5, 500: 3}


@dataclass
class Command:
    """A command line, what to do before each run, and what its runs took."""

    name: str
    arguments: list[str]
    before: Callable[[], object] = lambda: None
    seconds: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    def run(self, *, count: bool = True) -> None:
        """Run once; raises RuntimeError if it fails."""
        self.before()
        start = time.perf_counter()
        process = subprocess.Popen(
            self.arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{self.name} failed with status {process.returncode}")
        if count:
            self.seconds.append(time.perf_counter() - start)
            self.mebibytes.append(usage.ru_maxrss / 1024)


def synthetic(folder: Path, count: int) -> Path:
    """A spec of `count` models: the committed ones, over and over, under other ids."""
    shutil.copytree(ROOT / "spec", folder)
    originals = sorted((folder / "models").rglob("*.yaml"))
    for number in range(len(originals), count):
        source = originals[number % len(originals)]
        id = f"{source.stem}-v{number}"
        text = source.read_text(encoding="utf-8").replace(f": {source.stem}\n", f": {id}\n")
        source.with_name(f"{id}.yaml").write_text(text, encoding="utf-8")
    return folder


def commands(work: Path, count: int) -> list[Command]:
    """What is compared, on a spec of `count` models."""
    spec, out, peer = synthetic(work / "spec", count), work / "generated", work / "peer"
    codegen = [sys.executable, "-m", "codegen", "--spec", str(spec), "--out", str(out)]
    subprocess.run([*codegen, "generate"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    document = work / "openapi.yaml"
    shutil.copy(out / "openapi.yaml", document)
    found = [
        Command("generate, cold", [*codegen, "generate"], lambda: shutil.rmtree(out)),
        Command("check, cold", [*codegen, "check", "--full"]),
        Command("check, nothing changed", [*codegen, "check"]),
        Command(
            "Python and imports",
            [sys.executable, "-c", "import codegen.spec.load, codegen.emit.tree"],
        ),
        Command(
            "datamodel-codegen alone",
            [
                str(Path(sys.executable).parent / "datamodel-codegen"),
                *("--input", str(document), "--input-file-type", "openapi"),
                *("--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp"),
                *("--formatters", "builtin", "--target-python-version", "3.11"),
                *("--output", str(work / "peer.py")),
            ],
        ),
    ]
    client = Path(sys.executable).parent / "openapi-python-client"
    if client.exists():
        path = [
            "--path",
            str(document),
            "--output-path",
            str(peer),
            "--meta",
            "none",
            "--overwrite",
        ]
        found.append(Command("openapi-python-client", [str(client), "generate", *path]))
    return found


def measure(count: int, runs: int) -> list[Command]:
    """Run every command in turn, once for nothing and then `runs` times."""
    with tempfile.TemporaryDirectory() as work:
        found = commands(Path(work), count)
        for number in range(runs + 1):
            for command in found:
                command.run(count=number > 0)
        return found


def main() -> None:
    """Print a table for each size, and how time grows from one to the next."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(RUNS), help="numbers of models")
    medians: dict[tuple[int, str], float] = {}
    sizes: list[int] = parser.parse_args().sizes
    for count in sizes:
        runs = RUNS.get(count, 3)
        found = measure(count, runs)
        base = next(c for c in found if c.name.startswith("datamodel"))
        print(f"\n{count} models, medians of {runs} runs in turn")
        print(f"{'':<26}{'seconds':>9}{'against datamodel-codegen':>28}{'peak MiB':>11}")
        for command in found:
            seconds = statistics.median(command.seconds)
            medians[count, command.name] = seconds
            pairs = zip(command.seconds, base.seconds, strict=True)
            ratio = statistics.median(ours / theirs for ours, theirs in pairs)
            memory = max(command.mebibytes)
            print(f"{command.name:<26}{seconds:>9.2f}{ratio:>27.2f}x{memory:>11.0f}")
    for smaller, larger in pairwise(sizes):
        print(f"\nfrom {smaller} to {larger} models")
        for size, name in medians:
            if size == smaller:
                print(f"{name:<26}{medians[larger, name] / medians[smaller, name]:>9.1f}x")


if __name__ == "__main__":
    main()

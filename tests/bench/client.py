"""The client's CPU time and throughput beside bare httpx and other clients.

Run as `nox -s bench -- client`. Every ratio is the median of paired runs, with its quartiles: subject
and bare httpx take turns in one process, and a pair is two runs next to one another. CPU time is that
of the client's process alone, user and system; throughput is calls per second. All is on loopback,
against a server in a process of its own, an asyncio protocol that reads no more of a request than its
first line and length: it answers many times what any client here asks, so that the client is what is
measured.

A peer makes the call of its own that is nearest, with the settings that it comes with; only, where
calls are made at once, each may have as many connections as calls. Goals are printed, and whether they
are met; nothing fails because a machine is slow.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = str(Path(__file__).with_name("subjects.py"))
PEERS = {  # What must be installed, by the first word of a row's name.
    "httpx2": "httpx2",
    "httpx2.Client": "httpx2",
    "openai": "openai",
    "openai.OpenAI": "openai",
    "replicate": "replicate",
    "replicate.Client": "replicate",
    "fal-client": "fal_client",
    "fal_client.SyncClient": "fal_client",
    "openapi-python-client": "openapi_python_client",
    "fluxframe on httpx2": "httpx2",
    "the same on httpx2": "httpx2",
}
OURS = ("httpx", "httpx.Client", "httpx.AsyncClient", "fluxframe", "Fluxframe", "AsyncFluxframe")
CLIENTS = (
    "httpx",
    "fluxframe",
    "fluxframe on httpx2",
    "httpx2",
    "openai",
    "replicate",
    "fal-client",
    "openapi-python-client",
)
# Async, Fluxframe's own client has several pools; a given one is like the others'.
ASYNC_CLIENTS = (*CLIENTS[:3], "fluxframe, client given", "the same on httpx2", *CLIENTS[3:])
CONSTRUCTED = (
    "httpx.Client",
    "httpx.AsyncClient",
    "Fluxframe",
    "AsyncFluxframe",
    "httpx2.Client",
    "openai.OpenAI",
    "replicate.Client",
    "fal_client.SyncClient",
    "openapi-python-client",
)
IMPORTS = {
    "httpx": "import httpx",
    "fluxframe": "import fluxframe",
    "from fluxframe": "from fluxframe import Fluxframe",
    "httpx2": "import httpx2",
    "openai": "import openai",
    "replicate": "import replicate",
    "fal-client": "import fal_client",
    "openapi-python-client": "from peer.api.images import images_generate",
}

Pairs = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Size:
    """How much is run."""

    imports: int = 21
    constructions: int = 15
    construct_seconds: float = 0.05
    pairs: int = 40
    calls: int = 60
    async_pairs: int = 19
    async_calls: int = 320


QUICK = Size(2, 2, 0.001, 2, 3, 1, 64)


@dataclass(frozen=True)
class Goal:
    """What is aimed at: a limit of the ratio, or of the figure itself."""

    limit: float
    least: bool = False
    of_figure: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.limit:g}{' ms' if self.of_figure else '×'}"

    def met(self, figure: float, ratio: float) -> bool:
        value = figure if self.of_figure else ratio
        return value >= self.limit if self.least else value <= self.limit


def table(title: str, unit: str, width: int = 34) -> None:
    """The head of a table."""
    print(f"\n{title}\n{'':<{width}}{unit:>10}{'against httpx':>15}{'quartiles':>18}   goal")


def row(name: str, pairs: Pairs, scale: float, goal: Goal | None, width: int = 34) -> None:
    """The medians of a subject, the quartiles of its ratio, and its goal."""
    ratios = [subject / plain for plain, subject in pairs]
    ratio = statistics.median(ratios)
    low, _, high = (
        statistics.quantiles(ratios, method="inclusive") if len(ratios) > 1 else ratios * 3
    )
    figure = statistics.median(subject for _, subject in pairs) * scale
    shown = f"{figure:.0f}" if figure >= 100 else f"{figure:.3g}"
    verdict = ""
    if goal is not None:
        verdict = f"{goal}  {'PASS' if goal.met(figure, ratio) else 'miss'}"
    digits = 2 if ratio >= 0.1 else 5
    quartiles = f"{low:.{digits}f}–{high:.{digits}f}"
    print(f"{name:<{width}}{shown:>10}{ratio:>14.{digits}f}×{quartiles:>18}   {verdict}".rstrip())


class Bench:
    """Runs the children."""

    def __init__(self, url: str, work: Path, size: Size, *, peers: bool) -> None:
        self.url, self.work, self.size, self.peers = url, work, size, peers
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and not name.startswith("APIFRAME_")
        }
        # Everybody's bytecode is cached, as pip does it; else a copy of the sources is compiled each time.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment["PYTHONPYCACHEPREFIX"] = str(work / "bytecode")
        self.environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "generated"), str(work)])
        self.broken = False

    def missing(self, name: str) -> str | None:
        """Why a subject can't be measured."""
        if name not in PEERS:
            return None
        if not self.peers or find_spec(PEERS[name]) is None:
            return "not installed" if self.peers else "left out"
        if name == "openapi-python-client" and not (self.work / "peer").exists():
            return "n/a: it could not generate a client"
        return None

    def rows(
        self,
        names: Sequence[str],
        arguments: Callable[[str], Sequence[object]],
        scale: float,
        goals: dict[str, Goal],
    ) -> None:
        """A row for each subject, from a child of its own."""
        for name in names:
            reason = self.missing(name)
            if reason is None:
                command = [sys.executable, SUBJECTS, *map(str, arguments(name))]
                child = subprocess.run(
                    command, capture_output=True, text=True, env=self.environment, check=False
                )
                if child.returncode == 0:
                    row(name, json.loads(child.stdout), scale, goals.get(name))
                    continue
                reason = (
                    f"n/a: {(child.stderr.strip().splitlines() or ['no word of it'])[-1][:100]}"
                )
                self.broken |= name in OURS
            print(f"{name:<34}{reason}")

    def imports(self) -> None:
        """CPU time of an import statement, less the interpreter's own."""
        table("import, CPU over the bare interpreter", "ms")
        wanted = {name: code for name, code in IMPORTS.items() if self.missing(name) is None}
        found: dict[str, list[float]] = {name: [] for name in wanted}
        for name, code in wanted.items():
            try:
                self._child(code)
            except RuntimeError:
                self.broken |= name in OURS
                del found[name]
        for _ in range(self.size.imports):
            empty = statistics.mean(self._child("pass") for _ in range(2))
            for name in found:
                found[name].append(self._child(wanted[name]) - empty)
        for name, code in IMPORTS.items():
            if name not in found:
                print(f"{code:<34}{self.missing(name) or 'n/a: it fails'}")
                continue
            shown = "its output, one operation" if name == "openapi-python-client" else code
            pairs = list(zip(found["httpx"], found[name], strict=True))
            row(shown, pairs, 1e3, Goal(0.2) if name == "fluxframe" else None)

    def _child(self, code: str) -> float:
        child = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=self.work,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(code)
        return usage.ru_utime + usage.ru_stime

    def constructions(self) -> None:
        """CPU time of making a client."""
        size = self.size
        table("construct a client, CPU (those below 1 ms make their connections' pool later)", "ms")
        goal = Goal(0.2, of_figure=True)
        self.rows(
            CONSTRUCTED,
            lambda name: ("construct", name, self.url, size.constructions, size.construct_seconds),
            1e3,
            {"Fluxframe": goal, "AsyncFluxframe": goal},
        )

    def calls(self, operation: str) -> None:
        """CPU time of a sync call."""
        size = self.size
        table(f"sync {operation}, CPU of a call", "µs")
        self.rows(
            CLIENTS,
            lambda name: ("calls", name, self.url, operation, size.pairs, size.calls),
            1e6,
            {"fluxframe": Goal(1.1)},
        )

    def throughput(self) -> None:
        """Async calls per second."""
        size = self.size
        table("async jobs.get, 64 at once", "calls/s")
        self.rows(
            ASYNC_CLIENTS,
            lambda name: ("async", name, self.url, size.async_pairs, size.async_calls),
            1,
            {"fluxframe": Goal(0.95, least=True), "fluxframe on httpx2": Goal(2, least=True)},
        )


def generate_peer(work: Path) -> None:
    """The client that openapi-python-client makes of our OpenAPI document, as package `peer`."""
    program = Path(sys.executable).parent / "openapi-python-client"
    document = ROOT / "generated" / "openapi.yaml"
    paths = ["--path", str(document), "--output-path", str(work / "peer"), "--meta", "none"]
    subprocess.run([program, "generate", *paths], capture_output=True, check=False)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server in another process."""
    command = [sys.executable, SUBJECTS, "serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


def main() -> int:
    """Print a table for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="see that it runs; figures mean little"
    )
    parser.add_argument("--no-peers", action="store_true", help="only Fluxframe and httpx")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server() as url:
        work = Path(folder)
        if not given.no_peers and find_spec("openapi_python_client") is not None:
            generate_peer(work)
        bench = Bench(url, work, QUICK if given.quick else Size(), peers=not given.no_peers)
        bench.imports()
        bench.constructions()
        bench.calls("jobs.get")
        bench.calls("images.generate")
        bench.throughput()
    return 1 if bench.broken else 0


if __name__ == "__main__":
    sys.exit(main())

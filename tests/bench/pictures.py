"""What the emulator's pictures cost: CPU time of a megapixel, and what polls wait while it draws.

Run as `nox -s bench -- pictures`. CPU time, user and system, is that of a process which draws requests
of all kinds of motifs and encodes each in a format; it has drawn before, so that no import is in it. For
the polls, a server in a process of its own is asked for the state of a job at a steady pace by another,
while a third asks it for pictures that it has not drawn yet, one after the other, or does not: such rounds
take turns, and a ratio is of two next to one another. Goals are printed, and whether they are met; nothing
fails because a machine is slow.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODEL, CONTAINER = "flux-2-pro", "fluxParams"
MILLISECONDS, RATIO = 60.0, 2.0
HEADERS = {"X-API-Key": "afk_bench", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Size:
    """How much is run."""

    pictures: int = 40
    rounds: int = 7
    polls: int = 200


QUICK = Size(4, 1, 20)


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description="What the emulator's pictures cost.")
    parser.add_argument("--quick", action="store_true", help="little of it, to see that it runs")
    parser.add_argument(
        "--no-peers", action="store_true", help="there are none; as in other benches"
    )
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, *rest = arguments.child
        parts: dict[str, Callable[..., None]] = {"draw": draw, "poll": poll, "ask": ask}
        parts[name](*rest)
        return
    size = QUICK if arguments.quick else Size()
    print(f"CPU of 1 MP, ms{'':<16}{'median':>9}{'quartiles':>14}{'most':>8}   goal")
    for format in ("jpg", "png", "webp"):
        row(format, child("draw", format, size.pictures))
    with served() as url:
        pairs = [polled(url, size) for _ in range(size.rounds)]
    polls(pairs)


def row(name: str, found: list[float]) -> None:
    """The milliseconds of a format."""
    low, median, high = statistics.quantiles(found, method="inclusive")
    verdict = "PASS" if median <= MILLISECONDS else "miss"
    quartiles = f"{low:.1f}–{high:.1f}"
    print(
        f"{name:<31}{median:>9.1f}{quartiles:>14}{max(found):>8.1f}   ≤ {MILLISECONDS:g}  {verdict}"
    )


def polls(pairs: list[tuple[float, float]]) -> None:
    """What polls wait, idle and while pictures are drawn."""
    ratios = [drawing / idle for idle, drawing in pairs]
    ratio = statistics.median(ratios)
    idle, drawing = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    verdict = "PASS" if ratio <= RATIO else "miss"
    print(f"\n{'p95 of polls, ms':<31}{'idle':>9}{'drawing':>14}{'ratio':>8}   goal")
    print(f"{'':<31}{idle:>9.2f}{drawing:>14.2f}{ratio:>8.2f}   ≤ {RATIO:g}  {verdict}")


def polled(url: str, size: Size) -> tuple[float, float]:
    """The p95 of polls, idle and while pictures are drawn, in seconds."""
    (idle,) = child("poll", url, size.polls)
    asking = subprocess.Popen(command("ask", url), env=environment(), stdout=subprocess.PIPE)
    try:
        assert asking.stdout is not None
        asking.stdout.readline()  # The first picture, for which Pillow was imported, is drawn.
        (drawing,) = child("poll", url, size.polls)
    finally:
        asking.kill()
        asking.communicate()
    return idle, drawing


def draw(format: str, count: str) -> None:
    """Draw requests of one megapixel, and print the CPU milliseconds of each."""
    from fluxframe.emulator._contract.contract import contract
    from fluxframe.emulator._contract.models import Values
    from fluxframe.emulator._pictures.drawing import file
    from fluxframe.emulator._pictures.plan import plan
    from fluxframe.emulator._pictures.scene import Scene

    model = next(model for model in contract().models.all if model.id == MODEL)
    found = []
    for number in range(-3, int(count)):
        request = body(f"picture {number} of a fox in the snow, at dawn", format)
        scene = Scene(plan(Values(model, request), (1024, 1024), seed=number), 0)
        begun = time.process_time()
        file(scene)
        found.append((time.process_time() - begun) * 1000)
    print(json.dumps(found[3:]))


def poll(url: str, count: str) -> None:
    """Ask for the state of a job at a steady pace, and print the 95th percentile of the waits."""
    connection = connected(url)
    id = submitted(connection, "to be asked for", "png")
    waits = []
    for _ in range(int(count)):
        begun = time.perf_counter()
        answer(connection, "GET", f"/v2/jobs/{id}")
        waits.append(time.perf_counter() - begun)
        time.sleep(0.005)
    print(json.dumps([statistics.quantiles(waits, n=20, method="inclusive")[-1]]))


def ask(url: str) -> None:
    """Ask for pictures until killed; a line is printed when the first is there."""
    connection = connected(url)
    for number in range(10_000_000):
        format = ("jpg", "png", "webp")[number % 3]
        id = submitted(connection, f"picture {number}", format)
        while (job := json.loads(answer(connection, "GET", f"/v2/jobs/{id}")))["result"] is None:
            time.sleep(0.01)
        path = job["result"]["images"][0].removeprefix(url)
        answer(connection, "GET", path)
        if not number:
            print("drawn", flush=True)


def body(prompt: str, format: str) -> dict[str, Any]:
    """A request of one megapixel."""
    return {"model": MODEL, "prompt": prompt, CONTAINER: {"output_format": format}}


def submitted(connection: HTTPConnection, prompt: str, format: str) -> str:
    """The id of a new job."""
    made = answer(connection, "POST", "/v2/images/generate", body(prompt, format))
    return str(json.loads(made)["jobId"])


def answer(connection: HTTPConnection, method: str, path: str, content: object = None) -> bytes:
    """The body of an answer."""
    connection.request(method, path, json.dumps(content) if content else None, HEADERS)
    response = connection.getresponse()
    read = response.read()
    if response.status >= 300:
        raise SystemExit(f"{method} {path}: {response.status} {read[:300]!r}")
    return read


def connected(url: str) -> HTTPConnection:
    """A connection to the server."""
    return HTTPConnection(url.removeprefix("http://"), timeout=60)


@contextmanager
def served() -> Iterator[str]:
    """The URL of an emulator in a process of its own."""
    program = (
        "import sys; from fluxframe.emulator import Emulator\n"
        "with Emulator(job_seconds=0, credits=10**9) as emulator:\n"
        "    print(emulator.url, flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.communicate()


def child(*arguments: object) -> list[float]:
    """What a part of this, run in a process of its own, found."""
    run = subprocess.run(
        command(*arguments), env=environment(), capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(run.stderr)
    found: list[float] = json.loads(run.stdout)
    return found


def command(*arguments: object) -> list[str]:
    return [sys.executable, __file__, "--child", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "generated")}


if __name__ == "__main__":
    main()

"""The emulator beside a bare Starlette app: CPU of a start, of a submission and of a poll.

Server, load and receiver of webhooks are processes of their own, and the two servers take turns, so that
both see the same moments of a machine that is never quite still. What counts is the CPU time of the
server: python tests/bench/emulator.py
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHILDREN = Path(__file__).with_name("emulator_children.py")
DOCUMENT = ROOT / "generated" / "openapi.yaml"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "generated"), str(ROOT)])}
# Speed beside that of the bare app, at least; start-up beside its, at most; times Prism's speed.
GOALS = {"submit": 0.8, "poll": 0.9, "webhooks": 0.5, "start": 1.5, "prism": 4.0}
CONNECTIONS, MANY = 32, 256


class Child:
    """A process that answers lines with lines."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CHILDREN), *arguments],
            env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(self._read())

    def ask(self) -> list[float]:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return [float(word) for word in self._read().split()]

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def end(self) -> None:
        self._process.communicate()


@contextmanager
def child(*arguments: str) -> Iterator[Child]:
    running = Child(*arguments)
    try:
        yield running
    finally:
        running.end()


def load(port: int, kind: str, count: int, connections: int, *webhook: str) -> dict[str, Any]:
    """What comes of requests: seconds, and how many had each status. Any that failed ends the bench."""
    arguments = ["load", str(port), kind, str(count), str(connections), *webhook]
    run = subprocess.run(
        [sys.executable, str(CHILDREN), *arguments],
        env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(run.stdout)
    wanted = "200" if kind == "poll" else "202"
    if found["statuses"] != {wanted: count}:
        sys.exit(f"{count} requests were answered with {found['statuses']}")
    return found


def say(name: str, figure: str, goal: str, *, kept: bool) -> bool:
    print(f"{name:<34}{figure:>22}   {goal:<12} {'PASS' if kept else 'miss'}", flush=True)
    return kept


def paired(kind: str, rounds: int, count: int, job_seconds: float, *, hooked: bool = False) -> bool:
    """CPU of a request, in turns; both as microseconds, and the ratio of speeds."""
    found: dict[str, list[float]] = {"emulator": [], "starlette": []}
    with (
        child("serve", "emulator", str(job_seconds)) as ours,
        child("serve", "starlette", "0") as bare,
        child("receive") as receiver,
    ):
        hook = [f"http://127.0.0.1:{receiver.port}/hook"] if hooked else []
        for number in range(rounds + 1):
            for name, server in (("emulator", ours), ("starlette", bare))[
                :: -1 if number % 2 else 1
            ]:
                is_ours = name == "emulator"
                before, (posted,) = server.ask()[0], receiver.ask()
                load(server.port, kind, count, CONNECTIONS, *(hook if is_ours else []))
                if hooked and is_ours:
                    until(receiver, posted + 2 * count)
                if number:  # The first of each warms up.
                    found[name].append((server.ask()[0] - before) / count * 1e6)
    ratio = statistics.median(
        b / a for a, b in zip(found["emulator"], found["starlette"], strict=True)
    )
    own, other = (statistics.median(found[name]) for name in ("emulator", "starlette"))
    title = f"{kind}, 2 webhooks each" if hooked else kind
    goal = GOALS["webhooks" if hooked else kind]
    figure = f"{own:.0f} / {other:.0f} µs = {ratio:.2f}"
    return say(title, figure, f">= {goal}", kept=ratio >= goal)


def until(receiver: Child, count: float) -> None:
    """Wait until posts have come; a progress and a last event of each job."""
    deadline = time.monotonic() + 120
    while receiver.ask()[0] < count:
        if time.monotonic() > deadline:
            sys.exit(f"{count} webhooks were to come, and {receiver.ask()[0]:.0f} did")
        time.sleep(0.05)


def start(rounds: int) -> bool:
    """CPU from the start of a process to its first answer."""
    try:
        import resource
    except ImportError:
        print("start: only where the CPU of children is known")
        return True

    def cpu(name: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        arguments = [sys.executable, str(CHILDREN), "start", name]
        subprocess.run(arguments, env=ENVIRONMENT, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    pairs = [(cpu("emulator"), cpu("starlette")) for _ in range(rounds + 1)][1:]
    ratio = statistics.median(own / other for own, other in pairs)
    own, other = (statistics.median(column) * 1e3 for column in zip(*pairs, strict=True))
    figure = f"{own:.0f} / {other:.0f} ms = {ratio:.2f}"
    return say(
        "start to first answer", figure, f"<= {GOALS['start']}", kept=ratio <= GOALS["start"]
    )


def many(count: int) -> bool:
    """Requests over many connections; `load` ends the bench if one of them fails."""
    with child("serve", "emulator", "1000") as server:
        rate = [
            count / load(server.port, kind, count, MANY)["seconds"] for kind in ("submit", "poll")
        ]
    figure = f"{rate[0]:.0f} and {rate[1]:.0f}/s"
    return say(f"{MANY} connections, submit and poll", figure, "no error", kept=True)


def prism(count: int) -> bool:
    """Submissions a second, and those of Prism's dynamic mode on the emitted document, if it is there."""
    npx = shutil.which("npx")
    if npx is None:
        print("Prism: not found")
        return True
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mock = ["--yes", "@stoplight/prism-cli", "mock", "-d", "-p", str(port), str(DOCUMENT)]
    other = subprocess.Popen(
        [npx, *mock], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert other.stdout is not None
        if not any("listening" in line for line in other.stdout):
            print("Prism: not found")
            return True
        with child("serve", "emulator", "1000") as server:
            load(port, "submit", max(10, count // 10), 4)
            theirs = count / load(port, "submit", count, 4)["seconds"]
            load(server.port, "submit", count, 4)
            ours = count / load(server.port, "submit", count, 4)["seconds"]
    finally:
        other.terminate()
        other.wait()
    ratio = ours / theirs
    figure = f"{ours:.0f} / {theirs:.0f} /s = {ratio:.1f}"
    return say(
        "beside Prism, submissions", figure, f">= {GOALS['prism']}", kept=ratio >= GOALS["prism"]
    )


def main() -> int:
    """Print a table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it runs")
    parser.add_argument("--no-peers", action="store_true", help="without Prism")
    parser.add_argument("--only", nargs="+", choices=[*GOALS, "many"], help="only these")
    options = parser.parse_args()
    rounds, count = (1, 100) if options.quick else (9, 1500)
    benches: dict[str, Callable[[], bool]] = {
        "start": lambda: start(rounds),
        "submit": lambda: paired("submit", rounds, count, 1000),
        "poll": lambda: paired("poll", rounds, count, 1000),
        "webhooks": lambda: paired("submit", rounds, count // 2, 0.2, hooked=True),
        "many": lambda: many(10 * count),
        "prism": lambda: bool(options.no_peers) or prism(count // 5),
    }
    wanted = options.only or benches
    kept = [run() for name, run in benches.items() if name in wanted]
    return 0 if all(kept) or options.quick else 1


if __name__ == "__main__":
    sys.exit(main())

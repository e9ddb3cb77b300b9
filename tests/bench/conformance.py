"""Servers with one fault each: how many are found out, and what that takes, beside Schemathesis.

Run as `nox -s bench -- conformance`. Fifty servers are drawn by a seed from those that break a constraint
of two models, and those that do wrong by jobs, keys or pages; each is the emulator with one fault, on a
socket, in a process of its own, where requests are counted, and jobs that were made, which are what is
paid for. `fluxframe conformance` and `schemathesis run` (default phases, the emitted OpenAPI document) are
both told of these two models alone, and are both run as a command.

A server is found out by Fluxframe if it has a finding, and by Schemathesis if it reports a failure that
it does not report of the emulator without a fault. Goals are printed, and whether they are
met; nothing fails because a machine is slow.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "generated")]

from tests.conformance.mutants import (  # noqa: E402
    Document,
    Mutant,
    behaviour_mutants,
    constraint_mutants,
    document,
)
from tests.conformance.mutants._counting import Counted  # noqa: E402
from tests.conformance.mutants._document import credentials  # noqa: E402

MODELS = ("flux-2-pro", "flux-2-flex")
KEY = "bench"
SEED = 11
# Much more than all of it costs, many times the seconds of a job, and the most that a run is waited for.
BUDGET, DEADLINE = "1000000", "3"
SECONDS = 300


def sample(count: int) -> list[Mutant]:
    """The servers: four in five break a constraint."""
    known, chance = document(), Random(SEED)
    models = [known.model(id) for id in MODELS]
    constraints = [m for model in models for m in constraint_mutants(known, model)]
    others = behaviour_mutants(known, models[0])
    drawn = chance.sample(constraints, count - count // 5)
    return [*drawn, *chance.sample(others, count // 5)]


def cut(raw: dict[str, Any]) -> dict[str, Any]:
    """The document of only these models: other operations of requests and what only they need are gone.

    So are parameters in headers: beside them Schemathesis calls any other header a fault, once for each
    operation, and then says nothing of the faults that come after.
    """
    known = Document(raw)
    kept = {operation.name for operation in known.operations if operation.kind != "submit"}
    kept |= {known.model(id).operation.name for id in MODELS}
    values = {known.model(id).value for id in MODELS}
    paths = {
        path: {method: op for method, op in methods.items() if op.get("operationId") in kept}
        for path, methods in raw["paths"].items()
    }
    schemas = dict(raw["components"]["schemas"])
    for name, schema in schemas.items():
        if mapping := schema.get("discriminator", {}).get("mapping"):
            left = {value: target for value, target in mapping.items() if value in values}
            options = [{"$ref": target} for target in left.values()]
            schemas[name] = {
                **schema,
                "oneOf": options,
                "discriminator": {**schema["discriminator"], "mapping": left},
            }
    paths = {path: _of_these(methods, values) for path, methods in paths.items() if methods}
    components = {**raw["components"], "schemas": schemas}
    left_out = _needed({**raw, "paths": paths, "components": components})
    components["schemas"] = {name: s for name, s in schemas.items() if name in left_out}
    return {**raw, "paths": paths, "components": components}


def _of_these(methods: dict[str, Any], values: set[str]) -> dict[str, Any]:
    """Operations without their headers, and without the examples of other models."""
    methods = json.loads(json.dumps(methods))
    for operation in methods.values():
        kept = [p for p in operation.get("parameters", ()) if p["in"] != "header"]
        operation["parameters"] = kept
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = content.get("examples", {})
        for name in [n for n in examples if examples[n]["value"].get("model") not in values]:
            del examples[name]
    return methods


def _needed(raw: dict[str, Any]) -> set[str]:
    """The names of the schemas that are referred to, straight or through others."""
    schemas = raw["components"]["schemas"]
    rest = {**raw, "components": {**raw["components"], "schemas": {}}}
    found: set[str] = set()
    further = set(_references(rest))
    while further:
        found |= further
        further = {n for name in further for n in _references(schemas[name])} - found
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str) and "/schemas/" in value["$ref"]:
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def serve(count: int) -> None:
    """The child: a line of stdin is the number of a server, -1 of none; prints counts and goes on as it."""
    import logging
    import socket
    import threading

    import uvicorn

    from fluxframe.emulator import Emulator

    logging.disable()  # Of forms that are no forms, a parser says so.
    servers = sample(count)
    counted = Counted(document())
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(counted, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    for line in sys.stdin:
        most = max(counted.accepted_for(document().model(id).value) for id in MODELS)
        print(json.dumps([counted.requests, counted.accepted, most]), flush=True)
        inner = Emulator(job_seconds=0.02, credits=10**9).app
        number = int(line)
        counted.begin(inner, servers[number].app if number >= 0 else None)


class Server:
    """The child, as its parent sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.url = f"http://127.0.0.1:{int(process.stdout.readline())}"

    def become(self, number: int) -> tuple[int, int, int]:
        """Have another fault from now on.

        Returns the requests and the jobs until now, and how many of these the model has that has most.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        requests, accepted, most = json.loads(self._process.stdout.readline())
        return int(requests), int(accepted), int(most)


@contextmanager
def server(count: int) -> Iterator[Server]:
    """A server in another process."""
    command = [sys.executable, __file__, "serve", str(count)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Server(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


@dataclass
class Subject:
    """A program that looks for faults, and what it took for each server."""

    name: str
    command: list[str]
    environment: dict[str, str]
    report: Path | None = None
    folder: Path | None = None
    found: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    of_a_model: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def run(self, server: Server, number: int) -> bool:
        """Whether it finds something that it does not know of."""
        server.become(number)
        begun = time.perf_counter()
        environment = {**os.environ, **self.environment}
        child = subprocess.run(
            self.command,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
            timeout=SECONDS,
        )
        self.seconds.append(time.perf_counter() - begun)
        requests, accepted, most = server.become(-1)
        self.requests.append(requests)
        self.accepted.append(accepted)
        self.of_a_model.append(most)
        if child.returncode not in (0, 1):
            print(f"{self.name}, server {number}: {(child.stdout + child.stderr)[-600:]}")
        if self.report is None:
            return child.returncode == 1
        return bool(json.loads(self.report.read_bytes())["findings"])

    def look_for(self, server: Server, number: int) -> None:
        """Whether it finds a fault out."""
        (self.found if self.run(server, number) else self.missed).append(number)


def ours(url: str, work: Path) -> Subject:
    """Fluxframe's own."""
    raw = document().raw
    _, key = credentials(document(), KEY)
    words = [word for id in MODELS for word in ("--model", id)]
    command = [
        sys.executable, "-m", "fluxframe", "conformance",
        "--base-url", url, "--max-credits", BUDGET, "--deadline", DEADLINE,
        "--report", f"json={work / 'report.json'}", *words,
    ]  # fmt: skip
    variable = str(raw["info"].get("x-environment", {}).get("api_key", "APIFRAME_API_KEY"))
    path = os.pathsep.join([str(ROOT / "generated"), os.environ.get("PYTHONPATH", "")])
    environment = {variable: key, "PYTHONPATH": path}
    return Subject("fluxframe conformance", command, environment, work / "report.json")


def theirs(url: str, work: Path, seed: int) -> Subject:
    """Schemathesis, with its default phases and checks."""
    path, (_, key) = work / "openapi.json", credentials(document(), KEY)
    scheme = document().raw["components"]["securitySchemes"]["apiKey"]
    header = (
        f"{scheme.get('name', 'Authorization')}: {key}"  # In capitals as the document has them.
    )
    path.write_text(json.dumps(cut(document().raw)), encoding="utf-8")
    program = Path(sys.executable).parent / "schemathesis"
    command = [
        str(program), "run", str(path), "--url", url, "--header", header,
        "--seed", str(seed), "--baseline", str(work / "baseline.json"),
    ]  # fmt: skip
    return Subject("schemathesis", command, {}, folder=work)


def known_failures(server: Server, work: Path, runs: int) -> None:
    """Have Schemathesis note what it reports of the server without a fault."""
    for seed in (SEED, *range(1, runs)):
        subject = theirs(server.url, work, seed)
        subject.command.append("--baseline-update")
        subject.run(server, -1)


def row(name: str, figures: list[str], verdict: str = "") -> None:
    """A line of the table."""
    print(f"{name:<34}{''.join(f'{figure:>16}' for figure in figures)}   {verdict}".rstrip())


def goal(met: bool, said: str) -> str:
    return f"{said}  {'PASS' if met else 'miss'}"


def show(mine: Subject, other: Subject | None, count: int) -> None:
    """The table."""

    def figures(of: str) -> list[float]:
        subjects = [mine, *([other] if other else [])]
        return [statistics.median(getattr(subject, of)) for subject in subjects]

    names = [mine.name, *([other.name] if other else [])]
    print(f"\n{count} servers with a fault each, medians of a run")
    row("", names)
    found = [f"{len(subject.found)}/{count}" for subject in (mine, other) if subject]
    row("found out", found, goal(not mine.missed, "all"))
    limits = {"requests": (0.2, 0), "seconds": (0.1, 2)}
    for of, (limit, digits) in limits.items():
        values = figures(of)
        ratio = values[0] / values[-1]
        verdict = f"{ratio:.3f}×, {goal(ratio <= limit, f'≤ {limit}×')}" if other else ""
        row(of, [f"{value:.{digits}f}" for value in values], verdict)
    row("requests accepted (paid for)", [f"{value:.0f}" for value in figures("accepted")])
    values = figures("of_a_model")
    row("  for the model that has most", [f"{v:.0f}" for v in values], goal(values[0] <= 6, "≤ 6"))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs: two servers")
    parser.add_argument("--no-peers", action="store_true", help="only Fluxframe")
    parser.add_argument("--count", type=int, default=50, help="how many servers")
    given = parser.parse_args()
    count = 2 if given.quick else given.count
    peers = not given.no_peers and find_spec("schemathesis") is not None
    if not peers and not given.no_peers:
        print("schemathesis is not installed")
    servers = sample(count)
    with tempfile.TemporaryDirectory() as folder, server(count) as running:
        work = Path(folder)
        mine = ours(running.url, work)
        if mine.run(running, -1):
            print("fluxframe conformance finds a fault where there is none")
            return 1
        for figures in (mine.requests, mine.accepted, mine.of_a_model, mine.seconds):
            figures.clear()
        other = theirs(running.url, work, SEED) if peers else None
        if other is not None:
            known_failures(running, work, 1 if given.quick else 3)
        for number in range(count):
            for subject in (mine, other):
                if subject is not None:
                    subject.look_for(running, number)
        show(mine, other, count)
        for subject in (mine, other):
            if subject is not None and subject.missed:
                print(f"\n{subject.name} missed:")
                print("\n".join(f"  {servers[number].id}" for number in subject.missed))
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
        sys.exit()
    sys.exit(main())

"""What a job's webhooks cost the emulator: CPU a submission with them, without, and of a bare Starlette app.

Run as `nox -s bench -- webhooks`. Each server has a process of its own, whose CPU time, user and system, is
what is compared; requests come from another, over 32 connections, and so do the answers to what is posted. The
servers take turns, and a ratio is the median of what is next to one another. A submission with webhooks is
over when its last event was taken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "generated"), str(ROOT)]
from tests.servers.http1 import Parser, http  # noqa: E402

CONNECTIONS = 32
EVENTS = 2
JOB_SECONDS = 0.2
GOAL = 0.5
REQUEST = {"model": "flux-2-pro", "prompt": "a sleek silver sports car on a coastal highway"}
NAMES = ("bare Starlette", "emulator", "emulator, with webhooks")


def serve_bare() -> None:
    """An app that parses JSON and answers JSON, as little as a submission can be."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    from tests.servers.asgi import served

    async def generate(request: Request) -> JSONResponse:
        body = await request.json()
        return JSONResponse({"jobId": body["model"], "status": "QUEUED"}, 202)

    with served(
        Starlette(routes=[Route("/v2/images/generate", generate, methods=["POST"])])
    ) as url:
        print(url.rpartition(":")[2], flush=True)
        _tell()


def serve_emulator() -> None:
    from fluxframe.emulator import Emulator

    with Emulator(job_seconds=JOB_SECONDS, credits=10**9) as emulator:
        print(emulator.url.rpartition(":")[2], flush=True)
        _tell()


def _tell() -> None:
    """Print the CPU time for each line that comes."""
    for _ in sys.stdin:
        print(time.process_time(), flush=True)


class Child:
    """A server in a process of its own."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--serve", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "generated"), str(ROOT)])},
        )
        self.port = int(self._line())

    def cpu(self) -> float:
        """The seconds that it has spent so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate()


class Receiver(asyncio.Protocol):
    """Takes what is posted, and counts it."""

    taken = 0
    awaited = 0
    arrived: asyncio.Event

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._parser = Parser()

    def data_received(self, data: bytes) -> None:
        self._parser.feed(data)
        while self._parser.take() is not None:
            Receiver.taken += 1
            self._transport.write(_TAKEN)
            if Receiver.taken == Receiver.awaited:
                Receiver.arrived.set()


_TAKEN = http(200)


async def submitted(port: int, count: int, webhook: str | None) -> None:
    """Submit so many requests, at once as there are connections."""
    body = json.dumps(REQUEST | ({} if webhook is None else {"webhookUrl": webhook})).encode()
    head = (
        f"POST /v2/images/generate HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-API-Key: afk_bench\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    left = iter(range(count))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in left:
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 202"), answer
            length = answer.lower().partition(b"content-length:")[2].partition(b"\r")[0]
            await reader.readexactly(int(length))
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def spent(child: Child, count: int, webhook: str | None) -> float:
    """The CPU time of a submission, in microseconds."""
    before = child.cpu()
    Receiver.arrived, Receiver.awaited = asyncio.Event(), Receiver.taken + EVENTS * count
    await submitted(child.port, count, webhook)
    if webhook is not None:
        await Receiver.arrived.wait()
        await asyncio.sleep(0.05)  # The answers to the last of them are read.
    return (child.cpu() - before) / count * 1e6


async def measured(rounds: int, count: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in NAMES}
    receivers = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
    hook = f"http://127.0.0.1:{receivers.sockets[0].getsockname()[1]}/hook"
    with ExitStack() as stack:
        bare = stack.enter_context(Child("bare"))
        emulator = stack.enter_context(Child("emulator"))
        runs: Sequence[tuple[str, Child, str | None]] = (
            (NAMES[0], bare, None),
            (NAMES[1], emulator, None),
            (NAMES[2], emulator, hook),
        )
        for turn in range(rounds + 1):
            for name, child, webhook in runs:
                micros = await spent(child, count, webhook)
                if turn:  # The first warms up.
                    found[name].append(micros)
    receivers.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs")
    parser.add_argument("--no-peers", action="store_true", help="as the others have it; no effect")
    parser.add_argument("--serve", choices=["bare", "emulator"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_bare() if options.serve == "bare" else serve_emulator()
        return
    found = asyncio.run(measured(*((1, 100) if options.quick else (11, 1000))))
    print(
        f"\nsubmission, CPU of the server\n{'':<26}{'µs':>8}{'of bare':>10}{'quartiles':>16}   goal"
    )
    for name in NAMES:
        ratios = [plain / own for plain, own in zip(found[NAMES[0]], found[name], strict=True)]
        low, ratio, high = (
            statistics.quantiles(ratios, method="inclusive") if len(ratios) > 1 else ratios * 3
        )
        verdict = ""
        if name == NAMES[2]:
            verdict = f"   ≥ {GOAL:g}×  {'PASS' if ratio >= GOAL else 'miss'}"
        micros = statistics.median(found[name])
        print(f"{name:<26}{micros:>8.0f}{ratio:>9.2f}×{f'{low:.2f}–{high:.2f}':>16}{verdict}")


if __name__ == "__main__":
    main()

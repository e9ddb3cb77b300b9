"""The emulator's memory with many jobs, many submissions under few keys, and kills in the midst of them.

The server is a process of its own, asked over HTTP: python tests/bench/emulator_state.py
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
MOST_MIB = 120.0
CONNECTIONS = 64
PATIENCE = 60.0
SERVE = """
import sys, threading
from fluxframe.emulator import Emulator
data = sys.argv[1] if len(sys.argv) > 1 else None
print(Emulator(job_seconds=1, credits=10**12, data=data).start().url, flush=True)
threading.Event().wait()
"""


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, int]]:
    """The URL and the process id of a server."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "generated")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.kill()
        process.wait()


def memory(pid: int) -> float:
    """What a process has in memory, in MiB."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) / 1024
    said = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return int(said.stdout) / 1024


def post(number: int, once: str | None) -> bytes:
    """A submission as it goes over the wire."""
    request = {
        "model": "flux-2-pro",
        "prompt": f"a red fox in the snow, number {number}",
        "fluxParams": {"aspect_ratio": "16:9", "output_format": "jpg", "seed": number},
    }
    body = json.dumps(request).encode()
    key = f"Idempotency-Key: {once}\r\n" if once else ""
    head = (
        "POST /v2/images/generate HTTP/1.1\r\nHost: bench\r\nX-API-Key: afk_bench\r\n"
        f"Content-Type: application/json\r\n{key}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def submit(
    url: str, count: int, request: Callable[[int], bytes], connections: int
) -> Counter[tuple[bytes, str]]:
    """Submit so many requests over some connections; how often each status and job came."""
    found: Counter[tuple[bytes, str]] = Counter()
    numbers = iter(range(count))
    place = urlsplit(url)

    async def work() -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        for number in numbers:
            writer.write(request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            body = json.loads(await reader.readexactly(length))
            found[head.split()[1], str(body.get("jobId"))] += 1
        writer.close()

    await asyncio.gather(*(work() for _ in range(connections)))
    return found


def verdict(name: str, value: str, *, is_kept: bool) -> bool:
    print(f"{name:<62}{value:>9}  {'PASS' if is_kept else 'miss'}", flush=True)
    return is_kept


def many_jobs(count: int, folder: str | None = None) -> bool:
    """What a server has in memory with so many jobs."""
    with serving(*([folder] if folder else [])) as (url, pid):
        before = memory(pid)
        answers = asyncio.run(submit(url, count, lambda n: post(n, None), CONNECTIONS))
        after = memory(pid)
    where = "in a folder" if folder else "in memory"
    accepted = sum(n for (status, _), n in answers.items() if status == b"202")
    known = len({id for _, id in answers})
    print(f"{where}: {before:.1f} MiB at first, {(after - before) * 1024 / count:.2f} KiB a job")
    ok = verdict(
        "accepted, each a job of its own", f"{accepted}", is_kept=accepted == known == count
    )
    return (
        verdict(f"MiB with {count} jobs {where}", f"{after:.1f}", is_kept=after <= MOST_MIB) and ok
    )


def few_keys(count: int, keys: int, connections: int) -> bool:
    """How many jobs so many submissions at once make under some keys."""
    with serving() as (url, _):
        answers = asyncio.run(
            submit(url, count, lambda n: post(n % keys, f"k{n % keys}"), connections)
        )
    accepted = sum(n for (status, _), n in answers.items() if status == b"202")
    jobs = len({id for _, id in answers})
    return verdict(
        f"jobs of {accepted} submissions under {keys} keys",
        f"{jobs}",
        is_kept=jobs == keys and accepted == count,
    )


async def until_killed(url: str, pid: int, seconds: float) -> set[str]:
    """The jobs that were accepted until the server was killed in the midst of it."""
    accepted: set[str] = set()
    place = urlsplit(url)

    async def work() -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            while True:
                writer.write(post(0, None))
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                body = json.loads(await reader.readexactly(length))
                assert head.split()[1] == b"202", body
                accepted.add(body["jobId"])

    async def kill() -> None:
        await asyncio.sleep(seconds)
        os.kill(pid, signal.SIGKILL)

    await asyncio.gather(kill(), *(work() for _ in range(CONNECTIONS)))
    return accepted


def ended(url: str, ids: set[str]) -> int:
    """How many of the jobs are there, and end."""
    host = urlsplit(url).netloc
    end, left, good = time.monotonic() + PATIENCE, ids, 0
    while left and time.monotonic() < end:
        connection = http.client.HTTPConnection(host)
        going = set()
        for id in left:
            connection.request("GET", f"/v2/jobs/{id}", headers={"X-API-Key": "afk_bench"})
            status = json.load(connection.getresponse()).get("status")
            good += status == "COMPLETED"
            going |= {id} if status in ("QUEUED", "PROCESSING") else set()
        connection.close()
        left = going
    return good


def killed(times: int, folder: str) -> bool:
    """How many of the jobs that a server had accepted before it was killed are there afterwards."""
    accepted: set[str] = set()
    for _ in range(times):
        with serving(folder) as (url, pid):
            accepted |= asyncio.run(until_killed(url, pid, random.uniform(0.05, 0.6)))
    with serving(folder) as (url, _):
        good = ended(url, accepted)
    return verdict(
        f"of {len(accepted)} jobs accepted before {times} kills, there and ended",
        f"{good}",
        is_kept=good == len(accepted) > 0,
    )


def main() -> int:
    """Print what was found; 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few jobs")
    parser.add_argument("--no-peers", action="store_true", help="there are none here")
    options = parser.parse_args()
    jobs = 2_000 if options.quick else 100_000
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        results = [
            many_jobs(jobs),
            many_jobs(jobs // 5, folder),
            few_keys(1_000 if options.quick else 10_000, 100, 256),
            killed(2 if options.quick else 10, other),
        ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

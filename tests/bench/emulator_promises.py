"""What the emulator promises under load: a key makes one job, and a kill loses none that was accepted.

The suite tries both with a few requests; this prints what comes of many: python tests/bench/emulator_promises.py
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx

from fluxframe.emulator import Emulator

KEY = "afk_0123456789abcdef"
BODY = json.dumps({"model": "flux-2-pro", "prompt": "a red fox in the snow"}).encode()
CONNECTIONS, PATIENCE = 256, 60.0
SERVE = """
import sys, threading
from fluxframe.emulator import Emulator
print(Emulator(data=sys.argv[1], job_seconds=0.2, credits=10**9).start().url, flush=True)
threading.Event().wait()
"""


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    try:
        yield reader, writer
    finally:
        writer.close()


async def submit(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str | None = None
) -> str:
    """The id of the job that is accepted. Raises ConnectionError if the server is gone."""
    once = f"Idempotency-Key: {key}\r\n" if key else ""
    head = (
        "POST /v2/images/generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"X-API-Key: {KEY}\r\n{once}Content-Length: {len(BODY)}\r\n\r\n"
    )
    writer.write(head.encode() + BODY)
    try:
        said = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(said.partition(b"content-length:")[2].split(b"\r\n")[0])
        body = await reader.readexactly(size)
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError from error
    if not said.startswith(b"http/1.1 202"):
        sys.exit(f"a submission was answered with {said!r} {body!r}")
    return str(json.loads(body)["jobId"])


async def replayed(url: str, count: int, keys: int) -> Counter[str]:
    """How often each job was answered with, of many submissions under a few keys."""
    ids: Counter[str] = Counter()
    numbers = iter(range(count))

    async def work() -> None:
        async with connection(url) as (reader, writer):
            for number in numbers:
                ids[await submit(reader, writer, f"key-{number % keys}")] += 1

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return ids


@contextmanager
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of a folder in a process of its own, which is killed in the end."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, folder], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


async def until_killed(url: str, process: subprocess.Popen[str], seconds: float) -> list[str]:
    """The jobs that were accepted until the server is killed in the midst of it."""
    ids: list[str] = []

    async def work() -> None:
        with suppress(ConnectionError):
            async with connection(url) as (reader, writer):
                while True:
                    ids.append(await submit(reader, writer))

    async def kill() -> None:
        await asyncio.sleep(seconds)
        process.kill()

    await asyncio.gather(kill(), *(work() for _ in range(32)))
    return ids


def ended(url: str, ids: list[str]) -> int:
    """How many of the jobs are there, and end."""
    with httpx.Client(base_url=url, headers={"X-API-Key": KEY}, trust_env=False) as api:
        deadline, left, good = time.monotonic() + PATIENCE, list(ids), 0
        while left and time.monotonic() < deadline:
            answers = {id: api.get(f"/v2/jobs/{id}") for id in left}
            good += sum(
                a.is_success and a.json()["status"] == "COMPLETED" for a in answers.values()
            )
            left = [
                id
                for id, answer in answers.items()
                if answer.is_success and answer.json()["status"] != "COMPLETED"
            ]
    return good


def say(text: str, *, kept: bool) -> bool:
    print(f"{text}  {'PASS' if kept else 'miss'}")
    return kept


def main() -> None:
    """Measure, and end with 1 if a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few requests, to see that it runs")
    quick = parser.parse_args().quick
    count, keys, kills = (500, 10, 2) if quick else (10_000, 100, 10)
    with Emulator(credits=10**9) as emulator:
        ids = asyncio.run(replayed(emulator.url, count, keys))
        made = len(emulator.jobs)
    shown = f"{count:,} submissions at once under {keys} keys: {made} jobs"
    kept = say(shown, kept=made == len(ids) == keys and ids.total() == count)
    accepted: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(kills):
            with server(Path(folder)) as (process, url):
                seconds = random.uniform(0.05, 0.6)
                accepted += asyncio.run(until_killed(url, process, seconds))
        with server(Path(folder)) as (_, url):
            good = ended(url, accepted)
    shown = f"{kills} kills, {len(accepted):,} jobs accepted before: {good:,} are there and ended"
    kept &= say(shown, kept=good == len(accepted) > 0)
    sys.exit(not kept)


if __name__ == "__main__":
    main()

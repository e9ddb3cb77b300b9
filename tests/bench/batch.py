"""A batch's memory and speed: 1,000 and 100,000 rows, run anew and resumed, in threads and in tasks.

Every figure is of a process of its own, against a server in another: python tests/bench/batch.py
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.20


def requests(count: int) -> Iterator[dict[str, Any]]:
    """Requests that are read as they are needed."""
    for number in range(count):
        yield {
            "model": "flux-2-pro",
            "prompt": f"a red fox in the snow, number {number}",
            "width": 512,
            "height": 512,
            "aspect_ratio": "custom",
            "seed": number,
        }


def child(side: str, url: str, folder: Path, count: int) -> None:
    """Run a batch; print its peak memory in KiB."""
    import asyncio

    from fluxframe import AsyncFluxframe, Fluxframe

    journal = folder / f"{side}-{count}.jsonl"
    settings: Any = {"journal": journal, "out": None, "interval": 0.01, "concurrency": 8}
    if side == "sync":
        with Fluxframe(api_key="afk_bench", base_url=url) as client:
            summary = client.batch.run(requests(count), **settings)
    else:

        async def run() -> Any:
            async with AsyncFluxframe(api_key="afk_bench", base_url=url) as client:
                return await client.batch.run(requests(count), **settings)

        summary = asyncio.run(run())
    assert summary.ok, summary
    print(peak())


def peak() -> int:
    """The peak of this process in KiB; where Linux tells it, without that of the process before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


def measure(side: str, url: str, folder: Path, count: int) -> tuple[float, float]:
    """Peak MiB and seconds of one run."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--child", side, url, str(folder), str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "generated")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout) / 1024, time.perf_counter() - start


def main() -> int:
    """Print a table; 1 if memory grows with the rows beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, nargs=2, default=[1000, 100_000])
    parser.add_argument("--sides", nargs="+", default=["sync", "async"])
    options = parser.parse_args()
    if options.child:
        side, url, folder, count = options.child
        child(side, url, Path(folder), int(count))
        return 0
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.tiny"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generated")},
        stdout=subprocess.PIPE,
        text=True,
    )
    worst = 0.0
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        print(f"{'':<16}{'rows':>9}{'peak MiB':>10}{'seconds':>9}{'rows/s':>9}{'ratio':>8}")
        for side in options.sides:
            with tempfile.TemporaryDirectory() as folder:
                small: dict[str, float] = {}
                for count in options.rows:
                    for kind in ("fresh", "resumed"):
                        memory, seconds = measure(side, url, Path(folder), count)
                        ratio = memory / small.setdefault(kind, memory)
                        worst = max(worst, ratio)
                        print(
                            f"{side + ' ' + kind:<16}{count:>9}{memory:>10.1f}{seconds:>9.1f}"
                            f"{count / seconds:>9.0f}{ratio:>8.2f}",
                            flush=True,
                        )
    finally:
        server.terminate()
        server.wait()
    print(
        f"the worst ratio is {worst:.2f}; at most {LIMIT:.2f} is {'kept' if worst <= LIMIT else 'BROKEN'}"
    )
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

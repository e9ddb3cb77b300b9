"""Random answers through every operation of the client: only errors of its own tree, in little time and memory.

    python -m tests.fuzz.answers --cases 100000 --seed 1        or: nox -s fuzz

Each case is told by the seed and its number, so that one can be run again: `--only 4711`. An answer is
a good one, changed at random: its JSON, encoding, compression, headers, status, and bytes. It comes
through the HTTP library's own parser, from no socket.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import random
import resource
import ssl
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from fluxframe import AsyncFluxframe, AsyncImage, AsyncJob, Fluxframe, FluxframeError, Image, Job
from fluxframe._answers import Answer

from .random_answers import ID, KEY, LARGE, Answers, bomb, large

URL = "http://api.test"
MOST_SECONDS = 0.05
MOST_BYTES = 50 * 2**20

Use: TypeAlias = Callable[[Any, Any], Any]


def looked_at(value: Any) -> None:
    """All that a program may ask of a result."""
    repr(value)
    for name in (n for n in dir(type(value)) if n[0] != "_"):
        if isinstance(getattr(type(value), name), property):
            part = getattr(value, name)
            if isinstance(part, list) and part and isinstance(part[0], Answer):
                looked_at(part[0])
            elif isinstance(part, Answer):
                looked_at(part)
    if isinstance(value, Job):
        value.raise_for_status()


def all_looked_at(values: Iterable[Any]) -> None:
    for value in values:
        looked_at(value)


REQUEST = {"model": "flux-2-pro", "prompt": "a fox"}
BRIEF: dict[str, Any] = {"deadline": 0.01, "interval": 0.004}
OPERATIONS: dict[str, Use] = {
    "generate": lambda c, _: looked_at(c.images.generate(REQUEST)),
    "run": lambda c, _: looked_at(c.images.run(REQUEST, **BRIEF)),
    "get": lambda c, _: looked_at(c.jobs.get(ID)),
    "list": lambda c, _: all_looked_at(islice(c.jobs.list(), 5)),
    "page": lambda c, _: looked_at(c.jobs.list()),
    "wait": lambda c, _: looked_at(c.jobs.wait(ID, **BRIEF)),
    "wait_many": lambda c, _: all_looked_at(list(c.jobs.wait_many([ID, "b"], **BRIEF))),
    "refresh": lambda c, _: looked_at(Job(c._transport, {"id": ID}).refresh()),
    "upload": lambda c, _: looked_at(c.uploads.create(b"\x89PNG")),
    "me": lambda c, _: looked_at(c.me()),
    "models": lambda c, _: looked_at(c.models()),
    "bytes": lambda c, _: picture(c).bytes(max_bytes=1_000_000),
    "save": lambda c, folder: picture(c).save(folder),
}


def picture(client: Any) -> Any:
    kind: Any = Image if isinstance(client, Fluxframe) else AsyncImage
    return kind(client._transport, "http://files.test/a.png?sig=1", job_id=ID, index=0)


async def _all(pages: Any) -> None:
    count = 0
    async for job in pages:
        looked_at(job)
        if (count := count + 1) == 5:
            return


async def _looked(value: Any) -> None:
    looked_at(await value)


ASYNC: dict[str, Use] = {
    "generate": lambda c, _: _looked(c.images.generate(REQUEST)),
    "run": lambda c, _: _looked(c.images.run(REQUEST, **BRIEF)),
    "get": lambda c, _: _looked(c.jobs.get(ID)),
    "list": lambda c, _: _all(c.jobs.list()),
    "page": lambda c, _: _looked(c.jobs.list()),
    "wait": lambda c, _: _looked(c.jobs.wait(ID, **BRIEF)),
    "wait_many": lambda c, _: _all(c.jobs.wait_many([ID, "b"], **BRIEF)),
    "refresh": lambda c, _: _looked(AsyncJob(c._transport, {"id": ID}).refresh()),
    "upload": lambda c, _: _looked(c.uploads.create(b"\x89PNG")),
    "me": lambda c, _: _looked(c.me()),
    "models": lambda c, _: _looked(c.models()),
    "bytes": lambda c, _: picture(c).bytes(max_bytes=1_000_000),
    "save": lambda c, folder: picture(c).save(folder),
}


@cache
def _context() -> ssl.SSLContext:
    """One for all: each takes memory of its own, which would be counted as the client's."""
    return ssl.create_default_context()


class Client:
    """A client whose connections all answer the same, with its own HTTP client or a caller's."""

    def __init__(self, kind: type[Any], library: str, *, own: bool) -> None:
        self._http = import_module(library)
        self._core = import_module(library.replace("httpx", "httpcore"))
        self._prefix = "Async" if kind is AsyncFluxframe else ""
        self.answers = 0
        given: Any = library
        if own:
            given = getattr(self._http, f"{self._prefix}Client")(
                transport=self._transport([]), trust_env=False
            )
        options: dict[str, Any] = {"api_key": KEY, "base_url": URL, "max_retries": 0, "timeout": 5}
        self.client: Any = kind(http_client=given, **options)

    def _transport(self, wire: list[bytes]) -> Any:
        """The library's own transport over connections on which this arrives."""
        transport = getattr(self._http, f"{self._prefix}HTTPTransport")(verify=_context())
        backend = getattr(self._core, f"{self._prefix}MockBackend")
        pool = getattr(self._core, f"{self._prefix}ConnectionPool")
        transport._pool = pool(network_backend=backend(wire))
        return transport

    def answer_with(self, wire: list[bytes]) -> None:
        http_client: Any = self.client._transport.client()[0]
        http_client._transport = self._transport(wire)


@dataclass
class Figures:
    """What was measured."""

    seconds: float = 0.0
    slowest: int = -1
    longest: int = 0  # Bytes of what was sent.
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Fuzz:
    """Runs cases by their numbers."""

    def __init__(self, seed: str, folder: Path) -> None:
        self.seed = seed
        self.figures = Figures()
        self._folder = folder
        self._clients = [
            Client(Fluxframe, library, own=own)
            for library in ("httpx", "httpx2")
            for own in (False, True)
        ]

    def run(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            seconds = self._case(number)
            for _ in range(
                3
            ):  # Something else may have been done meanwhile, such as collecting garbage.
                if seconds <= MOST_SECONDS:
                    break
                seconds = min(seconds, self._case(number, again=True))
            if seconds > self.figures.seconds:
                self.figures.seconds, self.figures.slowest = seconds, number
            if seconds > MOST_SECONDS:
                self.figures.wrong.append(f"case {number}: {seconds * 1000:.0f} ms")

    def _case(self, number: int, *, again: bool = False) -> float:
        """The seconds of this processor that a case took."""
        name = list(OPERATIONS)[number % len(OPERATIONS)]
        answers = Answers(f"{self.seed}:{number}", name)
        use, wire = self._use(name, number, answers.wire())
        self.figures.longest = max(self.figures.longest, sum(map(len, wire)))
        start = time.process_time()
        try:
            use()
            end = "no error"
        except FluxframeError as error:
            end = type(error).__name__
            if KEY in str(error) or len(str(error)) > 20_000:
                self.figures.wrong.append(f"case {number}: shows the key, or too much")
        except Exception as error:
            end = f"{type(error).__name__}, which is not of the tree"
            self.figures.wrong.append(f"case {number}, {name}: {traceback.format_exc()}")
        seconds = time.process_time() - start
        if not again:
            self.figures.ends[end] += 1
        del wire
        self._clients[number % len(self._clients)].answer_with([])  # Nor is it kept here.
        # `run`, `list` and those that wait read the same answer some times, a redirect up to 11.
        often = {"run": 3, "wait": 3, "wait_many": 6, "list": 5, "bytes": 11, "save": 11}
        return seconds / often.get(name, 1)

    def _use(self, name: str, number: int, wire: list[bytes]) -> tuple[Callable[[], Any], Any]:
        if number % 7:
            client = self._clients[number % len(self._clients)]
            client.answer_with(wire)
            return lambda: OPERATIONS[name](client.client, self._folder), wire
        library = ("httpx", "httpx2")[number % 2]

        async def use() -> None:
            client = Client(AsyncFluxframe, library, own=number % 3 == 0)
            client.answer_with(wire)
            await ASYNC[name](client.client, self._folder)

        return lambda: asyncio.run(use()), wire


def memory() -> int:
    """The most bytes that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    """Run the cases; 1 if one of them is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", default=str(random.randrange(10**6)))
    parser.add_argument("--only", type=int)
    given = parser.parse_args()
    logging.disable()  # Of cookies that can't be sent, thousands of times.
    print(f"seed {given.seed}, {given.cases} cases")
    bomb()
    for number in range(len(LARGE)):
        large(number)
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(given.seed, Path(folder))
        if given.only is not None:
            fuzz.run([given.only])
        else:
            fuzz.run(range(-100, 0))  # Imports, caches and pools.
            gc.freeze()
            before = memory()
            fuzz.run(range(given.cases))
            # Without what was sent, which this process holds as well.
            grown = memory() - before - fuzz.figures.longest
            if grown > MOST_BYTES:
                fuzz.figures.wrong.append(f"took {grown / 2**20:.0f} MB more than before")
            print(f"memory: {grown / 2**20:.1f} MB more than before the first case")
    figures = fuzz.figures
    print(f"slowest: {figures.seconds * 1000:.1f} ms of CPU, case {figures.slowest}")
    for end, count in figures.ends.most_common():
        print(f"{count:7} {end}")
    for wrong in figures.wrong[:20]:
        print(wrong)
    print(f"{len(figures.wrong)} wrong")
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

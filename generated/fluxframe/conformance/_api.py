# A copy of codegen/runtime/conformance/_api.py, where it is edited.
"""What a program calls: a run over a server, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from .._threads import started
from ._journal import Journal
from ._outcomes import Report
from ._plan import plan
from ._run import Progress, Run
from ._target import Target

if TYPE_CHECKING:
    import httpx


class Options(TypedDict, total=False):
    """What `arun` takes beside the server, for editors and type checkers."""

    models: Sequence[str]
    parameters: Sequence[str]
    kinds: Sequence[str]
    vectors: Sequence[str]
    max_credits: int
    concurrency: int
    timeout: float
    deadline: float | None
    resume: Path | None
    http_client: httpx.AsyncClient | None
    on_progress: Callable[[Progress], None] | None


def run(base_url: str, api_key: str, **options: Unpack[Options]) -> Report:
    """Test a server, and wait for the report. Takes the arguments of `arun`."""
    reports: list[Report] = []

    async def main() -> None:
        # What it returned would be shown in a text that asyncio.run makes, and nobody reads.
        reports.append(await arun(base_url, api_key, **options))

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(main())
    else:  # As in a notebook, where another loop runs in this thread.
        started("fluxframe-conformance", asyncio.run, main()).result()
    return reports[0]


async def arun(
    base_url: str,
    api_key: str,
    *,
    models: Sequence[str] = (),
    parameters: Sequence[str] = (),
    kinds: Sequence[str] = (),
    vectors: Sequence[str] = (),
    max_credits: int = 0,
    concurrency: int = 8,
    timeout: float = 30.0,
    deadline: float | None = None,
    resume: Path | None = None,
    http_client: httpx.AsyncClient | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Test whether a server does what the documents say.

    Args:
        base_url: Where it is.
        api_key: A valid key. It is sent to the server and nowhere else.
        models: Ids of the models to test; all by default. What holds for operations is tested, too.
        parameters: Names of the parameters to test, or dotted paths.
        kinds: Kinds of the constraints to test, such as `maximum`.
        vectors: Patterns of the ids of vectors to test, such as `*/maximum/*`.
        max_credits: What it may cost. With 0, only requests that should be refused are sent, and nothing
            more once the server accepts and charges for one.
        concurrency: How many requests to send at once.
        timeout: Seconds that a response may take.
        deadline: Seconds that a job may take; by default what the documents say.
        resume: A file that records the run. With one that is there, the run goes on where it stopped, and
            pays for nothing twice; `max_credits` is for all of it.
        http_client: Sends the requests; it is left open.
        on_progress: Called with a `Progress` after each vector.

    Raises CannotRunError if the server can't be tested, or the selection does not exist.
    """
    chosen = plan(models=models, parameters=parameters, kinds=kinds, vectors=vectors)
    target = Target(
        base_url, api_key, timeout=timeout, concurrency=concurrency, http_client=http_client
    )
    async with target:
        with Journal(resume, target.base_url, api_key) as journal:
            run = Run(
                chosen,
                target,
                journal,
                max_credits=max_credits,
                concurrency=concurrency,
                deadline=deadline,
                on_progress=on_progress,
            )
            await run.go()
            return run.report()

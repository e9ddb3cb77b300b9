"""`fluxframe batch`: a file of requests, run to the end, however often that takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ._check import check_file
from ._command import Command
from ._errors import DONE, FAILED, advice
from ._progress import Progress
from ._session import Session

_COUNTS = ("rows", "completed", "failed", "refused", "unknown", "credits")


def _batch(
    session: Session,
    file: Path,
    journal: Path | None,
    out: Path | None,
    concurrency: int | None,
    check: bool,
) -> int:
    if check:
        return check_file(session, file)
    if journal is None:
        raise click.UsageError("--journal is missing: the file that says what is done")
    options: dict[str, Any] = {"out": out, "concurrency": concurrency}
    given = {name: value for name, value in options.items() if value is not None}
    flags = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    again = session.again("batch", file, "--journal", journal, *flags)
    with (
        session.client() as client,
        advice(lambda: f"go on where it stopped with: {again}"),
        Progress(session) as progress,
    ):

        def show(now: Any) -> None:
            ended = now.done + now.failed + now.refused
            share = f"{ended} of {now.total}"
            rest = f"{now.under_way} under way, {now.failed} failed, {now.credits} credits"
            progress.tell(share, rest, min(100, 100 * ended / (now.total or 1)), f"{share}, {rest}")

        api: Any = client
        summary = api.batch.run(file, journal=journal, on_progress=show, **given)
    counts = {name: _count(getattr(summary, name)) for name in _COUNTS}
    files = {name: str(getattr(summary, name)) for name in ("manifest", "journal")}
    if session.json:
        session.data({"ok": summary.ok, **counts, **files})
    else:
        for name, value in {**counts, **files}.items():
            session.result(f"{name}: {value}")
    return DONE if summary.ok else FAILED


def _count(value: Any) -> Any:
    return len(value) if hasattr(value, "__len__") else value


command = Command(
    "batch",
    params=[
        click.Argument(["file"], type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.Option(
            ["--journal"],
            type=click.Path(dir_okay=False, path_type=Path),
            help="What was done so far, a JSON line a step; with it, a run goes on where it stopped.",
        ),
        click.Option(
            ["--out"],
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder for the pictures.",
        ),
        click.Option(
            ["--concurrency"], type=click.IntRange(min=1), help="Jobs that are under way at once."
        ),
        click.Option(["--check"], is_flag=True, help="Only check the requests; nothing is sent."),
    ],
    callback=_batch,
    help="Run a file of requests. Run again with the same journal, it goes on where it was left, "
    "and pays for nothing twice. The exit status is 1 if a request came to nothing.",
)

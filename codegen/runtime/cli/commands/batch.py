"""`fluxframe batch`: runs a file of requests, and resumes where it stopped."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .._command import Command, Folder, Seconds
from .._error_report import Hint
from .._exit import DONE, FAILED, hinting
from .._file_check import check_file
from .._progress import Progress
from .._session import Session

if TYPE_CHECKING:
    from ...batch import BatchProgress


def _batch(
    session: Session,
    file: Path,
    journal: Path | None,
    out: Path | None,
    save: bool,
    concurrency: int,
    check: bool,
    **options: Any,
) -> int:
    if check:
        return check_file(session, file)
    missing = ["--journal, the file that records what is done"] if journal is None else []
    if save and out is None:
        missing.append("--out, the folder for the images (or --no-save)")
    if journal is None or missing:
        raise click.UsageError(f"missing: {'; '.join(missing)}")
    out = out if save else None
    words = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is True]
    for name, value in {**options, "concurrency": concurrency}.items():
        if value is not None and not isinstance(value, bool):
            words += [f"--{name}", str(value)]
    saving = ["--no-save"] if out is None else ["--out", str(out)]
    again = session.again("batch", file, "--journal", journal, *saving, *words)
    with (
        session.client() as client,
        hinting(lambda: Hint("go on where it stopped with:", again)),
        Progress(session) as progress,
    ):

        def show(now: BatchProgress) -> None:
            ended = now.done + now.failed + now.refused + now.unknown
            share = f"{ended} of {now.total}"
            rest = f"{now.under_way} under way, {now.failed} failed, {now.credits:g} credits"
            progress.tell(share, rest, min(100, 100 * ended / (now.total or 1)), f"{share}, {rest}")

        summary = client.batch.run(
            file, journal=journal, out=out, concurrency=concurrency, on_progress=show, **options
        )
    found = {name: str(v) if isinstance(v, Path) else v for name, v in asdict(summary).items()}
    if session.json:
        session.data({"ok": summary.ok, **found})
    else:
        for name, value in found.items():
            session.result(f"{name}: {value:g}" if name == "credits" else f"{name}: {value}")
    return DONE if summary.ok else FAILED


command = Command(
    "batch",
    params=[
        click.Argument(["file"], type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.Option(
            ["--journal"],
            type=click.Path(dir_okay=False, path_type=Path),
            help="The file that records each step; with it, a run resumes where it stopped. Required, except "
            "with --check.",
        ),
        click.Option(
            ["--out"],
            type=Folder(),
            help="Folder for the images; required, except with --check and --no-save.",
        ),
        click.Option(
            ["--save/--no-save"], default=True, help="Save the images, or leave them on the server."
        ),
        click.Option(
            ["--concurrency"],
            type=click.IntRange(min=1),
            default=8,
            show_default=True,
            help="How many rows to run at once.",
        ),
        click.Option(
            ["--interval"],
            type=Seconds(),
            help="Time between polls of a job; by default the API's schedule.",
        ),
        click.Option(
            ["--skip-invalid"],
            is_flag=True,
            help="Run the valid rows, even if others are invalid.",
        ),
        click.Option(
            ["--retry-failed"],
            is_flag=True,
            help="Run rows again that failed in an earlier run.",
        ),
        click.Option(
            ["--resubmit-unknown"],
            is_flag=True,
            help="Submit rows again that may have been submitted so long ago that the server has forgotten "
            "them. They may be paid for twice.",
        ),
        click.Option(["--check"], is_flag=True, help="Only check the rows; nothing is sent."),
    ],
    callback=_batch,
    help="Run a file of requests: .jsonl, .json or .csv. With the same journal, another run resumes where the "
    "last one stopped, and pays for nothing twice. A manifest next to the journal has a line for each row. "
    "The exit status is 1 if a row has no result.",
)

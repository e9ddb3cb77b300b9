# A copy of codegen/runtime/cli/commands/demo.py, where it is edited.
"""`fluxframe demo`: the documented examples, without a key or cost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import click

from ..._catalog import MODELS
from ..._clock import monotonic
from ..._redact import shown
from .._command import Command, Folder
from .._exit import DONE, FAILED
from .._lines import entries, screen_width
from .._progress import Progress
from .._session import Session
from .._table import print_table
from .emulate import need_emulator

if TYPE_CHECKING:
    from .._examples import Example


def _demo(session: Session, out: Path, job_seconds: float) -> int:
    need_emulator()
    from ...emulator import Emulator
    from .._examples import documented, run_examples, sheet_of

    examples, start = documented(), monotonic()
    sheet = out / "contact-sheet.jpg"
    try:
        with Emulator(job_seconds=job_seconds) as emulator, emulator.client() as client:
            session.note(f"The emulator serves the API at {emulator.url}; no key, no cost.")
            session.note(f"{_counted(examples)} are requested and checked:")
            with Progress(session) as progress:
                run_examples(client, examples, out, _Watcher(progress, len(examples)))
        made = [example for example in examples if example.path is not None]
        if made:
            sheet_of(made).save(sheet, quality=92, subsampling=0)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the images can't be written: {error}") from error
    if session.json:
        session.data([_row(example) for example in examples])
    else:
        _tell(session, examples, monotonic() - start)
    failed = [example for example in examples if example.fault]
    for example in failed:
        session.warn(f"{example.model} {example.name}: {example.fault}")
    if made and not session.json:
        session.result("")
        for line in entries(_next(sheet), screen_width(sys.stdout)):
            session.result(line)
    return FAILED if failed else DONE


def _counted(examples: Sequence[Example]) -> str:
    """How many examples there are, and of how many models; what goes on from a job is none."""
    ids = dict.fromkeys(example.model for example in examples)
    actions = sum(MODELS[id].by_role("parent") is not None for id in ids)
    more = f" and {actions} follow-up actions" if actions else ""
    return f"{len(examples)} documented examples of {len(ids) - actions} models{more}"


class _Watcher:
    """Shows how many examples have ended, and one of those that are under way."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._running: list[str] = []
        self._ended = 0
        self._lock = Lock()

    def began(self, example: Example) -> None:
        """It is among those that are under way."""
        with self._lock:
            self._running.append(example.model)
            self._show()

    def ended(self, example: Example) -> None:
        """It is no more."""
        with self._lock:
            self._running.remove(example.model)
            self._ended += 1
            self._show()

    def _show(self) -> None:
        first, *others = self._running or ["done"]
        more = f", {len(others)} more" if others else ""
        share = f"{self._ended} of {self._total}"
        self._progress.tell(share, f"{first}{more}", 100 * self._ended / self._total, "")


def _tell(session: Session, examples: Sequence[Example], seconds: float) -> None:
    """Print what was made, and what it came to."""
    headings = ("Model", "Request", "Pixels", "Time", "Credits", "Check")
    rows = [
        (
            example.model,
            example.name.replace("_", " "),
            example.size and f"{example.size[0]}x{example.size[1]}",
            f"{example.seconds:.1f} s",
            None if example.credits is None else f"{example.credits:g}",
            "failed" if example.fault else "ok",
        )
        for example in examples
    ]
    colours = {"ok": "green", "failed": "red"}
    numbers = ("Pixels", "Time", "Credits")
    print_table(session, headings, rows, colours=colours, numbers=numbers)
    good = sum(example.fault is None for example in examples)
    credits = sum(example.credits or 0 for example in examples)
    session.result("")
    session.text(
        f"{good} of {len(examples)} images are as requested, after {seconds:.1f} s; the "
        f"{credits:g} credits are the emulator's and cost nothing."
    )


def _next(sheet: Path) -> list[tuple[str, list[str]]]:
    """What to do next."""
    found = [
        ("See them all", [str(sheet)]),
        ("Try your own program", ["fluxframe emulate"]),
        ("See what a model takes", ["fluxframe models"]),
    ]
    if page := _documentation():
        found.append(("Read on", [page]))
    return found


def _documentation() -> str | None:
    """The address of the documentation, as the installed package says."""
    try:
        urls = metadata("fluxframe").get_all("Project-URL", [])
    except PackageNotFoundError:  # As a folder that was copied.
        return None
    named = dict(url.split(", ", 1) for url in urls if ", " in url)
    found = named.get("Documentation")
    return None if found is None else shown(found)


def _row(example: Example) -> dict[str, Any]:
    return {
        "model": example.model,
        "example": example.name,
        "file": None if example.path is None else str(example.path),
        "size": example.size,
        "seconds": round(example.seconds, 3),
        "credits": example.credits,
        "fault": example.fault,
    }


command = Command(
    "demo",
    online=False,
    params=[
        click.Option(
            ["--out"],
            type=Folder(),
            default="fluxframe-demo",
            show_default=True,
            help="Folder for the images.",
        ),
        click.Option(
            ["--job-seconds"],
            type=click.FloatRange(min=0),
            default=1.5,
            show_default=True,
            help="How long the emulator takes for a job.",
        ),
    ],
    callback=_demo,
    help="Start an emulator and make an image from each documented example; needs no key. Each file is "
    "compared with its request, and a contact sheet shows them all. With --json, prints a list of the images. "
    "The exit status is 1 if an image differs from its request.",
)

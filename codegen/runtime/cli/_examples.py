"""Runs each documented example through the client, over HTTP, to an image that is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from .. import Fluxframe, FluxframeError, Job
from .._catalog import MODELS
from .._check import check
from .._clock import monotonic
from .._redact import printable, short_repr
from .._requests import value_of
from .._resources import Submissions
from .._results import image_format
from ..emulator import Emulator
from ..emulator._pictures.contact_sheet import contact_sheet
from ._error_report import error_text
from ._exit import DONE, FAILED
from ._session import cell, write_json

# Examples that are made at once.
_AT_ONCE = 16
# Formats as parameters call them, where files of them are called otherwise.
_FORMATS = {"jpeg": "jpg"}


@dataclass(slots=True)
class Example:
    """A documented request, and what came of it."""

    model: str
    name: str
    request: Mapping[str, Any]
    seconds: float = 0.0
    credits: float | None = None
    path: Path | None = None
    size: tuple[int, int] | None = None
    fault: str | None = None
    job: Job | None = None

    __repr__ = short_repr

    def asked(self, role: str) -> Any:
        """What it asks for by the parameter of a role; None if it does not say."""
        parameter = MODELS[self.model].by_role(role)
        return None if parameter is None else value_of(self.request, parameter)

    def counting(self, role: str) -> Any:
        """The same, unless the model ignores it beside the others."""
        parameter = MODELS[self.model].by_role(role)
        advisories = check(self.request).advisories if parameter is not None else ()
        is_ignored = any(
            problem.rule in ("used_when", "ignored_when") and problem.parameter == parameter.name
            for problem in advisories
            if parameter is not None
        )
        return None if is_ignored else self.asked(role)


def run_examples(out: Path, *, job_seconds: float, as_json: bool) -> int:
    """Make the images in `out` and print a table of them; returns the exit status."""
    console = Console(stderr=as_json)
    out.mkdir(parents=True, exist_ok=True)
    examples = [
        Example(model.id, name, request)
        for model in MODELS.values()
        for name, request in model.examples.items()
    ]
    with Emulator(job_seconds=job_seconds) as emulator, emulator.client() as client:
        console.print(f"The emulator listens on {emulator.url}; no key, no cost.")
        with _progress(console) as progress, ThreadPoolExecutor(_AT_ONCE) as pool:
            tasks = [progress.add_task(example.model, total=100, status="") for example in examples]

            def follow(pair: tuple[Example, TaskID]) -> None:
                _follow(client, out, progress, *pair)

            pairs = list(zip(examples, tasks, strict=True))
            list(pool.map(follow, (pair for pair in pairs if pair[0].asked("parent") is None)))
            # What goes on from a job needs one that is there; that of the document is not.
            later = [pair for pair in pairs if pair[0].asked("parent") is not None]
            for example, _ in later:
                example.request = _going_on(example, examples)
            list(pool.map(follow, later))
    if as_json:
        write_json([_row(example) for example in examples], indent=2)
    else:
        console.print(_table(examples))
    made = [example for example in examples if example.path is not None]
    if made:
        sheet = out / "contact-sheet.png"
        captions = [
            f"{example.model}: {example.asked('prompt') or example.name}" for example in made
        ]
        contents = [example.path.read_bytes() for example in made if example.path is not None]
        sheet.write_bytes(contact_sheet(list(zip(contents, captions, strict=True))))
        console.print(f"Contact sheet: {sheet}", soft_wrap=True, markup=False)
    for example in examples:
        if example.fault:
            text = f"{example.model} {example.name}: {example.fault}"
            console.print(printable(text), style="red", soft_wrap=True, markup=False)
    return FAILED if any(example.fault for example in examples) else DONE


def _going_on(example: Example, examples: list[Example]) -> dict[str, Any]:
    """The request of an example, about the job among those of others that made most images."""
    jobs = [other.job for other in examples if other.job is not None]
    parameter = MODELS[example.model].by_role("parent")
    if not jobs or parameter is None:
        return dict(example.request)
    *above, name = parameter.path.split(".")
    request = inner = dict(example.request)
    for member in above:
        inner[member] = inner = dict(inner[member])
    inner[name] = max(jobs, key=lambda job: len(job.image_urls)).id
    return request


def _follow(
    client: Fluxframe, out: Path, progress: Progress, example: Example, task: TaskID
) -> None:
    """Take an example from its request to a checked file; what goes wrong is its `fault`."""

    def show(job: Job) -> None:
        progress.update(task, completed=job.progress or 0, status=cell(job.status))

    start = monotonic()
    try:
        job = Submissions(client._transport)._submit(example.request)
        job.wait(interval=0.1, on_progress=show)
        example.job = job
        content = job.images[0].bytes()
        name = f"{example.model}-{example.name}.{image_format(content[:12])}"
        example.path = job.images[0].save(out / name)
        example.credits = job._cost
        example.fault = "; ".join(_faults(example, example.path)) or None
    except (FluxframeError, OSError) as error:
        example.fault = error_text(error)
    example.seconds = monotonic() - start
    progress.update(task, status="failed" if example.fault else "saved")


def _faults(example: Example, path: Path) -> Iterator[str]:
    """How a saved file, decoded, differs from what was asked for."""
    from PIL import Image  # After the emulator, which says how to install it.

    wanted, found = example.asked("format"), image_format(path.read_bytes()[:12])
    if wanted is not None and found != _FORMATS.get(str(wanted), wanted):
        yield f"{path.name} is {found}, and {wanted} was asked for"
    with Image.open(path) as image:
        image.load()
        example.size = image.size
    width, height = example.size
    for side, asked in zip(example.size, map(example.counting, ("width", "height")), strict=True):
        if asked is not None and side != asked:
            yield f"{width} x {height} px is not the size that was asked for"
            return
    ratio = re.fullmatch("([0-9]+):([0-9]+)", str(example.counting("aspect_ratio")))
    if ratio is not None and example.counting("width") is None:
        across, down = int(ratio[1]), int(ratio[2])
        if abs(width - height * across / down) > 1 + across / down:
            yield f"{width} x {height} px is not {ratio[0]}"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<14}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} % {task.fields[status]:<10}", markup=False),
        TimeElapsedColumn(),
        console=console,
    )


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


def _table(examples: list[Example]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Model", no_wrap=True)
    table.add_column("Request")
    # Of a narrow screen, the names take what these leave.
    for heading, width in (("Size (px)", 11), ("Time", 6), ("Credits", 7)):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    table.add_column("Check", no_wrap=True, min_width=6)
    for example in examples:
        size = f"{example.size[0]} x {example.size[1]}" if example.size else "-"
        table.add_row(
            example.model,
            example.name.replace("_", " "),
            size,
            f"{example.seconds:.1f} s",
            "-" if example.credits is None else f"{example.credits:g}",
            "[red]failed[/red]" if example.fault else "[green]ok[/green]",
        )
    return table

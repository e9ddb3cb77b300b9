"""Every documented example through the client, over HTTP, to a checked picture."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from .. import Fluxframe, FluxframeError, Job
from .._catalog import MODELS
from .._results import image_format
from ..emulator import Emulator
from ..emulator._contact_sheet import contact_sheet
from ..emulator._size import MEGAPIXEL
from ._session import write_json


@dataclass(slots=True)
class Run:
    """One example on its way: what was asked for, and what came of it."""

    model: str
    name: str
    request: Mapping[str, Any]
    seconds: float = 0.0
    credits: int | None = None
    path: Path | None = None
    size: tuple[int, int] | None = None
    fault: str | None = None

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The model's own parameters."""
        container: Mapping[str, Any] = self.request.get(MODELS[self.model].container, {})
        return container


def run(out: Path, *, job_seconds: float, as_json: bool) -> int:
    """Make the pictures in `out`, print a table of them, and return an exit status."""
    console = Console(stderr=as_json)
    out.mkdir(parents=True, exist_ok=True)
    runs = [
        Run(model.id, name, request)
        for model in MODELS.values()
        for name, request in model.examples.items()
    ]
    with Emulator(job_seconds=job_seconds) as emulator, emulator.client() as client:
        console.print(f"The emulator listens on {emulator.url}; no key, no cost.")
        with _progress(console) as progress, ThreadPoolExecutor(len(runs)) as pool:
            tasks = [progress.add_task(run.model, total=100, status="") for run in runs]
            list(
                pool.map(
                    lambda pair: _follow(client, out, progress, *pair),
                    zip(runs, tasks, strict=True),
                )
            )
    if as_json:
        write_json([_row(run) for run in runs], indent=2)
    else:
        console.print(_table(runs))
    made = [run for run in runs if run.path is not None]
    if made:
        sheet = out / "contact-sheet.png"
        captions = [f"{run.model}: {run.request['prompt']}" for run in made]
        contents = [run.path.read_bytes() for run in made if run.path is not None]
        sheet.write_bytes(contact_sheet(list(zip(contents, captions, strict=True))))
        console.print(f"Contact sheet: {sheet}", soft_wrap=True, markup=False)
    for run in runs:
        if run.fault:
            text = f"{run.model} {run.name}: {run.fault}"
            console.print(text, style="red", soft_wrap=True, markup=False)
    return 1 if any(run.fault for run in runs) else 0


def _follow(client: Fluxframe, out: Path, progress: Progress, run: Run, task: TaskID) -> None:
    """Take one example from its request to a checked file; what goes wrong is its `fault`."""

    def show(job: Job) -> None:
        progress.update(task, completed=job.progress or 0, status=job.status)

    start = time.perf_counter()
    try:
        job = client.images.submit(run.request).wait(interval=0.1, on_progress=show)
        ending = run.parameters.get("output_format", "jpg")
        run.path = job.images[0].save(out / f"{run.model}-{run.name}.{ending}")
        run.credits = job.credit_cost
        run.fault = "; ".join(_faults(run, run.path)) or None
    except (FluxframeError, OSError) as error:
        run.fault = str(error)
    run.seconds = time.perf_counter() - start
    progress.update(task, status="failed" if run.fault else "saved")


def _faults(run: Run, path: Path) -> Iterator[str]:
    """How a saved file differs from what was asked for, by decoding it."""
    wanted = run.parameters.get("output_format", "jpg")
    found = image_format(path.read_bytes()[:12])
    if found != wanted:
        yield f"{path.name} is {found}, and {wanted} was asked for"
    with Image.open(path) as image:
        image.load()
        run.size = image.size
    width, height = run.size
    ratio = str(run.parameters.get("aspect_ratio", "1:1"))
    if ratio == "custom":
        if (width, height) != (run.parameters["width"], run.parameters["height"]):
            yield f"{width} x {height} px is not the size that was asked for"
    elif ratio != "match_input_image":
        across, down = map(int, ratio.split(":"))
        if abs(width - height * across / down) > 1 + across / down:
            yield f"{width} x {height} px is not {ratio}"
        megapixels = float(str(run.parameters.get("resolution", "1 MP")).removesuffix("MP"))
        if not 0.98 < width * height / (megapixels * MEGAPIXEL) < 1.02:
            yield f"{width} x {height} px is not {megapixels:g} MP"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<14}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} % {task.fields[status]:<10}"),
        TimeElapsedColumn(),
        console=console,
    )


def _row(run: Run) -> dict[str, Any]:
    return {
        "model": run.model,
        "example": run.name,
        "file": None if run.path is None else str(run.path),
        "size": run.size,
        "seconds": round(run.seconds, 3),
        "credits": run.credits,
        "fault": run.fault,
    }


def _table(runs: list[Run]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("Model", "Request"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Size (px)", "Format", "Time", "Credits"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Check", no_wrap=True)
    for run in runs:
        size = f"{run.size[0]} x {run.size[1]}" if run.size else "-"
        table.add_row(
            run.model,
            run.name.replace("_", " "),
            size,
            run.path.suffix[1:] if run.path else "-",
            f"{run.seconds:.1f} s",
            "-" if run.credits is None else str(run.credits),
            "[red]failed[/red]" if run.fault else "[green]ok[/green]",
        )
    return table

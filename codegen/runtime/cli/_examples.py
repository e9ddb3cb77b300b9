"""Runs each documented example through the client, over HTTP, to an image that is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .. import Fluxframe, FluxframeError, Job
from .._catalog import MODELS
from .._check import check
from .._clock import monotonic
from .._redact import short_repr
from .._requests import value_of
from .._resources import Submissions
from .._results import image_format
from ._error_report import error_text

if TYPE_CHECKING:
    from PIL.Image import Image

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


class Watcher(Protocol):
    """What is told how examples go on, from several threads."""

    def began(self, example: Example) -> None:
        """It was begun."""

    def ended(self, example: Example) -> None:
        """Its file was saved and checked, or it failed."""


def documented() -> list[Example]:
    """The example of every document, in the order of the models."""
    return [
        Example(model.id, name, request)
        for model in MODELS.values()
        for name, request in model.examples.items()
    ]


def run_examples(
    client: Fluxframe,
    examples: Sequence[Example],
    out: Path,
    watcher: Watcher,
    *,
    at_once: int = 16,
) -> None:
    """Make the images in `out`; what came of each example is in it."""
    out.mkdir(parents=True, exist_ok=True)

    def follow(example: Example) -> None:
        watcher.began(example)
        _follow(client, out, example)
        watcher.ended(example)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(follow, (each for each in examples if each.asked("parent") is None)))
        # What goes on from a job needs one that is there; that of the document is not.
        later = [each for each in examples if each.asked("parent") is not None]
        for example in later:
            example.request = _going_on(example, examples)
        list(pool.map(follow, later))


def sheet_of(examples: Iterable[Example], *, captions: bool = True, **layout: int) -> Image:
    """The contact sheet of the examples that were made; `layout` is that of `contact_sheet`."""
    from ..emulator._pictures.contact_sheet import Shot, contact_sheet

    shots = [
        Shot(
            example.path.read_bytes(),
            example.model,
            str(example.asked("prompt") or example.name.replace("_", " ")) if captions else "",
        )
        for example in examples
        if example.path is not None
    ]
    return contact_sheet(shots, **layout)


def _going_on(example: Example, examples: Sequence[Example]) -> dict[str, Any]:
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


def _follow(client: Fluxframe, out: Path, example: Example) -> None:
    """Take an example from its request to a checked file; what goes wrong is its `fault`."""
    start = monotonic()
    try:
        job = Submissions(client._transport)._submit(example.request)
        job.wait(interval=0.1)
        example.job = job
        content = job.images[0].bytes()
        name = f"{example.model}-{example.name}.{image_format(content[:12])}"
        example.path = job.images[0].save(out / name)
        example.credits = job._cost
        example.fault = "; ".join(_faults(example, example.path)) or None
    except (FluxframeError, OSError) as error:
        example.fault = error_text(error)
    example.seconds = monotonic() - start


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

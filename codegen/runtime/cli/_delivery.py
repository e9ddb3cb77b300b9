"""From a job to its images on the disk, and on the screen."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .._errors import FluxframeError
from .._saving import check_name
from ._error_report import Hint, error_json, error_text
from ._exit import hinting
from ._preview import draw
from ._progress import Progress
from ._session import Session

if TYPE_CHECKING:
    from .._jobs import Job


class Target:
    """Where images go: a folder, made if its name ends with a slash, a file, or stdout for `-`.

    Raises UsageError for one that can't be written to, before anything is sent.
    """

    def __init__(self, text: str, *, many: bool = False, json: bool = False) -> None:
        if not text:
            raise click.UsageError("--out: an empty path")
        self.text = text
        self.is_stdout = text == "-"
        if self.is_stdout:
            _check_stdout(many=many, json=json)
            return
        self._path = path = Path(text)
        try:
            check_name(path)
            self._is_folder = many or path.is_dir() or text.endswith(("/", os.sep))
            # A link is followed, and a pipe or a device has no folder in which to write beside it.
            folder = path if self._is_folder else Path(os.path.realpath(path)).parent
            if self._is_folder:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.UsageError(f"--out: {path}: {error.strerror}") from None
        if path.exists() and not path.is_dir():
            if not os.access(path, os.W_OK):
                raise click.UsageError(f"--out: {path} can't be written to")
            if not path.is_file():
                return
        if not folder.is_dir():
            raise click.UsageError(f"--out: there is no folder {folder}")
        if not os.access(folder, os.W_OK):
            raise click.UsageError(f"--out: {folder} can't be written to")

    def path(self, index: int) -> str | Path:
        """The path that the image of this number is saved to: a folder, or a file of its own."""
        if self._is_folder:  # By its slash also when somebody has removed it.
            return f"{self._path}/"
        if index == 0:
            return self._path
        return self._path.with_stem(f"{self._path.stem}-{index + 1}")


def follow(
    session: Session,
    id: str,
    wait: Callable[..., Job],
    target: Target,
    *,
    deadline: float,
    interval: float | None,
    preview: bool | None,
) -> None:
    """Wait for a job with `wait`, show its progress, and deliver it. Raises JobError."""
    with going_on(session, target, [id]):
        with Progress(session) as progress:
            job = wait(deadline=deadline, interval=interval, on_progress=progress.show)
        deliver(session, job, target, preview=preview)


def going_on(session: Session, target: Target, ids: Sequence[str]) -> AbstractContextManager[None]:
    """Hints at how to go on with the jobs that are still in `ids` at the end."""
    return hinting(lambda: Hint("go on with:", session.again("wait", *ids, "--out", target.text)))


def deliver(
    session: Session, job: Job, target: Target, *, preview: bool | None, of_many: bool = False
) -> None:
    """Save the images of a job that is done, and print where. Raises ResultError, OSError."""
    if target.is_stdout:
        _print(session, job)
        return
    paths: list[Path] = []
    for image in job.images:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            paths.append(image.save(target.path(image.index)))
        for warning in caught:
            session.warn(str(warning.message))
        if not session.json:
            session.result(str(paths[-1]))
        if paths[-1].is_file():
            draw(session, paths[-1], wanted=preview)
    if session.json:
        session.data({"job": job.raw, "files": [str(path) for path in paths]}, of_many=of_many)
    if not paths:
        session.warn(f"job {job.id} is {job.status}, but has no image")


def _check_stdout(*, many: bool, json: bool) -> None:
    """Check that a picture can go to stdout. Raises UsageError."""
    if many:
        raise click.UsageError("--out -: stdout takes the picture of one job; pass a folder")
    if json:
        raise click.UsageError("--out -: --json goes to stdout, too; pass a file or a folder")
    if sys.stdout.isatty():
        raise click.UsageError("--out -: stdout is a terminal; redirect it, or pass a file")
    if not hasattr(sys.stdout, "buffer"):
        raise click.UsageError("--out -: stdout is closed")


def _print(session: Session, job: Job) -> None:
    """Write the one image of a job to stdout. Raises ResultError, OSError."""
    if len(job.images) != 1:
        again = session.again("wait", job.id, "--out", ".")
        raise click.ClickException(
            f"job {job.id} has {len(job.images)} images, and stdout takes one; save them with: {again}"
        )
    sys.stdout.buffer.write(job.images[0].bytes())
    sys.stdout.flush()


def fail(session: Session, job: Job, error: FluxframeError) -> None:
    """Print that one job of many failed."""
    if session.json:
        told = {name: value for name, value in error_json(error).items() if name != "job"}
        session.data({"job": job.raw, "files": [], "error": told}, of_many=True)
    else:
        session.warn(error_text(error))

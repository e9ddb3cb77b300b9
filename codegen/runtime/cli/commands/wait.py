"""`fluxframe wait`: waits for jobs, whichever process submitted them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import click

from ..._catalog import OPERATIONS
from ..._check import check_parameters
from ..._errors import InvalidRequestError, JobError, ResultError
from .._command import Command, waiting
from .._delivery import Target, deliver, fail, follow, going_on
from .._exit import DONE, FAILED
from .._progress import Progress
from .._session import Session

if TYPE_CHECKING:
    from ... import Fluxframe

_PARAMETERS = OPERATIONS["jobs.get"].parameters


def _wait(
    session: Session,
    ids: tuple[str, ...],
    out: str,
    deadline: float,
    interval: float | None,
    preview: bool | None,
) -> int:
    first, *others = each = _checked(ids)
    target = Target(out, many=bool(others), json=session.json)
    with session.client() as client:
        if others:
            return _wait_many(session, client, each, target, deadline, interval, preview)
        wait = partial(client.jobs.wait, first)
        follow(session, first, wait, target, deadline=deadline, interval=interval, preview=preview)
    return DONE


def _checked(ids: Iterable[str]) -> list[str]:
    """The ids, each once: those of UUIDs in capitals are the same. Raises InvalidRequestError."""
    problems = [p for id in ids for p in check_parameters({"id": id}, _PARAMETERS).problems]
    if problems:
        raise InvalidRequestError(problems)
    return list(dict.fromkeys(map(_canonical, ids)))


def _canonical(id: str) -> str:
    try:
        return str(UUID(id))
    except ValueError:
        return id


def _wait_many(
    session: Session,
    client: Fluxframe,
    ids: list[str],
    target: Target,
    deadline: float,
    interval: float | None,
    preview: bool | None,
) -> int:
    """Deliver each job as it ends; a failed one is reported, and the others go on."""
    status = DONE
    left = list(ids)
    with going_on(session, target, left), Progress(session) as progress:
        progress.tell(f"0 of {len(ids)}", "", 0, f"waiting for {len(ids)} jobs")
        for job in client.jobs.wait_many(ids, deadline=deadline, interval=interval):
            with progress.paused():
                try:
                    job.raise_for_status()
                    deliver(session, job, target, preview=preview, of_many=True)
                except (JobError, ResultError) as error:
                    status = FAILED
                    fail(session, job, error)
            left.remove(job.id)
            done = len(ids) - len(left)
            share = f"{done} of {len(ids)}"
            line = f"{share}: job {job.id} is {job.status}"
            progress.tell(share, job.status, 100 * done / len(ids), line)
    return status


command = Command(
    "wait",
    params=[
        click.Argument(["ids"], metavar="ID...", nargs=-1, required=True),
        *waiting(
            out="File of the image, or folder for it; a folder for those of several jobs; - is stdout."
        ),
    ],
    callback=_wait,
    help="Wait for jobs and save their images, in the order in which they end. Prints the path of "
    'each image; with --json, {"job": …, "files": […]}, for several jobs on a line each. Run again, '
    "it saves the images again.",
)

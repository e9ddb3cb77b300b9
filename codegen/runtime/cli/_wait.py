"""`fluxframe wait`: for jobs that were submitted, by whichever process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .._errors import JobError
from ._command import Command, waiting
from ._errors import FAILED, in_shell_words
from ._pictures import Target, deliver, follow, going_on
from ._progress import Progress
from ._session import Session

if TYPE_CHECKING:
    from .._jobs import Job


def _wait(
    session: Session,
    ids: tuple[str, ...],
    out: str,
    deadline: float,
    interval: float | None,
    preview: bool | None,
) -> int:
    ids = tuple(dict.fromkeys(ids))
    target = Target(out, many=len(ids) > 1)
    status = 0
    with session.client() as client:
        if len(ids) == 1:
            job = client.jobs.get(ids[0])
            follow(session, job, target, deadline=deadline, interval=interval, preview=preview)
            return 0
        left = list(ids)
        with going_on(target, left), Progress(session) as progress:
            progress.tell(f"0 of {len(ids)}", "", 0, f"waiting for {len(ids)} jobs")
            for job in client.jobs.wait_many(ids, deadline=deadline, interval=interval):
                error = _error(job)
                if error is not None:
                    status = FAILED
                with progress.paused():
                    if error is not None and not session.json:
                        session.warn(in_shell_words(str(error)))
                    deliver(session, job, target, preview=preview, error=error, of_many=True)
                left.remove(job.id)
                done = len(ids) - len(left)
                share = f"{done} of {len(ids)}"
                line = f"{share}: job {job.id} is {job.status}"
                progress.tell(share, job.status, 100 * done / len(ids), line)
    return status


def _error(job: Job) -> JobError | None:
    try:
        job.raise_for_status()
    except JobError as error:
        return error
    return None


command = Command(
    "wait",
    params=[
        click.Argument(["ids"], metavar="ID...", nargs=-1, required=True),
        *waiting(out="File of the picture, or folder for it; a folder for those of several jobs."),
    ],
    callback=_wait,
    help="Wait for jobs and save their pictures, in the order in which they end. Prints the path "
    'of each picture; with --json, {"job": …, "files": […]}, of several jobs a line each. Can be '
    "run again: what was saved is saved anew.",
)

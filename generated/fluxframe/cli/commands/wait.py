# A copy of codegen/runtime/cli/commands/wait.py, where it is edited.
"""`fluxframe wait`: for jobs that were submitted, by whichever process."""

from __future__ import annotations

import click

from ..._errors import JobError, ResultError
from .._command import Command, waiting
from .._errors import FAILED
from .._pictures import Target, deliver, fail, follow, going_on
from .._progress import Progress
from .._session import Session


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
    from ..._jobs import Job

    with session.client() as client:
        if len(ids) == 1:
            # Not asked for yet: a poll that fails is followed by another.
            job = Job(client._transport, {"id": ids[0]}, partial=True)
            follow(session, job, target, deadline=deadline, interval=interval, preview=preview)
            return 0
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
        *waiting(out="File of the picture, or folder for it; a folder for those of several jobs."),
    ],
    callback=_wait,
    help="Wait for jobs and save their pictures, in the order in which they end. Prints the path "
    'of each picture; with --json, {"job": …, "files": […]}, of several jobs a line each. Can be '
    "run again: what was saved is saved anew.",
)

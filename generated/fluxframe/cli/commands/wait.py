# A copy of codegen/runtime/cli/commands/wait.py, where it is edited.
"""`fluxframe wait`: waits for jobs, whichever process submitted them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import click

from ..._catalog import OPERATIONS
from ..._check import check_parameters
from ..._errors import (
    APIConnectionError,
    APIError,
    FluxframeError,
    InvalidRequestError,
    JobError,
    JobTimeoutError,
    ResultError,
)
from ..._problems import Problem
from .._command import Command, waiting
from .._delivery import Target, deliver, fail, follow, going_on
from .._exit import DONE, FAILED
from .._progress import Progress
from .._session import Session

if TYPE_CHECKING:
    from ... import Fluxframe
    from ..._jobs import Job
    from ..._wait_many import End

_ID = next(op.by_role("id") for op in OPERATIONS.values() if op.kind == "job")


def _wait(
    session: Session,
    ids: tuple[str, ...],
    out: str,
    deadline: float,
    interval: float | None,
    preview: bool | None,
) -> int:
    from ..._resources import Jobs

    first, *others = each = _checked(ids)
    target = Target(out, many=bool(others), json=session.json)
    with session.client() as client:
        if others:
            return _wait_many(session, client, each, target, deadline, interval, preview)
        wait = partial(Jobs(client._transport).wait, first)
        follow(session, first, wait, target, deadline=deadline, interval=interval, preview=preview)
    return DONE


def _checked(ids: Iterable[str]) -> list[str]:
    """The ids, each once: those of UUIDs in capitals are the same. Raises InvalidRequestError."""
    problems = [p for id in ids for p in _problems(id)]
    if problems:
        raise InvalidRequestError(problems)
    return list(dict.fromkeys(map(_canonical, ids)))


def _problems(id: str) -> Iterable[Problem]:
    """What is wrong with an id, as far as the API says what one is."""
    return check_parameters({_ID.name: id}, [_ID]).problems if _ID else ()


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
    """Deliver each job as it ends; one that failed or is unknown is reported, and the others go on."""
    from ..._resources import Jobs

    status = DONE
    left = list(ids)
    unfinished: list[tuple[Job, FluxframeError]] = []
    with going_on(session, target, left), Progress(session) as progress:
        progress.tell(f"0 of {len(ids)}", "", 0, f"waiting for {len(ids)} jobs")
        found = Jobs(client._transport)._ends(ids, deadline=deadline, interval=interval)
        for number, end in enumerate(found, 1):
            job = end.job
            with progress.paused():
                try:
                    status = max(status, _deliver(session, end, target, preview))
                except (JobTimeoutError, APIConnectionError) as failure:
                    unfinished.append((job, failure))
                    status = FAILED
                else:
                    left.remove(end.id)
            share = f"{number} of {len(ids)}"
            known = job.status if job._is_seen() else "unknown"
            line = f"{share}: job {end.id} is {known}"
            progress.tell(share, known, 100 * number / len(ids), line)
        # One that can be gone on with ends the command; above all, one that is not done.
        unfinished.sort(key=lambda each: not isinstance(each[1], JobTimeoutError))
        for job, error in unfinished[1:]:
            fail(session, job, error)
        for _, error in unfinished[:1]:
            raise error
    return status


def _deliver(session: Session, end: End[Job], target: Target, preview: bool | None) -> int:
    """Deliver a job that has ended, or report why not. Raises what leaves it for another time."""
    try:
        if end.error is not None:
            raise end.error
        end.job.raise_for_status()
        deliver(session, end.job, target, preview=preview, of_many=True)
    except (JobTimeoutError, APIConnectionError):
        raise
    except (JobError, ResultError, APIError) as error:
        fail(session, end.job, error)
        return FAILED
    return DONE


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

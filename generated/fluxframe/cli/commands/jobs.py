# A copy of codegen/runtime/cli/commands/jobs.py, where it is edited.
"""`fluxframe jobs`: the list of jobs, and one in full."""

from __future__ import annotations

import json
from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from ..._catalog import API, MODELS, OPERATIONS
from ..._redact import SCREENFUL, cut
from .._command import Command
from .._session import Session
from .._table import print_table

if TYPE_CHECKING:
    from ..._jobs import Job

_COLOURS = {status: "green" if status in API.succeeded else "red" for status in API.ended}
_QUERY = {parameter.name: parameter for parameter in OPERATIONS["jobs.list"].parameters}


def _jobs(
    session: Session, id: str | None, status: str | None, model: str | None, limit: int
) -> None:
    if id is not None and (status or model):
        raise click.UsageError("a job id can't be combined with --status or --model")
    with session.client() as client:
        if id is not None:
            _show(session, client.jobs.get(id))
            return
        kept: Any = status  # One of the choices.
        page = min(limit, int(_QUERY["limit"].maximum or limit))
        jobs = islice(client.jobs.list(status=kept, model=model, limit=page), limit)
        if session.json:
            for job in jobs:
                session.data(job.raw, of_many=True)
            return
        rows = [
            [
                job.id,
                job.model,
                job.status,
                job.credit_cost,
                job.created_at and f"{job.created_at.astimezone(UTC):%m-%d %H:%M}",
            ]
            for job in jobs
        ]
        headings = ["Job", "Model", "Status", "Credits", "Sent (UTC)"]
        print_table(session, headings, rows, colours=_COLOURS)
        if not rows:
            session.note("no jobs")


def _show(session: Session, job: Job) -> None:
    if session.json:
        session.data(job.raw)
        return
    for name, value in job.raw.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        session.result(cut(f"{name}: {shown}", SCREENFUL))


command = Command(
    "jobs",
    params=[
        click.Argument(["id"], metavar="[JOB_ID]", required=False),
        click.Option(
            ["--status"],
            type=click.Choice(
                [str(v) for v in _QUERY["status"].values or ()], case_sensitive=False
            ),
            help=_QUERY["status"].summary,
        ),
        click.Option(
            ["--model"],
            metavar="MODEL",
            help=_QUERY["model"].summary,
            shell_complete=lambda ctx, param, begun: [id for id in MODELS if id.startswith(begun)],
        ),
        click.Option(
            ["--limit"],
            type=click.IntRange(min=1),
            default=_QUERY["limit"].default,
            show_default=True,
            help="How many, the newest first.",
        ),
    ],
    callback=_jobs,
    help="List jobs, newest first, or show one in full. With --json, a job per line, as the API "
    "describes it; for one job, one document.",
)

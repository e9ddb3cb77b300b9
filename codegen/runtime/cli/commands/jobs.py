"""`fluxframe jobs`: the list of jobs, and one in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from ..._answers import moment, number, text
from ..._catalog import API, MODELS, OPERATIONS
from ..._redact import SCREENFUL, cut
from ..._roles import JOB
from ..._spec import Parameter
from .._command import Command
from .._session import Session
from .._table import print_table

if TYPE_CHECKING:
    from ..._jobs import Job

# The roles of what the list is filtered by.
_KEPT = ("status", "model")
_COLOURS = {status: "green" if status in API.succeeded else "red" for status in API.ended}
_LIST = next(operation for operation in OPERATIONS.values() if operation.kind == "jobs")
_GET = next(operation for operation in OPERATIONS.values() if operation.kind == "job")
_ID = next(parameter.name for parameter in _GET.parameters if parameter.role == "id")
# What a job is shown by, as far as the API tells it.
_COLUMNS = {"id": "Job", "model": "Model", "status": "Status", "credits": "Credits"}
_SHOWN = [role for role in (*_COLUMNS, "created_at") if role in JOB]


def _jobs(session: Session, id: str | None, limit: int, **kept: str | None) -> None:
    from ..._resources import Jobs

    if id is not None and any(kept.values()):
        flags = " or ".join(f"--{name}" for name in kept)
        raise click.UsageError(f"a job id can't be combined with {flags}")
    with session.client() as client:
        resource = Jobs(client._transport)
        if id is not None:
            _show(session, resource._get(_GET.name, {_ID: id}, None))
            return
        given: dict[str, Any] = {p.name: kept[role] for role, p in _by_role(*_KEPT)}
        for _, page in _by_role("limit"):
            given[page.name] = min(limit, int(page.maximum or limit))
        jobs = islice(resource._list(_LIST.name, given, None), limit)
        if session.json:
            for job in jobs:
                session.data(job.raw, of_many=True)
            return
        rows = [[_cell(job, role) for role in _SHOWN] for job in jobs]
        headings = [_COLUMNS.get(role, "Sent (UTC)") for role in _SHOWN]
        print_table(session, headings, rows, colours=_COLOURS, numbers=(_COLUMNS["credits"],))
        if not rows:
            session.note("no jobs")


def _by_role(*roles: str) -> Iterator[tuple[str, Parameter]]:
    """What the list can be asked for, of some roles."""
    for role in roles:
        if (parameter := _LIST.by_role(role)) is not None:
            yield role, parameter


def _cell(job: Job, role: str) -> object:
    if role == "created_at":
        sent = job._read(moment, role)
        return sent and f"{sent.astimezone(UTC):%m-%d %H:%M}"
    return job._read(number if role == "credits" else text, role)


def _show(session: Session, job: Job) -> None:
    if session.json:
        session.data(job.raw)
        return
    for name, value in job.raw.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        session.result(cut(f"{name}: {shown}", SCREENFUL))


def _filter(role: str, parameter: Parameter) -> click.Option:
    """The flag that keeps some jobs of the list."""
    if role == "model":
        return click.Option(
            ["--model"],
            metavar="MODEL",
            help=parameter.summary,
            shell_complete=lambda ctx, param, begun: [id for id in MODELS if id.startswith(begun)],
        )
    values = [str(value) for value in parameter.values or sorted(API.statuses)]
    choice = click.Choice(values, case_sensitive=False)
    return click.Option([f"--{role}"], type=choice, help=parameter.summary)


command = Command(
    "jobs",
    params=[
        click.Argument(["id"], metavar="[JOB_ID]", required=False),
        *(_filter(role, parameter) for role, parameter in _by_role(*_KEPT)),
        click.Option(
            ["--limit"],
            type=click.IntRange(min=1),
            default=next((p.default for _, p in _by_role("limit")), None) or 20,
            show_default=True,
            help="How many, the newest first.",
        ),
    ],
    callback=_jobs,
    help="List jobs, newest first, or show one in full. With --json, a job per line, as the API "
    "describes it; for one job, one document.",
)

# A copy of codegen/runtime/cli/commands/check.py, where it is edited.
"""`fluxframe check`: the requests of a file against the limits of their models."""

from __future__ import annotations

from pathlib import Path

import click

from .._command import FILE, Command
from .._file_check import check_requests, check_rows
from .._session import Session


def _check(session: Session, file: Path) -> int:
    is_table = file.suffix.lower() == ".csv"
    return check_rows(session, file) if is_table else check_requests(session, file)


command = Command(
    "check",
    online=False,
    params=[click.Argument(["file"], type=FILE, metavar="FILE|-")],
    callback=_check,
    help="Check requests against the limits of their models: JSON, a list in JSON, or JSON lines, "
    'each in the shape of the API ({"model": …, "prompt": …, "fluxParams": {…}}) or flat '
    '({"model": …, "width": …}). A .csv file is read as by `fluxframe batch`. Prints FILE:LINE: and '
    "the problem; the exit status is 2 if there is one. No key is needed, and nothing is sent.",
)

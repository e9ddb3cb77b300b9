# A copy of codegen/runtime/cli/commands/check.py, where it is edited.
"""`fluxframe check`: the requests of a file against the limits of their models."""

from __future__ import annotations

import click

from .._command import FILE, Command
from .._file_check import check_file

command = Command(
    "check",
    online=False,
    params=[click.Argument(["file"], type=FILE, metavar="FILE|-")],
    callback=check_file,
    help="Check requests against the limits of their models: JSON, a list in JSON, or JSON lines, "
    "each in the shape of the API's JSON or flat, with its parameters by the names that `fluxframe "
    "models` lists; or a table, .csv or .tsv, with a parameter in each column. What "
    "`fluxframe batch` says of the file is the same. Prints FILE:LINE: and "
    "the problem; the exit status is 2 if there is one. No key is needed, and nothing is sent.",
)

# A copy of codegen/runtime/cli/commands/upload.py, where it is edited.
"""`fluxframe upload`: uploads a file, for requests to refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..._catalog import OPERATIONS
from .._command import Command, common
from .._flags import flags, given, option
from .._session import Session
from .._uploads import uploaded

_OPERATION = next(operation for operation in OPERATIONS.values() if operation.kind == "upload")
_FILE = click.Argument(["file"], type=click.Path(exists=True, dir_okay=False, path_type=Path))
# What else the form has.
_FIELDS = {field.name: field for field in _OPERATION.parameters if field.type != "file"}
_OPTIONS = {
    name: option(word, _FIELDS[name])
    for name, word in flags(_FIELDS, [_FILE, *common(online=True)]).items()
}


def _upload(session: Session, file: Path, **values: Any) -> None:
    with session.client() as client:
        upload = uploaded(client, file, given(_OPTIONS, values))
    if session.json:
        session.data(upload.raw)
        return
    session.result(str(upload.url))
    if upload.expires_at is not None:
        session.note(f"it is kept until {upload.expires_at}")


command = Command(
    "upload",
    params=[_FILE, *_OPTIONS.values()],
    callback=_upload,
    help="Upload a file and print its URL. The commands that submit requests do so by themselves for a "
    "file that is given where a URL is expected.",
)

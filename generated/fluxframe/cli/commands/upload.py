# A copy of codegen/runtime/cli/commands/upload.py, where it is edited.
"""`fluxframe upload`: uploads a file, for requests to refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..._catalog import operation_of
from .._command import Command
from .._flags import fields, given
from .._session import Session
from .._uploads import uploaded

_OPERATION = operation_of("upload")
_FIELDS = {} if _OPERATION is None else fields(_OPERATION)


def _upload(session: Session, file: Path, **values: Any) -> None:
    with session.client() as client:
        upload = uploaded(client, file, given(_FIELDS, values))
    if session.json:
        session.data(upload.raw)
        return
    session.result(str(upload.url))
    if upload.expires_at is not None:
        session.note(f"it is kept until {upload.expires_at}")


command = Command(
    "upload",
    params=[
        click.Argument(["file"], type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        *_FIELDS.values(),
    ],
    callback=_upload,
    help="Upload a file and print its URL. The commands that submit requests do so by themselves for a "
    "file that is given where a URL is expected.",
)

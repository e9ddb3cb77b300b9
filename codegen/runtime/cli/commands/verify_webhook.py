"""`fluxframe verify-webhook`: whether a webhook event was signed by the API."""

from __future__ import annotations

from pathlib import Path

import click

from ..._catalog import API
from .._command import FILE, Command, read_bytes
from .._session import Session, api_key, cell


def _verify(session: Session, signature: str, file: Path) -> None:
    from ...webhooks import verify

    event = verify(read_bytes(file), {API.signature_header: signature}, api_key())
    if session.json:
        session.data({"verified": True, "event": event.raw})
    else:
        session.text(cell(f"the signature is valid: {event._told('event')} of job {event.job_id}"))


command = Command(
    "verify-webhook",
    online=False,
    params=[
        click.Option(
            ["--signature"],
            required=True,
            metavar="VALUE",
            help=f"The event's header {API.signature_header}.",
        ),
        click.Argument(["file"], type=FILE, default="-", metavar="[FILE|-]"),
    ],
    callback=_verify,
    help="Check that a webhook event was signed by the API: FILE holds its body, byte for byte, and "
    f"{API.key_variable} the key that it is signed with. The exit status is 1 if it was not.",
)

"""`fluxframe verify-webhook`: whether an event is the API's own."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ._command import FILE, Command, read_bytes
from ._session import Session, api_key


def _verify(session: Session, signature: str, file: Path) -> None:
    webhooks: Any = import_module("...webhooks", __name__)
    webhooks.verify(read_bytes(file), {"X-Webhook-Signature": signature}, api_key())
    if session.json:
        session.data({"verified": True})
    else:
        session.result("the signature is good")


command = Command(
    "verify-webhook",
    online=False,
    params=[
        click.Option(
            ["--signature"],
            required=True,
            metavar="VALUE",
            help="The event's header X-Webhook-Signature.",
        ),
        click.Argument(["file"], type=FILE, default="-", metavar="[FILE|-]"),
    ],
    callback=_verify,
    help="Whether an event is the API's own: FILE holds its body, byte for byte, and "
    "APIFRAME_API_KEY the key that it is signed with. The exit status is 1 if it is not.",
)

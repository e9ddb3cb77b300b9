# A copy of codegen/runtime/emulator/_webhooks/messages.py, where it is edited.
"""What is posted: the body of an event, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import NamedTuple

from .._contract.document import Event
from .._contract.shape import Known
from .._state.job import Job

# Made once: `json.dumps` makes one anew each time that it is asked for anything but its defaults. It
# writes as JavaScript does, since there are receivers that sign again what they have parsed.
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


# What the progress of a job says of it, if it says no more than that.
_OF_PROGRESS = {"event", "id", "status", "progress", "model"}
_ID = str(uuid.UUID(int=0))


class Message(NamedTuple):
    """An event as it is posted; `rest` is the request but for the lines that name the host."""

    event: str
    body: bytes
    signature: str
    rest: bytes


class Messages:
    """Makes the messages of a server, whose signatures are all of one form."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._fields: dict[str, bytes] = {}
        self._progress: dict[tuple[str, str, str, int], tuple[bytes, bytes]] = {}

    def of(self, event: Event, known: Known, api_key: str) -> Message:
        """The message that tells what is known of a job."""
        return self._signed(event, _compact(event.body.filled(known)).encode(), api_key)

    def of_progress(
        self, event: Event, job: Job, state: tuple[str, int], api_key: str
    ) -> Message | None:
        """The message that a job goes on; None if that says more than most such messages.

        They are the same but for the id, so that each is made once.
        """
        if not event.body.roles <= _OF_PROGRESS:
            return None
        place = (event.name, job.model.id, *state)
        if place not in self._progress:
            known = Known({"event": event.name, "id": _ID, "model": job.model.id})
            known.update({"status": state[0], "progress": state[1]})
            told = _compact(event.body.filled(known)).encode()
            before, _, after = told.partition(_ID.encode())
            self._progress[place] = before, after
        before, after = self._progress[place]
        return self._signed(event, before + job.id.encode() + after, api_key)

    def _signed(self, event: Event, body: bytes, api_key: str) -> Message:
        signature = signed(event, body, api_key, self._form)
        own = f"{event.signature_header}: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        return Message(event.name, body, signature, self._same(event) + own.encode() + body)

    def _same(self, event: Event) -> bytes:
        """The headers that are the same each time."""
        if event.name not in self._fields:
            headers = {
                "User-Agent": "fluxframe-emulator",
                "Accept": "*/*",
                "Content-Type": "application/json",
                **event.headers,
            }
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            self._fields[event.name] = lines.encode()
        return self._fields[event.name]


def signed(event: Event, body: bytes, api_key: str, form: str) -> str:
    """The value of the signature's header."""
    key = api_key.encode()
    if event.scheme == "hmac_sha256_of_key_digest":
        digest = hashlib.sha256(key)
        key = digest.hexdigest().encode() if form.endswith("hex") else digest.digest()
    prefix = "" if form.startswith("bare-") else event.prefix
    return prefix + hmac.digest(key, body, "sha256").hex()

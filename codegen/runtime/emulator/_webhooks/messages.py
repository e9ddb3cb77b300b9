"""What is posted: the body of an event, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from .._contract.document import Event
from .._contract.shape import Known, Shape
from .._state.job import Job

# Made once: `json.dumps` makes one anew each time that it is asked for anything but its defaults. It
# writes as JavaScript does, since there are receivers that sign again what they have parsed.
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


# What the progress of a job says of it, if it says no more than that.
_OF_PROGRESS = {"event", "id", "status", "progress", "model"}
# What is another's of each job, besides its id and the moment of its end.
_OF_ONE_JOB = {"created_at", "input", "webhook_status", "expired"}
_AT = "ended_at"
_MOST_KEPT = 1_000
# They stand for the id and the moment in texts that are kept.
_ID = str(uuid.UUID(int=0))
_MOMENT = datetime(1999, 9, 9, 9, 9, 9, 999_000, UTC)


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
        self._moments: dict[str, tuple[Shape | None, str]] = {}
        self._keys: dict[str, bytes] = {}  # By the API keys.
        self._texts: dict[tuple[str | int, ...], str] = {}

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
        text = self._texts.get(place)
        if text is None:
            known = Known({"event": event.name, "id": _ID, "model": job.model.id})
            known.update({"status": state[0], "progress": state[1]})
            text = self._keep(place, _compact(event.body.filled(known)))
        return self._signed(event, text.replace(_ID, job.id).encode(), api_key)

    def of_end(self, event: Event, job: Job, base_url: str, api_key: str) -> Message:
        """The message that a job has ended, and what came of it.

        Those of jobs that succeed are the same but for the id and the moment, so that they are made of one.
        """
        at, kept = self._moment(event)
        roles = event.body.roles
        if job.fate or not job.record or roles & _OF_ONE_JOB or (at is None and _AT in roles):
            return self.of(event, Known({**job.known(base_url), "event": event.name}), api_key)
        record = job.record
        place = (event.name, job.model.id, base_url, job.credits, record["format"], record["count"])
        text = self._texts.get(place)
        if text is None:
            same = replace(job, id=_ID).known(base_url)
            known = Known({**same, "event": event.name, _AT: _MOMENT})
            text = self._keep(place, _compact(event.body.filled(known)))
        if at is not None:
            text = text.replace(kept, _compact(at.filled(Known({_AT: job.ended_at}))))
        return self._signed(event, text.replace(_ID, job.id).encode(), api_key)

    def _moment(self, event: Event) -> tuple[Shape | None, str]:
        """Where an event tells when the job ended, and how the moment that stands for it is written there."""
        if event.name not in self._moments:
            found = (inner for inner, _ in event.body.members.values() if inner.role == _AT)
            at = next(found, None)
            kept = "" if at is None else _compact(at.filled(Known({_AT: _MOMENT})))
            self._moments[event.name] = at, kept
        return self._moments[event.name]

    def _keep(self, place: tuple[str | int, ...], text: str) -> str:
        if len(self._texts) >= _MOST_KEPT:
            self._texts.clear()
        self._texts[place] = text
        return text

    def _signed(self, event: Event, body: bytes, api_key: str) -> Message:
        key = self._keys.get(api_key)
        if key is None:
            if len(self._keys) >= _MOST_KEPT:
                self._keys.clear()
            key = self._keys[api_key] = _key(event, api_key, self._form)
        prefix = "" if self._form.startswith("bare-") else event.prefix
        signature = prefix + hmac.digest(key, body, "sha256").hex()
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


def _key(event: Event, api_key: str, form: str) -> bytes:
    """What keys the signatures."""
    key = api_key.encode()
    if event.scheme == "hmac_sha256_of_key_digest":
        digest = hashlib.sha256(key)
        return digest.hexdigest().encode() if form.endswith("hex") else digest.digest()
    return key

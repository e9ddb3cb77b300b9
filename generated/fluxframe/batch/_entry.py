# A copy of codegen/runtime/batch/_entry.py, where it is edited.
"""What is known of a row of a batch, as a line of the journal and as a line of the manifest."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, replace
from typing import Any

from .._redact import Secret, redacted, short_repr

_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a row: the attempt (from 0), its key, since when, and how far it came.

    `state` is `intent` (may have been submitted), `free` (was not), `accepted` (has a job), or an end:
    `completed`, `unsaved` (completed, without its images), `failed`, `refused` or `unknown`.
    `at` is in seconds since the epoch. `job` is the job's id, `files` the names of its images in the
    folder where they were saved, and `credits` what it cost.
    `account` tells the API keys of a batch apart. `error` is for people. `resubmit` is whether the
    request can succeed if it is submitted again, by the reason for which its job failed; None where
    that is not known, as for a job that did not fail.
    """

    row: int
    attempt: int
    key: str
    at: float
    state: str
    account: str | None = None
    model: str | None = None
    seed: int | None = None
    job: str | None = None
    files: tuple[str, ...] = ()
    credits: float | None = None
    error: str | None = None
    resubmit: bool | None = None

    __repr__ = short_repr

    @property
    def ended(self) -> bool:
        """Whether another run has nothing to do for the row."""
        return self.state not in ("intent", "free", "accepted")

    def in_state(self, state: str, **known: Any) -> Entry:
        """The row in another state, without the error of the last one."""
        return replace(self, **{"state": state, "error": None, "resubmit": None, **known})

    def line(self) -> bytes:
        """The entry as a line of the journal."""
        known = {name: getattr(self, name) for name in _TYPES}
        return json_line({name: value for name, value in known.items() if value not in (None, ())})

    def to_json(self) -> str:
        """The entry as a line of JSON, to be kept as it is: it ends with its checksum."""
        return self.line().decode().rstrip("\n")

    @classmethod
    def from_json(cls, text: str | bytes) -> Entry:
        """The entry of `to_json`. Raises ValueError for a text that is not as it was written."""
        return parse_entry(text.encode() if isinstance(text, str) else text, sealed=True)

    def manifest_line(self) -> bytes:
        """The row as the manifest shows it: one that another run would go on with is unknown."""
        shown = {
            "row": self.row,
            "model": self.model,
            "key": self.key,
            "job_id": self.job,
            "status": self.state if self.ended else "unknown",
            "files": list(self.files),
            "seed": self.seed,
            "credits": self.credits,
            "error": self.error,
        }
        text = json.dumps(shown, ensure_ascii=False)
        # What a terminal would obey, or half a surrogate pair, is written as an escape of JSON.
        return (text if text.isprintable() else json.dumps(shown)).encode() + b"\n"


STATES = ("intent", "free", "accepted", "completed", "unsaved", "failed", "refused", "unknown")
_TYPES: dict[str, tuple[type, ...]] = {
    "row": (int,),
    "attempt": (int,),
    "key": (str,),
    "at": (int, float),
    "state": (str,),
    "account": (str,),
    "model": (str,),
    "seed": (int,),
    "job": (str,),
    "files": (list,),
    "credits": (int, float),
    "error": (str,),
    "resubmit": (bool,),
}
_REQUIRED = {"row", "attempt", "key", "at", "state"}


def parse_entry(line: bytes, *, sealed: bool = False) -> Entry:
    """The entry of a line of the journal. Raises ValueError for any other line.

    `sealed` is whether it must have a checksum, which lines of earlier versions lack.
    """
    value = parse_line(line, sealed=sealed)
    # A line without a checksum has no other members: a bit may have turned in the checksum's own name.
    if not _REQUIRED <= value.keys() <= _TYPES.keys() | {_CHECKSUM}:
        raise ValueError("not an entry")
    known = {name: value[name] for name in _TYPES if name in value}
    if not all(type(member) in _TYPES[name] for name, member in known.items()):
        raise ValueError("not an entry")
    entry = Entry(**{**known, "files": tuple(map(str, known.get("files", ())))})
    if entry.row < 0 or entry.attempt < 0 or entry.state not in STATES:
        raise ValueError("not an entry")
    if entry.state in ("accepted", "completed", "unsaved") and entry.job is None:
        raise ValueError("not an entry")
    return entry


_CHECKSUM = "crc"


def json_line(value: dict[str, Any]) -> bytes:
    """A line of JSON, in ASCII, that ends with the checksum of what is before it."""
    text = json.dumps(value, separators=(",", ":"))[:-1].encode()
    return text + b',"%s":"%08x"}\n' % (_CHECKSUM.encode(), zlib.crc32(text))


def parse_line(line: bytes, *, sealed: bool) -> dict[str, Any]:
    """The JSON of a line. Raises ValueError for one that is not as it was written."""
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    if sealed or _CHECKSUM in value:
        text, _, _ = line.rpartition(b',"%s":' % _CHECKSUM.encode())
        if value.get(_CHECKSUM) != f"{zlib.crc32(text):08x}":
            raise ValueError("not the line that was written")
    return value


def error_text(error: object) -> str:
    """An error for the journal: short, and without the query of a URL, which is often a secret."""
    return redacted(str(error), _LONGEST_ERROR)


def key_of(batch: str, position: int, attempt: int, content: str) -> str:
    """The idempotency key of an attempt at a row of a batch.

    It is the same in each run of the batch, so that what may have been submitted can be submitted again
    without being paid for again; and it is another one in another batch of the same rows.
    """
    whole = json.dumps([batch, position, attempt, content])
    return hashlib.sha256(whole.encode()).hexdigest()


def account_of(batch: str, api_key: Secret | None) -> str:
    """A digest that tells API keys apart within a batch, and reveals nothing else of them."""
    key = None if api_key is None else api_key.reveal()
    return hashlib.sha256(f"{batch} {key}".encode(errors="surrogatepass")).hexdigest()[:12]

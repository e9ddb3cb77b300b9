"""The record of a run, with which it goes on where it was stopped, and pays for nothing twice.

A file of JSON lines, each written whole before anything else is done: one before a request that asks for a
job is sent, and one with its answer. A request whose answer is there is not sent again; one without goes
out under the same key, for which the server has the same job.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from .._locks import lock
from .._redact import Secret, hidden
from ._errors import CannotRunError
from ._outcomes import Exchange, Outcome, Verdict

_KIND = "fluxframe conformance"
_VERSION = 1
_OUTCOME = ("vector", "constraint", "verdict", "says", "expected", "observed", "reading", "reason")
_ANSWER = ("seconds", "status", "answer", "is_cut", "error")


class Journal:
    """What was sent, and what was answered, by the keys that requests are told apart by.

    Without a path, it is of this run only. `spent` is what earlier runs paid, and what they may have
    paid for requests whose answer they did not see. Raises CannotRunError for a file that is not one.
    """

    def __init__(self, path: Path | None, base_url: str, api_key: str = "") -> None:
        self.path = path
        self.run = uuid.uuid4().hex
        self._key = hidden(api_key)
        self.spent = 0
        self._answers: dict[str, tuple[Mapping[str, Any], int]] = {}
        self._open: dict[str, tuple[int, float]] = {}
        # Of sequences that cost something: what came of each; None where that is not known.
        self.sequences: dict[str, Outcome | None] = {}
        self._file: Any = None
        if path is not None:
            self._file = path.open("a+b", buffering=0)
            try:
                if not lock(self._file):
                    raise CannotRunError(f"{self.path} is in use by another run")
                self._load(base_url)
            except BaseException:
                self._file.close()
                raise

    def key(self, name: str, text: str) -> str:
        """The idempotency key of a request: the same whenever it is sent again in this run."""
        return str(uuid.uuid5(uuid.UUID(self.run), f"{name}\n{text}"))

    def answer(self, key: str) -> tuple[Mapping[str, Any], int] | None:
        """What a request was answered, as the members of an Exchange that tell of it, and what it cost."""
        return self._answers.get(key)

    def open(self, key: str) -> tuple[int, float]:
        """Of a request that was sent and not answered: what it may have cost, and its age in seconds."""
        credits, at = self._open.get(key, (0, time.time()))
        return credits, time.time() - at

    def sent(self, key: str, credits: int) -> None:
        """Record a request before it is sent, and what it costs if it is accepted."""
        if self._file is not None:
            at = self._open.get(key, (0, time.time()))[1]
            self._write({"sent": key, "at": at, "credits": credits})

    def answered(self, key: str, exchange: Exchange, credits: int, *, final: bool) -> None:
        """Record an answer, and what was paid for it; one that is not `final` says nothing of the request."""
        if self._file is not None:
            told = {name: getattr(exchange, name) for name in _ANSWER}
            headers = dict(exchange.answer_headers)
            self._write(
                {
                    "answered": key,
                    "started": exchange.started.isoformat(),
                    **told,
                    "answer_headers": headers,
                    "credits": credits,
                    "final": final,
                }
            )

    def begun(self, sequence: str) -> None:
        """Record that a sequence may cost something from now on."""
        if self._file is not None:
            self._write({"sequence": sequence, "outcome": None})

    def concluded(self, outcome: Outcome) -> None:
        """Record what came of a sequence, which is not run again if that is final."""
        if self._file is not None:
            told = {name: getattr(outcome, name) for name in _OUTCOME}
            self._write({"sequence": outcome.vector, "outcome": told})

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, entry: Mapping[str, Any]) -> None:
        view = memoryview(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
        while view:
            view = view[self._file.write(view) :]

    def _load(self, base_url: str) -> None:
        self._file.seek(0)
        data: bytes = self._file.read()
        whole, _, torn = data.rpartition(b"\n")
        lines = whole.split(b"\n") if whole else []
        if torn:  # Its process was killed while it wrote, and acted on nothing of it.
            if not lines and not torn.startswith(b'{"journal":'):
                raise self._foreign()
            self._file.truncate(len(data) - len(torn))
        if not lines:
            if data and not torn:
                raise self._foreign()
            self._write(
                {
                    "journal": _KIND,
                    "version": _VERSION,
                    "run": self.run,
                    "base_url": base_url,
                    "key": self._marked(),
                    "created": datetime.now(UTC).isoformat(timespec="seconds"),
                }
            )
            os.fsync(self._file.fileno())
            return
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
                if number == 1:
                    self._begin(entry, base_url)
                else:
                    self._read(entry)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                if number == 1:
                    raise self._foreign() from None
                raise CannotRunError(
                    f"{self.path}:{number}: the line is damaged; restore the file from a copy, or name a new "
                    "one, with which all is sent, and paid for, again"
                ) from None

    def _begin(self, entry: Any, base_url: str) -> None:
        if entry["journal"] != _KIND:
            raise ValueError(entry)
        if entry["version"] != _VERSION:
            raise CannotRunError(
                f"{self.path} is a record of version {entry['version']}, not {_VERSION}"
            )
        if entry["base_url"] != base_url:
            raise CannotRunError(
                f"{self.path} is of a run at {entry['base_url']}, and this one is at {base_url}; name another "
                "file"
            )
        self.run = uuid.UUID(entry["run"]).hex
        if entry["key"] != self._marked():
            raise CannotRunError(
                f"{self.path} is of a run with another API key, whose jobs this one can't see; use that key, "
                "or name another file"
            )

    def _marked(self) -> str:
        """What tells the key from others, and not what it is."""
        key = self._key.reveal() if isinstance(self._key, Secret) else ""
        return hashlib.sha256(f"{self.run} {key}".encode()).hexdigest()[:12]

    def _read(self, entry: Any) -> None:
        if "sequence" in entry:
            told = entry["outcome"]
            found = told and Outcome(**{**told, "verdict": Verdict(told["verdict"])})
            self.sequences[entry["sequence"]] = found
            if found is not None and not found.verdict.is_final:
                del self.sequences[entry["sequence"]]
            return
        is_sent = "sent" in entry
        key, credits = entry["sent" if is_sent else "answered"], int(entry["credits"])
        if key in self._answers:
            return
        paid, at = self._open.get(key, (0, 0.0))
        self.spent += credits - paid
        self._open[key] = (credits, at or float(entry["at"]))
        if not is_sent and entry["final"]:
            del self._open[key]
            answer = {
                **{name: entry[name] for name in _ANSWER},
                "started": datetime.fromisoformat(entry["started"]),
                "answer_headers": dict(entry["answer_headers"]),
            }
            self._answers[key] = (answer, credits)

    def _foreign(self) -> CannotRunError:
        return CannotRunError(f"{self.path} is not the record of a run, by its first line")

# A copy of codegen/runtime/batch/_journal.py, where it is edited.
"""The record of a batch: an append-only file of JSON lines that outlives a kill and a power cut.

The first line names the batch; each other is what is known of one row, and the last of a row counts.
A line is written whole, with one fsync for all that wait, so that what is acknowledged is on the disk.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import threading
import uuid
from array import array
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from .._errors import JournalError
from .._redact import redacted

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows has no such lock.
    fcntl = None

_KIND = "fluxframe batch"
_VERSION = 1
_NOTHING = -1
# Rows are begun in order, so that none is far ahead of those before it.
_FARTHEST = 100_000
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a row: the attempt (from 0), its key, since when, and how far it came.

    `state` is `intent` (may have been submitted), `free` (was not), `accepted` (has a job), or an end: `completed`,
    `unsaved` (completed, without its pictures), `failed`, `refused` or `unknown`. `account` tells the
    API keys of a batch apart.
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

    @property
    def ended(self) -> bool:
        """Whether another run has nothing to do for the row."""
        return self.state not in ("intent", "free", "accepted")

    def now(self, state: str, **known: Any) -> Entry:
        """The row in another state."""
        return replace(self, **{"state": state, "error": None, **known})

    def line(self) -> bytes:
        """The entry as a line of the journal."""
        known = {name: getattr(self, name) for name in _TYPES}
        return _line({name: value for name, value in known.items() if value not in (None, ())})


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
}
_REQUIRED = {"row", "attempt", "key", "at", "state"}


def told(error: object) -> str:
    """An error's text for the journal: short, and without the query of a URL, a secret often."""
    text = redacted(str(error))
    return text if len(text) <= _LONGEST_ERROR else text[: _LONGEST_ERROR - 1] + "…"


def _line(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, separators=(",", ":")) + "\n").encode()


def _entry(line: bytes) -> Entry:
    """The entry of a line. Raises ValueError for a line that is none."""
    value = json.loads(line)
    if not isinstance(value, dict) or not value.keys() >= _REQUIRED:
        raise ValueError("no entry")
    known = {name: value[name] for name in _TYPES if name in value}
    if not all(type(member) in _TYPES[name] for name, member in known.items()):
        raise ValueError("no entry")
    entry = Entry(**{**known, "files": tuple(map(str, known.get("files", ())))})
    if entry.row < 0 or entry.attempt < 0 or entry.state not in STATES:
        raise ValueError("no entry")
    if entry.state in ("accepted", "completed", "unsaved") and entry.job is None:
        raise ValueError("no entry")
    return entry


# An entry that is to be written: its row, its line, and who waits for it.
_Waiting: TypeAlias = tuple[int, bytes, "Future[None]"]


class Journal:
    """The journal of a batch, for one run at a time; made if it is not there.

    `base_url` is where the batch's jobs are. Raises JournalError for a file that is damaged, in use,
    or of another server. Of each row it holds in memory only where its last entry stands.
    """

    def __init__(self, path: Path, base_url: str) -> None:
        self.path = path
        self._offsets = array("q")
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._broken: Exception | None = None
        self._closed = False
        self._file = path.open("ab", buffering=0)
        try:
            self._take()
            self.batch, self._end = self._load(base_url)
            self._reader = path.open("rb")
        except BaseException:
            self._file.close()
            raise
        self._writer = threading.Thread(
            target=self._write_all, name="fluxframe-journal", daemon=True
        )
        self._writer.start()

    def _take(self) -> None:
        """Lock the file, as long as it is open."""
        if fcntl is not None:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise JournalError(f"{self.path} is in use by another run") from None
            except OSError:
                pass  # A file system without locks.

    def _load(self, base_url: str) -> tuple[str, int]:
        """The batch's id and where the next line goes; what was torn off at the end is cut off."""
        with self.path.open("rb") as lines:
            first = lines.readline()
            if not first.endswith(b"\n") and _looks_begun(first):
                return self._begin(base_url)
            batch = self._header(first, base_url)
            end, number = len(first), 1
            for line in lines:
                number += 1
                try:
                    entry = _entry(line)
                    if entry.row > len(self._offsets) + _FARTHEST:
                        raise ValueError("too far ahead")
                except (ValueError, RecursionError):
                    if lines.readline():
                        raise self._damaged(number) from None
                    break  # Never acknowledged: the power was cut while it was written.
                if not line.endswith(
                    b"\n"
                ):  # Whole but for its end, which an editor may have cut off.
                    _write(self._file, b"\n")
                    line += b"\n"
                self._note(entry.row, end)
                end += len(line)
        if end < self._file.seek(0, os.SEEK_END):
            self._file.truncate(end)
            os.fsync(self._file.fileno())
        return batch, end

    def _begin(self, base_url: str) -> tuple[str, int]:
        """A new journal. Without a whole first line nothing has been submitted yet."""
        batch = uuid.uuid4().hex
        header = {
            "journal": _KIND,
            "version": _VERSION,
            "batch": batch,
            "base_url": base_url,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        line = _line(header)
        self._file.truncate(0)
        _write(self._file, line)
        os.fsync(self._file.fileno())
        sync_folder(self.path.parent)
        return batch, len(line)

    def _header(self, line: bytes, base_url: str) -> str:
        try:
            header = json.loads(line)
        except (ValueError, RecursionError):
            header = None
        if not isinstance(header, dict) or header.get("journal") != _KIND:
            raise JournalError(f"{self.path} is no journal of a batch, by its first line")
        version, where = header.get("version"), header.get("base_url")
        if version != _VERSION:
            raise JournalError(f"{self.path} is a journal of version {version}, not {_VERSION}")
        if where != base_url:
            raise JournalError(
                f"{self.path} is of a batch at {where}, and this client is of {base_url}"
            )
        return str(header.get("batch"))

    def _damaged(self, number: int) -> JournalError:
        return JournalError(f"{self.path}:{number}: the line is damaged, and it is not the last")

    def _note(self, row: int, offset: int) -> None:
        missing = row + 1 - len(self._offsets)
        if missing > 0:
            self._offsets.extend([_NOTHING] * missing)
        self._offsets[row] = offset

    def append(self, entry: Entry) -> Future[None]:
        """Add an entry; the future is done when it is on the disk, or has the OSError why not."""
        future: Future[None] = Future()
        line = entry.line()
        with self._lock:
            if self._closed:
                raise JournalError(f"{self.path} is closed")
            self._waiting.put((entry.row, line, future))
        return future

    def entry(self, row: int) -> Entry | None:
        """What is known of a row."""
        with self._lock:
            offset = self._offsets[row] if row < len(self._offsets) else _NOTHING
            if offset == _NOTHING:
                return None
            self._reader.seek(offset)
            line = self._reader.readline()
        try:
            return _entry(line)
        except ValueError:
            raise JournalError(f"{self.path} was changed while it was in use") from None

    def entries(self) -> Iterator[Entry]:
        """What is known of each row, in the order of rows."""
        for row in range(len(self._offsets)):
            if (entry := self.entry(row)) is not None:
                yield entry

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        with self._lock:
            self._closed = True
            self._waiting.put(None)
        self._writer.join()
        self._reader.close()
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _write_all(self) -> None:
        """The writer's thread: what waits is written together."""
        more = True
        while more:
            group = [self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get())
            more = None not in group
            self._commit([waiting for waiting in group if waiting is not None])

    def _commit(self, group: list[_Waiting]) -> None:
        # From here on, nobody can take a record back: a task that is cancelled leaves it.
        waiting = [future for *_, future in group if future.set_running_or_notify_cancel()]
        try:
            if self._broken is None and group:
                _write(self._file, b"".join(line for _, line, _ in group))
                os.fsync(self._file.fileno())
        except Exception as error:
            self._broken = error  # Half a line may be there; nothing goes after it.
        if self._broken is None:
            with self._lock:
                for row, line, _ in group:
                    self._note(row, self._end)
                    self._end += len(line)
        for future in waiting:
            if self._broken is None:
                future.set_result(None)
            else:
                future.set_exception(self._broken)


def _looks_begun(text: bytes) -> bool:
    """Whether a file is a first line that was never whole, and no other file of somebody's."""
    start = _line({"journal": _KIND}).rstrip(b"}\n")
    return start.startswith(text) or text.startswith(start) or not text.strip(b"\0")


def _write(file: Any, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def sync_folder(path: Path) -> None:
    """Make the names in a folder outlive a power cut, where that can be asked for."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(folder)


def manifest_line(entry: Entry) -> dict[str, Any]:
    """A row as the manifest shows it: a row that another run would go on with is unknown."""
    return {
        "row": entry.row,
        "model": entry.model,
        "key": entry.key,
        "job_id": entry.job,
        "status": entry.state if entry.ended else "unknown",
        "files": list(entry.files),
        "seed": entry.seed,
        "credits": entry.credits,
        "error": entry.error,
    }


def write_whole(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    """A file of JSON lines that takes its place only once it is on the disk."""
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            for line in lines:
                text = json.dumps(line, ensure_ascii=False) + "\n"
                file.write(text.encode(errors="backslashreplace"))  # As JSON escapes them.
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)

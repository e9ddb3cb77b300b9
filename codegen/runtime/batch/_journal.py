"""The record of a batch: an append-only file of JSON lines that survives a kill and a power cut.

The first line names the batch; each other is what is known of one row, and the last of a row counts.
A line is written whole, with one fsync for all that wait, so that what is acknowledged is on the disk.
Each ends with its checksum: a row that is misread, or not read, could be paid for again.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import uuid
from array import array
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from .._catalog import API
from .._errors import JournalError
from .._locks import lock, unlock
from .._problems import listed
from ._durable import sync_folder, write_all
from ._entry import Entry, json_line, parse_entry, parse_line

_KIND = "fluxframe batch"
# Of version 1, whose lines have no checksum, a journal can be read and continued.
_VERSION = 2
_VERSIONS = (1, _VERSION)
_ABSENT = -1
# Rows are begun in order, so that none is far ahead of those before it: a number that is far ahead is damage,
# and must not make room for itself in memory.
_FARTHEST_AHEAD = 100_000

# An entry that is to be written: its row, its line, and who waits for it.
_Pending: TypeAlias = tuple[int, bytes, "Future[None]"]


class Journal:
    """The journal of a batch, for one run at a time; created if it does not exist.

    `base_url` is where the batch's jobs are. Raises JournalError for a file that is damaged, in use,
    or of another server. Of each row it holds in memory only where its last entry stands.
    """

    def __init__(self, path: Path, base_url: str) -> None:
        self.path = path
        self._offsets = array("q")
        self._lock = threading.Lock()
        self._pending: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._broken: Exception | None = None
        self._closed = False
        self._file = path.open("ab", buffering=0)
        self._process = os.getpid()
        try:
            # The lock comes first: what looks like a torn last line may be one that another run is
            # about to complete, and `_load` would cut it off.
            if not lock(self._file):
                raise JournalError(f"{self.path} is in use by another run")
            self.batch, self._end = self._load(base_url)
            self._reader = path.open("rb")
        except BaseException:
            self._file.close()
            raise
        self._writer = threading.Thread(
            target=self._write_pending, name="fluxframe-journal", daemon=True
        )
        self._writer.start()

    def _load(self, base_url: str) -> tuple[str, int]:
        """The batch's id and where the next line goes; a torn last line is cut off."""
        with self.path.open("rb") as lines:
            first = lines.readline()
            if not first.endswith(b"\n") and _looks_begun(first):
                return self._begin(base_url)
            batch, sealed = self._header(first, base_url)
            end, number = len(first), 1
            for line in lines:
                number += 1
                # Only a line without its end can be torn by a power cut, since nothing is written after
                # a line before it is on the disk. It was never acknowledged then: an intent had not
                # been submitted yet. Any other is damage, and to skip it could mean to submit, and pay
                # for, a row again.
                if not line.endswith(b"\n") and _is_part(line):
                    break
                try:
                    entry = parse_entry(line, sealed=sealed)
                    if entry.row > len(self._offsets) + _FARTHEST_AHEAD:
                        raise ValueError("too far ahead")
                except (ValueError, RecursionError):
                    raise self._damaged(number) from None
                self._note(entry.row, end)
                end += len(line)
                if not line.endswith(b"\n"):  # Whole, but an editor may have cut its end off.
                    write_all(self._file, b"\n")
                    end += 1
                    break
        if end < self._file.seek(0, os.SEEK_END):
            self._file.truncate(end)
            # Before anything is appended: else a power cut might leave both the torn line and new
            # ones behind it, which is damage.
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
        line = json_line(header)
        self._file.truncate(0)
        write_all(self._file, line)
        # The keys of all rows hang on the batch's id: it must be on the disk before the first of them
        # is used, and the file's name as well.
        os.fsync(self._file.fileno())
        sync_folder(self.path.parent)
        return batch, len(line)

    def _header(self, line: bytes, base_url: str) -> tuple[str, bool]:
        """The batch's id, and whether all lines have checksums."""
        try:
            header = json.loads(line)
        except (ValueError, RecursionError):
            header = None
        if not isinstance(header, dict) or header.get("journal") != _KIND:
            raise JournalError(f"{self.path} is not the journal of a batch, by its first line")
        version, where = header.get("version"), header.get("base_url")
        if version not in _VERSIONS:
            expected = listed(list(map(str, _VERSIONS)))
            raise JournalError(f"{self.path} is a journal of version {version}, not {expected}")
        sealed = version == _VERSION
        try:
            parse_line(line, sealed=sealed)
        except ValueError:
            raise self._damaged(1) from None
        if where != base_url:
            raise JournalError(
                f"{self.path} belongs to a batch at {where}, but this client is for {base_url}"
            )
        return str(header.get("batch")), sealed

    def _damaged(self, number: int) -> JournalError:
        return JournalError(
            f"{self.path}:{number}: the line is damaged, and what it said is lost; restore the journal "
            f"from a copy or, if the batch was begun less than {API.idempotency_hours - 1} h ago, "
            "delete this line and all behind it: their rows are then submitted again under the same keys, and "
            "not paid for twice"
        )

    def _note(self, row: int, offset: int) -> None:
        missing = row + 1 - len(self._offsets)
        if missing > 0:
            self._offsets.extend([_ABSENT] * missing)
        self._offsets[row] = offset

    def append(self, entry: Entry) -> Future[None]:
        """Add an entry; the future is done when it is on the disk, or has the OSError why not."""
        future: Future[None] = Future()
        line = entry.line()
        with self._lock:  # Nothing gets into the queue behind the None with which `close` ends it.
            if self._closed:
                raise JournalError(f"{self.path} is closed")
            self._pending.put((entry.row, line, future))
        return future

    def entry(self, row: int) -> Entry | None:
        """What is known of a row."""
        with self._lock:
            offset = self._offsets[row] if row < len(self._offsets) else _ABSENT
            if offset == _ABSENT:
                return None
            self._reader.seek(offset)
            line = self._reader.readline()
        try:
            return parse_entry(line)
        except ValueError:
            raise JournalError(f"{self.path} was changed while it was in use") from None

    def entries(self) -> Iterator[Entry]:
        """What is known of each row, in the order of rows."""
        for row in range(len(self._offsets)):
            if (entry := self.entry(row)) is not None:
                yield entry

    def close(self) -> None:
        """Write what is pending, and close the file."""
        with self._lock:
            self._closed = True
            self._pending.put(None)
        self._writer.join()
        self._reader.close()
        # A process that was forked meanwhile has the file open too, and would keep it locked; and must
        # not unlock it for this one.
        if self._process == os.getpid():
            unlock(self._file)
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _write_pending(self) -> None:
        """The writer's thread.

        While it waits for one fsync, more entries come; the next one is for all of these together, so
        that many rows do not wait for many fsyncs.
        """
        more = True
        while more:
            group = [self._pending.get()]
            while not self._pending.empty():
                group.append(self._pending.get())
            more = None not in group
            self._commit([pending for pending in group if pending is not None])

    def _commit(self, group: list[_Pending]) -> None:
        """Put entries on the disk, in their order, and then tell those that wait for them."""
        # From here on, nobody can take an entry back: it is written though its task is cancelled.
        waiting = [future for *_, future in group if future.set_running_or_notify_cancel()]
        try:
            if self._broken is None and group:
                write_all(self._file, b"".join(line for _, line, _ in group))
                os.fsync(self._file.fileno())
        except Exception as error:
            # Half a line may be there, or data that a failed fsync has lost: whatever is written after
            # it would make of a torn last line a damaged one, and so nothing is, for good.
            self._broken = error
        if self._broken is None:
            with self._lock:
                for row, line, _ in group:
                    self._note(row, self._end)
                    self._end += len(line)
        # Last of all: whoever is told goes on and submits.
        for future in waiting:
            if self._broken is None:
                future.set_result(None)
            else:
                future.set_exception(self._broken)


def _is_part(line: bytes) -> bool:
    """Whether a text can be the beginning of a line that was torn: no beginning of an object is whole."""
    try:
        json.JSONDecoder().raw_decode(line.decode("latin-1"))
    except (ValueError, RecursionError):
        return True
    return False


def _looks_begun(text: bytes) -> bool:
    """Whether a file holds only a part of a journal's first line, and is not some other file."""
    start, _, _ = json_line({"journal": _KIND}).rpartition(b",")
    return start.startswith(text) or text.startswith(start) or not text.strip(b"\0")

# A copy of codegen/runtime/batch/_store.py, where it is edited.
"""Where workers keep the entries of rows: a protocol, and a shared folder."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import quote

from .._errors import ConfigurationError, JournalError
from .._redact import show
from ._durable import replace_whole, sync_folder
from ._entry import Entry
from ._known import merged

T = TypeVar("T")

# Rows whose records are in one folder: few enough that to list it is cheap.
_IN_A_FOLDER = 100
# Bytes; a record is some hundred, and more for a job of many images with long names.
_LARGEST = 1 << 20
# Of a network's file system: the file was replaced while it was read. On Windows: it is being read.
_PASSING = (getattr(errno, "ESTALE", None), errno.EACCES if os.name == "nt" else None)
_TRIES = 20
_RECORD = re.compile(r"[0-9]+-[^.]+\.json")


class RowStore(Protocol):
    """Where the entries of rows are kept, for all workers: a folder, a database, an object store.

    A record has a key of three parts, `(batch, row, writer)`. A writer is one call of `run_row`, and
    replaces only its own records, so no lock, transaction or comparison is needed.
    """

    def save(self, batch: str, writer: str, entry: Entry) -> None:
        """Keep an entry of row `entry.row`, replacing the last one of this writer.

        Once this returns, all workers can read it, and it survives a power cut; only then is the
        request sent. `entry.to_json()` is a string of a few hundred characters.
        """
        ...

    def load(self, batch: str, row: int) -> Iterable[Entry]:
        """The last entry of each writer of a row, in any order; `Entry.from_json` reads one."""
        ...


class AsyncRowStore(Protocol):
    """A `RowStore` for an async client, if its methods are coroutines."""

    def save(self, batch: str, writer: str, entry: Entry) -> Awaitable[None]:
        """Keep an entry, as `RowStore.save` does."""
        ...

    def load(self, batch: str, row: int) -> Awaitable[Iterable[Entry]]:
        """The entries of a row, as `RowStore.load` returns them."""
        ...


class FolderStore:
    """Entries in a folder that all workers share, such as an NFS mount: a small file for each call of a row.

    A file is written whole, made durable, and renamed into its place. Any number of batches may be in a
    folder, each in a folder of its own, and any number of workers may write at once. The folder must
    exist, so that a worker that does not see it fails. Raises ConfigurationError if it does not.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        if not os.fspath(
            folder
        ):  # Such as a variable that is not set; it would be any worker's own.
            raise ConfigurationError("store: an empty text is not the path of a folder")
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ConfigurationError(
                f"store: there is no folder {self.folder}; make it where all workers see it"
            )

    def __repr__(self) -> str:
        return f"FolderStore({show(str(self.folder))})"

    def save(self, batch: str, writer: str, entry: Entry) -> None:
        """Keep an entry. Raises OSError if the folder can't be written to."""
        path = self._rows(batch, entry.row) / f"{entry.row:06d}-{writer}.json"
        for folder in (path.parent.parent, path.parent):
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                sync_folder(folder.parent)
        _patiently(lambda: replace_whole(path, [entry.line()]))

    def load(self, batch: str, row: int) -> list[Entry]:
        """The entries of a row. Raises JournalError for a damaged file, and OSError."""
        return [_read(path) for path in _files(self._rows(batch, row), f"{row:06d}-")]

    def entries(self, batch: str) -> Iterator[Entry]:
        """The state of each started row of a batch, in the order of the rows."""
        folders = _folders(self._batch(batch))
        for folder in sorted(folders, key=lambda path: int(path.name)):
            rows: dict[int, list[Entry]] = {}
            for path in _files(folder):
                entry = _read(path)
                rows.setdefault(entry.row, []).append(entry)
            for _, entries in sorted(rows.items()):
                if (known := merged(entries)) is not None:
                    yield known

    def _batch(self, batch: str) -> Path:
        """The folder of a batch, by a name that every system can have, and no two batches share."""
        digest = hashlib.sha256(batch.encode(errors="surrogatepass")).hexdigest()[:12]
        return self.folder / f"{quote(batch, safe=' ', errors='replace')[:60].strip('. ')}-{digest}"

    def _rows(self, batch: str, row: int) -> Path:
        return self._batch(batch) / f"{row // _IN_A_FOLDER:06d}"


def _folders(folder: Path) -> list[Path]:
    return [path for path in _listed(folder) if path.name.isascii() and path.name.isdigit()]


def _files(folder: Path, beginning: str = "") -> list[Path]:
    """The files of records; what is being written has another name."""
    return [
        path
        for path in _listed(folder)
        if path.name.startswith(beginning) and _RECORD.fullmatch(path.name)
    ]


def _listed(folder: Path) -> list[Path]:
    """What is in a folder, if there is one; not by `glob`, which passes over one that can't be read."""
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def _read(path: Path) -> Entry:
    line = _patiently(lambda: _beginning(path))
    try:
        return Entry.from_json(line)
    except (ValueError, RecursionError):
        raise JournalError(
            f"{path} is damaged, and what it said of its row is lost; restore it from a copy"
        ) from None


def _beginning(path: Path) -> bytes:
    """The text of a record; nothing of what is not a file, such as a pipe, which would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        return b""
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _patiently(function: Callable[[], T]) -> T:
    """What a function returns, once it has no error that passes. Raises OSError."""
    for tries in range(1, _TRIES):
        try:
            return function()
        except OSError as error:
            if error.errno is None or error.errno not in _PASSING:
                raise
        time.sleep(0.01 * tries)
    return function()

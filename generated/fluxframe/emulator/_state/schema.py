# A copy of codegen/runtime/emulator/_state/schema.py, where it is edited.
"""The tables of the store, and the file that they may be in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

VERSION = 1
# "flux": so that a file of another program is told from one of ours.
_APPLICATION = 0x666C7578
_NAME = "emulator.sqlite3"

# An index of SQLite ends with the row's number, so that each of these is in the order of submission.
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
-- Whoever still holds the number of an account that was forgotten must not meet another by it.
CREATE TABLE accounts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  available INTEGER NOT NULL CHECK (available >= 0)
);
CREATE TABLE jobs (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES accounts,
  model INTEGER NOT NULL,
  operation INTEGER NOT NULL,
  request TEXT NOT NULL,
  record TEXT,
  seconds REAL NOT NULL,
  credits INTEGER NOT NULL,
  created REAL NOT NULL,
  begun REAL NOT NULL,
  status TEXT NOT NULL,
  due REAL,
  fate TEXT NOT NULL,
  reason TEXT,
  once TEXT,
  base_url TEXT,
  webhook TEXT,
  told INTEGER
);
CREATE INDEX jobs_of ON jobs (account);
CREATE INDEX jobs_in ON jobs (account, status);
CREATE INDEX jobs_by ON jobs (account, model);
CREATE INDEX jobs_by_in ON jobs (account, model, status);
CREATE UNIQUE INDEX jobs_once ON jobs (account, once) WHERE once IS NOT NULL;
CREATE INDEX jobs_due ON jobs (due) WHERE due IS NOT NULL;
CREATE INDEX jobs_failing ON jobs (due) WHERE due IS NOT NULL AND fate = 'fail';
CREATE INDEX jobs_untold ON jobs (told) WHERE told IS NOT NULL;
CREATE INDEX jobs_gone ON jobs (status) WHERE status = '';
CREATE TRIGGER jobs_paid AFTER INSERT ON jobs BEGIN
  UPDATE accounts SET available = available - new.credits WHERE number = new.account;
END;
CREATE TABLE uploads (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  account INTEGER NOT NULL,
  kind TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  created REAL NOT NULL,
  expires REAL NOT NULL
);
"""


class DataError(RuntimeError):
    """The folder of a server's data can't be used."""

    __module__ = __name__.rpartition("._state.")[0]  # So a traceback names it as it is imported.


class Transaction:
    """What is done in it is done wholly or not at all."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN")

    def __exit__(self, kind: object, *_: object) -> None:
        if self._db.in_transaction:  # Some errors have ended it already.
            self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def connect(folder: Path | None) -> sqlite3.Connection:
    """The tables: in a folder, or in memory. Raises DataError."""
    if folder is None:
        connection = _connected(":memory:")
        _create(connection)
        return connection
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"data: {folder} is not a folder that can be used ({error})") from None
    path = folder / _NAME
    try:
        path.touch(mode=0o600)  # API keys are in it; what SQLite puts beside it has its mode.
        connection = _connected(str(path))
    except (OSError, sqlite3.Error) as error:
        raise DataError(f"data: {path} can't be opened ({error})") from None
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connected(path: str) -> sqlite3.Connection:
    # Whoever uses it holds a lock; transactions are begun by name.
    connection = sqlite3.connect(
        path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _create(connection: sqlite3.Connection) -> None:
    connection.executescript(
        f"BEGIN; {_TABLES} PRAGMA application_id={_APPLICATION}; PRAGMA user_version={VERSION}; COMMIT"
    )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    try:
        # The file is ours alone for as long as we live, however we end.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA temp_store=MEMORY")
        _check(connection, path)
        connection.execute("PRAGMA journal_mode=WAL")
        # A commit has left the process when it returns, since it is written to the log, and so outlives it
        # however it ends. NORMAL saves waiting for the disk each time: a power cut may take the last commits
        # with it, never the file.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('opened', 1)")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            text = f"data: {path.parent} is in use by another server; stop that, or choose another folder"
            raise DataError(text) from None
        raise DataError(f"data: {path} can't be used ({error})") from None
    except sqlite3.DatabaseError as error:
        raise DataError(
            f"data: {path} is damaged, or not a file of the emulator ({error}); move it away, or choose "
            "another folder"
        ) from None


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours, not of this version or damaged; make the tables in an empty one."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        if application or version:
            raise sqlite3.DatabaseError("it is empty, and of another program")
        _create(connection)
        return
    if application != _APPLICATION:
        raise sqlite3.DatabaseError("it is of another program")
    if version != VERSION:
        age = "an older" if version < VERSION else "a newer"
        raise DataError(
            f"data: {path} is of {age} version of the emulator (schema {version}, expected {VERSION}); "
            "use that version, move the file away, or choose another folder"
        )
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)

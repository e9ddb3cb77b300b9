"""The accounts: what each has left to spend, and how many jobs it has running."""

from __future__ import annotations

import sqlite3
from threading import RLock
from typing import Protocol

from .clock import Clock
from .job import Home

MOST_ACCOUNTS = 50_000
# As many are removed at once, so that it is rarely done.
_REMOVED_AT_ONCE = 128
# How long to wait where only jobs run that never end.
_HANGING_SECONDS = 60.0


class InsufficientCreditsError(Exception):
    """The account can't pay."""


class Rows(Protocol):
    """What holds the rows: of a folder that was let go of and is used again, `db` is another one then."""

    home: Home
    clock: Clock
    lock: RLock
    db: sqlite3.Connection

    def settle(self, now: float) -> None:
        """Write down what has changed by now."""

    def refund(self, now: float) -> None:
        """Write down the jobs that have failed by now."""


class Ledger:
    """The rows of accounts in a store."""

    def __init__(self, store: Rows) -> None:
        self._store = store

    def account(self, key: str) -> int | None:
        """The number of a key's account, if it has one already."""
        with self._store.lock:
            row = self._store.db.execute(
                "SELECT number FROM accounts WHERE key = ?", (key,)
            ).fetchone()
        return row[0] if row else None

    def key(self, account: int) -> str | None:
        """The key of an account."""
        with self._store.lock:
            row = self._store.db.execute(
                "SELECT key FROM accounts WHERE number = ?", (account,)
            ).fetchone()
        return row[0] if row else None

    def keys(self, limit: int) -> list[str]:
        """The keys of the accounts that began last, newest first."""
        with self._store.lock:
            rows = self._store.db.execute(
                "SELECT key FROM accounts ORDER BY number DESC LIMIT ?", (limit,)
            ).fetchall()
        return [key for (key,) in rows]

    def open(self, key: str, credits: int) -> int:
        """The number of a key's account, which begins with some credits if it is new."""
        with self._store.lock:
            if (number := self.account(key)) is not None:
                return number
            row = self._store.db.execute(
                "INSERT INTO accounts (key, available) VALUES (?, ?)", (key, credits)
            )
            assert row.lastrowid is not None
            if row.lastrowid % _REMOVED_AT_ONCE == 0:
                self._forget(row.lastrowid)
            return row.lastrowid

    def _forget(self, but: int) -> None:
        """If there are too many, forget the oldest of those that have no jobs."""
        count = self._store.db.execute("SELECT count(*) FROM accounts").fetchone()[0]
        self._store.db.execute(
            "DELETE FROM accounts WHERE number IN (SELECT number FROM accounts AS a WHERE number <> ? "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE account = a.number) ORDER BY number LIMIT ?)",
            (but, max(0, count - MOST_ACCOUNTS)),
        )

    def available(self, account: int) -> int | None:
        """What an account has left to spend; jobs that have failed by now are refunded."""
        with self._store.lock:
            self._store.refund(self._store.clock.now())
            row = self._store.db.execute(
                "SELECT available FROM accounts WHERE number = ?", (account,)
            ).fetchone()
        return row[0] if row else None

    def set_available(self, account: int, credits: int) -> None:
        """Set what an account has left to spend."""
        with self._store.lock:
            self._store.db.execute(
                "UPDATE accounts SET available = ? WHERE number = ?", (credits, account)
            )

    def running(self, account: int, most: int) -> float | None:
        """When the first of an account's jobs ends, if as many as may be have not ended; else None."""
        with self._store.lock:
            now = self._store.clock.now()
            self._store.settle(now)
            life = self._store.home.life
            statuses = (life.initial, *life.running)
            marks = ", ".join("?" * len(statuses))
            count = self._store.db.execute(
                "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE account = ? "
                f"AND status IN ({marks}) LIMIT ?)",
                (account, *statuses, most),
            ).fetchone()[0]
            if count < most:
                return None
            first = self._store.db.execute(
                f"SELECT min(begun + seconds) FROM jobs WHERE account = ? AND status IN ({marks}) "
                "AND fate <> 'hang'",
                (account, *statuses),
            ).fetchone()[0]
        return max(0.0, first - now) if first is not None else _HANGING_SECONDS

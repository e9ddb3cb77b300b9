# A copy of codegen/runtime/emulator/_state/store.py, where it is edited.
"""All that a server remembers of jobs and accounts, in SQLite: in memory, or in a folder."""

from __future__ import annotations

import json
import math
import sqlite3
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from .._contract.contract import Contract
from .._contract.json_text import read_json
from . import statements as sql
from .at_hand import AtHand
from .clock import Clock
from .fate import Fate, due_at, status_at
from .ids import bytes_of, text_of
from .job import Home, Job
from .ledger import InsufficientCreditsError, Ledger
from .schema import Transaction, connect
from .texts import Texts

if TYPE_CHECKING:
    from .._pictures.plan import Plan

# Jobs, and the bytes of all rows; the oldest jobs go first.
MOST_JOBS = 200_000
MOST_BYTES, MOST_BYTES_ON_DISK = 256 << 20, 2 << 30
# After so many bytes of requests, it is seen whether there is still room.
_LOOKED_AFTER = 1 << 20
# As many are removed at once, so that it is rarely done.
_REMOVED_AT_ONCE = 128
_LAST = 2**63 - 1
_encode = json.JSONEncoder(separators=(",", ":")).encode


class IdempotencyConflictError(Exception):
    """The key was used with another request."""


class Store:
    """The rows of a server. Any thread may use it; nothing takes long.

    `folder` is where they are, so that they survive the process; None keeps them in memory. Raises
    DataError if the folder can't be used.
    """

    def __init__(
        self,
        contract: Contract,
        clock: Clock,
        folder: Path | None = None,
        *,
        most_jobs: int = MOST_JOBS,
        most_bytes: int | None = None,
    ) -> None:
        self.home = Home(contract, clock)
        self.home.keeper = self
        self.clock = clock
        self.folder = folder
        self.lock = RLock()
        self.ledger = Ledger(self)
        self._most_jobs = most_jobs
        usual = MOST_BYTES if folder is None else MOST_BYTES_ON_DISK
        self._most_bytes = usual if most_bytes is None else most_bytes
        self._added = 0
        self._open()

    def _open(self) -> None:
        self.db = connect(self.folder)
        # Where nobody stops the server: Python 3.13 complains of connections that are not closed.
        self._end = weakref.finalize(self, self.db.close)
        self._end.atexit = False  # A server that still runs would complain.
        self.is_open = True
        self._at_hand = AtHand()
        self._next_due = self._next_refund = math.inf
        execute = self.db.execute
        execute("CREATE TEMP TABLE courses (fate TEXT, share REAL, status TEXT)")
        self.db.executemany(
            "INSERT INTO courses VALUES (?, ?, ?)",
            [(fate, *step) for fate, course in self.home.courses.items() for step in course],
        )
        self._texts = Texts(self.db)
        self._count = self._counted()
        if self.folder is not None:
            advanced = execute("SELECT value FROM meta WHERE name = 'advanced'").fetchone()
            self.clock.resume(advanced[0] if advanced else 0.0, self._keep_advanced)
        self._look_ahead()

    @property
    def count(self) -> int:
        """How many jobs there are."""
        return self._count

    def _counted(self) -> int:
        count: int = self.db.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return count

    def _keep_advanced(self, seconds: float) -> None:
        with self.lock:
            self.db.execute("INSERT OR REPLACE INTO meta VALUES ('advanced', ?)", (seconds,))

    def close(self) -> None:
        """Let go of the folder, so that another can use it; what is in memory alone stays."""
        with self.lock:
            self._end.atexit = True
            if self.folder is not None and self.is_open:
                self.is_open = False
                self.db.close()

    def reopen(self) -> None:
        """Use the folder again, if it was let go of. Raises DataError."""
        with self.lock:
            self._end.atexit = False
            if not self.is_open:
                self._open()

    # Jobs.

    def add(self, account: int, job: Job, *, operation: str, once: str | None = None) -> Job:
        """Take a job on; returns the one that the key `once` stands for, if another was faster.

        Raises InsufficientCreditsError and IdempotencyConflictError; KeyError if there is no such account.
        """
        with self.lock:
            self.refund(job.begun)
            row = self._row(account, job, operation, once)
            try:
                # The account pays by the same statement, or neither is done.
                job.number = self.db.execute(sql.INSERT, row).lastrowid or 0
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_CHECK:
                    raise InsufficientCreditsError from None
                if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
                    raise KeyError(account) from None
                first = self.replayed(account, once or "", operation, job.text)
                # The key of one that is gone is free by now.
                return first or self.add(account, job, operation=operation, once=once)
            job.account = account
            self._at_hand.keep(job)
            self._count += 1
            self._added += len(job.text)
            if self._count > self._most_jobs or self._added > _LOOKED_AFTER:
                self._make_room()
        return job

    def _row(self, account: int, job: Job, operation: str, once: str | None) -> tuple[Any, ...]:
        """The row of a new job."""
        fate = job.fate
        kind, reason = (fate.kind, fate.reason) if fate else ("", None)
        course, begun = self.home.courses[kind], job.begun
        status: str = course[0][1]
        due: float | None = begun + course[1][0] * job.seconds if len(course) > 1 else begun
        if due == begun:  # It takes no time.
            status = status_at(course, begun, job.seconds, begun)
            due = due_at(course, begun, job.seconds, begun, ends=kind != "hang")
            if due is None and kind in ("fail", "vanish"):
                due = begun  # What follows from that is still to be done.
        if due is not None and due < self._next_due:
            self._next_due = due
        if due is not None and due < self._next_refund and kind == "fail":
            self._next_refund = due
        record = None if job.record is None else _encode(job.record)
        return (
            bytes.fromhex(job.id.replace("-", "")),
            account,
            self._texts.number(job.model.id),
            self._texts.number(operation),
            job.text,
            record,
            job.seconds,
            job.credits,
            job.created,
            job.begun,
            status,
            due,
            kind,
            reason,
            once,
            job.base_url,
            job.webhook_status,
            job.told,
        )

    def replayed(self, account: int, once: str, operation: str, text: str) -> Job | None:
        """The job that a key stands for already, of this request. Raises IdempotencyConflictError."""
        with self.lock:
            row = self.db.execute(sql.BY_KEY, (account, once)).fetchone()
            if row is None:
                return None
            job = self._job(row[1:])
            lifetime = self.home.key_seconds
            if job.is_gone or self.clock.now() >= job.begun + lifetime:
                self.db.execute("UPDATE jobs SET once = NULL WHERE number = ?", (job.number,))
                return None
        same = job.text == text or _sorted(job.text) == _sorted(text)
        if row[0] != self._texts.number(operation) or not same:
            raise IdempotencyConflictError
        return job

    def job(self, id: str) -> Job | None:
        """The job of an id, whosever it is; None if there is none, or no longer."""
        id = id.lower()
        with self.lock:
            job = self._at_hand.get(id)
            if job is None:
                row = self.db.execute(sql.BY_ID, (bytes_of(id),)).fetchone()
                if row is None:
                    return None
                job = self._job(row)
            self._at_hand.keep(job)
        return None if job.is_gone else job

    def _job(self, row: Sequence[Any]) -> Job:
        number, raw, account, model, text, record, seconds, credits, created, begun = row[:10]
        kind, reason, base_url, webhook, told = row[10:]
        id = text_of(raw)
        return self._at_hand.get(id) or Job(
            home=self.home,
            id=id,
            model=self.home.model(self._texts[model]),
            text=text,
            seconds=seconds,
            credits=credits,
            created=created,
            begun=begun,
            record=None if record is None else json.loads(record),
            fate=Fate(kind, reason) if kind else None,
            number=number,
            account=account,
            base_url=base_url,
            _webhook=webhook,
            _told=told,
        )

    def page(
        self,
        accounts: Iterable[int],
        *,
        status: str | None = None,
        model: str | None = None,
        before: int | None = None,
        limit: int,
    ) -> list[Job]:
        """The jobs of accounts, newest first; `before` is the number of the last that is not wanted any more."""
        wanted: dict[str, Any] = {}
        if model is not None:
            wanted["model = ?"] = self._texts.find(model)
        if status is not None:
            wanted["status = ?"] = status
        if before is not None:
            wanted["number < ?"] = before
        where = " AND ".join(["account = ?", *wanted])
        query = f"SELECT {sql.COLUMNS} FROM jobs WHERE {where} ORDER BY number DESC LIMIT ?"
        with self.lock:
            self.settle(self.clock.now())
            rows = [
                row
                for account in accounts
                for row in self.db.execute(query, (account, *wanted.values(), limit)).fetchall()
            ]
            rows.sort(key=lambda row: -row[0])
            return [self._job(row) for row in rows[:limit]]

    def recent(self, *, before: int | None = None, limit: int) -> list[Job]:
        """The jobs of all accounts, newest first."""
        with self.lock:
            self.settle(self.clock.now())
            rows = self.db.execute(
                f"SELECT {sql.COLUMNS} FROM jobs WHERE number < ? ORDER BY number DESC LIMIT ?",
                (_LAST if before is None else before, limit),
            ).fetchall()
            return [self._job(row) for row in rows]

    def models_of(self, accounts: Iterable[int]) -> list[str]:
        """The models that accounts have jobs of."""
        with self.lock:
            found = {
                self._texts[row[0]]
                for account in accounts
                for row in self.db.execute(sql.MODELS, {"account": account}).fetchall()
            }
        return sorted(found)

    def remove(self, job: Job) -> None:
        """Forget a job."""
        with self.lock:
            self.settle(self.clock.now())  # One that has failed is refunded.
            self._count -= self.db.execute(
                "DELETE FROM jobs WHERE id = ?", (bytes_of(job.id),)
            ).rowcount
            self._at_hand.pop(job.id, None)
        job.removed = True

    def _make_room(self) -> None:
        self._added = 0
        while self._count > self._most_jobs or (
            self._count > 1 and self.db.execute(sql.BYTES).fetchone()[0] > self._most_bytes
        ):
            self._forget_jobs()

    def _forget_jobs(self) -> None:
        """Forget the jobs that ended first, or that came first if hardly any has ended."""
        self.settle(self.clock.now())
        most = max(1, min(_REMOVED_AT_ONCE, self._count // 8))  # Of long ones there are few.
        first = "SELECT number, due FROM jobs ORDER BY number LIMIT 4096"
        ended = f"SELECT number FROM ({first}) WHERE due IS NULL LIMIT {most}"
        numbers = self.db.execute(ended).fetchall()
        if not numbers:
            numbers = self.db.execute(
                f"SELECT number FROM jobs ORDER BY number LIMIT {most}"
            ).fetchall()
        with Transaction(self.db):
            self.db.executemany("DELETE FROM jobs WHERE number = ?", numbers)
        self._count -= len(numbers)
        gone = {number for (number,) in numbers}
        self._at_hand.forget(lambda job: job.number in gone)

    def reset(self, account: int | None = None) -> None:
        """Forget the jobs and the credits of an account, or of all."""
        with self.lock:
            with Transaction(self.db):
                for table, column in (("jobs", "account"), ("accounts", "number")):
                    self.db.execute(
                        f"DELETE FROM {table} WHERE ?1 IS NULL OR {column} = ?1", (account,)
                    )
            self._at_hand.forget(lambda job: account in (None, job.account))
            self._count = self._counted()
            self._look_ahead()

    # What time does.

    def settle(self, now: float) -> None:
        """Write down the statuses that have changed by now, and what follows from that."""
        while now >= self._next_due:
            self._settle_some(now)
            self._look_ahead()

    def _settle_some(self, now: float) -> None:
        """A thousand or so: SQLite remembers all that a transaction changes until it ends."""
        execute = self.db.execute
        last = execute(sql.LAST_OF_SOME, (now,)).fetchone()
        until = last[0] if last else now
        with Transaction(self.db):
            for refund in execute(sql.REFUNDS, (until, now)).fetchall():
                execute("UPDATE accounts SET available = available + ? WHERE number = ?", refund)
            execute(sql.SETTLE, {"now": now, "until": until})
            gone = execute("DELETE FROM jobs WHERE status = ''").rowcount
        self._count -= gone

    def refund(self, now: float) -> None:
        """Write down the jobs that have failed by now."""
        if now >= self._next_refund:
            self.settle(now)

    def _look_ahead(self) -> None:
        """Look up when something is next to be settled."""
        next_due = "SELECT due FROM jobs WHERE due IS NOT NULL {} ORDER BY due LIMIT 1"
        row = self.db.execute(next_due.format("")).fetchone()
        self._next_due = row[0] if row else math.inf
        row = self.db.execute(next_due.format("AND fate = 'fail'")).fetchone()
        self._next_refund = row[0] if row else math.inf

    # Webhooks.

    def keep_webhook(self, job: Job) -> None:
        """Keep how the delivery of a job's events goes."""
        with self.lock:
            known = self._at_hand.get(job.id)
            if known is not None and known is not job:
                known.told_by(job)
            self.db.execute(
                "UPDATE jobs SET webhook = ?, told = ? WHERE number = ? AND id = ?",
                (job.webhook_status, job.told, job.number, bytes_of(job.id)),
            )

    def untold(self) -> list[tuple[Job, str]]:
        """The jobs that there are still events to be told of, each with the key of its account."""
        wanted = (
            f"SELECT key, {', '.join(f'j.{name}' for name in sql.COLUMNS.split(', '))} FROM jobs AS j "
            "JOIN accounts AS a ON a.number = j.account WHERE told IS NOT NULL ORDER BY j.number"
        )
        with self.lock:
            return [(self._job(row[1:]), row[0]) for row in self.db.execute(wanted).fetchall()]

    # Pictures.

    def planned(self, id: str) -> Plan | None:
        """The plan of a job whose pictures are there."""
        job = self.job(id)
        return job.plan if job and job.has_files else None


def _sorted(text: str) -> str:
    return json.dumps(read_json(text), sort_keys=True)

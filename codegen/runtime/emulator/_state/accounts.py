"""Whose requests are answered: API keys, and what belongs to each."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from .._contract.shape import Known
from .._options import OptionError
from .job import Job
from .keys import MOST_CREDITS, Key
from .store import Store


class TooManyJobsError(Exception):
    """The account has as many jobs as may run at once; `seconds` is when the first of them ends."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


# What is told of a key: more of it would be a secret.
_PREFIX_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long jobs take, what an account begins with, what a megapixel costs by default, and the limits.

    Raises ValueError for what can't be.
    """

    job_seconds: float
    credits: int
    credits_per_megapixel: int
    requests_per_minute: int | None = None
    jobs_at_once: int | None = None

    def __post_init__(self) -> None:
        said = self.job_seconds
        if not isinstance(said, int | float) or not math.isfinite(said):
            raise OptionError("job_seconds", f"{said!r} is not a number of seconds")
        if self.job_seconds < 0:
            raise OptionError("job_seconds", f"{self.job_seconds} is below the minimum of 0")
        for name, least, hint in (
            ("credits", 0, ""),
            ("credits_per_megapixel", 0, ""),
            ("requests_per_minute", 1, "; leave it out for any number"),
            ("jobs_at_once", 1, "; leave it out for any number"),
        ):
            value = getattr(self, name)
            if value is None and hint:
                continue
            if not isinstance(value, int):
                raise OptionError(name, f"{value!r} is not a whole number")
            if value < least:
                raise OptionError(name, f"{value} is below the minimum of {least}{hint}")
            if value > MOST_CREDITS:
                raise OptionError(name, f"{value} is above the maximum of {MOST_CREDITS}")


class Account:
    """What belongs to one API key."""

    def __init__(self, store: Store, terms: Terms, key: Key, team: tuple[str, ...]) -> None:
        self._store = store
        self._terms = terms
        self.key = key.key
        self.said = key
        self._team = team
        self._number: int | None = None

    @property
    def _granted(self) -> int:
        return self._terms.credits if self.said.credits is None else self.said.credits

    @property
    def number(self) -> int | None:
        """What the store knows it by; None as long as it has nothing."""
        if self._number is None:
            self._number = self._store.ledger.account(self.key)
        return self._number

    def open(self) -> int:
        """The number of what the store keeps of it, which begins here if there is nothing."""
        self._number = self._store.ledger.open(self.key, self._granted)
        return self._number

    @property
    def credits(self) -> int:
        """What is left to spend; a job that failed is refunded."""
        number = self.number
        found = None if number is None else self._store.ledger.available(number)
        return self._granted if found is None else found

    @credits.setter
    def credits(self, credits: int) -> None:
        self._store.ledger.set_available(self.open(), credits)

    def known(self) -> Known:
        """What can be told of the account."""
        document = self._store.home.document
        roles = next(iter(document.choices("account", "user_role")), [])
        # The document lists its words in the order of ours: an admin, then one who is none.
        role = roles[0 if self.said.admin else 1] if len(roles) > 1 else None
        told = {
            "user_id": _id(f"user {self.key}"),
            "team_id": _id(f"team {self.said.team}"),
            "key_id": _id(f"key {self.key}"),
            "credits": self.credits,
            "email": "you@example.com",
            "key_prefix": self.key[:_PREFIX_LENGTH],
            "key_name": self.said.name,
            "team_name": "Emulator" if self.said.team == self.key else self.said.team,
            "plan": "emulator",
        }
        if role is not None:
            told["user_role"] = role
        if self._terms.jobs_at_once is not None:
            told["jobs_at_once"] = self._terms.jobs_at_once
        return Known(told)

    def job(self, id: str) -> Job | None:
        """The job of an id."""
        job = self._store.job(id)
        if job is None or job.account == self.number:
            return job
        own = self._numbers(of_team=self.said.admin)
        return job if job.account in own else None

    def _numbers(self, *, of_team: bool) -> list[int]:
        """The numbers of the accounts whose jobs are seen, those that have one."""
        keys = self._team if of_team else (self.key,)
        return [number for key in keys if (number := self._store.ledger.account(key)) is not None]

    def jobs(self) -> Iterator[Job]:
        """All jobs, newest first."""
        before = None
        while page := self.page(before=before, limit=100):
            yield from page
            before = page[-1].number

    def page(
        self,
        *,
        of_team: bool = False,
        status: str | None = None,
        model: str | None = None,
        before: int | None = None,
        limit: int,
    ) -> list[Job]:
        """Jobs, newest first; `before` is the number of the last that is not wanted any more."""
        numbers = self._numbers(of_team=of_team)
        return self._store.page(numbers, status=status, model=model, before=before, limit=limit)

    def found(
        self,
        id: str,
        *,
        of_team: bool = False,
        status: str | None = None,
        model: str | None = None,
        before: int | None = None,
    ) -> list[Job]:
        """The job of an id, if it is one of those."""
        job = self._store.job(id)
        fits = (
            job is not None
            and job.account in self._numbers(of_team=of_team)
            and status in (None, job.state()[0])
            and model in (None, job.model.id)
            and (before is None or job.number < before)
        )
        return [job] if job and fits else []

    def models(self, *, of_team: bool = False) -> list[str]:
        """The models that there are jobs of."""
        return self._store.models_of(self._numbers(of_team=of_team))

    def remove(self, job: Job) -> None:
        """Forget a job."""
        self._store.remove(job)

    def replayed(self, once: str, operation: str, text: str) -> Job | None:
        """The job that a key stands for already. Raises IdempotencyConflictError."""
        number = self.number
        return None if number is None else self._store.replayed(number, once, operation, text)

    def add(self, job: Job, *, operation: str, once: str | None = None) -> Job:
        """Take a job on; returns the one that the key `once` stands for, if another was faster.

        Raises InsufficientCreditsError, TooManyJobsError and IdempotencyConflictError.
        """
        number, most = self._number or self.open(), self._terms.jobs_at_once
        if most is None:
            return self._add(number, job, operation, once)
        with self._store.lock:  # So that none comes between counting and adding.
            if (left := self._store.ledger.running(number, most)) is not None:
                raise TooManyJobsError(left)
            return self._add(number, job, operation, once)

    def _add(self, number: int, job: Job, operation: str, once: str | None) -> Job:
        try:
            return self._store.add(number, job, operation=operation, once=once)
        except KeyError:  # It had no jobs, and was forgotten.
            return self._store.add(self.open(), job, operation=operation, once=once)


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))

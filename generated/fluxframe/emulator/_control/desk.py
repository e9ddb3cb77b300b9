# A copy of codegen/runtime/emulator/_control/desk.py, where it is edited.
"""What can be seen of a server, and changed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .._contract.document import Json
from .._contract.models import Values
from .._service import Service
from .._state.accounts import Account, Job
from .._state.masking import shown_key, without_keys
from .._state.requests import Requests
from .words import WrongError

_MOST_SECONDS = 10 * 365 * 86_400.0


class Desk:
    """The state of a service, as JSON can hold it and without API keys, and what is done to it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.requests = Requests(service.journal)

    def state(self) -> Json:
        """How it is, in figures."""
        service = self._service
        jobs = self.jobs()
        return {
            "clock": self.clock(),
            "counts": {
                "requests": len(service.journal),
                "jobs": len(jobs),
                "running": sum(not job["ended"] for job in jobs),
                "keys": len(self.keys()),
            },
            "memory": {"journal": service.journal.size},
        }

    def clock(self) -> Json:
        """The time that jobs live by."""
        clock = self._service.clock
        return {"now": clock.shown(), "advanced": clock.advanced}

    def advance(self, seconds: float | None) -> None:
        """Move the time on."""
        if seconds is None:
            raise WrongError("advance: expected a number of seconds")
        if self._service.clock.advanced + seconds > _MOST_SECONDS:
            raise WrongError("advance: the clock is at most ten years ahead")
        self._service.clock.advance(seconds)

    def reset(self, key: str | None) -> None:
        """Forget all, or what belongs to a key."""
        account = None if key is None else self._account(key)
        self._service.journal.clear(None if account is None else account.key)

    def keys(self) -> list[Json]:
        """The keys that were used, and what they may spend."""
        return [
            {"id": _id(account), "key": shown_key(account.key), "credits": account.credits}
            for account in self._accounts()
        ]

    def set_key(self, key: str, credits: float | None) -> None:
        """Change what a key, by its id or itself, may spend and do."""
        account = self._account(key)
        if credits is not None:
            account._credits += int(credits) - account.credits

    def jobs(self, *, running: bool = False, limit: int = 1_000_000) -> list[Json]:
        """The last jobs, newest first; only those that are under way if `running`."""
        found = (self._told(job, key) for key, job in self._jobs())
        wanted = (job for job in found if not (running and job["ended"]))
        return list(islice(wanted, limit))

    def job(self, id: str) -> Json | None:
        """The job of an id."""
        return next((self._told(job, key) for key, job in self._jobs() if job.id == id), None)

    def _account(self, key: str) -> Account:
        for account in self._accounts():
            if key in (account.key, _id(account)):
                return account
        raise WrongError(f"key: nothing is known of {without_keys(key, None)!r}", 404)

    def _accounts(self) -> list[Account]:
        return list(self._service._accounts.values())

    def _jobs(self) -> Iterator[tuple[str, Job]]:
        pairs = [(account.key, job) for account in self._accounts() for job in account.jobs()]
        return iter(sorted(pairs, key=lambda pair: pair[1].begun, reverse=True))

    def _told(self, job: Job, key: str) -> Json:
        known = job.known("")
        status = known["status"]
        prompt = Values(job.model, job.request).by_role("prompt")
        return {
            "id": job.id,
            "key": shown_key(key),
            "model": job.model.id,
            "status": status,
            "progress": known["progress"],
            "ended": known["ended_at"] is not None,
            "failed": status == self._service.contract.document.life.failed,
            "prompt": without_keys(prompt, key) if isinstance(prompt, str) else None,
            "images": known["images"] or [],
            "size": list(job.plan.size) if job.plan else None,
            "error": known["error"],
            "credits": known["credits"],
            "webhook": known["webhook_status"],
            "created": known["created_at"].isoformat(timespec="milliseconds"),
            "input": _masked(job.request, key),
        }


def _id(account: Account) -> str:
    return str(account.known()["key_id"])


def _masked(value: Any, key: str) -> Any:
    """JSON without API keys."""
    if isinstance(value, str):
        return without_keys(value, key)
    if isinstance(value, dict):
        return {without_keys(name, key): _masked(inner, key) for name, inner in value.items()}
    return [_masked(inner, key) for inner in value] if isinstance(value, list) else value

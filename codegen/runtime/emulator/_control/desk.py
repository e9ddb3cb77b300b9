"""What can be seen of a server, and changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from .._contract.document import Json
from .._contract.models import Values
from .._faults.faults import Planned
from .._faults.forms import fault_of_header, header_of
from .._service import Service
from .._state import figures
from .._state.accounts import Account
from .._state.job import Job
from .._state.masking import masked, shown_key, without_keys
from .._state.requests import Requests
from .words import WrongError

MOST_KEYS = 200
_MOST_SECONDS = 10 * 365 * 86_400.0
_AT_ONCE, _RUNNING_AMONG = 200, 1_000


class Desk:
    """The state of a service, as JSON can hold it and without API keys, and what is done to it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.requests = Requests(service.journal)

    def state(self) -> Json:
        """How it is, in figures, and with which options it runs."""
        service, terms = self._service, self._service.terms
        return {
            "follow": service.contract.follow,
            "clock": self.clock(),
            "counts": {
                "requests": len(service.journal),
                "jobs": service.store.count,
                "running": figures.running(service.store),
                "faults": len(service.faults),
                "deliveries": len(service.deliveries.log),
            },
            "memory": {
                "journal": service.journal.size,
                "store": figures.size(service.store),
                "pictures": service.drawn_bytes,
            },
            "options": {
                "job_seconds": terms.job_seconds,
                "credits": terms.credits,
                "credits_per_megapixel": terms.credits_per_megapixel,
                "requests_per_minute": terms.requests_per_minute,
                "jobs_at_once": terms.jobs_at_once,
                "keys": "any" if service.keys is None else len(service.keys),
                "data": None if service.store.folder is None else str(service.store.folder),
            },
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
        """Be as at the start, but for the clock; or forget what belongs to a key."""
        self._service.reset(None if key is None else self._account(key).key)

    def keys(self) -> list[Json]:
        """The keys that are listed, or those that came last, and what they may do."""
        return [
            {
                "id": _id(account),
                "key": shown_key(account.key),
                "credits": account.credits,
                "active": account.said.active,
                "admin": account.said.admin,
                "name": account.said.name,
            }
            for account in self._service.accounts(MOST_KEYS)
        ]

    def set_key(
        self,
        key: str,
        *,
        credits: float | None = None,
        active: bool | None = None,
        admin: bool | None = None,
    ) -> None:
        """Change what a key, by itself or its id, may spend and do."""
        account = self._account(key, new=True)
        if credits is not None:
            if credits != int(credits):
                raise WrongError(f"credits: expected a whole number, got {credits}")
            account.credits = int(credits)
        said = account.said
        self._service.change(
            account,
            active=said.active if active is None else active,
            admin=said.admin if admin is None else admin,
        )

    def jobs(self, *, running: bool = False, limit: int = _AT_ONCE) -> list[Json]:
        """The last jobs, newest first; only those of the last 1,000 that are under way if `running`."""
        found = self._recent(_RUNNING_AMONG if running else limit)
        wanted = (job for job in found if not (running and _is_over(job)))
        return [self._told(job) for job in islice(wanted, limit)]

    def under_way(self) -> list[str]:
        """The ids of the jobs that are under way, of the last 1,000."""
        return [job.id for job in self._recent(_RUNNING_AMONG) if not _is_over(job)]

    def _recent(self, most: int) -> Iterator[Job]:
        store, before = self._service.store, None
        while most > 0 and (page := store.recent(before=before, limit=min(most, _AT_ONCE))):
            before, most = page[-1].number, most - len(page)
            yield from page

    def job(self, id: str, unlike: tuple[str, int] | None = None) -> Json | None:
        """The job of an id; None if there is none, or its state is still the one that it shall not be."""
        job = self._service.store.job(id)
        return None if job is None or job.state() == unlike else self._told(job)

    def has_job(self, id: str) -> bool:
        """Whether there is one of an id."""
        return self._service.store.job(id) is not None

    def faults(self) -> Iterable[tuple[Planned, str]]:
        """What goes wrong, each with how it is said."""
        for planned in self._service.faults:
            yield planned, without_keys(header_of(planned.fault), planned.fault.key)

    def add_fault(self, said: str) -> None:
        """Let something go wrong, as a header would say it."""
        try:
            self._service.faults.add(fault_of_header(said))
        except (ValueError, RuntimeError) as error:
            raise WrongError(f"fault: {error}") from None

    def remove_fault(self, id: str) -> None:
        """Let it go wrong no more."""
        for planned in self._service.faults:
            if str(planned.id) == id:
                planned.remove()

    def webhooks(self, *, job: str | None = None, limit: int = _AT_ONCE) -> list[Json]:
        """The last deliveries, newest first."""
        found = self._service.deliveries.log.all(job=job)[: -limit - 1 : -1]
        return [masked(delivery.as_json(), None) for delivery in found]

    def webhook_faults(self) -> Json:
        """What goes wrong with deliveries."""
        return self._service.deliveries.log.faults.as_json()

    def set_webhook_faults(self, said: Json) -> None:
        """Let go wrong with deliveries what is said, and nothing else."""
        from .._webhooks.faults import WebhookFaults

        try:
            self._service.deliveries.log.faults = WebhookFaults.of_json(said)
        except (ValueError, TypeError) as error:
            raise WrongError(str(error)) from None

    def _account(self, key: str, *, new: bool = False) -> Account:
        for account in self._service.accounts(MOST_KEYS):
            if key in (account.key, _id(account)):
                return account
        found = self._service.account(key)
        if found is None:
            raise WrongError(
                f"key: {shown_key(key)!r} is neither a key that is good nor its id", 404
            )
        if found.number is None and not new:
            raise WrongError(f"key: nothing has come with {shown_key(key)!r} yet", 404)
        return found

    def _told(self, job: Job) -> Json:
        key = self._service.store.ledger.key(job.account) or ""
        known = job.known("")
        prompt = Values(job.model, job.request).by_role("prompt")
        life = self._service.contract.document.life
        return {
            "id": job.id,
            "key": shown_key(key),
            "model": job.model.id,
            "status": known["status"],
            "progress": known["progress"],
            "ended": known["ended_at"] is not None,
            "failed": known["status"] == life.failed,
            "expired": known["expired"],
            "fate": job.fate.kind if job.fate else None,
            "prompt": without_keys(prompt, key) if isinstance(prompt, str) else None,
            "images": (known["images"] or []) if job.has_files else [],
            "size": job.record["size"] if job.record else None,
            "error": known["error"],
            "credits": known["credits"],
            "webhook": known["webhook_status"],
            "created": known["created_at"].isoformat(timespec="milliseconds"),
            "input": masked(job.request, key),
        }


def _is_over(job: Job) -> bool:
    return job.state()[1] == 100


def _id(account: Account) -> str:
    return str(account.known()["key_id"])

# A copy of codegen/runtime/emulator/_state/job.py, where it is edited.
"""A submitted request, and what can be told of it at any time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from .._contract.contract import Contract
from .._contract.document import Json
from .._contract.json_text import read_json
from .._contract.models import Model, Values
from .._contract.shape import Known
from .clock import Clock
from .fate import GONE, QUEUED_SHARE, Course, Fate, courses, status_at

if TYPE_CHECKING:
    from .._pictures.plan import Plan

# Where the progress of a job stops that hangs.
_HUNG_SHARE = 0.6
# The roles of what is told of a job by `accepted`.
ACCEPTED = frozenset(("id", "status"))


class Keeper(Protocol):
    """Where changes of jobs are kept."""

    def keep_webhook(self, job: Job) -> None:
        """Keep how the delivery of a job's events goes."""


class Home:
    """What all jobs of a server share."""

    def __init__(self, contract: Contract, clock: Clock) -> None:
        self.contract = contract
        self.document = contract.document
        self.clock = clock
        self.keeper: Keeper | None = None
        self.life = self.document.life
        self.courses: dict[str, Course] = courses(self.life)
        self.files = self.document.own_path("files")
        kept = self.document.raw["x-job"].get("keptSeconds")
        self.kept_seconds: float | None = kept
        self.key_seconds: float = next(_lifetimes(contract), math.inf)

    @cached_property
    def models(self) -> dict[str, Model]:
        """The models by their ids."""
        return {model.id: model for model in self.contract.models.all}

    def model(self, id: str) -> Model:
        """The model of an id; one that is no longer there has no more than that."""
        if id not in self.models:
            other = self.contract.models.all[0]
            self.models[id] = replace(other, id=id, label=id, price={}, rules=[], parameters={})
        return self.models[id]

    @cached_property
    def has_old_result(self) -> bool:
        """Whether a result may be a bare URL."""
        return any(
            form.schema.get("type") == "string"
            for inner, _ in self.document.job_shape.members.values()
            if inner.role == "result"
            for form in inner.branches
        )


def _lifetimes(contract: Contract) -> Iterator[float]:
    """How long a key stands for the request that it came with."""
    for operation in contract.document.operations:
        for parameter in operation.parameters.values():
            if parameter.get("x-role") == "idempotency_key":
                yield parameter.get("x-lifetime-seconds", math.inf)


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """A submitted request. Its state is a function of time, so that nothing runs for it.

    `created` is the time of day, to be shown; `begun` is the same moment by the clock that jobs live by.
    `record` is what its pictures are, beside what the request says; None if none can be drawn. `base_url`
    is where the server was when it was submitted, if it has a webhook.
    """

    home: Home = field(repr=False)
    id: str
    model: Model
    text: str
    seconds: float
    credits: int
    created: float
    begun: float
    record: Json | None = None
    fate: Fate | None = None
    number: int = 0
    account: int = 0
    base_url: str | None = None
    removed: bool = False
    _webhook: str | None = None
    _told: int | None = None
    _request: dict[str, Any] | None = None
    _plan: Plan | None = None

    @property
    def request(self) -> dict[str, Any]:
        """What was submitted."""
        if self._request is None:
            self._request = read_json(self.text)
        assert self._request is not None
        return self._request

    @property
    def plan(self) -> Plan | None:
        """Its pictures; None if none can be drawn."""
        if self._plan is None and self.record is not None:
            from .._pictures.plan import plan_of  # Not needed to start.

            self._plan = plan_of(Values(self.model, self.request), seed_of(self.id), self.record)
        return self._plan

    def state(self, now: float | None = None) -> tuple[str, int]:
        """Status and progress (0 to 100) at a moment of the clock; the status of one that is gone is empty."""
        now = self.home.clock.now() if now is None else now
        kind = self.fate.kind if self.fate else ""
        course, life = self.home.courses[kind], self.home.life
        status = status_at(course, self.begun, self.seconds, now)
        if status in (life.initial, GONE):
            return status, 0
        if status not in life.running:
            return status, 100
        share = (now - self.begun) / self.seconds if self.seconds > 0 else 1.0
        if kind == "hang":
            share = min(share, _HUNG_SHARE)
        return status, min(99, max(1, int(100 * (share - QUEUED_SHARE) / (1 - QUEUED_SHARE))))

    @property
    def is_gone(self) -> bool:
        """Whether nobody can ask for it any more."""
        return self.removed or self.state()[0] == GONE

    @property
    def is_done(self) -> bool:
        """Whether it has succeeded."""
        return self.state()[0] == self.home.life.succeeded

    @property
    def is_expired(self) -> bool:
        """Whether it has succeeded, and its files are gone."""
        return self.is_done and self._expired(self.home.clock.now())

    def _expired(self, now: float) -> bool:
        if self.fate is not None and self.fate.kind == "expired":
            return True
        kept = self.home.kept_seconds
        return kept is not None and now >= self.begun + self.seconds + kept

    @property
    def has_files(self) -> bool:
        """Whether its pictures are there."""
        return not self.removed and self.is_done and not self._expired(self.home.clock.now())

    def accepted(self, now: float | None = None) -> Known:
        """What is told of it most often when it is submitted."""
        return Known({"id": self.id, "status": self.state(now)[0]})

    def known(self, base_url: str, now: float | None = None) -> Known:
        """What can be told of the job at a moment of the clock."""
        life, now = self.home.life, self.home.clock.now() if now is None else now
        status, progress = self.state(now)
        done, failed = status == life.succeeded, status == life.failed
        failed = failed and self.fate is not None and self.fate.kind == "fail"
        ended = progress == 100
        files = self._files(base_url) if done and not failed else None
        result: Any = Known(files, self.model.result["object"]) if files else None
        if files and self.fate and self.fate.kind == "old_result" and self.home.has_old_result:
            result = files["images"][0]
        return Known(
            {
                "id": self.id,
                "status": status,
                "model": self.model.id,
                "progress": 0 if failed else progress,
                "result": result,
                **(files or dict.fromkeys(("images", "composite"))),
                "error": self.fate.reason if failed and self.fate else None,
                "credits": 0 if failed else self.credits,
                "webhook_status": self.webhook_status,
                "created_at": moment(self.created),
                "ended_at": self.ended_at if ended else None,
                "input": self.request,
                "expired": done and not failed and self._expired(now),
            }
        )

    @property
    def ended_at(self) -> datetime:
        """When it ends, as the time of day."""
        return moment(self.created + self.seconds)

    @property
    def webhook_status(self) -> str | None:
        """How the delivery of its events goes, as the API calls it; None if it has no webhook."""
        return self._webhook

    @webhook_status.setter
    def webhook_status(self, word: str | None) -> None:
        self._webhook = word
        self._keep()

    def told_by(self, other: Job) -> None:
        """Know what another that is of the same row knows of its webhook."""
        self._webhook, self._told = other._webhook, other._told

    def end_webhook(self, word: str | None) -> None:
        """Say how the delivery of its events went: there is nothing to tell any more."""
        self._webhook, self._told = word, None
        self._keep()

    @property
    def told(self) -> int | None:
        """How many of its events are over, delivered or not; None if there is nothing to tell any more."""
        return self._told

    @told.setter
    def told(self, count: int | None) -> None:
        self._told = count
        self._keep()

    def _keep(self) -> None:
        if self.home.keeper is not None and self.number and not self.removed:
            self.home.keeper.keep_webhook(self)

    def _files(self, base_url: str) -> dict[str, Any]:
        if self.record is None:
            return {}
        from .._pictures.references import FileName

        folder, ending = f"{base_url}{self.home.files}", self.record["format"]
        count = range(self.record["count"])
        images = [f"{folder}/{FileName(self.id, n, ending)}" for n in count]
        return {"images": images, "composite": f"{folder}/{FileName(self.id, None, ending)}"}


def seed_of(id: str) -> int:
    """The seed of pictures whose request says none."""
    return int(id[:8], 16)


def moment(seconds: float) -> datetime:
    """A time of day."""
    return datetime.fromtimestamp(seconds, tz=UTC)

"""Brings events to their receivers as their moments come, on one event loop."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field

from .._contract.document import Event
from .._contract.shape import Known
from .._state.job import Job
from .._state.store import Store
from .connection import Outcome, Parcel
from .faults import Fate
from .log import Delivery, Webhooks
from .log import Outcome as Word
from .messages import Message, Messages
from .sender import Sender, reason
from .targets import Target

# Of a job's time, the share after which its progress is told, and that at which it has ended.
_STEPS = (0.6, 1.0)
# How far one is that takes no time, when it is told.
_PROGRESS = 50
# How often it is tried, and the seconds of the first pause; each is twice the one before.
ATTEMPTS = 4
_PAUSE = 0.5
# The most that an event is late so that those of many jobs go out at once.
_TICK = 0.01


@dataclass(slots=True, kw_only=True, eq=False)
class Errand:
    """The events of a job that are still to be delivered. There may be many: it holds little."""

    job: str
    begun: float
    seconds: float
    target: Target
    wanted: frozenset[str] | None
    api_key: str = field(repr=False)
    fate: Fate | None
    content: bytes = b""
    message: Message | None = None
    last: Job | None = None  # While its last event is told.
    step: int = 0
    attempt: int = 1
    is_repeat: bool = False
    delivered: int = 0
    failed: int = 0


class Courier:
    """What is to be delivered from one event loop, by its moment."""

    def __init__(self, store: Store, log: Webhooks, signature: str) -> None:
        self._store = store
        self._document = store.home.document
        self._clock = store.home.clock
        self._log = log
        self._messages = Messages(signature)
        self._sender = Sender(self._over)
        self._due: list[tuple[float, int, Errand]] = []
        self._numbers = itertools.count()
        self._sleep: asyncio.Task[None] | None = None
        self._wakes = float("inf")
        self._woke = 0.0

    def take(self, job: Job, target: Target, wanted: frozenset[str] | None, api_key: str) -> None:
        """Deliver the events of a job as they happen."""
        faults, number = self._log.numbered()
        errand = Errand(
            job=job.id,
            begun=job.begun,
            seconds=job.seconds,
            target=target,
            wanted=wanted,
            api_key=api_key,
            fate=None if faults.is_none else faults.of(number, len(_STEPS)),
        )
        # Never at once: who submits has to know of the job first.
        self._wait(self._moment(errand), errand)

    async def close(self) -> None:
        """Deliver nothing more."""
        self._due.clear()
        if self._sleep is not None:
            self._sleep.cancel()
        await self._sender.close()

    def _go_on(self, errand: Errand) -> None:
        """Post the next event, or wait for its moment."""
        while errand.step < len(_STEPS):
            moment = self._moment(errand)
            if moment > self._clock.now():
                errand.last = None
                self._wait(moment, errand)
                return
            errand.last = job = self._store.job(errand.job)
            if job is None:
                return
            if self._prepare(errand, job):
                self._sender.post(errand)
                return
            errand.step += 1
        self._end(errand)

    def _moment(self, errand: Errand) -> float:
        """When the next event is due."""
        fate, step = errand.fate, errand.step
        if fate is None:
            return errand.begun + _STEPS[step] * errand.seconds
        share = _STEPS[-1] if fate.is_shuffled else _STEPS[step]
        return errand.begun + share * errand.seconds + fate.late[step]

    def _prepare(self, errand: Errand, job: Job) -> bool:
        """Make the message of the next event; returns whether there is one to post."""
        fate, step = errand.fate, errand.step
        which = fate.order[step] if fate else step
        event = self._event(job, in_progress=which == 0)
        if event is None or (errand.wanted is not None and event.name not in errand.wanted):
            return False
        made = self._made(errand, job, event, in_progress=which == 0)
        errand.message, errand.attempt, errand.is_repeat = made, 1, False
        if fate is not None and fate.lost[step]:
            errand.failed += 1
            self._tell(errand, "lost", Outcome(None, None, 0.0))
            return False
        errand.content = errand.target.head + made.rest
        return True

    def _event(self, job: Job, *, in_progress: bool) -> Event | None:
        """What happens to a job; nothing if it does not end, or in a way that there is no event for."""
        events, life = self._document.events, self._document.life
        if in_progress:
            return events["progress"]
        status, _ = job.state()
        if status == life.failed:
            return events["failed"]
        return events["succeeded"] if status == life.succeeded else None

    def _made(self, errand: Errand, job: Job, event: Event, *, in_progress: bool) -> Message:
        """The message of an event, as of the moment that it is of."""
        base_url = job.base_url or ""
        if not in_progress:
            return self._messages.of_end(event, job, base_url, errand.api_key)
        life = self._document.life
        status, progress = job.state(errand.begun + _STEPS[0] * errand.seconds)
        if status not in (life.initial, *life.running):  # It took no time.
            status, progress = (*life.running, life.initial)[0], _PROGRESS
        made = self._messages.of_progress(event, job, (status, progress), errand.api_key)
        if made is None:
            nothing = dict.fromkeys(("result", "images", "composite", "error", "ended_at"))
            now = {"event": event.name, "status": status, "progress": progress, **nothing}
            made = self._messages.of(event, Known({**job.known(base_url), **now}), errand.api_key)
        return made

    def _over(self, parcel: Parcel, outcome: Outcome) -> None:
        """A post has ended: it goes on with another attempt, or the next event."""
        assert isinstance(parcel, Errand)
        errand = parcel
        if outcome.status is not None and 200 <= outcome.status < 300:
            self._tell(errand, "delivered", outcome)
            fate = errand.fate
            if fate is not None and fate.doubled[errand.step] and not errand.is_repeat:
                errand.is_repeat = True
                self._sender.post(errand)
                return
            errand.delivered += 1
        else:
            self._tell(errand, "failed", outcome)
            if errand.attempt < ATTEMPTS:
                pause = _PAUSE * 2 ** (errand.attempt - 1)
                errand.attempt += 1
                self._wait(self._clock.now() + pause, errand)
                return
            errand.failed += 1
        errand.content, errand.message = b"", None
        errand.step += 1
        self._go_on(errand)

    def _end(self, errand: Errand) -> None:
        """Say how it went; nothing did where no event was wanted of what happened."""
        job, life = errand.last, self._document.life
        if job is None or job.is_gone:
            return
        if job.state()[0] in (
            life.initial,
            *life.running,
        ):  # It never ends, and nothing more is told.
            job.told = None
        else:
            word = "failed" if errand.failed else "delivered" if errand.delivered else None
            job.end_webhook(word and self._document.webhook_word(word))

    def _tell(self, errand: Errand, word: Word, outcome: Outcome) -> None:
        made, why = errand.message, None
        assert made is not None
        if word == "lost":
            why = "lost on request"
        elif outcome.error is not None:
            why = reason(outcome.error, errand.target)
        elif word == "failed":
            moved = "; redirects are not followed" if 300 <= (outcome.status or 0) < 400 else ""
            why = f"status {outcome.status}{moved}"
        self._log.add(
            Delivery(
                job=errand.job,
                event=made.event,
                url=errand.target.shown,
                attempt=errand.attempt,
                moment=self._clock.shown() - outcome.seconds,
                outcome=word,
                status=outcome.status,
                reason=why,
                seconds=outcome.seconds,
                signature=made.signature,
                body=made.body,
                key=errand.api_key,
            )
        )

    def _wait(self, moment: float, errand: Errand) -> None:
        heapq.heappush(self._due, (moment, next(self._numbers), errand))
        if moment < self._wakes:
            self._set_alarm()

    def _set_alarm(self) -> None:
        """Wake when the first is due, but not oftener than it takes for many to be due at once."""
        if self._sleep is not None:
            self._sleep.cancel()
            self._sleep = None
        self._wakes = float("inf")
        if self._due:
            self._wakes = max(self._due[0][0], self._woke + _TICK)
            sleep = asyncio.get_running_loop().create_task(self._clock.until(self._wakes))
            sleep.add_done_callback(self._wake)
            self._sleep = sleep

    def _wake(self, sleep: asyncio.Task[None]) -> None:
        if sleep.cancelled() or sleep is not self._sleep:
            return
        self._sleep, self._wakes = None, float("-inf")  # No alarm is set while this goes on.
        now = self._woke = self._clock.now()
        try:
            while self._due and self._due[0][0] <= now:
                _, _, errand = heapq.heappop(self._due)
                if not errand.content:
                    self._go_on(errand)
                elif self._store.job(errand.job) is not None:
                    self._sender.post(errand)
        finally:
            self._set_alarm()

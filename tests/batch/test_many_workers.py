"""A row that many workers have at once, each of which may die at any step, is paid for once.

The workers are not processes: each is the steps of one call of `run_row`, of which a rule takes the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fluxframe import (
    APIConnectionError,
    AuthenticationError,
    ConflictError,
    FluxframeError,
    InsufficientCreditsError,
    JobFailedError,
    NotFoundError,
    RateLimitError,
    ServerError,
)
from fluxframe._catalog import API
from fluxframe._wire.settings import Settings
from fluxframe.batch import Entry
from fluxframe.batch._approvals import Approvals
from fluxframe.batch._batch_state import BatchState
from fluxframe.batch._entry import STATES
from fluxframe.batch._failures import ServerGoneError
from fluxframe.batch._gate import Gate
from fluxframe.batch._known import merged
from fluxframe.batch._options import RowOptions
from fluxframe.batch._rows import row
from fluxframe.batch._shared import shared_steps
from fluxframe.batch._steps import Load, Poll, Record, Save, Sleep, Step, Steps, Submit

HOUR = 3600.0
ROW = row(0, {"model": "flux-2-pro", "prompt": "a fox"})

# What a submission may meet, besides its job; "lost" was accepted, and its answer did not arrive.
REFUSALS = {
    401: AuthenticationError("no", status=401),
    402: InsufficientCreditsError("no", status=402),
    404: NotFoundError("no", status=404),
    409: ConflictError("no", status=409),
    429: RateLimitError("no", status=429, retry_after=2.0),
    503: ServerError("no", status=503),
}
ANSWERS = ("accepted", "lost", "unreachable", *REFUSALS)


@dataclass
class Job:
    """A job as far as a row looks at it."""

    id: str
    outcome: str
    error: str | None = None
    _cost: float = 4
    ended: bool = True
    images: tuple[()] = ()

    @property
    def status(self) -> str:
        return "COMPLETED" if self.succeeded else "FAILED"

    @property
    def succeeded(self) -> bool:
        return self.outcome == "completed"

    def raise_for_status(self) -> None:
        error = JobFailedError("no", self)  # type: ignore[arg-type]
        error.resubmit = self.outcome == "no capacity"
        raise error


@dataclass
class Server:
    """Accepts a request once a key, as long as it remembers the key."""

    jobs: dict[str, Job] = field(default_factory=dict)
    keys: dict[str, tuple[float, Job]] = field(default_factory=dict)
    outcome: str = "completed"

    def accept(self, key: str, now: float) -> Job:
        since, job = self.keys.get(key, (float("-inf"), None))
        if job is None or now - since >= API.idempotency_hours * HOUR:
            job = Job(f"job {len(self.jobs)}", self.outcome)
            self.keys[key] = (now, job)
            self.jobs[job.id] = job
        return job

    @property
    def paid(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.succeeded]


@dataclass
class Worker:
    """One call of `run_row`, and the step that it waits for."""

    name: str
    steps: Steps
    step: Step | None = None
    result: Entry | None = None
    error: BaseException | None = None

    def go_on(self, result: Any = None, error: BaseException | None = None) -> None:
        try:
            self.step = self.steps.throw(error) if error is not None else self.steps.send(result)
        except StopIteration as end:
            self.step, self.result = None, end.value
        except (FluxframeError, ServerGoneError) as raised:
            self.step, self.error = None, raised


class Cluster(RuleBasedStateMachine):
    """Workers that take steps in any order, die at any, and may be forgotten for a day."""

    workers: list[Worker]

    @initialize()
    def begin(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.travel = time_machine.travel(1e9, tick=False)
        self.wall = self.travel.start()
        self.now = 1e9
        self.patch.setattr("fluxframe.batch._row_run.monotonic", lambda: self.now)
        self.server = Server()
        self.store: dict[str, str] = {}
        self.workers = []
        self.begun = 0
        self.was_long = False

    def teardown(self) -> None:
        if not hasattr(self, "server"):
            return
        try:
            self.settle()
        finally:
            self.travel.stop()
            self.patch.undo()

    def settle(self) -> None:
        """A last worker, to whom nothing happens, finds or makes the end."""
        self.server.outcome = "completed"
        worker = self.start(retry_failed=False, out=False)
        while worker.step is not None:
            self.take(worker, "accepted")
        self.is_paid_for_once()
        assert worker.result is not None
        if not self.was_long:
            assert worker.result.state in ("completed", "failed")
            assert worker.result.ended

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        self.wall.shift(seconds)

    @precondition(lambda self: len(self.workers) < 4)
    @rule(retry_failed=st.booleans(), out=st.booleans())
    def join(self, retry_failed: bool, out: bool) -> None:
        worker = self.start(retry_failed=retry_failed, out=out)
        if worker.step is not None:
            self.workers.append(worker)

    def start(self, *, retry_failed: bool, out: bool) -> Worker:
        options = RowOptions(
            out=Path("out") if out else None,
            resubmit=2,
            interval=None,
            deadline=None,
            retry_failed=retry_failed,
            resubmit_unknown=False,
        )
        gate = Gate(clock=lambda: self.now)
        state = BatchState(
            "a batch",
            "the store",
            options,
            Settings(),
            gate=gate,
            approvals=Approvals(),
            shared=True,
        )
        self.begun += 1
        worker = Worker(str(self.begun), shared_steps(state, ROW))
        worker.go_on()
        return worker

    @precondition(lambda self: self.workers)
    @rule(
        number=st.integers(0, 3),
        steps=st.integers(1, 4),
        answer=st.sampled_from(ANSWERS),
        dies=st.sampled_from([None, None, None, "before", "after"]),
    )
    def go_on(self, number: int, steps: int, answer: Any, dies: str | None) -> None:
        worker = self.workers[number % len(self.workers)]
        for _ in range(steps):
            if worker.step is not None and dies != "before":
                self.take(worker, answer)
        if worker.step is None or dies:
            worker.steps.close()
            self.workers.remove(worker)

    @rule(outcome=st.sampled_from(["completed", "no capacity", "refused"]))
    def decide(self, outcome: str) -> None:
        """How the next job ends."""
        self.server.outcome = outcome

    # A process that is stopped for a day between its last look and its sending is beyond all help.
    @precondition(lambda self: not any(isinstance(w.step, Submit) for w in self.workers))
    @rule(hours=st.sampled_from([0.5, 5, 22, 24, 40]))
    def pass_hours(self, hours: float) -> None:
        self.pass_seconds(hours * HOUR)
        self.was_long = self.was_long or hours > 1 or self.now - 1e9 > 20 * HOUR

    def take(self, worker: Worker, answer: Any) -> None:
        """The step that a worker waits for, and then its pauses."""
        result, error = self.done(worker, answer)
        worker.go_on(result, error)
        while isinstance(worker.step, Sleep):
            self.pass_seconds(worker.step.seconds)
            worker.go_on()

    def done(self, worker: Worker, answer: Any) -> tuple[Any, BaseException | None]:
        match worker.step:
            case Load():
                return [Entry.from_json(text) for text in self.store.values()], None
            case Record(entry):
                self.store[worker.name] = entry.to_json()
            case Submit(_, key):
                return self.submitted(key, answer)
            case Poll(id):
                return (
                    (None, APIConnectionError())
                    if answer == "lost"
                    else (self.server.jobs[id], None)
                )
            case Save():
                return ["a.jpg"], None
        return None, None

    def submitted(self, key: str, answer: Any) -> tuple[Any, BaseException | None]:
        if answer in REFUSALS:
            return None, REFUSALS[answer]
        if answer == "unreachable":
            return None, APIConnectionError()
        job = self.server.accept(key, self.now)
        return (job, None) if answer == "accepted" else (None, APIConnectionError())

    @invariant()
    def is_paid_for_once(self) -> None:
        if hasattr(self, "server"):
            assert len(self.server.paid) <= 1
            assert len(self.server.jobs) == len(self.server.keys)


TestCluster = Cluster.TestCase
TestCluster.settings = settings(max_examples=300, stateful_step_count=40)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.begin()
    try:
        yield cluster
    finally:
        cluster.teardown()


def started(cluster: Cluster, steps: int, *, retry_failed: bool = False) -> Worker:
    """A worker that has taken so many steps."""
    worker = cluster.start(retry_failed=retry_failed, out=False)
    for _ in range(steps):
        cluster.take(worker, "accepted")
    return worker


@pytest.mark.parametrize("answer", [402, 404, 429])
def test_a_refusal_says_nothing_of_what_another_worker_has_sent(
    cluster: Cluster, answer: int
) -> None:
    one = started(cluster, 3)
    assert isinstance(one.step, Submit)
    other = started(cluster, 1)
    while not cluster.server.paid:  # It dies before it can tell that it was accepted.
        cluster.take(other, "accepted")
    cluster.take(one, answer)
    if isinstance(one.step, Record):
        cluster.take(one, answer)
    assert len(cluster.server.paid) == 1
    cluster.pass_hours(40)
    for retry_failed in (False, True):
        last = started(cluster, 1, retry_failed=retry_failed)
        while last.step is not None:
            cluster.take(last, "accepted")
        assert last.result is not None
        assert last.result.state == "unknown"


@pytest.mark.parametrize("state", ["completed", "unknown"])
def test_a_worker_that_slept_for_a_day_looks_around_before_it_sends(
    cluster: Cluster, state: str
) -> None:
    asleep = started(cluster, 1)
    assert isinstance(asleep.step, Record)
    awake = started(cluster, 1)
    # In one case it dies before it can tell that it was accepted.
    while awake.step is not None and not (cluster.server.paid and state == "unknown"):
        cluster.take(awake, "accepted")
    cluster.pass_hours(40)
    while asleep.step is not None:
        cluster.take(asleep, "accepted")
    assert asleep.result is not None
    assert asleep.result.state == state
    assert len(cluster.server.paid) == 1


def test_a_row_is_as_old_as_its_oldest_intent() -> None:
    one, other = (Entry(row=0, attempt=0, key="k", at=at, state="intent") for at in (1.0, 2.0))
    assert merged([other, one]) == merged([one, other]) == one
    accepted = other.in_state("accepted", job="j")
    assert merged([one, accepted]) == replace(accepted, at=1.0)
    assert merged([one.in_state("free"), other]) == other


entries = st.builds(
    Entry,
    row=st.just(0),
    attempt=st.integers(0, 1),
    key=st.sampled_from("ab"),
    at=st.floats(0, 9),
    state=st.sampled_from(STATES),
    job=st.sampled_from([None, "j"]),
    files=st.sampled_from([(), ("f",)]),
)


@given(st.lists(entries, min_size=1, max_size=5), st.randoms())
def test_what_is_known_does_not_depend_on_who_says_it_first(
    found: list[Entry], chance: Any
) -> None:
    known = merged(found)
    chance.shuffle(found)
    assert merged([*found, *found]) == known
    assert known is not None
    assert merged([*found, known]) == known


def test_nothing_is_known_of_a_row_that_nobody_has_begun() -> None:
    assert merged([]) is None

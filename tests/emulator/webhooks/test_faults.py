"""Deliveries that are lost, doubled, shuffled or late on request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe.emulator import Emulator, WebhookFaults

from .receivers import Account, Receiver, account, until

SLOW = 1000.0
IN_ORDER = ["progress", "completed"]


@pytest.fixture(scope="module")
def slow() -> Iterator[Emulator]:
    with Emulator(job_seconds=SLOW, credits=10**9) as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def _as_before(slow: Emulator) -> Iterator[None]:
    yield
    slow.webhooks.reset()


shares = st.sampled_from([0.0, 0.3, 1.0])
faults = st.builds(
    WebhookFaults,
    lose=shares,
    double=shares,
    shuffle=st.booleans(),
    delay=st.sampled_from([0.0, 5.0, (0.0, 30.0)]),
    seed=st.integers(0, 9),
)


def run(slow: Emulator, me: Account, receiver: Receiver, jobs: int) -> list[list[str]]:
    """The events of some jobs, as the receiver got them, when all is over."""
    receiver.requests.clear()
    ids = [me.submit(receiver.hook) for _ in range(jobs)]
    # A job's second event may be late by as much as its first.
    for _ in range(3):
        slow.clock.advance(SLOW)
        until(lambda: all(slow.webhooks.all(job=id) for id in ids), slow)
    until(lambda: all(me.status(id) != "pending" for id in ids), slow)
    return [receiver.names(me.key, id) for id in ids]


@settings(max_examples=25, deadline=None)
@given(faults)
def test_whatever_goes_wrong_each_event_is_of_a_job_and_signed(
    slow: Emulator, faults: WebhookFaults
) -> None:
    slow.webhooks.reset()
    slow.webhooks.faults = faults
    with Receiver() as receiver, account(slow) as me:
        ids = [me.submit(receiver.hook) for _ in range(4)]
        slow.clock.advance(SLOW + 30)
        until(lambda: all(me.status(id) != "pending" for id in ids), slow)
        events = receiver.events(me.key)  # All of them verify.
        assert {event.job_id for event in events} <= set(ids)
        for id in ids:
            found = slow.webhooks.all(job=id)
            told = [d.event for d in found if d.outcome == "delivered"]
            assert receiver.names(me.key, id) == told
            lost = {d.event for d in found if d.outcome == "lost"}
            assert lost.isdisjoint(told)
            assert lost | set(told) == set(IN_ORDER)
            assert max(Counter(told).values(), default=0) <= (2 if faults.double else 1)
            assert me.status(id) == ("failed" if lost else "delivered")
            if not (faults.shuffle or faults.double or faults.lose):
                assert told == IN_ORDER


def test_a_seed_repeats_what_goes_wrong(slow: Emulator) -> None:
    chance = WebhookFaults(lose=0.3, double=0.3, shuffle=True, seed=7)
    with Receiver() as receiver, account(slow) as me:
        runs = []
        for faults in (chance, chance, WebhookFaults(**{**chance.as_json(), "seed": 8})):
            slow.webhooks.faults = faults
            runs.append(run(slow, me, receiver, 12))
    assert runs[0] == runs[1] != runs[2]
    assert len({tuple(events) for events in runs[0]}) > 3


def test_shuffled_events_come_in_either_order(slow: Emulator) -> None:
    slow.webhooks.faults = WebhookFaults(shuffle=True)
    with Receiver() as receiver, account(slow) as me:
        found = run(slow, me, receiver, 12)
    assert {tuple(events) for events in found} == {
        ("progress", "completed"),
        ("completed", "progress"),
    }


def test_a_double_is_the_same_body_again(slow: Emulator) -> None:
    slow.webhooks.faults = WebhookFaults(double=1)
    with Receiver() as receiver, account(slow) as me:
        (events,) = run(slow, me, receiver, 1)
        bodies = [request.body for request in receiver.requests]
    assert events == ["progress", "progress", "completed", "completed"]
    assert bodies[0] == bodies[1] != bodies[2] == bodies[3]


def test_what_is_lost_is_told_as_lost(slow: Emulator) -> None:
    slow.webhooks.faults = WebhookFaults(lose=1)
    with Receiver() as receiver, account(slow) as me:
        id = me.submit(receiver.hook)
        slow.clock.advance(SLOW)
        until(lambda: me.status(id) == "failed", slow)
        assert (receiver.requests, me.job(id)["status"]) == ([], "COMPLETED")
    found = slow.webhooks.all(job=id)
    assert [(d.event, d.outcome, d.reason) for d in found] == [
        (event, "lost", "lost on request") for event in IN_ORDER
    ]


def test_a_delay_is_of_the_clock(slow: Emulator) -> None:
    slow.webhooks.faults = WebhookFaults(delay=60)
    with Receiver() as receiver, account(slow) as me:
        id = me.submit(receiver.hook, ["completed"])
        slow.clock.advance(SLOW + 30)
        assert me.job(id)["status"] == "COMPLETED"
        assert receiver.requests == []
        slow.clock.advance(30)
        slow.webhooks.wait_for(job=id)
        assert receiver.names(me.key) == ["completed"]


def test_faults_are_given_to_an_emulator_that_is_made() -> None:
    faults = WebhookFaults(double=1)
    with (
        Receiver() as receiver,
        Emulator(job_seconds=0, webhook_faults=faults) as emulator,
        account(emulator) as me,
    ):
        id = me.submit(receiver.hook, ["completed"])
        until(lambda: me.status(id) == "delivered", emulator)
        assert receiver.names(me.key) == ["completed"] * 2


@given(faults)
def test_faults_are_json_and_back(faults: WebhookFaults) -> None:
    assert WebhookFaults.of_json(json.loads(json.dumps(faults.as_json()))) == faults


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"lose": 1.5}, "lose: 1.5 is not a share of events, from 0 to 1"),
        ({"lose": "all"}, "lose: 'all' is not a share"),
        ({"double": -1}, "double: -1 is not a share"),
        ({"double": None}, "double: None is not a share"),
        ({"delay": -1}, "delay: -1 is not a number of seconds"),
        ({"delay": [2, 1]}, r"delay: \(2, 1\) is not a number of seconds, nor the least"),
        ({"delay": [1]}, r"delay: \(1,\) is not a number"),
        ({"delay": "soon"}, "delay: 'soon' is not a number"),
        ({"delay": float("inf")}, "delay: inf is not a number"),
        ({"shuffle": "no"}, "shuffle: 'no' is neither true nor false"),
        ({"seed": "x"}, "seed: 'x' is not a whole number"),
        (
            {"loose": 1},
            "loose: not a fault of webhooks; expected lose, double, shuffle, delay, seed",
        ),
    ],
)
def test_what_is_not_a_fault_is_refused(value: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        WebhookFaults.of_json(value)

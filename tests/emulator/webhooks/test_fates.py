"""What is posted of jobs that go wrong, and where the time of a test stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import freezegun
import pytest

from fluxframe.emulator import Emulator

from .receivers import Receiver, account, until

SLOW = 1000.0


@pytest.fixture(scope="module")
def slow() -> Iterator[Emulator]:
    with Emulator(job_seconds=SLOW) as emulator:
        yield emulator


@pytest.mark.parametrize(
    ("fate", "names", "status"),
    [
        ("hang", ["progress"], "pending"),
        ("back", ["progress", "completed"], "delivered"),
        ("vanish", [], None),
        ("unknown", ["progress"], "delivered"),
        ("old_result", ["progress", "completed"], "delivered"),
        ("expired", ["progress", "completed"], "delivered"),
        ("fail", ["progress", "failed"], "delivered"),
    ],
)
def test_a_job_that_goes_wrong_posts_what_happens_to_it(
    slow: Emulator, fate: str, names: list[str], status: str | None
) -> None:
    with Receiver() as receiver, account(slow) as me:
        slow.faults.add(job=fate, key=me.key, times=1)
        id, other = me.submit(receiver.hook), me.submit(receiver.hook)
        slow.clock.advance(0.65 * SLOW)
        slow.webhooks.wait_for(len(names[:1]), job=id)
        slow.clock.advance(0.5 * SLOW)
        until(lambda: me.status(other) == "delivered", slow)
        slow.webhooks.wait_for(len(names), job=id)
        events = receiver.events(me.key, id)
        assert [event.raw["event"] for event in events] == names
        if fate == "vanish":
            assert me.client.get(f"/v2/jobs/{id}").status_code == 404
            return
        until(lambda: me.status(id) == status, slow)
        job = me.job(id)
    if fate == "old_result":
        assert events[-1].raw["result"] == job["result"]
        assert isinstance(job["result"], str)
    if fate == "fail":
        assert events[-1].error == job["error"]
    if fate == "back":
        assert (events[0].status, events[0].progress) == ("QUEUED", 0)


def test_events_are_posted_where_time_stands_still() -> None:
    with (
        Receiver() as receiver,
        freezegun.freeze_time("2020-02-02"),
        Emulator(job_seconds=0.05) as emulator,
        account(emulator) as me,
    ):
        me.submit(receiver.hook)
        found = emulator.webhooks.wait_for(2)
    assert receiver.names(me.key) == ["progress", "completed"]
    for delivery in found:
        assert abs(delivery.moment - datetime(2020, 2, 2, tzinfo=UTC).timestamp()) < 60
        assert delivery.seconds > 0

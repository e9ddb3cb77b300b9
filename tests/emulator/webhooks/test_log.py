"""The log of deliveries."""

from __future__ import annotations

import threading

import pytest

from fluxframe.emulator import Delivery, Emulator, Webhooks
from fluxframe.emulator._webhooks import log
from fluxframe.emulator._webhooks.log import Outcome

from .receivers import Receiver, account


def delivery(
    job: str = "a",
    event: str = "completed",
    outcome: Outcome = "delivered",
    body: bytes = b"{}",
    key: str = "",
) -> Delivery:
    return Delivery(
        job=job, event=event, url="http://a/", attempt=1, moment=0.0, outcome=outcome, body=body,
        key=key,
    )  # fmt: skip


def test_deliveries_of_an_api_key_are_found_and_forgotten_alone() -> None:
    webhooks = Webhooks()
    for key in ("afk_one", "afk_two"):
        webhooks.add(delivery(job=key, key=key))
    assert webhooks.one(key="afk_one").job == "afk_one"
    webhooks.clear(key="afk_one")
    assert [one.key for one in webhooks] == ["afk_two"]
    assert webhooks.wait_for(key="afk_two", timeout=0)
    with pytest.raises(TimeoutError, match="of all: none"):
        webhooks.wait_for(key="afk_one", timeout=0)


def test_deliveries_are_found_by_what_they_are() -> None:
    webhooks = Webhooks()
    entries = [delivery("a"), delivery("b", "progress"), delivery("b", outcome="failed")]
    for entry in entries:
        webhooks.add(entry)
    assert (list(webhooks), len(webhooks), webhooks.all()) == (entries, 3, entries)
    assert webhooks.all(job="b") == entries[1:]
    assert webhooks.all(event="completed") == [entries[0], entries[2]]
    assert webhooks.one(job="b", event="progress") is entries[1]
    assert webhooks.one(outcome="failed") is entries[2]
    with pytest.raises(AssertionError, match="expected one delivery, found none"):
        webhooks.one(job="c")
    with pytest.raises(AssertionError, match=r"found 2 \(progress delivered; completed failed\)"):
        webhooks.one(job="b")


def test_waiting_ends_with_what_another_thread_adds() -> None:
    webhooks = Webhooks()
    threads = [threading.Thread(target=webhooks.add, args=[delivery(job)]) for job in "abab"]
    for thread in threads:
        thread.start()
    assert len(webhooks.wait_for(2, job="b")) == 2
    for thread in threads:
        thread.join()


def test_waiting_in_vain_says_what_came_instead() -> None:
    webhooks = Webhooks()
    webhooks.add(delivery(outcome="lost"))
    with pytest.raises(
        TimeoutError,
        match=r"expected a delivery in 0 s, found none; of all: 1 \(completed lost\)",
    ):
        webhooks.wait_for(event="failed", timeout=0)


def test_only_the_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    webhooks = Webhooks()
    for number in range(log.MOST_ENTRIES + 5):
        webhooks.add(delivery(str(number)))
    assert len(webhooks) == log.MOST_ENTRIES
    assert next(iter(webhooks)).job == "5"
    monkeypatch.setattr(log, "MOST_BYTES", 100)
    webhooks.add(delivery("last", body=bytes(99)))
    assert [entry.job for entry in webhooks] == ["last"]
    webhooks.clear()
    assert len(webhooks) == 0


def test_listeners_are_told_until_they_end_it() -> None:
    webhooks, told = Webhooks(), list[Delivery]()
    end = webhooks.listen(told.append)
    webhooks.add(delivery("a"))
    end()
    webhooks.add(delivery("b"))
    assert [entry.job for entry in told] == ["a"]


def test_a_delivery_is_json() -> None:
    with Receiver() as receiver, Emulator(job_seconds=0) as emulator, account(emulator) as me:
        id = me.submit(f"{receiver.hook}?secret=1", ["completed"])
        (made,) = emulator.webhooks.wait_for()
    (told,) = emulator.webhooks.as_json(job=id)
    assert told["body"] == made.json == receiver.events(me.key)[0].raw
    assert told["url"] == f"{receiver.hook}?…"
    assert told["signature"] == receiver.requests[0].headers["x-webhook-signature"]
    assert (told["attempt"], told["outcome"], told["status"]) == (1, "delivered", 200)
    assert "secret" not in repr(told)

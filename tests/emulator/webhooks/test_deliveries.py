"""Events as their receivers get them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from fluxframe.emulator import Emulator
from fluxframe.emulator._webhooks import connection, sender
from fluxframe.emulator._webhooks.courier import ATTEMPTS

from ...servers.scripted import Do, Then
from ...servers.silent import refusing
from .receivers import SLOW, Account, Receiver, account, delivered, until, verified

EVENTS = ("progress", "completed", "failed")


def test_a_job_posts_its_progress_and_its_result_signed(slow: Emulator, receiver: Receiver) -> None:
    with account(slow) as me:
        id = me.submit(f"{receiver.hook}?x=1")
        assert me.status(id) == "pending"
        slow.clock.advance(0.7 * SLOW)
        slow.webhooks.wait_for(1)
        assert me.status(id) == "pending"
        slow.clock.advance(SLOW)
        slow.webhooks.wait_for(2)
        until(lambda: me.status(id) == "delivered", slow)
        job = me.job(id)
        progress, completed = receiver.events(me.key)
    for request, event in zip(receiver.requests, (progress, completed), strict=True):
        assert (request.method, request.target) == ("POST", "/hook?x=1")
        assert request.headers["content-type"] == "application/json"
        assert request.headers["x-webhook-event"] == event.raw["event"]
        assert request.headers["host"] == receiver.url.removeprefix("http://")
        digest = hashlib.sha256(me.key.encode()).digest()
        wanted = hmac.new(digest, request.body, hashlib.sha256).hexdigest()
        assert request.headers["x-webhook-signature"] == f"sha256={wanted}"
        compact = json.dumps(event.raw, separators=(",", ":"), ensure_ascii=False)
        assert request.body.decode() == compact
    assert list(progress.raw.items()) == [
        ("event", "progress"),
        ("jobId", id),
        ("status", "PROCESSING"),
        ("progress", progress.progress),
        ("model", "flux-2-pro"),
    ]
    assert 0 < (progress.progress or 0) < 100
    for name in ("status", "progress", "result", "creditCost", "completedAt"):
        assert completed.raw[name] == job[name]
    assert job["status"] == "COMPLETED"


@pytest.mark.parametrize("form", ["digest", "hex", "bare-digest", "bare-hex"])
def test_the_client_believes_each_form_of_signature(form: str, receiver: Receiver) -> None:
    with Emulator(job_seconds=0, webhook_signature=form) as emulator, account(emulator) as me:  # type: ignore[arg-type]
        me.submit(receiver.hook)
        emulator.webhooks.wait_for(2)
    assert receiver.names(me.key) == ["progress", "completed"]
    digest = hashlib.sha256(me.key.encode())
    key = digest.hexdigest().encode() if form.endswith("hex") else digest.digest()
    for request in receiver.requests:
        bare = hmac.new(key, request.body, hashlib.sha256).hexdigest()
        prefix = "" if form.startswith("bare") else "sha256="
        assert request.headers["x-webhook-signature"] == prefix + bare


def test_a_form_of_signature_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="webhook_signature: 'md5' is not one of 'digest', 'hex'"):
        Emulator(webhook_signature="md5")  # type: ignore[arg-type]


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize(
    "wanted",
    [events for size in (1, 2, 3) for events in itertools.combinations(EVENTS, size)],
    ids="-".join,
)
def test_only_the_wanted_events_are_posted_and_the_status_says_so(
    me: Account, receiver: Receiver, instant: Emulator, wanted: tuple[str, ...], fails: bool
) -> None:
    id = me.submit(receiver.hook, wanted, **({"aspect_ratio": "0:1"} if fails else {}))
    life = ["progress", "failed" if fails else "completed"]
    expected = [event for event in life if event in wanted]
    until(lambda: me.status(id) != "pending", instant)
    assert receiver.names(me.key) == expected
    assert me.status(id) == ("delivered" if expected else None)


def test_a_job_that_fails_posts_why(me: Account, receiver: Receiver, instant: Emulator) -> None:
    id = me.submit(receiver.hook, aspect_ratio="0:9")
    instant.webhooks.wait_for(2, job=id)
    last = receiver.events(me.key)[-1]
    assert last.raw["event"] == "failed"
    assert (last.status, last.error) == ("FAILED", me.job(id)["error"])


def test_a_job_without_a_webhook_has_no_delivery(me: Account) -> None:
    assert me.status(me.submit(None)) is None


def test_a_clock_that_is_moved_past_the_end_delivers_at_once_and_in_order(
    slow: Emulator, receiver: Receiver
) -> None:
    with account(slow) as me:
        ids = [me.submit(receiver.hook) for _ in range(40)]
        assert len(slow.webhooks) == 0
        slow.clock.advance(SLOW)
        slow.webhooks.wait_for(80)
        for id in ids:
            progress, completed = receiver.events(me.key, id)
            assert (progress.raw["event"], completed.raw["event"]) == ("progress", "completed")
            job = me.job(id)
            assert {name: completed.raw[name] for name in job if name in completed.raw} == {
                name: job[name] for name in job if name in completed.raw
            }


def test_many_jobs_share_few_connections(receiver: Receiver) -> None:
    with Emulator(job_seconds=SLOW, credits=10**6) as emulator, account(emulator) as me:
        ids = {me.submit(receiver.hook) for _ in range(300)}
        emulator.clock.advance(2 * SLOW)
        emulator.webhooks.wait_for(600)
        events = receiver.events(me.key)
    assert {event.job_id for event in events} == ids
    assert len(events) == 600
    assert receiver.connections <= sender.MOST_FOR_A_HOST


def test_hosts_take_turns_where_there_are_more_than_connections(
    slow: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(sender, "IDLE_SECONDS", 0.1)
    with account(slow) as me, ExitStack() as stack:
        receivers = [stack.enter_context(Receiver()) for _ in range(5)]
        for receiver in receivers * 4:
            me.submit(receiver.hook)
        slow.clock.advance(SLOW)
        slow.webhooks.wait_for(40, outcome="delivered")
        for receiver in receivers:
            assert sorted(receiver.names(me.key)) == ["completed"] * 4 + ["progress"] * 4
        assert sum(receiver.open_connections for receiver in receivers) <= 2


def test_what_posts_is_loaded_with_the_first_webhook() -> None:
    code = (
        "import sys; from fluxframe.emulator import Emulator\n"
        "with Emulator(): print([n for n in sys.modules if n.startswith('httpx') or 'courier' in n])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_job_that_is_removed_tells_nothing_more(slow: Emulator, receiver: Receiver) -> None:
    with account(slow) as me:
        me.submit(receiver.hook)
        slow._service.reset()
        id = me.submit(receiver.hook)
        slow.clock.advance(SLOW)
        slow.webhooks.wait_for(2)
        assert {event.job_id for event in receiver.events(me.key)} == {id}


# Receivers that do not take it.


def test_what_is_refused_is_tried_again_and_then_given_up(me: Account, instant: Emulator) -> None:
    with Receiver(*[500] * ATTEMPTS, 503, 200) as taking:
        id = delivered(instant, me, taking.hook)
        assert taking.names(me.key) == ["progress"] * ATTEMPTS + ["completed"] * 2
        assert len({request.body for request in taking.requests[:ATTEMPTS]}) == 1
    found = instant.webhooks.all(job=id)
    assert [d.attempt for d in found] == [*range(1, ATTEMPTS + 1), 1, 2]
    assert [d.outcome for d in found] == ["failed"] * (ATTEMPTS + 1) + ["delivered"]
    assert [d.reason for d in found] == ["status 500"] * ATTEMPTS + ["status 503", None]
    assert (me.status(id), me.job(id)["status"]) == ("failed", "COMPLETED")


def test_pauses_between_attempts_grow_by_the_clock(slow: Emulator) -> None:
    with Receiver(*[500] * ATTEMPTS) as failing, account(slow) as me:
        id = me.submit(failing.hook, ["completed"])
        slow.clock.advance(SLOW)
        for attempt in range(1, ATTEMPTS + 1):
            assert slow.webhooks.wait_for(attempt, job=id)[-1].attempt == attempt
            slow.clock.advance(0.5 * 2 ** (attempt - 1))
        moments = [d.moment + d.seconds for d in slow.webhooks.all(job=id)]
    pauses = [later - sooner for sooner, later in itertools.pairwise(moments)]
    assert all(pause >= 0.5 * 2**n for n, pause in enumerate(pauses))


def test_a_redirect_is_not_followed(me: Account, instant: Emulator) -> None:
    with Receiver(*[307] * ATTEMPTS * 2, headers={"Location": "/elsewhere"}) as moving:
        id = delivered(instant, me, moving.hook)
        assert {request.target for request in moving.requests} == {"/hook"}
    assert instant.webhooks.all(job=id)[0].reason == "status 307; redirects are not followed"
    assert me.status(id) == "failed"


def test_nobody_listens(me: Account, instant: Emulator) -> None:
    with refusing() as url:
        id = delivered(instant, me, url)
    assert me.status(id) == "failed"
    reason = instant.webhooks.all(job=id)[0].reason or ""
    assert reason.endswith("connection refused; nothing listens there")


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (lambda good: [Then.RESET], "it reset the connection"),
        (lambda good: [Then.CLOSE], "it closed the connection without an answer"),
        (lambda good: [b"HTTP/1.1 200"], "no answer in 0.1 s"),
        (lambda good: [b"SSH-2.0-x\r\n"], "an answer that begins with b'SSH-2.0-x"),
        (lambda good: [good[:5], Then.CLOSE], "it closed the connection without an answer"),
    ],
    ids=["reset", "closed", "stalled", "garbled", "cut"],
)
def test_a_receiver_that_does_not_answer(
    deed: Callable[[bytes], list[bytes | float | Then]],
    reason: str,
    me: Account,
    instant: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.1)
    with Receiver() as bad:
        bad.script(Do(deed))
        id = delivered(instant, me, bad.hook)
    first, *rest = instant.webhooks.all(job=id)
    assert first.outcome == "failed"
    assert reason in (first.reason or "")
    assert {d.outcome for d in rest} == {"delivered"}
    assert me.status(id) == "delivered"


def test_an_answer_whose_body_never_ends_is_one(
    me: Account, instant: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.1)
    with Receiver() as endless:
        endless.script(
            Do(lambda good: [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", Then.STALL]),
            Do(lambda good: [b"HTTP/1.1 200 OK\r\n\r\n" + bytes(1 << 20), Then.STALL]),
        )
        id = delivered(instant, me, endless.hook)
    assert [d.outcome for d in instant.webhooks.all(job=id)] == ["delivered"] * 2


def test_a_connection_that_closes_after_each_answer_loses_nothing(
    me: Account, instant: Emulator
) -> None:
    with Receiver() as closing:
        closing.script(*[Do(lambda good: [good, Then.CLOSE])] * 40)
        ids = [me.submit(closing.hook) for _ in range(20)]
        until(lambda: {me.status(id) for id in ids} == {"delivered"}, instant)
        assert sorted(closing.names(me.key)) == ["completed"] * 20 + ["progress"] * 20
    assert all(d.attempt == 1 for id in ids for d in instant.webhooks.all(job=id))


# Servers that begin and end.


def test_stopping_does_not_wait_for_deliveries(receiver: Receiver) -> None:
    before = set(threading.enumerate())
    emulator = Emulator(job_seconds=SLOW)
    with emulator, account(emulator) as me:
        me.submit(receiver.hook)
    assert set(threading.enumerate()) - before <= set(receiver._threads)
    assert receiver.requests == []


def test_what_was_not_delivered_is_when_the_server_starts_again(
    receiver: Receiver, tmp_path: Path
) -> None:
    first = Emulator(job_seconds=SLOW, data=tmp_path)
    with first, account(first) as me:
        ids = [me.submit(receiver.hook), me.submit(receiver.hook, ["completed"])]
        other = me.submit("http://example.com/")
    second = Emulator(job_seconds=SLOW, data=tmp_path)
    with second, httpx.Client(base_url=second.url, headers={"X-API-Key": me.key}) as client:
        again = Account(client, me.key)
        second.clock.advance(SLOW)
        second.webhooks.wait_for(3)
        until(lambda: {again.status(id) for id in ids} == {"delivered"}, second)
        assert receiver.names(me.key, ids[0]) == ["progress", "completed"]
        assert receiver.names(me.key, ids[1]) == ["completed"]
        assert again.status(other) == "failed"
        assert not second.webhooks.all(job=other)


def test_an_event_loop_that_ends_leaves_nothing_open(receiver: Receiver) -> None:
    emulator = Emulator(job_seconds=0)

    async def submitted() -> None:
        transport = httpx.ASGITransport(app=emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            headers = {"X-API-Key": "afk_loop"}
            body = {"model": "flux-2-pro", "prompt": "x", "webhookUrl": receiver.hook}
            answer = await client.post("/v2/images/generate", json=body, headers=headers)
            assert answer.status_code == 202
            await asyncio.to_thread(emulator.webhooks.wait_for, 2)

    for turn in (1, 2):
        asyncio.run(submitted())
        assert len(receiver.requests) == 2 * turn
        emulator.webhooks.clear()
    assert {verified(request, "afk_loop").model for request in receiver.requests} == {"flux-2-pro"}

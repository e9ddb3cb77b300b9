"""What ends by the clock: idempotency keys and uploads; and what there is no room for."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._state import figures
from fluxframe.emulator._state.fate import Fate
from fluxframe.emulator._state.ids import new_id
from fluxframe.emulator._state.uploads import Uploads

from .conftest import GENERATE, JOBS, UPLOADS, Connect, Shop, credits_of, request_of, submit

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
KEY = "Idempotency-Key"


def test_the_document_says_how_long_things_live() -> None:
    document = contract().document
    lifetimes = {
        parameter.get("x-lifetime-seconds")
        for operation in document.operations
        for parameter in operation.parameters.values()
        if parameter.get("x-role") == "idempotency_key"
    }
    uploads = [o.raw["x-kept-seconds"] for o in document.operations if o.kind == "upload"]
    assert (lifetimes, uploads) == ({86_400}, [3600])


def test_a_key_ends_after_a_day(connect: Connect) -> None:
    with Emulator(job_seconds=0) as emulator:
        api = connect(emulator)
        first = submit(api, headers={KEY: "k"})
        emulator.clock.advance(86_400 - 30)
        assert submit(api, headers={KEY: "k"}) == first
        assert api.post(GENERATE, json=request_of(seed=1), headers={KEY: "k"}).status_code == 409
        emulator.clock.advance(30)
        second = submit(api, request_of(seed=1), headers={KEY: "k"})
        assert second != first
        assert submit(api, request_of(seed=1), headers={KEY: "k"}) == second
        assert len(emulator.jobs) == 2


def test_a_job_is_told_as_new_however_long_its_submission_took(connect: Connect) -> None:
    with Emulator(job_seconds=1e-4) as emulator:
        api = connect(emulator)
        for status in ("QUEUED", "COMPLETED"):  # The second answer is of the same job, by then.
            answer = api.post(GENERATE, json=request_of(), headers={KEY: "k"})
            assert answer.json()["status"] == status


def test_an_empty_key_is_none(connect: Connect) -> None:
    with Emulator() as emulator:
        api = connect(emulator)
        assert submit(api, headers={KEY: ""}) != submit(api, request_of(seed=1), headers={KEY: ""})


def test_a_key_is_of_its_account_and_of_its_operation(connect: Connect) -> None:
    with Emulator() as emulator:
        one, other = connect(emulator), connect(emulator)
        assert submit(one, headers={KEY: "k"}) != submit(other, headers={KEY: "k"})


def test_a_key_does_not_care_how_its_request_is_written(connect: Connect) -> None:
    with Emulator() as emulator:
        api = connect(emulator)
        first = submit(
            api,
            request_of(seed=1, width=512, height=512, aspect_ratio="custom"),
            headers={KEY: "k"},
        )
        request = request_of(height=512, aspect_ratio="custom", width=512, seed=1)
        assert submit(api, dict(reversed(request.items())), headers={KEY: "k"}) == first


def test_a_key_of_a_job_that_is_gone_is_free(connect: Connect) -> None:
    with Emulator(job_seconds=1) as emulator:
        api = connect(emulator)
        first = submit(api, headers={KEY: "k", "X-Emulator-Fault": "job=vanish"})
        emulator.clock.advance(1)
        assert submit(api, headers={KEY: "k"}) != first


def test_many_at_once_under_few_keys_are_few_jobs(connect: Connect) -> None:
    keys, each = 10, 20
    with Emulator(credits=4 * keys) as emulator:

        async def send() -> list[str]:
            async with httpx.AsyncClient(
                base_url=emulator.url, headers={"X-API-Key": "afk_m"}, trust_env=False, timeout=None
            ) as api:
                answers = await asyncio.gather(
                    *(
                        api.post(GENERATE, json=request_of(), headers={KEY: str(number % keys)})
                        for number in range(keys * each)
                    )
                )
            assert {answer.status_code for answer in answers} == {202}
            return [answer.json()["jobId"] for answer in answers]

        ids = Counter(asyncio.run(send()))
        assert len(ids) == keys == len(emulator.jobs)
        assert set(ids.values()) == {each}
        assert credits_of(connect(emulator, "afk_m")) == 0


# Uploads.


def test_an_upload_expires(connect: Connect) -> None:
    with Emulator() as emulator:
        api = connect(emulator)
        upload = api.post(UPLOADS, files={"file": PNG}).json()
        left = datetime.fromisoformat(upload["expiresAt"]) - datetime.now(UTC)
        assert timedelta(minutes=59) < left <= timedelta(hours=2)
        emulator.clock.advance(3600 - 30)
        assert api.get(upload["url"]).content == PNG
        emulator.clock.advance(30)
        assert api.get(upload["url"]).status_code == 404


def test_uploads_are_kept_by_bytes(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        uploads = Uploads(Shop(folder).store, most_bytes=250)
        kept = [uploads.add(1, "image", "image/png", bytes([n]) * 100) for n in range(4)]
        found = [uploads.get(upload.id) for upload in kept]
        assert found[:2] == [None, None]
        assert [f and f[0][:1] for f in found[2:]] == [b"\2", b"\3"]
        large = uploads.add(1, "image", "image/png", bytes(1000))
        assert uploads.get(large.id) is not None
        assert uploads.get(kept[3].id) is None
        expired = uploads.add(1, "image", "image/png", b"x")
        uploads._store.clock.advance(3600)
        assert uploads.get(expired.id) is None
        uploads.add(1, "image", "image/png", b"y")
    assert len(list((tmp_path / "emulator.uploads").iterdir())) == 1


def test_files_that_no_row_tells_of_are_removed(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    upload = Uploads(shop.store).add(1, "image", "image/png", PNG)
    folder = tmp_path / "emulator.uploads"
    (folder / new_id()).write_bytes(b"cut sho")
    (folder / "mine.txt").write_bytes(b"not the emulator's")
    again = Uploads(shop.store)
    assert again.get(upload.id) == (PNG, "image/png")
    assert {path.name for path in folder.iterdir()} == {upload.id, "mine.txt"}


def test_a_clock_is_as_far_ahead_as_there_are_dates(connect: Connect) -> None:
    with Emulator(job_seconds=0) as emulator:
        api = connect(emulator)
        emulator.clock.advance(1000 * 364 * 86_400)
        submit(api)
        with pytest.raises(ValueError, match="more than a thousand years ahead"):
            emulator.clock.advance(2000 * 86_400)
        emulator.clock.advance(0)
        assert api.get(JOBS).status_code == 200


# Room.


def test_the_jobs_that_ended_first_go_first() -> None:
    shop = Shop(most_jobs=300)
    hanging = [shop.add(shop.account(), fate=Fate("hang"), credits=0).id for _ in range(10)]
    ended = [shop.add(shop.account(), seconds=0.0, credits=0, once=str(n)).id for n in range(295)]
    assert shop.store.count <= 300
    assert all(shop.store.job(id) for id in hanging)
    assert shop.store.job(ended[0]) is None
    assert shop.store.job(ended[-1]) is not None
    # Its key is free again, and it is in no list.
    assert shop.account().replayed("0", "POST /x", shop.job().text) is None
    assert ended[0] not in [job.id for job in shop.account().jobs()]


def test_jobs_that_never_end_go_too_where_there_is_no_room() -> None:
    shop = Shop(most_jobs=300)
    ids = [shop.add(shop.account(), fate=Fate("hang"), credits=0).id for _ in range(400)]
    assert shop.store.count <= 300
    assert [bool(shop.store.job(id)) for id in (ids[0], ids[-1])] == [False, True]


def test_long_requests_have_no_more_room_than_there_is(shop: Shop) -> None:
    shop = Shop(most_bytes=10 << 20)
    running = shop.add(shop.account(), credits=0)
    ids = [
        shop.add(shop.account(), seconds=0.0, credits=0, prompt=f"{n}" * (2 << 20)).id
        for n in range(8)
    ]
    assert figures.size(shop.store) <= 11 << 20
    assert shop.store.job(running.id) is running
    assert [bool(shop.store.job(id)) for id in (ids[0], ids[-1])] == [False, True]
    assert not any(job.id in ids for job in shop.store._at_hand.values())


def test_accounts_without_jobs_are_not_kept_for_ever(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxframe.emulator._state.ledger.MOST_ACCOUNTS", 50)
    shop.add(shop.account("afk_first"))
    for number in range(1000):
        shop.account(f"afk_{number}").open()
    (count,) = shop.store.db.execute("SELECT count(*) FROM accounts").fetchone()
    assert count <= 50 + 128
    assert shop.account("afk_first").credits == 996


def test_all_is_forgotten_on_request(connect: Connect) -> None:
    with Emulator() as emulator:
        one, other = connect(emulator), connect(emulator)
        ids = [submit(one), submit(other)]
        url = one.post(UPLOADS, files={"file": PNG}).json()["url"]
        emulator.reset(one.headers["X-API-Key"])
        assert one.get(f"{JOBS}/{ids[0]}").status_code == 404
        assert one.get(url).status_code == 404
        assert other.get(f"{JOBS}/{ids[1]}").status_code == 200
        assert [job.id for job in emulator.jobs] == [ids[1]]
        emulator.reset()
        assert len(emulator.jobs) == 0
        assert credits_of(other) == 10_000
        assert other.get(f"{JOBS}/{ids[1]}").status_code == 404


def test_jobs_are_seen_by_test_code(connect: Connect) -> None:
    with Emulator(job_seconds=100) as emulator:
        api = connect(emulator, "afk_seen")
        id = submit(api, request_of(prompt="a fox"))
        (job,) = emulator.jobs
        assert (job.id, job.key, job.status, job.progress) == (id, "afk_seen", "QUEUED", 0)
        assert job.request["prompt"] == "a fox"
        assert "afk_seen" not in repr(job)
        assert (job.credits, job.webhook_status) == (4, None)
        for _ in range(150):
            submit(api)
        assert len(list(emulator.jobs)) == len(emulator.jobs) == 151


def test_what_is_known_of_a_webhook_is_the_same_wherever_a_job_is_held(shop: Shop) -> None:
    first = shop.job()
    first.webhook_status, first.told = "pending", 0
    shop.add(shop.account(), job=first)
    for _ in range(1100):  # So many that it is no longer at hand.
        shop.add(shop.account(), credits=0)
    again = shop.store.job(first.id)
    assert again is not None
    assert again is not first
    assert [job.id for job, _ in shop.store.untold()] == [first.id]
    first.told = 1
    first.webhook_status = "delivered"
    assert (again.webhook_status, again.told) == ("delivered", 1)
    first.told = None
    assert shop.store.untold() == []


def test_what_goes_wrong_in_the_middle_is_undone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add(shop.account(), fate=Fate("fail", "no"))
    shop.clock.advance(1000)
    monkeypatch.setattr("fluxframe.emulator._state.statements.SETTLE", "UPDATE nothing SET x = 1")
    with pytest.raises(sqlite3.OperationalError):
        _ = shop.account().credits
    monkeypatch.undo()
    assert shop.account().credits == 1000
    assert shop.account().credits == 1000


def test_a_store_that_nobody_needs_is_closed() -> None:
    shop = Shop()
    db = shop.store.db
    del shop
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")

"""Credits are never below zero and never lost, keys stand for one job, and a store in a folder says the same."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fluxframe.emulator._state.accounts import TooManyJobsError
from fluxframe.emulator._state.fate import KINDS, Fate
from fluxframe.emulator._state.ledger import InsufficientCreditsError
from fluxframe.emulator._state.store import IdempotencyConflictError

from .conftest import SECONDS, Shop

CREDITS = 100
DAY = 86_400.0
KEYS = ["afk_a", "afk_b"]
FATES = st.sampled_from([None, None, *KINDS])


class Accounts(RuleBasedStateMachine):
    """Two stores, one in memory and one in a folder that is closed and opened; and what they should say."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.shops = [Shop(credits=CREDITS), Shop(self.folder, credits=CREDITS)]
        self.now = 0.0
        for shop in self.shops:
            shop.clock.at = 1e9  # One time for both.
        # By key: what each job costs, when it has failed, and what stands for it until when.
        self.paid: dict[str, dict[str, tuple[int, float | None]]] = {key: {} for key in KEYS}
        self.once: dict[tuple[str, str], tuple[str, str, float]] = {}

    def left(self, key: str) -> int:
        return CREDITS - sum(
            cost for cost, failed in self.paid[key].values() if failed is None or self.now < failed
        )

    @rule(
        key=st.sampled_from(KEYS),
        credits=st.integers(0, 60),
        seconds=st.sampled_from([0.0, 1.0, SECONDS]),
        kind=FATES,
        once=st.sampled_from([None, "a", "b"]),
        prompt=st.sampled_from(["x", "y"]),
    )
    def submit(
        self,
        key: str,
        credits: int,
        seconds: float,
        kind: str | None,
        once: str | None,
        prompt: str,
    ) -> None:
        known = self.once.get((key, once or ""))
        stands = known is not None and self.now < known[2] and self.there(known[0])
        outcomes = []
        id = None
        for shop in self.shops:
            account = shop.account(key)
            job = shop.job(
                credits=credits,
                seconds=seconds,
                prompt=prompt,
                fate=Fate(kind) if kind else None,
            )
            if id is not None:
                job.id = id
            id = job.id
            try:
                before = account.replayed(once, "POST /x", job.text) if once else None
                outcomes.append((before or shop.add(account, once=once, job=job)).id)
            except (InsufficientCreditsError, IdempotencyConflictError) as error:
                outcomes.append(type(error).__name__)
        assert outcomes[0] == outcomes[1]
        if stands and known:
            expected: str | None = known[0] if known[1] == prompt else "IdempotencyConflictError"
        else:
            expected = id if credits <= self.left(key) else "InsufficientCreditsError"
        assert outcomes[0] == expected
        if outcomes[0] == id and not (stands and known):
            failed = self.now + seconds if kind == "fail" else None
            self.paid[key][str(id)] = (credits, failed)
            if once:
                self.once[key, once] = (str(id), prompt, self.now + DAY)

    def there(self, id: str) -> bool:
        return self.shops[0].store.job(id) is not None

    @rule(seconds=st.sampled_from([0.2, 1.0, SECONDS / 2, SECONDS, DAY]))
    def advance(self, seconds: float) -> None:
        self.now += seconds
        for shop in self.shops:
            shop.clock.advance(seconds)

    @rule()
    def reopen(self) -> None:
        self.shops[1].store.close()
        self.shops[1].store.reopen()

    @precondition(lambda self: any(self.paid.values()))
    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        ids = [id for jobs in self.paid.values() for id in jobs]
        id = data.draw(st.sampled_from(ids))
        seen = [
            None if job is None else dict(job.known("http://x"))
            for job in (shop.store.job(id) for shop in self.shops)
        ]
        assert seen[0] == seen[1]

    @rule(status=st.sampled_from([None, "QUEUED", "PROCESSING", "COMPLETED", "FAILED"]))
    def list(self, status: str | None) -> None:
        for key in KEYS:
            pages = [shop.account(key).page(status=status, limit=5) for shop in self.shops]
            ids, same = ([job.id for job in page] for page in pages)
            assert ids == same
            assert all(status in (None, job.state()[0]) for job in pages[0])

    @invariant()
    def credits_are_kept(self) -> None:
        for key in KEYS:
            left = [shop.account(key).credits for shop in self.shops]
            assert left == [self.left(key)] * 2
            assert left[0] >= 0

    def teardown(self) -> None:
        for shop in self.shops:
            shop.store.close()
        shutil.rmtree(self.folder)


Accounts.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAccounts = Accounts.TestCase


def in_threads(count: int, call: Any) -> list[Any]:
    results: list[Any] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            results.append(call(number))
        except Exception as error:
            results.append(type(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_submissions_at_once_never_overdraw() -> None:
    shop = Shop(credits=10)
    results = in_threads(16, lambda _: shop.add(shop.account(), credits=3))
    assert results.count(InsufficientCreditsError) == 13
    assert shop.account().credits == 1


def test_submissions_at_once_of_one_key_are_one_job(shop: Shop) -> None:
    results = in_threads(16, lambda _: shop.add(shop.account(), once="k"))
    assert len({job.id for job in results}) == 1
    assert shop.store.count == 1
    assert shop.account().credits == 996


def test_submissions_at_once_are_no_more_than_may_run() -> None:
    shop = Shop(jobs_at_once=3)
    results = in_threads(16, lambda _: shop.add(shop.account()))
    assert results.count(TooManyJobsError) == 13
    shop.clock.advance(SECONDS)
    shop.add(shop.account())


@pytest.mark.parametrize("kind", ["hang", "fail", "back", "unknown", "vanish"])
def test_a_job_is_running_until_it_ends(kind: str) -> None:
    shop = Shop(jobs_at_once=1)
    shop.add(shop.account(), fate=Fate(kind))
    with pytest.raises(TooManyJobsError) as caught:
        shop.add(shop.account())
    assert caught.value.seconds == (60 if kind == "hang" else SECONDS)
    shop.clock.advance(SECONDS)
    if kind == "hang":
        with pytest.raises(TooManyJobsError):
            shop.add(shop.account())
    else:
        shop.add(shop.account())


def test_a_job_that_fails_at_once_is_refunded(shop: Shop) -> None:
    shop.add(shop.account(), seconds=0.0, fate=Fate("fail", "no"))
    assert shop.account().credits == 1000


def test_a_job_that_has_failed_is_refunded_before_it_is_removed(shop: Shop) -> None:
    account = shop.account()
    job = shop.add(account, fate=Fate("fail"))
    shop.clock.advance(SECONDS)
    account.remove(job)
    assert account.credits == 1000


def test_what_was_forgotten_while_it_was_asked_touches_nobody_else(shop: Shop) -> None:
    anna = shop.account("afk_anna")
    before = shop.add(anna)
    shop.store._at_hand.clear()  # Others came since.
    shop.store.reset()
    ben = shop.account("afk_ben")
    job = shop.add(ben)
    before.end_webhook("told")
    shop.add(anna)  # A request that began before the reset.
    shop.store._at_hand.clear()
    assert [each.id for each in ben.jobs()] == [job.id]
    assert next(ben.jobs()).webhook_status is None
    assert (anna.credits, ben.credits) == (996, 996)


def test_a_key_is_free_when_its_job_is_gone_as_another_comes(shop: Shop) -> None:
    account = shop.account()
    gone = shop.add(account, once="k", seconds=0.0, fate=Fate("vanish"))
    # It was looked for before that one came.
    job = shop.add(account, once="k")
    assert job.id != gone.id
    assert shop.add(account, once="k") is job


def test_an_account_without_jobs_that_was_forgotten_begins_anew(shop: Shop) -> None:
    account = shop.account()
    shop.add(account)
    shop.store.reset()
    assert account.credits == 1000
    shop.add(account)
    assert account.credits == 996

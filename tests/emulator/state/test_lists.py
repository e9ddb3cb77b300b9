"""A page costs the same however many jobs there are, with any filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fluxframe.emulator import Emulator
from fluxframe.emulator._state.accounts import Account
from fluxframe.emulator._state.fate import Fate

from .conftest import JOBS, MODELS, SECONDS, Connect, Shop, submit

LIMIT = 21
FILTERS: list[dict[str, Any]] = [
    {},
    {"status": "COMPLETED"},
    {"status": "FAILED"},
    {"status": "PROCESSING"},
    {"model": "flux-2-max"},
    {"model": "flux-2-max", "status": "COMPLETED"},
    {"model": "flux-2-flex", "status": "FAILED"},
    {"model": "no-such-model"},
    {"before": 750},
    {"before": 750, "status": "COMPLETED", "model": "flux-2-pro"},
]


def team(shop: Shop) -> Account:
    return shop.account("afk_x", "afk_x", "afk_y", admin=True)


def filled(shop: Shop, count: int) -> None:
    """Jobs of two keys and all models, of which some have failed and the last ones still run.

    Of one model, only the very first have failed.
    """
    accounts = [shop.account("afk_x"), shop.account("afk_y")]
    for number in range(count):
        if number == count - 30:
            shop.clock.advance(SECONDS)
        model = MODELS[number // 2 % len(MODELS)]
        fails = number < 300 if model == "flux-2-flex" else number % 3 == 0
        fate = Fate("fail", "no") if fails else None
        shop.add(accounts[number % 2], model=model, credits=0, fate=fate)
    shop.clock.advance(SECONDS / 2)


def steps(shop: Shop, call: Callable[[Shop], object]) -> int:
    """The steps that SQLite's machine makes in a call."""
    call(shop)  # Whatever time has done since is written down by the first.
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    shop.store.db.set_progress_handler(tick, 1)
    try:
        call(shop)
    finally:
        shop.store.db.set_progress_handler(None, 1)
    return count


@pytest.fixture(scope="module")
def shops() -> list[Shop]:
    few, many = Shop(), Shop()
    filled(few, 1000)
    filled(many, 8000)
    return [few, many]


def assert_no_more_steps(shops: list[Shop], call: Callable[[Shop], object]) -> None:
    few, many = (steps(shop, call) for shop in shops)
    # The trees of the indexes may be a level deeper.
    assert many <= few * 1.05 + 20


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_page_takes_no_more_steps_of_many_jobs(shops: list[Shop], wanted: dict[str, Any]) -> None:
    assert_no_more_steps(shops, lambda shop: shop.account("afk_x").page(limit=LIMIT, **wanted))


def test_the_page_of_a_team_takes_no_more_steps_of_many_jobs(shops: list[Shop]) -> None:
    assert_no_more_steps(shops, lambda shop: team(shop).page(of_team=True, limit=LIMIT))


@pytest.mark.parametrize(
    "look",
    [
        lambda shop: shop.account("afk_x").models(),
        lambda shop: shop.account("afk_x").found(shop.store.recent(limit=1)[0].id),
        lambda shop: shop.account("afk_x").credits,
        lambda shop: shop.store.recent(limit=LIMIT),
    ],
    ids=["models", "search", "credits", "all"],
)
def test_other_looks_take_no_more_steps_of_many_jobs(
    shops: list[Shop], look: Callable[[Shop], object]
) -> None:
    assert_no_more_steps(shops, look)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_page_is_what_all_jobs_say(shops: list[Shop], wanted: dict[str, Any]) -> None:
    shop = shops[0]
    account = shop.account("afk_x")
    fitting = [
        job
        for job in shop.store.recent(limit=1001)
        if job.account == account.number
        and wanted.get("status", job.state()[0]) == job.state()[0]
        and wanted.get("model", job.model.id) == job.model.id
        and job.number < wanted.get("before", 10**9)
    ]
    assert account.page(limit=LIMIT, **wanted) == fitting[:LIMIT]
    assert [*account.models()] == sorted({j.model.id for j in account.jobs()})


def test_a_team_is_seen_in_the_order_of_submission(shops: list[Shop]) -> None:
    assert team(shops[0]).page(of_team=True, limit=50) == shops[0].store.recent(limit=50)


def test_a_list_of_a_status_has_no_job_of_another_one(connect: Connect) -> None:
    with Emulator(job_seconds=0.03) as emulator:
        api = connect(emulator)
        for _ in range(60):
            submit(api)
            for status in ("QUEUED", "PROCESSING"):
                listed = api.get(JOBS, params={"status": status, "limit": 100}).json()["jobs"]
                assert {job["status"] for job in listed} <= {status}

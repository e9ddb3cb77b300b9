"""The client of the invented API and its emulator, over a real socket: from an order to a picture."""

from __future__ import annotations

import asyncio
import itertools
import logging
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from PIL import Image

from .conftest import PACKAGE
from .orders import AGAIN, LARGER, OIL, WATER, oil

QUICK = {"interval": 0.02}


def size_of(path: Path) -> tuple[str | None, tuple[int, int]]:
    with Image.open(path) as image:
        image.load()
        return image.format, image.size


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.png"
    Image.new("RGB", (120, 80), "navy").save(path)
    return path


# Orders.


def test_an_order_ends_in_the_pictures_that_it_asks_for(client: Any, tmp_path: Path) -> None:
    order = {**OIL, "settings": {"canvas": "320x200", "filed": "png", "copies": 2}}
    job = client.pictures.paint(order)
    assert (job.status, job.model, job.ended) == ("waiting", "Oil.2024-06", False)
    job.wait(**QUICK)
    assert (job.status, job.succeeded, job.progress) == ("done", True, 100)
    assert isinstance(job.ordered, datetime)
    assert job.finished >= job.ordered
    assert job.order == order
    assert len(job.images) == 2
    for number, image in enumerate(job.images):
        path = tmp_path / f"{number}.png"
        image.save(path)
        assert size_of(path) == ("PNG", (320, 200))


def test_an_order_in_each_form_is_the_same(client: Any, types: Any) -> None:
    settings = {
        "shape": "portrait",
        "referenceImages": ["https://example.org/1.png"],
        "in": "light",
    }
    orders = [
        client.pictures.paint(oil(**settings)),
        client.pictures.paint(
            engine="oil:2024",
            words=OIL["words"],
            shape="portrait",
            reference_images=["https://example.org/1.png"],
            in_="light",
        ),
        client.pictures.paint(
            types.Oil202406(
                words=OIL["words"],
                shape="portrait",
                reference_images=["https://example.org/1.png"],
                in_="light",
            )
        ),
    ]
    for job in orders:
        assert job.wait(**QUICK).order == oil(**settings)
        assert len(job.images) == 1


def test_run_goes_to_the_operation_of_the_model(client: Any, types: Any, tmp_path: Path) -> None:
    painted = client.pictures.run({**WATER, "settings": {"across": 128, "down": 64}}, **QUICK)
    assert [image.save(tmp_path / f"{n}.jpg") for n, image in enumerate(painted.images)]
    assert size_of(tmp_path / "1.jpg")[1] == (128, 64)
    refined = client.pictures.run(types.Again(of=painted.id, which=2), **QUICK)
    assert refined.model == "again"
    assert len(refined.images) == 4
    assert refined.composite_url == refined.raw["task"]["output"]["sheet"]
    assert refined.raw["task"]["output"]["pictures"][3]["href"] == refined.image_urls[3]


def test_a_picture_that_was_kept_is_made_larger(client: Any, picture: Path, tmp_path: Path) -> None:
    kept = client.files.keep(picture, purpose="reference", days=2)
    assert (kept.file.mime, kept.file.length) == ("image/png", picture.stat().st_size)
    assert kept.file.until > datetime.now(kept.file.until.tzinfo)
    job = client.pictures.refine(
        {**LARGER, "picture": kept.file.href, "factor": 1.5, "filed": "png"}
    )
    job.wait(**QUICK).images[0].save(tmp_path / "larger.png")
    assert size_of(tmp_path / "larger.png") == ("PNG", (180, 120))


def test_a_method_refuses_a_model_of_another_operation(paint: Any, client: Any) -> None:
    with pytest.raises(paint.InvalidRequestError, match=r"pictures\.refine") as refused:
        client.pictures.paint(LARGER)
    assert refused.value.problems[0].parameter == "kind"


# Tasks.


def test_tasks_are_listed_page_by_page(client: Any) -> None:
    ids = [client.pictures.paint(OIL).id for _ in range(5)]
    ids.append(client.pictures.paint(WATER).id)
    first = client.tasks.list(size=2)
    assert (len(first.items), first.has_more) == (2, True)
    assert first.next_cursor == first.raw["after"]
    assert [job.id for job in first] == ids[::-1]
    assert [job.id for job in client.tasks.list(engine="Watercolour_XL")] == ids[-1:]
    last = client.tasks.wait(ids[0], **QUICK)
    assert last.id in [job.id for job in client.tasks.list(state="done")]
    with pytest.raises(ValueError, match="size: 51 is above the maximum of 50"):
        client.tasks.list(size=51)


def test_a_task_is_removed(paint: Any, client: Any) -> None:
    id = client.pictures.run(OIL, **QUICK).id
    assert client.tasks.get(id).succeeded
    assert client.tasks.remove(id) is None
    with pytest.raises(paint.NotFoundError) as missing:
        client.tasks.get(id)
    assert (missing.value.status, missing.value.job_id) == (404, id)
    assert list(client.tasks.list()) == []


def test_many_tasks_are_waited_for(client: Any) -> None:
    ids = {client.pictures.paint(order).id for order in (OIL, WATER)}
    ids.add(client.pictures.refine(LARGER).id)
    done = list(client.tasks.wait_many(ids, **QUICK))
    assert {job.id for job in done} == ids
    assert all(job.succeeded for job in done)


# The account, and what it pays.


def test_prices_of_each_kind_are_paid(client: Any) -> None:
    def paid() -> float:
        before: float = client.studio().purse.coins
        job = next(orders)
        cost: float = before - client.studio().purse.coins
        assert job.wait(**QUICK).coins == cost
        return cost

    orders = (
        client.pictures.run(order, **QUICK)
        for order in (
            OIL,
            oil(filed="png", copies=2),
            oil(copies=3),
            {**WATER, "settings": {"across": 1536, "down": 1024}},
            LARGER,
        )
    )
    # By a value and times a count; the megapixels of a picture; a price that is assumed.
    assert [paid() for _ in range(5)] == [4, 12, 12, 6, 2]


def test_the_account_and_the_catalogue_are_read(client: Any, paint: Any, server: Any) -> None:
    studio = client.studio()
    assert studio.painter.mail
    assert studio.purse.coins == studio.raw["purse"]["coins"] == 10_000
    ids = {engine.handle for engine in client.engines().engines}
    assert ids == {"Oil.2024-06", "Watercolour_XL", "larger", "again"} == set(paint.models)
    labels = {engine.caption for engine in client.engines(makes="image").engines}
    assert labels == {"Oil", "Watercolour", "Larger", "Again"}
    assert client.engines(makes="film").engines == []
    assert httpx.get(f"{server.url}/engines", trust_env=False).status_code == 200


# What goes wrong.


def test_each_status_is_the_error_that_the_spec_names(
    paint: Any, client: Any, server: Any, token: str
) -> None:
    job = client.pictures.paint(OIL, idempotency_key="one")
    assert client.pictures.paint(OIL, idempotency_key="one").id == job.id
    with pytest.raises(paint.ConflictError) as conflict:
        client.pictures.paint(WATER, idempotency_key="one")
    assert conflict.value.status == 412
    with pytest.raises(paint.BadRequestError) as refused:
        client.pictures.paint(oil(copies=5, in_="light"), validation="off")
    assert refused.value.status == 422
    assert "copies" in refused.value.details
    with (
        paint.Fluxframe(api_key=f"xy-{token}", base_url=server.url) as stranger,
        pytest.raises(paint.AuthenticationError),
    ):
        stranger.studio()
    with import_emulator(job_seconds=0, credits=3) as poor, poor.client() as debtor:
        with pytest.raises(paint.InsufficientCreditsError) as empty:
            debtor.pictures.paint(OIL)
        assert (empty.value.status, empty.value.required, empty.value.available) == (403, 4, 3)


def import_emulator(**options: Any) -> Any:
    from importlib import import_module

    return import_module(f"{PACKAGE}.emulator").Emulator(**options)


def test_a_form_is_checked_by_client_and_server(
    paint: Any, client: Any, server: Any, token: str, picture: Path
) -> None:
    with pytest.raises(paint.InvalidRequestError, match="days: 8 is above the maximum of 7"):
        client.files.keep(picture, purpose="reference", days=8)
    with pytest.raises(paint.InvalidRequestError, match="purpose"):
        client.files.keep(picture, purpose="fun")
    for form, wrong in (
        ({"purpose": "fun"}, "purpose"),
        ({"purpose": "mask", "days": "8"}, "days"),
    ):
        refused = httpx.post(
            f"{server.url}/files",
            data=form,
            files={"blob": picture.read_bytes()},
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        )
        assert (refused.status_code, [*refused.json()["fault"]["fields"]]) == (422, [wrong])


def test_a_broken_task_tells_whether_to_order_again(paint: Any) -> None:
    raw = {"task": {"uuid": "one", "state": "broken", "trouble": "Out of paint, sorry"}}
    job = paint.Job(None, raw)
    with pytest.raises(paint.JobFailedError, match="the paint ran out") as failed:
        job.raise_for_status()
    assert failed.value.resubmit is True
    stopped = paint.Job(None, {"task": {"uuid": "one", "state": "stopped"}})
    with pytest.raises(paint.JobCancelledError):
        stopped.raise_for_status()


# The async client.


def test_the_async_client_does_the_same(
    paint: Any, types: Any, server: Any, token: str, picture: Path, tmp_path: Path
) -> None:
    async def all_of_it() -> None:
        async with paint.AsyncFluxframe(api_key=token, base_url=server.url) as client:
            kept = await client.files.keep(picture, purpose="mask")
            larger = types.Larger(picture=kept.file.href, factor=2)
            job = await client.pictures.run(larger, **QUICK)
            await job.images[0].save(tmp_path / "larger.jpg")
            painted = await client.pictures.paint(engine="oil:2024", words="a harbour")
            await painted.wait(**QUICK)
            again = await client.pictures.refine({**AGAIN, "of": painted.id})
            ids = [again.id, painted.id, job.id]
            assert [found.id async for found in client.tasks.list(size=1)] == ids
            page = await client.tasks.list(size=2)
            assert page.has_more
            await client.tasks.remove(job.id)
            with pytest.raises(paint.NotFoundError):
                await client.tasks.get(job.id)
            with pytest.raises(paint.InvalidRequestError):
                await client.pictures.paint(oil(copies=5))
            assert (await client.studio()).purse.coins < 10_000
            assert len((await client.engines()).engines) == 4

    asyncio.run(all_of_it())
    assert size_of(tmp_path / "larger.jpg") == ("JPEG", (240, 160))


# The token.


def test_the_token_is_shown_nowhere(
    paint: ModuleType, server: Any, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[str] = []
    with (
        caplog.at_level(logging.DEBUG),
        paint.Fluxframe(api_key=token, base_url=server.url) as client,
    ):
        job = client.pictures.run(OIL, **QUICK)
        shown += map(
            repr, [client, job, job.response, job.images, client.studio(), client.tasks.list()]
        )
        with pytest.raises(paint.FluxframeError) as refused:
            client.tasks.get(token)
        shown += [str(refused.value), repr(refused.value)]
        with pytest.raises(paint.FluxframeError) as refused:
            client.pictures.paint(words=token)
        shown += [str(refused.value), repr(refused.value)]
    shown += [record.getMessage() for record in caplog.records]
    shown += itertools.chain.from_iterable(map(str, record.args or ()) for record in caplog.records)
    assert shown
    assert not [text for text in shown if token in text]

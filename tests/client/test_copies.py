"""Jobs, images and pages that are copied or sent to another process: as they were, but for the client."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any, TypeAlias

import httpx
import pytest
import respx

from codegen.spec.load import load
from fluxframe import (
    AsyncFluxframe,
    AsyncImage,
    AsyncJob,
    AsyncPage,
    ConfigurationError,
    Fluxframe,
    Image,
    Job,
    Page,
)
from fluxframe._problems import Action

BASE = load().api.base_url
KEY = "afk_0123456789abcdef"
ID = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"
OTHER = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1b"
JOB = {
    "id": ID,
    "status": "COMPLETED",
    "model": "flux-2-pro",
    "result": {"images": ["https://files.example/out/fox?X-Signature=topsecret"]},
    "novelty": [1, {"two": 3}],
}
LIST = {"jobs": [JOB, {**JOB, "id": OTHER}], "hasMore": True, "nextCursor": "c-2"}

Kind: TypeAlias = type[Fluxframe] | type[AsyncFluxframe]
Copy: TypeAlias = Callable[[Any], Any]

both = pytest.mark.parametrize("kind", [Fluxframe, AsyncFluxframe])
each_copy = pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deepcopy", "pickle"],
)


def used(kind: Kind, use: Callable[[Any], Any]) -> Any:
    """What `use` makes of a client of a server that has two jobs and more pages."""

    async def value_of(value: Any) -> Any:
        return await value if inspect.isawaitable(value) else value

    async def run() -> Any:
        client = kind(api_key=KEY)
        try:
            return await value_of(use(client))
        finally:
            if isinstance(client, Fluxframe):
                client.close()
            else:
                await client.aclose()

    with respx.mock(assert_all_called=False) as router:
        router.get(f"{BASE}/v2/jobs").mock(return_value=httpx.Response(200, json=LIST))
        router.get(f"{BASE}/v2/jobs/{ID}").mock(return_value=httpx.Response(200, json=JOB))
        return asyncio.run(run())


def raised(call: Callable[[], Any]) -> ConfigurationError:
    """The error of one that has no client to ask by."""

    async def run() -> Any:
        result = call()
        return await result if inspect.isawaitable(result) else result

    with pytest.raises(ConfigurationError, match="came without its client") as caught:
        asyncio.run(run())
    return caught.value


@both
@each_copy
def test_a_job_comes_back_as_it_was(kind: Kind, copied: Copy) -> None:
    job = used(kind, lambda client: client.jobs.get(ID))
    again = copied(job)
    assert type(again) is (Job if kind is Fluxframe else AsyncJob)
    assert (again.raw, again.response) == (JOB, None)
    assert repr(again) == repr(job)
    assert job.response is not None  # The one that was copied keeps what it has.
    assert (again.raw is job.raw) == (copied is copy.copy)
    advice = raised(again.refresh).advice
    assert advice is not None
    assert (advice.action, advice.subject) == (Action.GET, (ID,))


@pytest.mark.parametrize("kind", [Job, AsyncJob])
@each_copy
def test_a_job_of_which_little_is_known_comes_back_so(
    kind: type[Job] | type[AsyncJob], copied: Copy
) -> None:
    again = copied(kind(None, {"id": ID, "status": "COMPLETED"}, partial=True))
    assert again._partial  # It has a result that is still to be asked for.


@both
@each_copy
def test_an_image_comes_back_as_it_was(kind: Kind, copied: Copy) -> None:
    image = used(kind, lambda client: client.jobs.get(ID)).images[0]
    again = copied(image)
    assert type(again) is (Image if kind is Fluxframe else AsyncImage)
    assert {**vars(again), "_transport": None} == {**vars(image), "_transport": None}
    error = raised(again.bytes)
    assert "topsecret" not in str(error)
    assert error.advice is not None
    assert error.advice.action is Action.GET


@both
@each_copy
def test_a_page_comes_back_as_it_was(kind: Kind, copied: Copy) -> None:
    page = used(kind, lambda client: client.jobs.list(limit=2))
    again = copied(page)
    assert type(again) is (Page if kind is Fluxframe else AsyncPage)
    assert (again.raw, again.next_cursor, again.has_more) == (LIST, "c-2", True)
    assert [job.raw for job in again.items] == LIST["jobs"]
    assert again.response.headers == page.response.headers
    assert again._call == page._call
    error = raised(again.next_page)
    assert error.advice is not None
    assert (error.advice.action, error.advice.subject) == (Action.LIST, ("c-2",))


@both
@each_copy
def test_the_last_page_needs_no_client_to_say_so(kind: Kind, copied: Copy) -> None:
    page = used(kind, lambda client: client.jobs.list())
    page.raw = {**page.raw, "hasMore": False}

    async def run() -> Any:
        result = copied(page).next_page()
        return await result if inspect.isawaitable(result) else result

    assert asyncio.run(run()) is None

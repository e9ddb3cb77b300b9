"""The emulator in tests of unittest, as a context manager, in frozen time and behind proxies."""

from __future__ import annotations

import asyncio
import os
import unittest
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar

import freezegun
import pytest
import time_machine

from fluxframe import (
    AsyncFluxframe,
    AuthenticationError,
    Fluxframe,
    InsufficientCreditsError,
    JobFailedError,
)
from fluxframe.emulator import Emulator, Key
from fluxframe.testing import EmulatorMixin, EmulatorTestCase, Namespace, emulated

FOX: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}


def drawn(client: Fluxframe) -> bytes:
    return client.images.run(FOX).images[0].bytes()


def outcome(case: type[unittest.TestCase]) -> unittest.TestResult:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return result


def test_each_test_of_a_case_has_a_namespace_of_its_own() -> None:
    seen: list[Namespace] = []

    class Case(EmulatorTestCase):
        def use(self) -> None:
            seen.append(self.emulator)
            with Fluxframe() as client:
                assert drawn(client)
            self.emulator.requests.one(operation="images.generate")

        test_one = test_two = use

    result = outcome(Case)
    assert (result.testsRun, result.errors, result.failures) == (2, [], [])
    one, two = seen
    assert one.url == two.url
    assert one.api_key != two.api_key
    assert "APIFRAME_BASE_URL" not in os.environ


def test_a_case_has_options_and_other_bases() -> None:
    class Case(EmulatorMixin, unittest.IsolatedAsyncioTestCase):
        emulator_options: ClassVar = {"credits": 3}

        async def test_it(self) -> None:
            async with AsyncFluxframe() as client:
                team = (await client.me()).team
                assert team is not None
                assert team.credits == 3

    result = outcome(Case)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def test_a_namespace_ends_with_its_faults_and_the_environment_is_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("APIFRAME_API_KEY", "afk_of_somebody_else")
    with emulated() as emulator:
        emulator.faults.add(operation="images.generate", job="fail", reason="Content policy")
        emulator.server.faults.add(key="afk_of_another_test", status=500)
        with Fluxframe() as client, pytest.raises(JobFailedError, match="content policy"):
            client.images.run(FOX)
        assert os.environ["APIFRAME_API_KEY"] == emulator.api_key
        assert len(emulator.faults) == 1
    assert os.environ["APIFRAME_API_KEY"] == "afk_of_somebody_else"
    assert len(emulator.faults) == 0
    assert len(emulator.server.faults) == 1
    emulator.server.faults.clear()


def test_the_emulator_is_an_async_context_manager() -> None:
    async def main() -> bytes:
        async with Emulator(job_seconds=0) as emulator, emulator.async_client() as client:
            return await (await client.images.run(FOX)).images[0].bytes()

    assert asyncio.run(main()).startswith(b"\xff\xd8\xff")


def _freezegun() -> AbstractContextManager[Any]:
    return freezegun.freeze_time("2020-01-01", real_asyncio=True)


def _time_machine() -> AbstractContextManager[Any]:
    return time_machine.travel("2020-01-01T00:00:00Z", tick=False)


@pytest.mark.parametrize("freeze", [_freezegun, _time_machine])
def test_it_begins_works_and_ends_in_frozen_time(
    freeze: Callable[[], AbstractContextManager[Any]],
) -> None:
    with freeze(), emulated(job_seconds=0.02, credits=77) as emulator, emulator.client() as client:
        job = client.images.generate(FOX).wait(interval=0.02)
        assert job.created_at is not None
        assert job.created_at.year == 2020
        assert job.images[0].bytes()
        emulator.requests.one(operation="images.generate")
        with Emulator(job_seconds=0) as own, own.client() as other:
            assert drawn(other)
    with emulated(job_seconds=0.02, credits=77) as again:  # The server goes on in real time.
        assert again.url == emulator.url
        with again.client() as client:
            created = client.images.generate(FOX).wait(interval=0.02).created_at
            assert created is not None
            assert created.year > 2020


@pytest.mark.parametrize("proxied", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
def test_no_proxy_is_asked_for_this_machine(proxied: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    monkeypatch.setenv(proxied, "http://127.0.0.1:9")  # Nobody is there.
    with emulated() as emulator:
        with Fluxframe() as client:
            assert drawn(client)

        async def main() -> str:
            async with AsyncFluxframe() as client:
                return (await client.images.run(FOX)).status

        assert asyncio.run(main()) == "COMPLETED"
        with emulator.client(http_client="httpx2") as client:
            assert drawn(client)


def test_a_server_that_lists_its_keys_is_not_shared() -> None:
    keys = [Key("afk_of_a_poor_one", credits=1), Key("afk_of_a_rich_one", credits=1_000)]
    with emulated(keys=iter(keys)) as emulator, Fluxframe() as client:
        assert emulator.api_key == "afk_of_a_poor_one"
        with pytest.raises(InsufficientCreditsError):
            client.images.generate(FOX)
        with emulator.client(api_key="afk_of_a_rich_one") as rich:
            assert drawn(rich)
        with emulator.client(api_key="afk_of_nobody") as nobody, pytest.raises(AuthenticationError):
            nobody.me()
        with pytest.raises(ValueError, match="it is the namespace's own"):
            emulator.faults.add(key="afk_of_a_rich_one", status=500)
    with emulated(keys=keys) as again:
        assert again.server is not emulator.server


def test_an_option_that_there_is_not_is_told() -> None:
    with pytest.raises(TypeError, match="no option 'credit'; did you mean 'credits'"):
        emulated(credit=3).__enter__()

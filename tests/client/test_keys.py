"""How long a key may be sent again: by clocks that stand still, jump ahead, or are set back."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe import APIConnectionError, APIError
from fluxframe._catalog import API
from fluxframe._problems import Action
from fluxframe._wire import keys, retry

from ..servers.http1 import http
from ..servers.scripted import Deed, Do, Parts, Server, Then
from .calls import Kind, both, call

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
HOUR = 3600.0
LIFE = API.idempotency_hours * HOUR


class Clocks(SimpleNamespace):
    """The clocks of a machine that can sleep, and whose user can set the one on the wall."""

    CLOCK_BOOTTIME = 7

    def __init__(self) -> None:
        super().__init__(wall=1.8e9, boot=0.0)

    def time(self) -> float:
        return float(self.wall)

    def clock_gettime(self, clock: int) -> float:
        assert clock == self.CLOCK_BOOTTIME
        return float(self.boot)

    def monotonic(self) -> float:
        return time.monotonic()

    def set(self, seconds: float) -> None:
        self.wall += seconds

    def sleep(self, seconds: float) -> None:
        self.wall += seconds
        self.boot += seconds


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    found = Clocks()
    monkeypatch.setattr(keys, "time", found)
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)
    return found


def generate(client: Any) -> Any:
    return client.images.generate(REQUEST)


def refused(status: int) -> Deed:
    return lambda good: [http(status, '{"error": "No"}')]


def then(deed: Deed, *, before: Any) -> Deed:
    def done(good: bytes) -> Parts:
        before()
        return deed(good)

    return done


LOST: Deed = lambda good: [Then.RESET]  # noqa: E731
UNSURE = {"reset": LOST, **{str(s): refused(s) for s in (408, 500, 502, 503, 504, 520, 524, 529)}}


@both
@pytest.mark.parametrize("how", UNSURE)
def test_a_submission_that_may_have_arrived_is_not_sent_again_after_a_long_sleep(
    how: str, kind: Kind, clocks: Clocks
) -> None:
    with Server([Do(then(UNSURE[how], before=lambda: clocks.sleep(25 * HOUR)))]) as server:
        with pytest.raises(APIError) as caught:
            call(kind, generate, base_url=server.url)
        [key] = server.keys
    error = caught.value
    assert error.attempts == 1
    assert error.idempotency_key == key
    assert error.advice is not None
    assert (error.advice.action, error.advice.subject) == (Action.KEY_FORGOTTEN, (key,))
    assert str(key) in str(error)


@both
@pytest.mark.parametrize("status", [429])
def test_what_was_refused_is_sent_again_however_long_it_slept(
    status: int, kind: Kind, clocks: Clocks
) -> None:
    sleep = then(refused(status), before=lambda: clocks.sleep(25 * HOUR))
    with Server([Do(sleep, makes=False)]) as server:
        call(kind, generate, base_url=server.url)
        assert len(server.jobs) == 1


@both
@pytest.mark.parametrize("seconds", [-1000 * HOUR, -25 * HOUR, -1.0, 0.0, 1.0, LIFE - 2 * HOUR])
def test_a_clock_that_is_set_back_or_a_little_ahead_is_borne(
    seconds: float, kind: Kind, clocks: Clocks
) -> None:
    with Server([Do(then(LOST, before=lambda: clocks.set(seconds)))]) as server:
        call(kind, generate, base_url=server.url)
        assert len(server.keys) == 2
        assert len(server.jobs) == 1


@both
def test_a_sleep_is_seen_though_the_clock_was_set_back(kind: Kind, clocks: Clocks) -> None:
    def both_of_them() -> None:
        clocks.sleep(25 * HOUR)
        clocks.set(-25 * HOUR)

    with Server([Do(then(LOST, before=both_of_them))]) as server:
        with pytest.raises(APIError):
            call(kind, generate, base_url=server.url)
        assert len(server.keys) == 1


@both
def test_the_last_attempt_does_not_advise_to_send_a_key_that_is_forgotten(
    kind: Kind, clocks: Clocks
) -> None:
    lost = Do(then(LOST, before=lambda: clocks.sleep(25 * HOUR)))
    with Server([lost]) as server, pytest.raises(APIConnectionError) as caught:
        call(kind, generate, base_url=server.url, max_retries=0)
    assert caught.value.advice is not None
    assert caught.value.advice.action is Action.KEY_FORGOTTEN


@given(age=st.floats(-2 * LIFE, 2 * LIFE))
def test_a_key_counts_as_forgotten_an_hour_early(age: float) -> None:
    now = time.time()
    assert keys.forgotten(now - age) == (not -HOUR < time.time() - (now - age) < LIFE - HOUR)

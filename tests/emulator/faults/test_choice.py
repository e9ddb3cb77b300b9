"""Which requests a fault happens to, and how often."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from fluxframe.emulator import Emulator, Fault

from .raw import REQUEST, connection


class Caller:
    """Asks, and tells the statuses that came; `x` where the connection broke."""

    def __init__(self, emulator: Emulator, key: str) -> None:
        self._client = httpx.Client(base_url=emulator.url, headers={"X-API-Key": key})

    def close(self) -> None:
        self._client.close()

    def submit(self, count: int = 1, **members: Any) -> list[int | str]:
        return [
            self._ask("POST", "/v2/images/generate", {**REQUEST, **members}) for _ in range(count)
        ]

    def get(
        self, path: str = "/v2/me", count: int = 1, fault: str | None = None
    ) -> list[int | str]:
        headers = {} if fault is None else {"X-Emulator-Fault": fault}
        return [self._ask("GET", path, None, headers) for _ in range(count)]

    def _ask(self, method: str, path: str, body: Any, headers: Any = None) -> int | str:
        try:
            return self._client.request(method, path, json=body, headers=headers).status_code
        except httpx.TransportError:
            return "x"


@pytest.fixture
def caller(own: Emulator, key: str) -> Iterator[Caller]:
    made = Caller(own, key)
    yield made
    made.close()


@pytest.fixture
def own() -> Iterator[Emulator]:
    with Emulator(job_seconds=0.05) as emulator:
        yield emulator


@pytest.mark.parametrize(
    ("when", "statuses"),
    [
        ({}, [503] * 8),
        ({"times": 2}, [503, 503, *[200] * 6]),
        ({"nth": 3}, [200, 200, 503, *[200] * 5]),
        ({"every": 3}, [200, 200, 503, 200, 200, 503, 200, 200]),
        ({"every": 3, "times": 1}, [200, 200, 503, *[200] * 5]),
        ({"after": 5}, [*[200] * 5, 503, 503, 503]),
        ({"after": 2, "nth": 2}, [200, 200, 200, 503, *[200] * 4]),
        ({"after": 1, "every": 2, "times": 2}, [200, 200, 503, 200, 503, 200, 200, 200]),
        ({"rate": 0}, [200] * 8),
        ({"rate": 1, "times": 1}, [503, *[200] * 7]),
    ],
)
def test_when(own: Emulator, caller: Caller, when: dict[str, Any], statuses: list[int]) -> None:
    with own.faults.add({"status": 503, **when}) as planned:
        assert caller.get(count=8) == statuses
        assert (planned.seen, planned.happened) == (8, statuses.count(503))
    assert caller.get() == [200]


def test_which(own: Emulator, caller: Caller, key: str) -> None:
    with own.faults.add(status=418, operation="me"):
        assert [*caller.get(), *caller.get("/v2/models"), *caller.submit()] == [418, 200, 202]
    with own.faults.add(status=418, operation="images.*"):
        assert [*caller.get(), *caller.submit()] == [200, 418]
    with own.faults.add(status=418, model="flux-2-*"):
        assert caller.submit() == [418]
        assert caller.submit(model="flux-1.1-pro") == [202]
        assert caller.submit(model=["flux-2-pro"]) == [400]
        assert caller.get() == [200]
    with own.faults.add(status=418, method="get", path="/v2/m*"):
        assert [*caller.get(), *caller.get("/v2/jobs"), *caller.submit()] == [418, 200, 202]
    with own.faults.add(status=418, key=key):
        assert caller.get() == [418]
        other = httpx.get(f"{own.url}/v2/me", headers={"X-API-Key": "afk_other"})
        assert other.status_code == 200
    with own.faults.add(status=418, key="afk_x*"):
        assert caller.get() == [200]


def test_the_first_that_is_due_happens_and_delays_come_on_top(
    own: Emulator, caller: Caller, key: str
) -> None:
    """So that a list of faults is a script."""
    slow = own.faults.add(delay=0.001)
    own.faults.add(status=503, times=2)
    own.faults.add(reset="after", times=1)
    last = own.faults.add(status=429, after=1, times=1)
    assert caller.get(count=6) == [503, 503, "x", 200, 429, 200]
    assert (slow.seen, slow.happened, last.seen) == (6, 6, 3)
    faults = [entry.fault for entry in own.requests.all(key=key)]
    assert faults[:3] == [
        "delay=0.001 + status=503",
        "delay=0.001 + status=503",
        "delay=0.001 + reset=after",
    ]
    assert faults[3:] == ["delay=0.001", "delay=0.001 + status=429", "delay=0.001"]


def test_chance_repeats_with_its_seed() -> None:
    def run(seed: int) -> list[list[int | str]]:
        faults = [{"status": 503, "rate": 0.5}, {"status": 429, "rate": 0.5, "path": "/v2/me"}]
        with Emulator(scenario={"faults": faults}, seed=seed) as emulator:
            caller = Caller(emulator, "afk_chance")
            first = caller.get(count=40)
            emulator.faults.reset()
            second = caller.get(count=40)
            caller.close()
            return [first, second]

    first, second = run(1)
    assert first == second == run(1)[0]
    assert first != run(2)[0]
    assert {*first} == {200, 429, 503}


def test_the_chance_of_a_request_does_not_hang_on_other_faults(
    own: Emulator, caller: Caller
) -> None:
    own.faults.add(status=503, rate=0.5, path="/v2/me")
    alone = caller.get(count=30)
    own.faults.reset()
    own.faults.add(status=503, rate=0.5, path="/v2/me")
    own.faults.add(status=429, rate=0.5, path="/v2/jobs")
    mixed = [[*caller.get(), *caller.get("/v2/jobs")] for _ in range(30)]
    assert [pair[0] for pair in mixed] == alone


def test_a_rate_is_about_that_often(own: Emulator) -> None:
    planned = own.faults.add(status=503, rate=0.3)
    drawn = sum(planned.draw() is not None for _ in range(10_000))
    assert 2_800 < drawn < 3_200


@pytest.mark.parametrize(
    ("delay", "middle"),
    [
        ({"uniform": [1, 3]}, 2),
        ({"normal": [2, 0.5]}, 2),
        ({"exponential": 2}, 1.386),
        ({"lognormal": [2, 0.7]}, 2),
        ({"lognormal": [600, 600]}, None),
        ({"exponential": 0}, 0),
    ],
)
def test_delays_are_as_they_are_distributed(
    own: Emulator, delay: Any, middle: float | None
) -> None:
    from fluxframe.emulator._faults.delays import drawn

    planned = own.faults.add(delay=delay)
    chances = [planned.draw() for _ in range(4_000)]
    seconds = sorted(drawn(delay, chance) for chance in chances if chance)
    assert 0 <= seconds[0] <= seconds[-1] <= 600
    if middle is not None:
        assert seconds[2_000] == pytest.approx(middle, rel=0.1)


def test_many_at_once_are_counted_one_by_one(own: Emulator, key: str) -> None:
    planned = own.faults.add(status=503, every=2, times=50)
    with (
        httpx.Client(base_url=own.url, headers={"X-API-Key": key}) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        statuses = list(pool.map(lambda _: client.get("/v2/me").status_code, range(200)))
    assert statuses.count(503) == planned.happened == 50
    assert planned.seen == 200


def test_a_crowd_of_broken_connections_leaves_none(own: Emulator, key: str) -> None:
    """Each of many callers at once meets a fault of another kind, many times over."""
    kinds = [
        "reset=before",
        "reset=body",
        "close=headers",
        "truncate=9",
        "length=9",
        "garbage=chunk",
        "stall=body",
    ]

    def break_some(kind: str) -> list[str]:
        ends = []
        for _ in range(10):
            with connection(own.url, key) as one:
                patience = 0.05 if kind == "stall=body" else 10
                ends.append(one.ask(kind, patience=patience, first=patience).end)
        return ends

    with ThreadPoolExecutor(28) as pool:
        ends = list(pool.map(break_some, kinds * 4))
    assert {end for each in ends for end in each} == {"reset", "closed", "open"}
    server = own._server
    assert server is not None
    with connection(
        own.url, key
    ) as one:  # What is left is seen by the server when it next has time.
        for _ in range(200):
            assert one.ask(method="GET", path="/v2/me").status == 200
            if len(server.server_state.connections) == 1:
                break
        assert len(server.server_state.connections) == 1


def test_faults_are_added_and_removed_from_any_thread(own: Emulator) -> None:
    def work() -> None:
        for _ in range(50):
            with own.faults.add(status=503, key="afk_none"):
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(own.faults) == []


def test_the_header_is_for_its_request_alone_and_before_all_others(
    own: Emulator, caller: Caller
) -> None:
    planned = own.faults.add(status=429)
    assert caller.get(fault="status=503") == [503]
    assert planned.seen == 0
    assert caller.get() == [429]
    own.faults.clear()
    for wrong in ("times=3, status=500", "status", "job=fail", "status=5;;;", "="):
        assert caller.get(fault=wrong) == [400]
    assert caller.get() == [200]


def test_a_fault_of_jobs_counts_what_makes_jobs_only(own: Emulator, caller: Caller) -> None:
    planned = own.faults.add(job="fail", nth=2)
    caller.get(count=3)
    caller.submit(3)
    assert (planned.seen, planned.happened) == (3, 1)


def test_no_more_are_kept_than_there_is_room_for(own: Emulator) -> None:
    for _ in range(1000):
        own.faults.add(status=503)
    with pytest.raises(RuntimeError, match=r"1000 faults are there .* clear\(\) removes them"):
        own.faults.add(status=503)
    own.faults.clear()
    own.faults.add(status=503).remove()
    assert len(own.faults) == 0
    with pytest.raises(KeyError):
        own.faults.remove(1)


def test_faults_of_a_path_are_for_what_is_there(own: Emulator) -> None:
    for path in ("/v2/me", "/v2/jobs/abc", "/files/a-1.jpg", "/uploads/a", "*", "/v3/*"):
        own.faults.add(status=503, path=path)


def test_faults_are_shown_without_their_key(own: Emulator) -> None:
    with own.faults.add(status=503, key="afk_secret") as planned:
        assert repr(planned) == "<status=503: happened to 0 of 0 requests>"
        assert repr(own.faults) == "<status=503>"
        assert "afk_secret" not in repr(planned.fault)
    assert own.faults.add(Fault(status=500)).fault == Fault(status=500)
    with pytest.raises(ValueError, match="expected a fault or its words, and not both"):
        own.faults.add(Fault(status=500), status=500)

"""What is transient is so for all: a get, a wait, a wait for many, and a batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fluxframe.batch._gate
from fluxframe import APIStatusError, Fluxframe
from fluxframe._errors import is_transient
from fluxframe._wire import retry

from ..servers.http1 import http
from ..servers.scripted import OK, Deed, Do, Server
from .calls import ID, Kind, all_of, both, call

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
STATUSES = [400, 401, 403, 404, 408, 409, 418, 429, 500, 501, 502, 503, 504, 505, 520, 524, 529]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)
    monkeypatch.setattr(fluxframe.batch._gate, "_FIRST_PAUSE", 0.0)


def says(status: int) -> Deed:
    return lambda good: [http(status, '{"error": "No"}')]


def many(client: Any) -> Any:
    return all_of(client.jobs.wait_many([ID], interval=0.001, deadline=10))


VERBS: dict[str, Callable[[Any], Any]] = {
    "get": lambda client: client.jobs.get(ID),
    "wait": lambda client: client.jobs.wait(ID, interval=0.001, deadline=10),
    "wait_many": many,
}


@both
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", STATUSES)
def test_an_answer_that_passes_is_borne_and_another_is_an_error(
    status: int, verb: str, kind: Kind
) -> None:
    with Server([Do(says(status))]) as server:
        if is_transient(status):
            call(kind, VERBS[verb], base_url=server.url)
            assert len(server.requests) == 2
            return
        with pytest.raises(APIStatusError) as caught:
            call(kind, VERBS[verb], base_url=server.url)
        assert caught.value.status == status
        assert not caught.value.transient
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [status for status in STATUSES if is_transient(status)])
def test_a_batch_bears_it_too(status: int, tmp_path: Path) -> None:
    def batch(client: Any) -> Any:
        journal = tmp_path / "batch.jsonl"
        return client.batch.run([REQUEST], journal=journal, out=None, interval=0.001)

    with Server([OK, Do(says(status)), Do(says(status))]) as server:
        summary = call(Fluxframe, batch, base_url=server.url)
        assert summary.completed == 1
        assert len(server.jobs) == 1

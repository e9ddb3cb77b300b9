"""Faults that are listed, added and removed over HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.requests import Request

from fluxframe.emulator import Emulator
from fluxframe.emulator._control.faults import faults
from fluxframe.emulator._http.answer import Answer

ROOT = "/_emulator/faults"


def ask(emulator: Emulator, method: str, path: str = ROOT, body: bytes = b"") -> Answer:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [],
        "query_string": b"",
        "server": ("h", 1),
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return asyncio.run(faults(emulator._service, Request(scope, receive)))


def test_faults_are_added_listed_and_removed() -> None:
    emulator = Emulator()
    one = {"status": 503, "times": 2}
    added = ask(emulator, "POST", body=json.dumps(one).encode())
    assert added.status == 201
    listed = [{"id": 1, "seen": 0, "happened": 0, "fault": one}]
    assert json.loads(added.body) == {"faults": listed}
    assert json.loads(ask(emulator, "GET").body) == {"faults": listed}
    more = [{"reset": "after"}, {"delay": {"uniform": [0, 1]}}]
    assert ask(emulator, "POST", body=json.dumps(more).encode()).status == 201
    assert [each.fault.to_dict() for each in emulator.faults] == [one, *more]
    assert ask(emulator, "DELETE", f"{ROOT}/2").status == 204
    assert ask(emulator, "DELETE", f"{ROOT}/2").status == 404
    assert [each.id for each in emulator.faults] == [1, 3]
    assert ask(emulator, "DELETE").status == 204
    assert list(emulator.faults) == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "The body is not valid JSON"),
        (b"[" * 100_000, "The body is not valid JSON"),
        (b"5", "5 is not a fault; expected an object such as"),
        (
            b'[{"status": 503}, {"statsu": 503}]',
            "statsu: there is no such word; did you mean status?",
        ),
        (b'{"status": 503, "operation": "image.generate"}', "did you mean images.generate or"),
        (b'{"\\ud800": 503}', "there is no such word"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_added(body: bytes, text: str) -> None:
    emulator = Emulator()
    answer = ask(emulator, "POST", body=body)
    assert answer.status == 400
    assert text in json.loads(answer.body.decode())["error"]
    assert list(emulator.faults) == []


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", ROOT), ("POST", f"{ROOT}/1"), ("GET", f"{ROOT}/1")]
)
def test_other_methods_are_refused(method: str, path: str) -> None:
    answer = ask(Emulator(), method, path, b'{"status": 503}')
    assert answer.status == 405
    assert answer.headers["allow"] == ("GET, POST, DELETE" if path == ROOT else "DELETE")


def test_there_is_room_for_so_many() -> None:
    emulator = Emulator()
    body = json.dumps([{"status": 503}] * 1001).encode()
    answer = ask(emulator, "POST", body=body)
    assert answer.status == 400
    assert "at most 1000 are planned" in answer.body.decode()

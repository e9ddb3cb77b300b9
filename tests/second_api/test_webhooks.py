"""Events of the invented API: signed with the token itself, in a header of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from queue import Queue
from typing import Any

import pytest

from .conftest import PACKAGE
from .orders import A_TASK, OIL
from .test_answers import validate

TOKEN = "pw-of-these-tests"
DONE = {
    "about": "task.done",
    "task": {
        "uuid": A_TASK,
        "state": "done",
        "engine": "Oil.2024-06",
        "percent": 100,
        "output": {"pictures": [{"href": "https://example.org/1.png"}]},
        "coins": 4,
    },
}


@pytest.fixture
def webhooks(paint: Any) -> Any:
    return import_module(f"{PACKAGE}.webhooks")


def seal(body: bytes, key: bytes) -> dict[str, str]:
    return {"Paintworks-Seal": f"v1={hmac.new(key, body, hashlib.sha256).hexdigest()}"}


def test_an_event_that_was_signed_is_read(webhooks: Any) -> None:
    body = json.dumps(DONE).encode()
    event = webhooks.verify(body, seal(body, TOKEN.encode()), TOKEN)
    assert (event.about, event.job_id, event.status) == ("task.done", A_TASK, "done")
    assert (event.model, event.progress, event.coins) == ("Oil.2024-06", 100, 4)
    assert event.image_urls == ["https://example.org/1.png"]
    before = {**DONE, "task": {"uuid": A_TASK, "state": "painting", "percent": 50}}
    assert event.supersedes(webhooks.Event(before))
    assert not webhooks.Event(before).supersedes(event)


@pytest.mark.parametrize(
    "headers",
    [
        seal(b"another body", TOKEN.encode()),
        seal(json.dumps(DONE).encode(), b"pw-another-token"),
        seal(json.dumps(DONE).encode(), hashlib.sha256(TOKEN.encode()).digest()),
        {"Paintworks-Seal": "v1="},
        {"X-Webhook-Signature": seal(json.dumps(DONE).encode(), TOKEN.encode())["Paintworks-Seal"]},
        {},
    ],
    ids=["body", "key", "digest of the key", "empty", "other header", "none"],
)
def test_any_other_is_refused(webhooks: Any, paint: Any, headers: dict[str, str]) -> None:
    with pytest.raises(paint.SignatureError) as refused:
        webhooks.verify(json.dumps(DONE).encode(), headers, TOKEN)
    assert "Paintworks-Seal" in str(refused.value)
    assert TOKEN not in str(refused.value)


Deliveries = Queue[tuple[dict[str, str], bytes]]


@pytest.fixture
def receiver() -> Iterator[tuple[str, Deliveries]]:
    """A server that takes what is posted to it."""
    taken: Deliveries = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.put((dict(self.headers.items()), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", taken
        server.shutdown()
        thread.join()


def test_the_emulator_posts_the_events_that_an_order_wants(
    webhooks: Any,
    document: dict[str, Any],
    client: Any,
    token: str,
    receiver: tuple[str, Deliveries],
) -> None:
    url, taken = receiver
    order = {**OIL, "callback": url, "callbackEvents": ["task.moved", "task.done"]}
    job = client.pictures.paint(order)
    events = []
    for _ in range(2):
        headers, body = taken.get(timeout=30)
        events.append(webhooks.verify(body, headers, token))
        said = document["webhooks"][headers["Paintworks-Event"]]["post"]["requestBody"]
        validate(document, said["content"]["application/json"]["schema"], events[-1].raw)
    assert [event.about for event in events] == ["task.moved", "task.done"]
    assert {event.job_id for event in events} == {job.id}
    assert events[1].supersedes(events[0])
    assert events[1].image_urls == job.wait(interval=0.02).image_urls

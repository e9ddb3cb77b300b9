"""What the client of the invented API sends, byte for byte, and what it makes of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import httpx
import pytest
import respx

from .orders import A_TASK, LARGER, OIL, oil

BASE = "https://paint.example.org/api"
TOKEN = "pw-of-these-tests"


def task(state: str, **more: Any) -> dict[str, Any]:
    return {"task": {"uuid": A_TASK, "state": state, **more}}


@pytest.fixture
def router() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE) as router:
        yield router


@pytest.fixture
def client(paint: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """One that takes its token from the environment."""
    monkeypatch.setenv("PAINTWORKS_TOKEN", TOKEN)
    with paint.Fluxframe() as made:
        yield made


def last(route: respx.Route) -> httpx.Request:
    sent = route.calls.last.request
    assert isinstance(sent, httpx.Request)
    return sent


def test_an_order_as_it_goes_over_the_wire(router: respx.MockRouter, client: Any) -> None:
    route = router.post("/orders/paint").respond(201, json=task("waiting"))
    job = client.pictures.paint(oil(copies=2), idempotency_key="one")
    sent = last(route)
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["Order-Key"] == "one"
    assert json.loads(sent.content) == oil(copies=2)
    assert (job.id, job.status, job.model) == (A_TASK, "waiting", "Oil.2024-06")


def test_a_request_without_container_and_prompt(router: respx.MockRouter, client: Any) -> None:
    route = router.post("/orders/refine").respond(201, json=task("waiting"))
    job = client.pictures.refine(kind="enlarge", picture=LARGER["picture"], edge={"width": 2})
    assert json.loads(last(route).content) == {**LARGER, "edge": {"width": 2}}
    assert job.model == "larger"


def test_another_status_is_not_a_success(router: respx.MockRouter, client: Any, paint: Any) -> None:
    router.post("/orders/paint").respond(422, json={"fault": {"text": "no", "fields": {"settings.in": ["odd"]}}})  # fmt: skip
    with pytest.raises(paint.BadRequestError, match="no") as refused:
        client.pictures.paint(OIL)
    assert refused.value.details == {"in_": ["odd"]}


def test_a_task_is_polled_until_its_state_ends(router: respx.MockRouter, client: Any) -> None:
    output = {"pictures": [{"href": f"{BASE}/1.png"}, {"href": f"{BASE}/2.png"}]}
    answers = [task("waiting"), task("painting", percent=50), task("done", output=output, coins=4)]
    route = router.get(f"/tasks/{A_TASK}")
    route.side_effect = [httpx.Response(200, json=answer) for answer in answers]
    seen: list[tuple[str, int | None]] = []
    job = client.tasks.wait(
        A_TASK, interval=0.001, on_progress=lambda job: seen.append((job.status, job.progress))
    )
    assert seen == [("waiting", None), ("painting", 50), ("done", None)]
    assert job.image_urls == [f"{BASE}/1.png", f"{BASE}/2.png"]
    assert job.coins == 4


def test_pages_follow_their_cursor(router: respx.MockRouter, client: Any) -> None:
    first = {"rows": [task("done")], "after": "x1", "more": True}
    second = {"rows": [task("broken")], "after": None, "more": False}
    route = router.get("/tasks")
    route.side_effect = [httpx.Response(200, json=page) for page in (first, second)]
    assert [job.status for job in client.tasks.list(size=1)] == ["done", "broken"]
    assert [dict(call.request.url.params) for call in route.calls] == [
        {"size": "1"},
        {"size": "1", "after": "x1"},
    ]


def test_a_delete_has_no_answer(router: respx.MockRouter, client: Any) -> None:
    route = router.delete(f"/tasks/{A_TASK}").respond(204)
    assert client.tasks.remove(A_TASK) is None
    assert last(route).content == b""


def test_a_form_has_the_fields_beside_the_file(router: respx.MockRouter, client: Any) -> None:
    kept = {"file": {"number": "1", "href": f"{BASE}/1", "sort": "picture", "mime": "image/png"}}
    route = router.post("/files").respond(200, json=kept)
    file = client.files.keep(b"\x89PNG\r\n\x1a\n", name="a.png", purpose="mask", days=3).file
    assert file.href == f"{BASE}/1"
    sent = last(route)
    head = f"Content-Type: {sent.headers['Content-Type']}\r\n\r\n".encode()
    parts = {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in message_from_bytes(head + sent.content).walk()
        if not part.is_multipart()
    }
    assert parts == {"blob": b"\x89PNG\r\n\x1a\n", "purpose": b"mask", "days": b"3"}
    assert "Order-Key" not in sent.headers


def test_a_catalogue_is_asked_for_without_a_token(
    router: respx.MockRouter, paint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = router.get("/engines").respond(200, json={"engines": [{"handle": "x", "caption": "X"}]})
    with paint.Fluxframe() as client:
        assert client.engines().engines[0].caption == "X"
        assert "Authorization" not in last(route).headers
        with pytest.raises(paint.ConfigurationError, match="PAINTWORKS_TOKEN"):
            client.studio()


def test_the_server_is_named_in_the_environment(
    paint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAINTWORKS_URL", "https://elsewhere.example.org/")
    with paint.Fluxframe(api_key=TOKEN) as client:
        assert client.base_url == "https://elsewhere.example.org"


def test_an_error_has_the_trace_of_the_api(
    router: respx.MockRouter, client: Any, paint: Any
) -> None:
    router.get(f"/tasks/{A_TASK}").respond(
        404, json={"fault": {"text": "gone"}}, headers={"paintworks-trace": "t-17"}
    )
    with pytest.raises(paint.NotFoundError, match="gone") as missing:
        client.tasks.get(A_TASK)
    assert missing.value.request_id == "t-17"

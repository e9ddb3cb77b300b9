"""Whatever the emulator of the invented API answers and posts is as its document says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from PIL import Image

from .orders import LARGER, OIL, WATER, oil

Ask = Callable[..., Any]


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        name: str = part["$ref"]
        part = document
        for step in name.removeprefix("#/").split("/"):
            part = part[step]
    return part


def validate(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": document["components"]}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)


@pytest.fixture
def ask(document: dict[str, Any], server: Any, token: str) -> Ask:
    """Asks, and holds the answer against the document; returns its JSON."""

    def ask(status: int, method: str, path: str, at: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        found = httpx.request(
            method, f"{server.url}{at or path}", headers=headers, trust_env=False, **more
        )
        assert found.status_code == status, found.text
        responses = document["paths"][path][method.lower()]["responses"]
        said = resolved(document, responses[str(status)])
        if "content" not in said:
            assert found.content == b""
            return None
        validate(document, said["content"]["application/json"]["schema"], found.json())
        return found.json()

    return ask


def test_answers_are_as_documented(ask: Ask, client: Any) -> None:
    order = {**OIL, "callback": "http://127.0.0.1:9/"}
    id = ask(201, "POST", "/orders/paint", json=order)["task"]["uuid"]
    ask(200, "GET", "/tasks/{uuid}", f"/tasks/{id}")
    client.tasks.wait(id, interval=0.02)
    done = ask(200, "GET", "/tasks/{uuid}", f"/tasks/{id}")["task"]
    assert done["calls"] in ("open", "made", "lost")
    assert done["order"] == order
    again = {"kind": "again", "of": id, "which": 1}
    sheet = client.pictures.run(again, interval=0.02).id
    assert ask(200, "GET", "/tasks/{uuid}", f"/tasks/{sheet}")["task"]["output"]["sheet"]
    assert len(ask(200, "GET", "/tasks")["rows"]) == 2
    assert ask(200, "GET", "/tasks", params={"size": 1})["more"] is True
    ask(204, "DELETE", "/tasks/{uuid}", f"/tasks/{id}")
    ask(200, "GET", "/studio")
    engines = {engine["handle"]: engine for engine in ask(200, "GET", "/engines")["engines"]}
    assert {handle: engine["from"] for handle, engine in engines.items()} == {
        "Oil.2024-06": 4,
        "Watercolour_XL": 3,
        "larger": 2,
        "again": 8,
    }


def test_errors_are_as_documented(ask: Ask) -> None:
    nobody = "0b54c1de-5f0e-4c55-9b5e-0c8f8f0e6b1a"
    ask(401, "GET", "/studio", headers={"Authorization": "Bearer xy"})
    ask(401, "GET", "/studio", headers={"Authorization": "pw-without-its-scheme"})
    ask(404, "GET", "/tasks/{uuid}", f"/tasks/{nobody}")
    ask(404, "DELETE", "/tasks/{uuid}", f"/tasks/{nobody}")
    ask(422, "GET", "/tasks/{uuid}", "/tasks/one")
    ask(422, "GET", "/tasks", params={"size": 51})
    ask(422, "GET", "/tasks", params={"after": "x"})
    ask(422, "POST", "/orders/refine", json=OIL)
    ask(422, "POST", "/orders/paint", json=LARGER)
    ask(422, "POST", "/orders/paint", json=oil(copies=5))
    ask(422, "POST", "/orders/paint", content=b"{", headers={"Content-Type": "application/json"})
    ask(422, "POST", "/files", files={"blob": b"text"})
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    ask(422, "POST", "/files", content=b"--y", headers=boundary)
    ask(422, "POST", "/orders/paint", json=OIL, headers={"Order-Key": "x" * 65})
    ask(201, "POST", "/orders/paint", json=OIL, headers={"Order-Key": "one"})
    ask(412, "POST", "/orders/paint", json=WATER, headers={"Order-Key": "one"})


@pytest.mark.parametrize(
    ("settings", "shape"),
    [({"shape": "2/1"}, 2), ({"shape": "portrait"}, 2 / 3), ({"canvas": "96x64"}, 3 / 2)],
    ids=["a proportion", "a named one", "a canvas"],
)
def test_a_picture_has_the_shape_that_is_asked_for(
    settings: dict[str, str], shape: float, client: Any, tmp_path: Path
) -> None:
    job = client.pictures.run(oil(**settings), interval=0.02)
    with Image.open(job.images[0].save(tmp_path / "one.jpg")) as image:
        assert image.width / image.height == pytest.approx(shape, rel=0.01)


def test_the_same_luck_makes_the_same_picture(client: Any) -> None:
    orders = [oil(luck=luck, canvas="64x64", filed="png") for luck in (7, 7, 8)]
    one, same, other = (
        client.pictures.run(order, interval=0.02).images[0].bytes() for order in orders
    )
    assert one == same
    assert one != other

"""Right and wrong orders get one verdict: of `check`, of the typed request, of the emulator."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import httpx
import pydantic
import pytest

from .orders import A_TASK, CLASSES, GOOD, LARGER, OIL, WATER, WRONG, without


def problems(paint: Any, order: dict[str, Any]) -> list[str]:
    return [problem.path for problem in paint.check(order).problems]


def typed(types: Any, order: dict[str, Any]) -> Any:
    name = CLASSES[order.get("engine") or order["kind"]]
    return getattr(types, name).model_validate(order)


def place(client: Any, server: Any, token: str, order: dict[str, Any]) -> httpx.Response:
    """The answer to an order; the task that it is about is done first."""
    headers = {"Authorization": f"Bearer {token}"}
    if order.get("of") == A_TASK:
        order = {**order, "of": client.pictures.run(OIL, interval=0.02).id}
    path = "/orders/paint" if "engine" in order else "/orders/refine"
    return httpx.post(f"{server.url}{path}", json=order, headers=headers, trust_env=False)


@pytest.mark.parametrize("order", GOOD.values(), ids=GOOD)
def test_a_right_order_is_taken_by_all(
    order: dict[str, Any], paint: Any, types: Any, client: Any, server: Any, token: str
) -> None:
    assert problems(paint, order) == []
    assert typed(types, order).to_wire() == order
    found = place(client, server, token, order)
    assert found.status_code == 201, found.text
    assert found.json()["task"]["state"] == "waiting"


@pytest.mark.parametrize(("order", "where"), WRONG.values(), ids=WRONG)
def test_a_wrong_order_is_refused_by_all(
    order: dict[str, Any], where: str, paint: Any, types: Any, client: Any, server: Any, token: str
) -> None:
    found = problems(paint, order)
    assert found
    assert all(path.startswith(where) for path in found)
    with pytest.raises(pydantic.ValidationError):
        typed(types, order)
    refused = place(client, server, token, order)
    assert refused.status_code == 422, refused.text
    fault = refused.json()["fault"]
    assert fault["text"]
    assert any(path.startswith((where, "settings")) for path in fault["fields"]), fault


def test_an_order_without_its_settings_is_refused(
    paint: Any, client: Any, server: Any, token: str
) -> None:
    order = {**without(WATER, "settings"), "callbackEvents": ["task.done"]}
    assert problems(paint, order) == ["settings"]
    refused = place(client, server, token, order)
    assert (refused.status_code, [*refused.json()["fault"]["fields"]]) == (422, ["settings"])


def test_a_flat_order_gets_its_settings(paint: Any, types: Any) -> None:
    assert problems(paint, without(WATER, "settings")) == []
    assert types.WatercolourXL(words="a lake").to_wire() == WATER


def test_the_server_follows_a_source_that_reads_otherwise(paint: Any) -> None:
    emulator = import_module(f"{paint.__name__}.emulator").Emulator
    for follow, expected in ((None, 422), ("support", 201)):
        with emulator(job_seconds=0, follow=follow) as running:
            order, headers = {**LARGER, "factor": 4}, {"Authorization": "Bearer pw-1"}
            url = f"{running.url}/orders/refine"
            found = httpx.post(url, json=order, headers=headers, trust_env=False)
            assert found.status_code == expected, found.text

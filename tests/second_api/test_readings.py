"""Right and wrong orders get one verdict: of `check`, of the typed request, of the emulator."""

from __future__ import annotations

from typing import Any

import httpx
import pydantic
import pytest

from .orders import CLASSES, GOOD, WRONG


def problems(paint: Any, order: dict[str, Any]) -> list[str]:
    return [problem.path for problem in paint.check(order).problems]


def typed(types: Any, order: dict[str, Any]) -> Any:
    name = CLASSES[order.get("engine") or order["kind"]]
    return getattr(types, name).model_validate(order)


def answer(server: Any, token: str, order: dict[str, Any]) -> httpx.Response:
    path = "/orders/paint" if "engine" in order else "/orders/refine"
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{server.url}{path}", json=order, headers=headers, trust_env=False)


@pytest.mark.parametrize("order", GOOD.values(), ids=GOOD)
def test_a_right_order_is_taken_by_all(
    order: dict[str, Any], paint: Any, types: Any, server: Any, token: str
) -> None:
    assert problems(paint, order) == []
    assert typed(types, order).to_wire() == order
    found = answer(server, token, order)
    assert found.status_code == 201, found.text
    assert found.json()["task"]["state"] == "waiting"


@pytest.mark.parametrize(("order", "place"), WRONG.values(), ids=WRONG)
def test_a_wrong_order_is_refused_by_all(
    order: dict[str, Any], place: str, paint: Any, types: Any, server: Any, token: str
) -> None:
    found = problems(paint, order)
    assert any(path.startswith(place) for path in found) or place.endswith(("dots", "settings"))
    assert found
    if place != "settings":  # A typed request is flat, and has the container by itself.
        with pytest.raises(pydantic.ValidationError):
            typed(types, order)
    refused = answer(server, token, order)
    assert refused.status_code == 422, refused.text
    fault = refused.json()["fault"]
    assert fault["text"]
    assert any(path.startswith((place, "settings")) for path in fault["fields"]), fault

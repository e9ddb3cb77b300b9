"""The limits of a server are found exactly, wherever they are, with few requests, and for little."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.conformance import CannotRunError
from fluxframe.conformance._budget import Budget
from fluxframe.conformance._calls import NotSentError
from fluxframe.conformance._contract import operations
from fluxframe.conformance._learn import Learnt, LearntLimit, learn
from fluxframe.conformance._outcomes import Exchange
from fluxframe.conformance._vectors import Body, Change, Constraint, ModelVectors, Pack, Vector

PRICE = 4
OPERATION = next(each for each in operations().values() if each.kind == "submit")


def vectors_for(limits: Mapping[str, Mapping[str, Any]]) -> ModelVectors:
    """A model with these limits, by parameter and kind."""
    constraints: dict[str, Constraint] = {}
    vectors: dict[str, Vector] = {}
    for name, kinds in limits.items():
        path = ("params", name)
        for kind, limit in kinds.items():
            id = f"m/params.{name}/{kind}"
            constraints[id] = Constraint(
                id=id, kind=kind, model="m", parameter=f"params.{name}", limit=limit
            )
            if kind in ("type", "multiple_of"):
                continue
            change = Change(at=path, value=limit)
            if "length" in kind:
                change = Change(at=path, text="x", times=limit)
            elif kind == "quantity":
                change = Change(at=path, value=f"{limit['maximum']} {limit['unit']}")
            elif "items" in kind:
                change = Change(at=path, value=["https://example.com/a.png"] * limit)
            vectors[f"{id}/at"] = Vector(
                id=f"{id}/at", constraint=id, expect="accepted", base="least", changes=(change,), says=""
            )  # fmt: skip
    packs = {
        side: tuple(id for id in vectors if side in id.split("/")[2]) for side in ("min", "max")
    }
    return ModelVectors(
        model="m",
        operation=OPERATION.name,
        method=OPERATION.method,
        path=OPERATION.path,
        bases={"least": {"prompt": "a fox"}},
        constraints=constraints,
        vectors=vectors,
        packs=tuple(Pack(id=side, base="least", vectors=ids) for side, ids in packs.items() if ids),
        credits=PRICE,
    )


class Server:
    """Takes what is inside of its limits, and tells what that came to."""

    def __init__(self, limits: Mapping[str, tuple[float | None, float | None]]) -> None:
        self.limits = limits
        self.asked = self.taken = 0
        self.budget = Budget(0)
        self.status: int | None = None

    async def submit(
        self, model: ModelVectors, body: Body, *vectors: str, credits: int, free: bool
    ) -> tuple[Exchange, int]:
        held = await self.budget.hold(credits, free=free)
        if held is None:
            raise NotSentError("budget")
        await asyncio.sleep(0)
        self.asked += 1
        fits = True
        for name, value in body.get("params", {}).items():
            least, most = self.limits[name]
            size = value if isinstance(value, int | float) else len(value)
            if name == "size":
                size = int(str(value).removesuffix(" MP"))
            fits &= (least is None or size >= least) and (most is None or size <= most)
        status = self.status or (OPERATION.success.status if fits else OPERATION.refusal.status)
        accepted = status == OPERATION.success.status
        self.taken += accepted
        self.budget.settle(held, PRICE * accepted)
        exchange = Exchange(
            method=model.method,
            url=model.path,
            headers={},
            started=datetime.now(UTC),
            seconds=0,
            status=status,
            answer=json.dumps({"error": "no"}),
        )
        return exchange, PRICE * accepted

    def learn(
        self, vectors: ModelVectors, budget: int = 10**12, **options: Any
    ) -> tuple[Learnt, dict[str, LearntLimit]]:
        self.budget = Budget(budget)
        learnt = asyncio.run(learn(self.submit, [vectors], base_url="http://server", **options))
        assert (learnt.requests, learnt.accepted) == (self.asked, self.taken)
        assert learnt.credits == self.taken * PRICE
        return learnt, {f"{each.limit.path[-1]}.{each.limit.kind}": each for each in learnt.limits}


def found(limits: dict[str, LearntLimit]) -> dict[str, float | None]:
    return {name: each.found for name, each in limits.items()}


FLUX: dict[str, dict[str, Any]] = {
    "width": {"type": "integer", "minimum": 256, "maximum": 2048},
    "images": {"max_items": 8},
}


def test_two_limits_are_learnt_exactly() -> None:
    server = Server({"width": (256, 1999), "images": (None, 9)})
    learnt, limits = server.learn(vectors_for(FLUX))
    assert found(limits) == {"width.minimum": 256, "width.maximum": 1999, "images.max_items": 9}
    assert [name for name, each in limits.items() if each.differs] == [
        "images.max_items",
        "width.maximum",
    ]
    assert learnt.requests <= 30
    assert learnt.accepted <= 6


def test_what_is_as_documented_takes_two_requests_a_limit() -> None:
    server = Server({"width": (256, 2048), "images": (None, 8)})
    learnt, limits = server.learn(vectors_for(FLUX))
    assert not any(each.differs for each in limits.values())
    assert learnt.requests == 3 + 2  # Three refused, and two packs of what is taken.
    assert learnt.accepted == 2


DOCUMENTED = st.integers(1, 5000)


@given(st.data(), st.sampled_from(["integer", "text", "list"]), st.booleans())
def test_any_limit_is_found_with_few_requests(data: st.DataObject, name: str, upper: bool) -> None:
    low, high = {
        "integer": ("minimum", "maximum"),
        "text": ("min_length", "max_length"),
        "list": ("min_items", "max_items"),
    }[name]
    least = data.draw(st.integers(1, 300), "least")
    most = data.draw(st.integers(least + 1, 600), "most")
    bound = 5 * most
    true = data.draw(st.integers(least, bound) if upper else st.integers(0, most), "true")
    documented = {low: least, high: most}
    server = Server({name: (least, true) if upper else (true, most)})
    learnt, limits = server.learn(vectors_for({name: documented}))
    assert found(limits) == {
        f"{name}.{low}": least if upper else true,
        f"{name}.{high}": true if upper else most,
    }
    steps = math.log2(2 + abs(true - (most if upper else least)))
    assert learnt.requests <= 10 + 4 * steps + 2 * math.log2(most)
    assert learnt.accepted <= 5 + 0.8 * steps


@given(st.data(), st.sampled_from([None, 0.05, 0.1]), st.booleans())
def test_numbers_are_found_to_their_step(
    data: st.DataObject, step: float | None, exclusive: bool
) -> None:
    unit = step or 0.01
    least, most = 0.0, round(data.draw(st.integers(1, 400)) * unit, 9)
    true = round(data.draw(st.integers(1, 1000)) * unit, 9)
    kind = "exclusive_maximum" if exclusive else "maximum"
    documented = {"type": "number", "minimum": least, kind: most}
    if step:
        documented["multiple_of"] = step
    server = Server({"scale": (least, true)})
    _, limits = server.learn(vectors_for({"scale": documented}))
    beyond = limits[f"scale.{kind}"].found
    assert beyond == pytest.approx(true + unit if exclusive else true, abs=1e-9)


@pytest.mark.parametrize("true", [1, 3, 4, 5, 9])
def test_a_quantity_is_found_in_its_unit(true: int) -> None:
    documented = {"unit": "MP", "maximum": 4}
    vectors = vectors_for({"size": {"quantity": documented}})
    _, limits = Server({"size": (0, true)}).learn(vectors)
    assert limits["size.quantity"].found == {"unit": "MP", "maximum": true}
    assert limits["size.quantity"].differs == (true != 4)


def test_what_has_no_limit_is_told() -> None:
    _, limits = Server({"images": (None, None)}).learn(vectors_for({"images": {"max_items": 8}}))
    (images,) = limits.values()
    assert (images.found, images.reason, images.differs) == (None, None, True)
    assert images.reach is not None
    assert images.reach > 100


def test_what_is_refused_at_every_value_is_not_learnt() -> None:
    server = Server({"width": (5000, 4000), "images": (None, 8)})
    _, limits = server.learn(vectors_for(FLUX))
    assert limits["width.maximum"].reason == limits["width.minimum"].reason == "refused"
    assert not limits["width.maximum"].differs
    assert limits["images.max_items"].found == 8


@given(st.integers(0, 30), st.integers(200, 6000), st.integers(1, 40))
def test_no_budget_is_passed(budget: int, most: int, images: int) -> None:
    server = Server({"width": (256, most), "images": (None, images)})
    learnt, limits = server.learn(vectors_for(FLUX), budget=budget)
    # The first that is taken against the documents may come unasked for.
    assert learnt.credits <= budget or learnt.accepted <= (1 if budget else 3)
    for name, true in (("width.maximum", most), ("images.max_items", images)):
        assert limits[name].found == true or limits[name].reason in ("budget", "refused")


def test_nothing_is_sent_that_should_be_taken_without_a_budget() -> None:
    server = Server({"width": (256, 2048), "images": (None, 8)})
    _, limits = server.learn(vectors_for(FLUX), budget=0)
    assert (server.asked, server.taken) == (3, 0)
    assert {each.reason for each in limits.values()} == {"budget"}


@pytest.mark.parametrize(
    ("status", "reason"), [(500, "server_error"), (429, "rate_limit"), (402, "budget")]
)
def test_answers_that_say_nothing_teach_nothing(status: int, reason: str) -> None:
    server = Server({"width": (256, 2048), "images": (None, 8)})
    server.status = status
    learnt, limits = server.learn(vectors_for(FLUX))
    assert {each.reason for each in limits.values()} == {reason}
    assert (learnt.accepted, learnt.credits) == (0, 0)


def test_a_key_without_rights_ends_the_search() -> None:
    server = Server({"width": (256, 2048), "images": (None, 8)})
    server.status = 401
    with pytest.raises(CannotRunError, match="status 401"):
        server.learn(vectors_for(FLUX))


def test_some_can_be_chosen() -> None:
    server = Server({"width": (256, 1999), "images": (None, 9)})
    _, limits = server.learn(vectors_for(FLUX), constraints=["m/params.width/maximum"])
    assert found(limits) == {"width.maximum": 1999}
    server = Server({"width": (256, 1999), "images": (None, 9)})
    _, limits = server.learn(vectors_for(FLUX), constraints=["m/params.images/max_items"])
    assert found(limits) == {"images.max_items": 9}

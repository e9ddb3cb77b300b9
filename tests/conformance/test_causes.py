"""What explains the most of what is refused is the cause, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from fluxframe.conformance import Outcome, Verdict
from fluxframe.conformance._causes import by_cause
from fluxframe.conformance._vectors import Change, Constraint, ModelVectors, Vector

# The accepted vectors of a made-up model, by what they are called: the constraint, and what is sent.
ACCEPTED: Mapping[str, tuple[str, Any]] = {
    "shape/values/free": ("shape/values", {"shape": "free", "wide": 7, "high": 7}),
    "shape/values/square": ("shape/values", {"shape": "square"}),
    "wide/minimum/at": ("wide/minimum", {"wide": 1, "shape": "free", "high": 7}),
    "wide/maximum/at": ("wide/maximum", {"wide": 9, "shape": "free", "high": 7}),
    "high/maximum/at": ("high/maximum", {"high": 9, "shape": "free", "wide": 7}),
    "size/type/ordinary": ("size/type", {"size": "1 MP"}),
    "size/quantity/at": ("size/quantity", {"size": "4 MP"}),
    "flag/type/is-true": ("flag/type", {"flag": True}),
    "many/type/is-one": ("many/type", {"many": 1}),
    "tags/min_items/at": ("tags/min_items", {"tags": ["a"]}),
    "tags/min_items/one-above": ("tags/min_items", {"tags": ["a", "b"]}),
    "tags.items/values/a": ("tags.items/values", {"tags": ["a"]}),
    "tags.items/values/b": ("tags.items/values", {"tags": ["b"]}),
}


def model() -> ModelVectors:
    constraints = {
        id: Constraint(id=id, kind=id.split("/")[1], parameter=id.split("/")[0])
        for id, _ in ACCEPTED.values()
    }
    vectors = {
        id: Vector(
            id=id,
            constraint=constraint,
            expect="accepted",
            base="least",
            changes=tuple(Change(at=(name,), value=value) for name, value in sent.items()),
            says=id,
        )
        for id, (constraint, sent) in ACCEPTED.items()
    }
    return ModelVectors(
        model="m",
        operation="o",
        method="POST",
        path="/",
        bases={"least": {}},
        constraints=constraints,
        vectors=vectors,
        packs=(),
    )


def causes(*refused: str) -> dict[str, set[str]]:
    """The constraints that are blamed, each for what, where some are refused."""
    outcomes = [
        Outcome(
            vector=id,
            constraint=constraint,
            verdict=Verdict.TIGHTER if id in refused else Verdict.PASS,
            expected="accepted",
            observed="refused" if id in refused else "accepted",
        )
        for id, (constraint, _) in ACCEPTED.items()
    ]
    found: dict[str, set[str]] = {}
    for outcome in by_cause(outcomes, [model()]):
        if outcome.verdict is Verdict.TIGHTER:
            found.setdefault(outcome.constraint, set()).add(outcome.vector)
    return found


@pytest.mark.parametrize(
    ("refused", "blamed"),
    [
        # A value that others are sent beside; 7 is as wide and as high in all of them.
        (
            ("shape/values/free", "wide/minimum/at", "wide/maximum/at", "high/maximum/at"),
            {"shape/values"},
        ),
        (("wide/maximum/at",), {"wide/maximum"}),
        (("wide/maximum/at", "high/maximum/at"), {"wide/maximum", "high/maximum"}),
        # An ordinary value tells nothing of its type.
        (("size/type/ordinary", "size/quantity/at"), {"size/quantity"}),
        (("size/type/ordinary",), {"size/type"}),
        # An item, and a list that is too short.
        (
            ("tags/min_items/at", "tags/min_items/one-above", "tags.items/values/a"),
            {"tags.items/values"},
        ),
        (("tags/min_items/at", "tags.items/values/a", "tags.items/values/b"), {"tags/min_items"}),
        # `true` is not 1.
        (("flag/type/is-true", "many/type/is-one"), {"flag/type", "many/type"}),
    ],
)
def test_the_cause_is_what_explains_the_most(refused: tuple[str, ...], blamed: set[str]) -> None:
    found = causes(*refused)
    assert found.keys() == blamed
    assert set().union(*found.values()) == set(refused)


def test_what_is_explained_has_the_verdict_of_its_cause() -> None:
    def outcome(id: str, verdict: Verdict, reading: str | None = None) -> Outcome:
        return Outcome(
            vector=id,
            constraint=ACCEPTED[id][0],
            verdict=verdict,
            reading=reading,
            expected="accepted",
            observed="refused",
        )

    told = by_cause(
        [
            outcome("size/type/ordinary", Verdict.TIGHTER),
            outcome("size/quantity/at", Verdict.DIFFERS, "oas"),
        ],
        [model()],
    )
    assert [(one.constraint, one.verdict, one.reading) for one in told] == [
        ("size/quantity", Verdict.DIFFERS, "oas")
    ] * 2

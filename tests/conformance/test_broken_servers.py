"""The servers that break one thing: each differs from one that breaks none, in that thing alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

import httpx
import pytest

from fluxframe.emulator import Emulator

from .mutants import App, Mutant, behaviour_mutants, constraint_mutants, document, mutants_of
from .mutants._document import credentials
from .mutants._patterns import parse, text_of, variants
from .mutants._tour import Step, Tour, client
from .mutants._values import Fits, requests_of

DOCUMENT = document()
FLUX = [model for model in DOCUMENT.models if model.family == "flux"]


def unbroken() -> App:
    return Emulator(job_seconds=0).app


def tour(app: App) -> list[Step]:
    async def walk() -> list[Step]:
        async with client(app) as http:
            return await Tour(DOCUMENT, FLUX[0], http).walk()

    return asyncio.run(walk())


async def statuses(http: httpx.AsyncClient, path: str, bodies: Sequence[Any]) -> list[int]:
    header, key = credentials(DOCUMENT, "tests")
    return [
        (await http.post(path, json=body, headers={header: key})).status_code for body in bodies
    ]


async def submitted(mutant: Mutant, others: Sequence[Mutant]) -> tuple[int, list[int], list[int]]:
    """The status of a mutant's witness, those of others on the same server, and on one without faults."""
    assert mutant.model is not None
    path = mutant.model.operation.path
    bodies = [mutant.witness, *(other.witness for other in others)]
    async with client(mutant.app(unbroken())) as http:
        first, *rest = await statuses(http, path, bodies)
    async with client(unbroken()) as http:
        _, *right = await statuses(http, path, bodies)
    return first, rest, right


def test_each_mutant_of_a_constraint_takes_what_is_wrong_or_refuses_what_is_right(
    chance: Random,
) -> None:
    for model in chance.sample(FLUX, 2):
        every = constraint_mutants(DOCUMENT, model)
        assert len({mutant.id for mutant in every}) == len(every)
        refused, taken = model.operation.error("BadRequest"), model.operation.status
        for mutant in chance.sample(every, 20):
            others = [m for m in every if m.id.split("/")[1] != mutant.id.split("/")[1]]
            status, rest, right = asyncio.run(submitted(mutant, chance.sample(others, 8)))
            assert status == (refused if mutant.right else taken), mutant.id
            if (
                not mutant.right
            ):  # One that refuses what is right may refuse what others are put into.
                assert rest == right, mutant.id


def test_a_mutant_of_one_model_leaves_the_others_as_they_are(chance: Random) -> None:
    every = [m for model in FLUX[1:] for m in constraint_mutants(DOCUMENT, model)]
    right = tour(unbroken())
    for mutant in chance.sample(every, 6):
        assert tour(mutant.app(unbroken())) == right, mutant.id


def test_each_mutant_of_an_operation_is_seen_on_a_walk_through_all_of_them(chance: Random) -> None:
    every = behaviour_mutants(DOCUMENT, FLUX[0])
    assert len({mutant.id for mutant in every}) == len(every)
    right = tour(unbroken())
    assert right == tour(unbroken())
    for mutant in chance.sample(every, 25):
        assert tour(mutant.app(unbroken())) != right, mutant.id


def test_every_constraint_of_every_model_has_mutants() -> None:
    """Hundreds for the Flux models; some of each kind of constraint that the document has."""
    assert len(mutants_of(DOCUMENT, "flux")) > 1000
    for model in DOCUMENT.models:
        least, most = requests_of(model)
        fits = Fits(model.schema)
        assert fits(least), model.id
        assert fits(most), model.id
    slugs = {m.id.split("/")[2] for model in FLUX for m in constraint_mutants(DOCUMENT, model)}
    for kind in ("minimum", "maximum", "min_length", "max_length", "min_items", "max_items"):
        for way in ("looser", "tighter", "ignored", "ignored-kept-only-alone"):
            assert f"{kind}-{way}" in slugs


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("^(?:[0-9]+:[0-9]+|custom)$", {"٣:٣", "0:0\n", "CUSTOM", " 0:0", "0:0x"}),
        (r"^(?:[1-3](?:\.[0-9]+)?|4) ?MP$", {"1x0MP", "5MP", "1MP\n", "1mp"}),
        (r"^v[0-9]{2}-(?:a|b)+$", {"v٣٣-a", "V00-A", "v00-a\n"}),
    ],
)
def test_variants_of_a_pattern_take_what_is_nearly_right(pattern: str, near: set[str]) -> None:
    right = Fits({"pattern": pattern})
    assert right(text_of(parse(pattern)))
    taken = {
        text
        for _, other, texts in variants(pattern)
        for text in texts
        if Fits({"pattern": other})(text) and not right(text)
    }
    assert near <= taken, near - taken

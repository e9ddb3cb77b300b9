"""The suite finds every server that breaks one thing, as its own cause, and nothing where nothing is broken.

A sample in each run; all of them by `nox -s conformance-mutants`.
"""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from .mutants import (
    Mutant,
    behaviour_mutants,
    constraint_mutants,
    document,
    mutants_of,
)
from .mutants._judge import blamed, judge, run, unbroken, under_latency

DOCUMENT = document()
FLUX = [model.id for model in DOCUMENT.models if model.family == "flux"]
# Each part has a worker of its own.
PARTS, OF_A_PART = 6, 7
CONTAINED = "fluxParams."


@pytest.mark.parametrize("part", range(PARTS))
def test_a_sample_of_mutants_is_found_each_as_its_own_cause(part: int, chance: Random) -> None:
    drawn = chance.sample(mutants_of(DOCUMENT, "flux"), OF_A_PART)
    judged = [judge(DOCUMENT, mutant, FLUX[:1]) for mutant in drawn]
    assert [str(one) for one in judged if not one.is_right] == []


@pytest.mark.parametrize(
    "id",
    [
        # What others are sent beside, or a base begins with, and what holds the members of others.
        "flux-2-pro/fluxParams/optional-needed",
        "flux-2-pro/fluxParams.width/maximum-tighter",
        "flux-2-pro/fluxParams.resolution/pattern-never-28",
        "flux-1.1-pro/fluxParams.aspect_ratio/pattern-without-option-1-1",
        "flux-2-pro/webhookEvents/min_items-tighter",
        "flux-2-pro/webhookEvents.[]/values-without-0",
        "midjourney-upsample/index/values-without-0",
    ],
)
def test_the_cause_is_told_from_what_it_brings_about(id: str) -> None:
    model = DOCUMENT.model(id.split("/")[0])
    (mutant,) = [each for each in constraint_mutants(DOCUMENT, model) if each.id == id]
    judged = judge(DOCUMENT, mutant)
    assert judged.is_right, str(judged)


def test_what_stands_beside_two_faults_is_not_blamed() -> None:
    """Each request that has the value `custom` has a width or a height that the server does not take."""
    model = DOCUMENT.model("flux-1.1-pro")
    ids = {f"{model.id}/fluxParams.{side}/minimum" for side in ("width", "height")}
    app = unbroken()
    for mutant in constraint_mutants(DOCUMENT, model):
        if mutant.id in {f"{id}-tighter" for id in ids}:
            app = mutant.app(app)
    assert set(blamed(asyncio.run(run(DOCUMENT, app, [model.id])))) == ids


def test_no_fault_is_found_where_there_is_none(chance: Random) -> None:
    """Ten runs, each with another latency and another order of answers."""
    for _ in range(10):
        report = under_latency(DOCUMENT, [chance.choice(FLUX)], chance.randrange(1 << 30))
        assert blamed(report) == ()
        assert report.exit_status == 0


def test_five_faults_of_one_server_are_told_apart(chance: Random) -> None:
    model = DOCUMENT.model(FLUX[0])
    by_path: dict[str, list[Mutant]] = {}
    for mutant in constraint_mutants(DOCUMENT, model):
        _, path, slug = mutant.id.split("/")
        if path.startswith(CONTAINED) and slug != "optional-needed":
            by_path.setdefault(path, []).append(mutant)
    faults = [chance.choice(by_path[path]) for path in chance.sample(sorted(by_path), 4)]
    faults.append(chance.choice([m for m in behaviour_mutants(DOCUMENT, model) if "jobs/" in m.id]))
    app = unbroken()
    for fault in faults:
        app = fault.app(app)
    found = blamed(asyncio.run(run(DOCUMENT, app, [model.id])))
    shown = [fault.id for fault in faults], found
    assert all(any(fault.blames(id) for id in found) for fault in faults), shown
    # Where the document has one pattern, the spec may have a list of values beside it: both are the fault's.
    assert all(any(fault.blames(id) for fault in faults) for id in found), shown

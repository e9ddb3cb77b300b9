"""Plans: what is chosen, in which order it is sent, and what it may cost."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.conformance import CannotRunError, Constraint, plan
from fluxframe.conformance._plan import dearest
from fluxframe.conformance._vectors import models, vectors_of

MODEL = "flux-2-pro"
VECTORS = vectors_of(MODEL)
CONSTRAINTS = list(VECTORS.constraints.values())


def test_all_of_a_model_is_planned_once() -> None:
    found = [id for id in plan(models=[MODEL]).vectors if id.startswith(f"{MODEL}/")]
    assert sorted(found) == sorted(VECTORS.vectors)


def test_what_is_free_should_be_refused_and_packs_accepted_the_cheapest_first() -> None:
    found = plan()
    assert all(v.expect == "refused" for each in found.free for v in each.vectors)
    assert all(v.expect == "accepted" for each in found.packs for v in each.vectors)
    credits = [pack.credits for pack in found.packs]
    assert credits == sorted(credits)
    costly = sum(sequence.costs for sequence in found.sequences)
    doubtful = sum(each.credits for each in found.doubtful)
    assert found.estimate == sum(credits) + doubtful + costly * found.dearest
    assert all(v.expect == "refused" for each in found.doubtful for v in each.vectors)


def test_what_is_free_no_source_says_is_accepted() -> None:
    free = [vector for each in plan().free for vector in each.vectors]
    assert all("accepted" not in vector.readings.values() for vector in free)
    assert all(vector.sure == "documented" for vector in free)


def test_a_price_that_no_source_tells_is_taken_to_be_the_highest() -> None:
    unknown = [id for id in models() if vectors_of(id).credits is None]
    known = [credits for id in models() if (credits := vectors_of(id).credits) is not None]
    assert dearest() == max(known)
    assert plan().assumed == dict.fromkeys(unknown, max(known))


@given(st.sampled_from(CONSTRAINTS), st.booleans())
def test_a_parameter_is_chosen_by_its_path_or_its_name(
    constraint: Constraint, by_name: bool
) -> None:
    path = constraint.parameter
    if not path:
        return
    name = path.rpartition(".")[2] if by_name else path
    found = plan(models=[MODEL], parameters=[name], vectors=[f"{MODEL}/*"])
    chosen = {VECTORS.vectors[id].constraint for id in found.vectors}
    assert constraint.id in chosen
    assert all(name in (c, c.rpartition(".")[2]) for c in (id.split("/")[1] for id in chosen))


@given(st.sets(st.sampled_from(sorted({c.kind for c in CONSTRAINTS})), min_size=1))
def test_kinds_are_chosen(kinds: set[str]) -> None:
    found = plan(models=[MODEL], kinds=sorted(kinds), vectors=[f"{MODEL}/*"])
    wanted = {
        vector.id
        for vector in VECTORS.vectors.values()
        if VECTORS.constraints[vector.constraint].kind in kinds
    }
    assert set(found.vectors) == wanted


@given(st.sampled_from(sorted(VECTORS.vectors)), st.data())
def test_vectors_are_chosen_by_patterns(id: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(id)))
    pattern = f"{id[:start]}*" if start < len(id) else id
    found = set(plan(models=[MODEL], vectors=[pattern]).vectors)
    assert id in found
    assert all(fnmatchcase(each, pattern) for each in found)


def test_a_part_of_a_pack_is_a_pack() -> None:
    whole = next(pack for pack in plan(models=[MODEL]).packs if len(pack.vectors) > 2)
    chosen = [vector.id for vector in whole.vectors[:2]]
    (pack,) = plan(models=[MODEL], vectors=chosen).packs
    assert [vector.id for vector in pack.vectors] == chosen
    assert pack.id == whole.id


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"models": ["flux-2-po"]}, "there is no model 'flux-2-po'; did you mean flux-2-pro?"),
        ({"parameters": ["widht"]}, "there is no parameter 'widht'; did you mean width?"),
        ({"kinds": ["maxmum"]}, "there is no kind 'maxmum'; did you mean maximum?"),
        ({"vectors": ["nothing"]}, "no vector is of all that was chosen"),
        ({"kinds": ["xyz"]}, "there is no kind 'xyz'; expected "),
    ],
)
def test_what_does_not_exist_is_told(chosen: dict[str, list[str]], words: str) -> None:
    with pytest.raises(CannotRunError) as caught:
        plan(**chosen)
    assert words in str(caught.value)


def test_a_model_that_is_named_twice_is_planned_once() -> None:
    once = plan(models=[MODEL])
    assert plan(models=[MODEL, MODEL]).vectors == once.vectors
    assert plan(models=MODEL).vectors == once.vectors


@given(st.lists(st.sampled_from(models()), min_size=1, max_size=3, unique=True))
def test_no_job_is_made_of_a_model_that_is_not_chosen(chosen: list[str]) -> None:
    found = plan(models=chosen)
    parents = {
        id for model in map(vectors_of, chosen) if model.parent for id in model.parent.models
    }
    made = {each.model.model for each in found.submissions}
    assert made <= {*chosen, *parents}
    values = {
        text
        for model in (*chosen, *parents)
        for text in vectors_of(model).bases["least"].values()
        if isinstance(text, str)
    }
    for sequence in found.sequences:
        if sequence.costs:
            for step in sequence.steps:
                assert "body" not in step or not values.isdisjoint(map(str, step["body"].values()))

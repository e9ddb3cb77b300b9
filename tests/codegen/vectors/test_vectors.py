"""Every vector is what it says: by the document, by the spec and by the client, for all models."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest

from codegen.emit.tree import GENERATED
from codegen.emit.vectors import cases
from codegen.spec.constraints import KINDS
from codegen.spec.load import load, resolve
from fluxframe._check import check_wire
from fluxframe.conformance import _vectors

from ...second_api.conftest import SPEC as SECOND
from ..few import FILES as ALL_FILES
from ..few import WHOLE, few
from ..test_many_models import copied
from ..test_readings import FILES as EVERY_KIND
from .checks import Emitted, body, is_own, missing_sides

ALL = Emitted(WHOLE)
EVERY = Emitted(resolve({**few("flux-2-pro"), **EVERY_KIND}))
OTHER = Emitted(load(SECOND))
SPECS = pytest.mark.parametrize(
    "emitted",
    [
        pytest.param(ALL, id="all models"),
        pytest.param(EVERY, id="every kind"),
        pytest.param(OTHER, id="second API"),
    ],
)
FLUX = [id for id, model in WHOLE.models.items() if model.family == "flux"]


@SPECS
def test_the_document_says_the_same(emitted: Emitted) -> None:
    wrong = [
        vector["id"]
        for file, vector, request in emitted.vectors()
        if emitted.fits_the_document(file["operation"], request) != (vector["expect"] == "accepted")
    ]
    assert not wrong


@SPECS
def test_a_refused_one_breaks_its_constraint_alone(emitted: Emitted) -> None:
    for file, vector, request in emitted.vectors():
        found = emitted.broken(emitted.spec.models[file["model"]], request)
        if vector["expect"] == "accepted":
            assert not found, vector["id"]
        else:
            assert is_own(found, file["constraints"][vector["constraint"]]), (vector["id"], found)


def test_the_client_says_the_same() -> None:
    for id in _vectors.models():
        made = _vectors.vectors_of(id)
        for vector in made.vectors.values():
            problems = check_wire(made.body(vector.base, vector)).problems
            assert bool(problems) == (vector.expect == "refused"), (vector.id, problems)


@SPECS
def test_each_constraint_has_vectors_on_both_sides(emitted: Emitted) -> None:
    assert missing_sides(emitted) == []


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_a_kind_without_boundary_values_is_missed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [
        replace(kind, boundaries=lambda limit, beside: iter(())) if kind.name == name else kind
        for kind in KINDS
    ]
    monkeypatch.setattr(cases, "KINDS", without)
    missing = missing_sides(Emitted(EVERY.spec))
    assert missing
    assert all(line.endswith(f"/{name}") for line in missing)


@SPECS
def test_bases_are_right_and_have_all_that_there_is(emitted: Emitted) -> None:
    for id, file in emitted.models.items():
        model = emitted.spec.models[id]
        for request in file["bases"].values():
            assert emitted.fits_the_document(file["operation"], request), id
            assert not emitted.broken(model, request), id
        least = file["bases"]["least"]
        for name in least:
            shorter = {key: value for key, value in least.items() if key != name}
            assert not emitted.fits_the_document(file["operation"], shorter), (id, name)


def test_any_two_values_are_beside_each_other_in_some_base() -> None:
    """Of those of the bases, and where no rule leaves one of them out."""
    for id in FLUX:
        bases = ALL.models[id]["bases"]
        rows = [base["fluxParams"] for name, base in bases.items() if name != "least"]
        found = {
            name: [json.dumps(row[name]) for row in rows] for name in WHOLE.models[id].parameters
        }
        for one, values in found.items():
            for other, others in found.items():
                pairs = {*zip(values, others, strict=True)}
                if one != other:
                    assert len(pairs) == len({*values}) * len({*others}), (id, one, other)


@SPECS
def test_ids_and_requests_are_there_once(emitted: Emitted) -> None:
    ids = Counter(vector["id"] for _, vector, _ in emitted.vectors())
    assert ids.most_common(1)[0][1] == 1
    refused = Counter(
        json.dumps([file["model"], request], sort_keys=True)
        for file, vector, request in emitted.vectors()
        if vector["expect"] == "refused" and len(json.dumps(vector)) < 10_000
    )
    assert refused.most_common(1)[0][1] == 1
    for file, vector, _ in emitted.vectors():
        assert vector["constraint"] in file["constraints"]
        assert vector["id"].startswith(f"{vector['constraint']}/")


def test_ids_stay_when_limits_move() -> None:
    moved = few("flux-2-pro")
    path = WHOLE.models["flux-2-pro"].file
    text = moved[path].decode()
    for before, after in (("maximum: 2048", "maximum: 1999"), ("max_items: 8", "max_items: 9"),
                          ("unit: MP, maximum: 4", "unit: MP, maximum: 5")):  # fmt: skip
        assert before in text
        text = text.replace(before, after)
    before_ids = [vector["id"] for _, vector, _ in Emitted(resolve(few("flux-2-pro"))).vectors()]
    after_ids = [
        vector["id"] for _, vector, _ in Emitted(resolve({**moved, path: text.encode()})).vectors()
    ]
    assert before_ids == after_ids


@SPECS
def test_packs_hold_all_that_is_accepted_and_any_part_of_one_is_right(emitted: Emitted) -> None:
    chance = Random(0)
    for id, file in emitted.models.items():
        known = {vector["id"]: vector for vector in file["vectors"]}
        held = [name for pack in file["packs"] for name in pack["vectors"]]
        assert Counter(held) == Counter(
            vector["id"] for vector in file["vectors"] if vector["expect"] == "accepted"
        )
        for pack in file["packs"]:
            chosen = [known[name] for name in pack["vectors"]]
            parts = [chance.sample(chosen, chance.randint(1, len(chosen))) for _ in range(5)]
            for part in (chosen, *parts):
                request = body(file, pack["base"], *part)
                assert not emitted.broken(emitted.spec.models[id], request)
                assert emitted.fits_the_document(file["operation"], request), (id, part)
            for vector in chosen:  # Each is still in it.
                again = body(file, pack["base"], *chosen, vector)
                assert again == body(file, pack["base"], *chosen), vector["id"]


@SPECS
def test_they_are_few(emitted: Emitted) -> None:
    for id, file in emitted.models.items():
        said = file["constraints"].values()
        listed = sum(len(c["limit"]) for c in said if c["kind"] == "values")
        assert len(file["vectors"]) <= 4 * len(said) + listed + 8, id
        refused = Counter(v["constraint"] for v in file["vectors"] if v["expect"] == "refused")
        assert max(refused.values()) <= 8, id
        # No two values of one parameter can share a request.
        values: dict[str, set[str]] = {}
        for vector in file["vectors"]:
            for change in vector["changes"] if vector["expect"] == "accepted" else ():
                values.setdefault(json.dumps(change["at"]), set()).add(json.dumps(change))
        assert len(file["packs"]) <= 2 + max(map(len, values.values())), id
    for id in FLUX:
        assert len(ALL.models[id]["packs"]) <= 6, id


def test_a_model_more_changes_nothing_of_the_others() -> None:
    def counts(files: dict[str, bytes]) -> list[int]:
        return [len(file["vectors"]) for file in Emitted(resolve(files)).models.values()]

    few_models, many_models = (counts(copied(few("flux-2-pro"), "flux-2-pro", n)) for n in (2, 12))
    assert {*few_models} == {*many_models}
    assert len(many_models) == len(few_models) + 10


@SPECS
def test_files_are_of_their_schema(emitted: Emitted) -> None:
    schema = json.loads(emitted.files["schema.json"])
    for path, data in emitted.files.items():
        if path != "schema.json":
            part = {"index.json": "index", "places.json": "places", "api.json": "api"}.get(
                path, "model"
            )
            whole = {"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]}
            jsonschema_rs.validate(whole, json.loads(data))
            jsonschema_rs.validate(schema, json.loads(data))


def test_they_are_emitted_twice_with_the_same_bytes() -> None:
    folder, inside = GENERATED / "vectors", GENERATED / "fluxframe" / "_emitted" / "vectors"

    def bytes_of(root: Path) -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }

    assert bytes_of(folder) == bytes_of(inside)
    assert {**bytes_of(folder), **ALL.files} == bytes_of(folder)
    assert [*_vectors.models()] == [*ALL.models]


@SPECS
def test_a_vector_is_a_line(emitted: Emitted) -> None:
    for id, file in emitted.models.items():
        lines = emitted.files[f"models/{id}.json"].decode().split("\n")
        entries = [line.rstrip(",") for line in lines]
        for vector in file["vectors"]:
            assert json.dumps(vector, ensure_ascii=False) in entries


def test_places_are_where_the_limits_are() -> None:
    places: dict[str, Any] = json.loads(ALL.files["places.json"])
    lines = {f"spec/{path}": data.decode().splitlines() for path, data in ALL_FILES.items()}
    kinds = {kind.name for kind in KINDS}
    api = json.loads(ALL.files["api.json"])
    ids = {id for file in (*ALL.models.values(), api) for id in file["constraints"]}
    assert {*places} == ids
    for id, (path, line) in places.items():
        kind = id.rpartition("/")[2]
        text = lines[path][line - 1]
        if kind in kinds and id.partition("/")[0] in ALL.models:
            assert f"{kind}:" in text, (id, text)
    width = places["flux-2-pro/fluxParams.width/maximum"]
    assert width[0] == "spec/models/flux/flux-2-pro.yaml"
    assert lines[width[0]][width[1] - 1].strip() == "maximum: 2048"


def test_a_comment_in_the_spec_moves_places_and_nothing_else() -> None:
    files = few("flux-2-pro")
    path = WHOLE.models["flux-2-pro"].file
    before, after = (
        Emitted(resolve({**files, path: text + files[path]})).files
        for text in (b"", b"# A comment.\n")
    )
    assert {name for name in before if before[name] != after[name]} == {"places.json"}


def test_other_sources_expect_what_they_read() -> None:
    known = {vector["id"]: vector for _, vector, _ in ALL.vectors()}
    pro = "flux-2-pro/fluxParams"
    images = known[f"{pro}.input_images/max_items/one-above"]
    assert images["expect"] == "refused"
    assert (images["sure"], images["readings"]) == ("readings", {"oas": "accepted"})
    size = known[f"{pro}.resolution/quantity/at"]
    assert size["readings"] == {"oas": "refused", "use": "refused"}
    assert "readings" not in known[f"{pro}.width/maximum/one-above"]
    for vector in known.values():
        other = "refused" if vector["expect"] == "accepted" else "accepted"
        assert {*vector.get("readings", {}).values()} <= {other}
        assert (vector.get("sure") == "readings") <= bool(vector.get("readings"))


def test_a_long_text_is_told_and_sent_alone() -> None:
    file = ALL.models["midjourney-inpaint"]
    longest = [
        vector
        for vector in file["vectors"]
        if any(change.get("times", 0) > 1_000_000 for change in vector["changes"])
    ]
    assert {vector["expect"] for vector in longest} == {"accepted", "refused"}
    for pack in file["packs"]:
        if {*pack["vectors"]} & {vector["id"] for vector in longest}:
            assert len(pack["vectors"]) == 1
    assert len(ALL.files["models/midjourney-inpaint.json"]) < 50_000

"""The sequences of operations: sound as data, and every operation and constraint has some."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from codegen.emit.vectors.sequences import sequences
from codegen.emit.vectors.sequences_schema import API_SCHEMA
from codegen.emit.vectors.sequences_texts import texts
from codegen.spec.load import load, resolve
from codegen.spec.patterns import matched
from codegen.spec.schema import Schema
from codegen.spec.whole import Spec

from ...emulator.test_another_api import ATELIER

SECOND = Path(__file__).parents[2] / "second_api" / "spec"
PARTS = {f"{n}.yaml": yaml.safe_dump(part).encode() for n, part in yaml.safe_load(ATELIER).items()}
SPECS = {"ours": load(), "second": load(SECOND), "atelier": resolve(PARTS)}
# What is not the cause of a sequence of its own, but is told when an answer is looked at.
TOLD_BESIDE = ("answer", "refusal", "new-job", "checked")


@pytest.fixture(params=SPECS)
def spec(request: pytest.FixtureRequest) -> Spec:
    return SPECS[str(request.param)]


def test_the_schema_is_that_of_the_file(spec: Spec) -> None:
    jsonschema_rs.meta.validate(API_SCHEMA)
    whole = json.loads(json.dumps(sequences(spec)))
    faults = [*jsonschema_rs.validator_for(API_SCHEMA).iter_errors(whole)]
    assert [f"{fault.instance_path}: {fault.message}" for fault in faults] == []


def test_ids_are_told_once_and_references_lead_somewhere(spec: Spec) -> None:
    whole = sequences(spec)
    known = whole["constraints"].keys()
    ids = Counter(sequence["id"] for sequence in whole["sequences"])
    assert [id for id, times in ids.items() if times > 1] == []
    for sequence in whole["sequences"]:
        assert sequence["id"].startswith(f"{sequence['constraint']}/")
        assert {sequence["constraint"], *sequence["needs"]} <= known
        assert sequence["constraint"] not in sequence["needs"]
        for step in sequence["steps"]:
            blamed = {reply["constraint"] for reply in step["expect"].values()}
            assert blamed - {None} <= known
            assert step.get("otherwise", sequence["constraint"]) in known
            assert step["operation"] in spec.operations
    for operation in whole["operations"].values():
        replies = [*operation["success"].values(), *operation["errors"].values()]
        assert {reply["constraint"] for reply in replies} <= known
    assert {*whole["job"]["constraints"].values()} <= known


def test_what_is_needed_comes_before(spec: Spec) -> None:
    whole = sequences(spec)["sequences"]
    stages = [sequence["stage"] for sequence in whole]
    assert stages == sorted(stages)
    assert all((sequence["stage"] > 0) == ("jobs" in sequence) for sequence in whole)


def test_every_operation_and_constraint_has_sequences(spec: Spec) -> None:
    whole = sequences(spec)
    operations = {step["operation"] for s in whole["sequences"] for step in s["steps"]}
    assert operations == spec.operations.keys()
    tested = {sequence["constraint"] for sequence in whole["sequences"]}
    tested |= {*whole["job"]["constraints"].values()}
    untested = whole["constraints"].keys() - tested
    assert {id for id in untested if not id.startswith("api/")} == {
        id for id in untested if id.rpartition("/")[2] in TOLD_BESIDE
    }


def test_nothing_that_is_free_is_to_be_paid(spec: Spec) -> None:
    """No submission that a server takes is sent, but where it says so or is a repeated one."""
    for sequence in sequences(spec)["sequences"]:
        for step in sequence["steps"]:
            if spec.kind_of(spec.operations[step["operation"]]) != "submit":
                continue
            taken = any(status.startswith("2") for status in step["expect"])
            repeated = step.get("body") == "{job.body}"
            assert sequence["costs"] or repeated or not taken, sequence["id"]
    paid = [sequence for sequence in sequences(spec)["sequences"] if sequence["costs"]]
    assert len(paid) <= len(spec.submissions())


def test_more_models_are_no_more_sequences() -> None:
    spec = SPECS["ours"]
    few = {id: model for id, model in spec.models.items() if id in ("flux-2-pro", "flux-2-max")}
    fewer = Spec(
        spec.api, spec.sources, spec.formats, spec.objects, spec.operations, spec.families, few
    )
    count = len(sequences(spec)["sequences"])
    assert count <= len(sequences(fewer)["sequences"]) + 5
    assert count < 40 * len(spec.operations)


TEXTS: list[dict[str, Any]] = [
    {"type": "integer", "minimum": 1, "maximum": 100},
    {"type": "integer"},
    {"type": "number", "minimum": 0.5, "maximum": 2},
    {"type": "boolean"},
    {"type": "string", "values": ["one", "two"]},
    {"type": "string", "format": "uuid"},
    {"type": "string", "min_length": 2, "max_length": 5},
    {"type": "string"},
]


@pytest.mark.parametrize("said", TEXTS, ids=json.dumps)
def test_texts_are_as_they_are_said_to_be(said: dict[str, Any]) -> None:
    schema, spec = Schema.model_validate(said), SPECS["ours"]

    def fits(text: str) -> bool:
        match schema.type:
            case "integer" | "number":
                try:
                    number = int(text) if schema.type == "integer" else float(text)
                except ValueError:
                    return False
                least, most = schema.minimum, schema.maximum
                return (least is None or number >= least) and (most is None or number <= most)
            case "boolean":
                return text in ("true", "false")
        if schema.values is not None:
            return text in schema.values
        if schema.format is not None:
            return matched(spec.formats[schema.format].pattern, text) is True
        return (schema.min_length or 0) <= len(text) <= (schema.max_length or 9)

    found = [*texts(spec, schema)]
    assert [text.text for text in found if fits(text.text) is not text.accepted] == []
    assert len({(text.kind, text.slug) for text in found}) == len(found)
    if len(said) > 1:
        assert {text.accepted for text in found} == {True, False}

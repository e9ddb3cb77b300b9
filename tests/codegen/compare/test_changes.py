"""Drift tells every change of a document, where it is, and tells it once; and none of what is unchanged."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.compare.documents import Json
from codegen.compare.drift import Drift
from codegen.compare.findings import Finding, Topic
from codegen.compare.verdicts import Verdict
from codegen.emit import openapi
from codegen.spec.load import load

# One model of each family, of which the others are compared in the same way.
ALL = load()
WHOLE = replace(ALL, models={m.id: m for m in {m.family: m for m in ALL.models.values()}.values()})
OWN = openapi.build(WHOLE)
SOURCE = next(iter(WHOLE.sources))
COMPARED = Drift(WHOLE, SOURCE)
MODEL = next(iter(WHOLE.models.values()))


def operation(kind: str) -> tuple[str, str, str]:
    """The name, method and path of an operation of a kind, as the document writes it."""
    name = next(n for n, each in WHOLE.operations.items() if WHOLE.kind_of(each) == kind)
    return name, WHOLE.operations[name].method.lower(), WHOLE.operations[name].path


def at(document: Json, *path: str) -> Any:
    """What is at a path of a document."""
    for step in path:
        document = document[step]
    return document


def told(change: Callable[[Json], object]) -> list[Finding]:
    """The news of our own document with a change."""
    document = copy.deepcopy(OWN)
    change(document)
    return [finding for finding in COMPARED.of(document) if finding.news]


def shown(kind: str) -> str:
    _, method, path = operation(kind)
    return f"{method.upper()} {path}"


JOB = WHOLE.api.job.object
STATUS = WHOLE.roles(JOB)["status"][-1]
SUBMIT, GET, LIST = operation("submit"), operation("job"), operation("jobs")
REQUEST = openapi.request_class(MODEL)


def submit(document: Json) -> Json:
    found: Json = at(document, "paths", SUBMIT[2], SUBMIT[1])
    return found


def enum_of_a_status(document: Json) -> list[str]:
    """The statuses of a job, which may be anywhere."""
    schemas = document["components"]["schemas"]
    status = schemas[JOB]["properties"][STATUS]
    while "enum" not in status:
        named = status.get("$ref", "").rpartition("/")[2]
        status = schemas[named] if named else status["anyOf"][0]
    values: list[str] = status["enum"]
    return values


class Case(NamedTuple):
    """A change, and what is told of it."""

    change: Callable[[Json], object]
    topic: Topic
    where: str
    what: str
    constraint: str
    verdict: Verdict


CASES = {
    "a status added": Case(
        lambda d: enum_of_a_status(d).append("PAUSED"),
        *(Topic.OBJECT, JOB, STATUS, "values", Verdict.LOOSER),
    ),
    "a status gone": Case(
        lambda d: enum_of_a_status(d).pop(),
        *(Topic.OBJECT, JOB, STATUS, "values", Verdict.TIGHTER),
    ),
    "an operation removed": Case(
        lambda d: at(d, "paths", LIST[2]).pop(LIST[1]),
        *(Topic.OPERATION, shown("jobs"), "", "whole", Verdict.ONLY_OURS),
    ),
    "an operation more": Case(
        lambda d: at(d, "paths", LIST[2]).update(delete={"responses": {}}),
        *(Topic.OPERATION, f"DELETE {LIST[2]}", "", "whole", Verdict.ONLY_THEIRS),
    ),
    "another method": Case(
        lambda d: at(d, "paths", LIST[2]).update(patch=at(d, "paths", LIST[2]).pop(LIST[1])),
        *(Topic.OPERATION, shown("jobs"), "", "whole", Verdict.ONLY_OURS),
    ),
    "the auth header renamed": Case(
        lambda d: at(d, "components", "securitySchemes", "apiKey").update(name="X-Other"),
        *(Topic.OPERATION, shown("submit"), "auth", "whole", Verdict.CONTRADICTORY),
    ),
    "no auth": Case(
        lambda d: submit(d).update(security=[]),
        *(Topic.OPERATION, shown("submit"), "auth", "whole", Verdict.ONLY_OURS),
    ),
    "202 to 200": Case(
        lambda d: submit(d)["responses"].update({"200": submit(d)["responses"].pop("202")}),
        *(Topic.OPERATION, shown("submit"), "success", "whole", Verdict.CONTRADICTORY),
    ),
    "an error gone": Case(
        lambda d: submit(d)["responses"].pop("402"),
        *(Topic.OPERATION, shown("submit"), "error 402", "whole", Verdict.ONLY_OURS),
    ),
    "an error more": Case(
        lambda d: submit(d)["responses"].update({"418": {"description": ""}}),
        *(Topic.OPERATION, shown("submit"), "error 418", "whole", Verdict.ONLY_THEIRS),
    ),
    "no body of an answer": Case(
        lambda d: at(d, "paths", GET[2], GET[1], "responses", "200").pop("content"),
        *(Topic.OPERATION, shown("job"), "answer 200", "whole", Verdict.ONLY_OURS),
    ),
    "the length of a header": Case(
        lambda d: submit(d)["parameters"][-1]["schema"].update(maxLength=256),
        *(
            *(Topic.OPERATION, shown("submit"), f"header {WHOLE.api.idempotency.header}"),
            *("length", Verdict.LOOSER),
        ),
    ),
    "a header that has to be there": Case(
        lambda d: submit(d)["parameters"][-1].update(required=True),
        *(
            *(Topic.OPERATION, shown("submit"), f"header {WHOLE.api.idempotency.header}"),
            *("required", Verdict.TIGHTER),
        ),
    ),
    "the server": Case(
        lambda d: d["servers"][0].update(url="https://other.example"),
        *(Topic.OPERATION, shown("submit"), "server", "whole", Verdict.CONTRADICTORY),
    ),
    "a step before all paths": Case(
        lambda d: d.update(paths={f"/gateway{path}": item for path, item in d["paths"].items()}),
        *(Topic.OPERATION, shown("submit"), "server", "whole", Verdict.CONTRADICTORY),
    ),
    "a limit of a query": Case(
        lambda d: query(d, "limit")["schema"].update(maximum=101),
        *(Topic.OPERATION, shown("jobs"), "query limit", "range", Verdict.LOOSER),
    ),
    "a default of a query": Case(
        lambda d: query(d, "limit")["schema"].update(default=21),
        *(Topic.OPERATION, shown("jobs"), "query limit", "default", Verdict.CONTRADICTORY),
    ),
    "no default of a query": Case(
        lambda d: query(d, "limit")["schema"].pop("default"),
        *(Topic.OPERATION, shown("jobs"), "query limit", "default", Verdict.ONLY_OURS),
    ),
    "a query gone": Case(
        lambda d: at(d, "paths", LIST[2], LIST[1])["parameters"].remove(query(d, "limit")),
        *(Topic.OPERATION, shown("jobs"), "query limit", "whole", Verdict.ONLY_OURS),
    ),
    "a member gone": Case(
        lambda d: job(d)["properties"].pop(WHOLE.roles(JOB)["created_at"][-1]),
        *(Topic.OBJECT, JOB, WHOLE.roles(JOB)["created_at"][-1], "whole", Verdict.ONLY_OURS),
    ),
    "a member more": Case(
        lambda d: job(d)["properties"].update(queue={"type": "string"}),
        *(Topic.OBJECT, JOB, "queue", "whole", Verdict.ONLY_THEIRS),
    ),
    "a member that may be missing": Case(
        lambda d: job(d)["required"].remove("id"),
        *(Topic.OBJECT, JOB, "id", "required", Verdict.LOOSER),
    ),
    "a member that may be null": Case(
        lambda d: job(d)["properties"]["id"].update(type=["string", "null"]),
        *(Topic.OBJECT, JOB, "id", "nullable", Verdict.LOOSER),
    ),
    "a member of another type": Case(
        lambda d: job(d)["properties"].update(id={"type": "integer"}),
        *(Topic.OBJECT, JOB, "id", "type", Verdict.CONTRADICTORY),
    ),
    "a body that may be missing": Case(
        lambda d: submit(d)["requestBody"].update(required=False),
        *(Topic.OPERATION, shown("submit"), "body", "required", Verdict.LOOSER),
    ),
    "a body of another kind": Case(
        lambda d: submit(d)["requestBody"]["content"].update(
            {"text/csv": submit(d)["requestBody"]["content"].pop("application/json")}
        ),
        *(Topic.OPERATION, shown("submit"), "body", "whole", Verdict.CONTRADICTORY),
    ),
}


def job(document: Json) -> Json:
    found: Json = at(document, "components", "schemas", JOB)
    return found


def query(document: Json, role: str) -> Json:
    """The parameter of the list of jobs that has a role."""
    named = next(n for n, s in WHOLE.operations[LIST[0]].query.items() if s.role == role)
    parameters: list[Json] = at(document, "paths", LIST[2], LIST[1], "parameters")
    return next(each for each in parameters if each["name"] == named)


def test_nothing_is_told_of_the_same() -> None:
    assert not told(lambda document: None)


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_at_its_place(name: str) -> None:
    change, *place = CASES[name]
    found = told(change)
    assert tuple(place) in {
        (f.topic, where, f.what, f.constraint, f.verdict) for f in found for where in f.where
    }
    assert_once(found)
    few = {"another method"}
    assert len(found) == (2 if name in few else 1)


def test_another_api_is_compared_too() -> None:
    spec = load(Path(__file__).parents[2] / "second_api" / "spec")
    compared, document = Drift(spec, next(iter(spec.sources))), openapi.build(spec)
    assert {finding.verdict for finding in compared.of(document)} == {Verdict.AGREES}
    for scheme in document["components"]["securitySchemes"].values():
        scheme["scheme"] = "basic"
    (found,) = (finding for finding in compared.of(document) if finding.news)
    asked = [f"{o.method} {o.path}" for o in spec.operations.values() if o.authenticated]
    assert (found.what, found.where) == ("auth", tuple(asked))


RULES: dict[str, Json] = {
    "minProperties": {"minProperties": 3},
    "if and then": {"if": {"required": ["seed"]}, "then": {"required": ["steps"]}},
    "dependentRequired": {"dependentRequired": {"webhookEvents": ["webhookUrl"]}},
    "not": {"not": {"required": ["webhookUrl"]}},
    "one or the other": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    "all of": {"allOf": [{"minProperties": 3}]},
    "propertyNames": {"propertyNames": {"maxLength": 10}},
    "patternProperties": {"patternProperties": {"^x": {"type": "string"}}},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("part", ["request", "parameters"])
def test_a_rule_of_the_request_for_a_model_is_told(rule: str, part: str) -> None:
    model = next(m for m in WHOLE.models.values() if WHOLE.container(m) and m.parameters)
    name = openapi.request_class(model) if part == "request" else openapi.params_class(model)
    found = told(lambda d: add(d["components"]["schemas"][name], RULES[rule]))
    what = "" if part == "request" else WHOLE.container(model)
    assert [(f.where, f.what, f.constraint, f.verdict) for f in found] == [
        ((model.id,), what, "rules", Verdict.DIFFERS)
    ]


def add(schema: Json, rule: Json) -> None:
    """Add a rule to those that a schema has."""
    for keyword, value in rule.items():
        schema[keyword] = [*schema.get(keyword, []), *value] if keyword == "allOf" else value


@pytest.mark.parametrize("part", ["request", "parameters"])
def test_that_other_members_may_come_is_told(part: str) -> None:
    model = next(m for m in WHOLE.models.values() if WHOLE.container(m))
    name = openapi.request_class(model) if part == "request" else openapi.params_class(model)
    found = told(lambda d: d["components"]["schemas"][name].update(additionalProperties=True))
    assert [(f.where, f.constraint, f.verdict) for f in found] == [
        ((model.id,), "members", Verdict.LOOSER)
    ]


def test_models_that_one_of_both_lacks_are_told() -> None:
    def renamed(document: Json) -> None:
        schema = document["components"]["schemas"][REQUEST]
        tag = WHOLE.discriminator(WHOLE.request_object(MODEL))
        schema["properties"][tag]["const"] = "model-9"
        for each in document["components"]["schemas"].values():
            mapping = each.get("discriminator", {}).get("mapping", {})
            if WHOLE.discriminator_value(MODEL) in mapping:
                mapping["model-9"] = mapping.pop(WHOLE.discriminator_value(MODEL))

    found = told(renamed)
    assert {(f.topic, f.where, f.verdict) for f in found} == {
        (Topic.MODEL, (MODEL.id,), Verdict.ONLY_OURS),
        (Topic.MODEL, ("model-9",), Verdict.ONLY_THEIRS),
    }


# Any limit anywhere

_NUMBERS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems"),
)
# What says nothing of what is allowed, or is not of what any operation takes or answers.
_UNREAD = ("examples", "example", "description", "summary", "discriminator", "info", "openapi")


def limits(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every limit in a document."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from limits(inner, (*path, index))
        return
    if not isinstance(value, dict):
        return
    members = path[-1:] in (("properties",), ("schemas",), ("responses",))
    for key, inner in value.items():
        if not members and (key in _UNREAD or key.startswith("x-")):
            continue
        if not members and changed(key, inner) is not None:
            yield (*path, key)
        yield from limits(inner, (*path, key))


def changed(key: str, limit: Any) -> Any:
    """Another limit in the place of one; None if it is not one."""
    if key in _NUMBERS and isinstance(limit, int | float):
        return limit + 1
    if key == "enum":
        return [*limit, "another"] if isinstance(limit[0], str) else [*limit, max(limit) + 1]
    if key == "required" and isinstance(limit, list):
        return limit[1:]
    if key == "additionalProperties" and isinstance(limit, bool):
        return not limit
    if key == "uniqueItems":
        return not limit
    if key == "pattern":
        return f"{limit}x"
    if key == "format":
        return "another"
    if key == "default":
        return (
            []
            if isinstance(limit, list)
            else not limit
            if isinstance(limit, bool)
            else another(limit)
        )
    return None


def another(value: Any) -> Any:
    return f"{value}x" if isinstance(value, str) else value + 1


def used(document: Json) -> set[str]:
    """The schemas that something refers to."""
    return set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(document)))


PLACES = [
    path for path in limits(OWN) if path[:2] != ("components", "schemas") or path[2] in used(OWN)
]


def assert_once(found: list[Finding]) -> None:
    keys = [(f.topic, w, f.what, f.constraint) for f in found for w in f.where]
    assert len(keys) == len(set(keys))


@settings(max_examples=30)  # Each compares two whole documents.
@given(st.data())
def test_a_limit_that_changes_is_told_once(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PLACES))

    def change(document: Json) -> None:
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = changed(path[-1], holder[path[-1]])

    found = told(change)
    assert found
    assert_once(found)

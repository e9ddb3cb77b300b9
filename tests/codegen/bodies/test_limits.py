"""The constraints of a document's parameters are those of the spec, or TODOs."""

from __future__ import annotations

from pathlib import Path

import pytest

from .documents import Json, Run, container, document, parameters, variant, written


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 9}, {"minimum": 1, "maximum": 9}),
        ({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5}, {"exclusive_minimum": 0, "multiple_of": 0.5}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"exclusive_minimum": 1}),
        ({"type": "string", "enum": ["a", "b"]}, {"values": ["a", "b"]}),
        ({"const": "a"}, {"type": "string", "values": ["a"]}),
        ({"anyOf": [{"type": "number", "enum": [1]}, {"type": "number", "enum": [2]}]}, {"type": "number", "values": [1, 2]}),
        ({"type": "string", "pattern": r"^\d+:\d+$"}, {"format": "ratio"}),
        ({"type": "string", "format": "uri"}, {"format": "absolute_url"}),
        ({"type": "string", "format": "uuid"}, {"format": "uuid"}),
        ({"type": "string", "pattern": "^[a-z]+$"}, {"pattern": "[a-z]+"}),
        ({"type": "string", "pattern": r"^(?:\d+:\d+|auto|a\.b)$"}, {"format": "ratio", "values": ["auto", "a.b"]}),
        ({"type": ["string", "null"], "maxLength": 9}, {"nullable": True, "max_length": 9}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"type": "integer", "nullable": True}),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"nullable": True, "values": ["a"]}),
        ({"type": "boolean", "default": False}, {"default": False}),
        (
            {"type": ["array", "null"], "items": {"type": "string", "format": "uri"}, "minItems": 1, "maxItems": 4, "uniqueItems": True, "default": []},
            {"items": {"type": "string", "format": "absolute_url"}, "nullable": True, "min_items": 1, "max_items": 4, "unique_items": True, "default": []},
        ),
        (
            {"type": ["string", "integer"], "maxLength": 3, "minimum": 1, "enum": ["a", 4]},
            {"any_of": [{"type": "string", "values": ["a"], "max_length": 3}, {"type": "integer", "values": [4], "minimum": 1}]},
        ),
        ({"allOf": [{"type": "number", "maximum": 7}, {"type": "integer"}], "maximum": 9}, {"type": "integer", "maximum": 7}),
        (
            container(x={"type": "integer", "minimum": 0}, y={"type": "integer"}) | {"required": ["x"]},
            {"type": "object", "properties": {"x": {"type": "integer", "minimum": 0, "required": True}, "y": {"type": "integer"}}},
        ),
        (
            {"anyOf": [{"type": "string", "format": "uri"}, {"type": "array", "items": {"type": "string"}}]},
            {"any_of": [{"type": "string", "format": "absolute_url"}, {"type": "array", "items": {"type": "string"}}]},
        ),
    ],
)  # fmt: skip
def test_a_constraint_is_that_of_the_spec(schema: Json, said: Json, run: Run, folder: Path) -> None:
    found = parameters(run, folder, wings=schema)["wings"]
    assert {key: found.get(key) for key in said} == said
    assert found.keys() - said.keys() <= {"type", "summary"}
    text = (folder / "models/bird/robin-1.yaml").read_text(encoding="utf-8")
    assert all(
        "example" in line or "what it is" in line for line in text.splitlines() if "TODO: " in line
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "hue"},
        {"type": "string", "pattern": "^a|b$"},
        {"type": "array", "items": {"type": "string"}, "contains": {"const": "a"}},
        {"type": "array", "items": {"type": "string", "format": "hue"}},
        {"type": "integer", "maxLength": 3},
        {"type": "string", "enum": ["a"], "pattern": "^b$"},
        {"type": "string", "not": {"const": "a"}},
        {"type": "object", "properties": {}, "minProperties": 1},
        {"type": "number", "default": {"a": 1}},
        {"anyOf": [{"type": "string", "format": "hue"}, {"type": "integer"}]},
        {"maximum": 3},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string"}]},
    ],
)
def test_what_the_spec_cannot_say_is_a_todo(schema: Json, run: Run, folder: Path) -> None:
    parameters(run, folder, wings=schema)
    text = (folder / "models/bird/robin-1.yaml").read_text(encoding="utf-8")
    todos = [line.strip() for line in text.splitlines() if line.startswith("    # TODO: ")]
    assert len(todos) >= 1
    last = [key for key in schema if key not in ("type", "items", "anyOf", "properties")]
    keys = last or ["format", "anyOf", "additionalProperties"]
    assert any(f"{key}: " in todo for key in keys for todo in todos)


def test_rules_of_a_container_are_requirements_or_todos(run: Run, folder: Path) -> None:
    params = container(
        size={"type": "string", "enum": ["own", "big"]},
        width={"type": "integer"},
        mask={"type": "string"},
        image={"type": "string"},
    )
    params["allOf"] = [
        {"if": {"required": ["size"], "properties": {"size": {"const": "own"}}}, "then": {"required": ["width"]}},
        {"if": {"required": ["mask"]}, "then": {"required": ["image"]}},
        {"if": {"required": ["image"]}, "then": {"maxProperties": 2}},
    ]  # fmt: skip
    assert run(document(variant("robin-1", birdParams=params)), "robin-1") == 0
    text = (folder / "models/bird-params/robin-1.yaml").read_text(encoding="utf-8")
    found = written(folder, "models/bird-params/robin-1.yaml")["parameters"]
    assert found["size"]["requires"] == [{"when": "own", "parameter": "width", "enforced": True}]
    assert found["mask"]["requires"] == [{"parameter": "image", "enforced": True}]
    assert '# TODO: {"if": {"required": ["image"]}, "then": {"maxProperties": 2}}' in text


def test_a_schema_that_leads_to_itself_is_read_to_a_depth(run: Run, folder: Path) -> None:
    tree = container(left={"$ref": "#/components/schemas/tree"}, size={"type": "integer"})
    wings = container(nest={"$ref": "#/components/schemas/tree"})
    assert run(document(variant("robin-1", birdParams=wings), tree=tree), "robin-1") == 0
    text = (folder / "models/bird-params/robin-1.yaml").read_text(encoding="utf-8")
    assert 'left: schema: {"type": "object"}' in text

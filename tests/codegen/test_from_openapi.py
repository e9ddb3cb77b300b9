"""`new-model --from-openapi` and `new-family`: files drafted from the bodies of an OpenAPI document."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.bodies.draft import Known, draft
from codegen.bodies.read import bodies
from codegen.bodies.schemas import Document
from codegen.emit.openapi import build
from codegen.spec.document import parse
from codegen.spec.load import SPEC as SPEC_FOLDER
from codegen.spec.load import load
from codegen.spec.model import Model
from codegen.spec.schema import Parameter
from codegen.spec.whole import Spec

Json: TypeAlias = dict[str, Any]
SPEC = load()
SUBMISSION = next(iter(SPEC.submissions()))
OPERATION = SPEC.operations[SUBMISSION]
FIELDS = SPEC.objects[SPEC.submissions()[SUBMISSION]].properties or {}
DISCRIMINATOR = SPEC.discriminator(SPEC.submissions()[SUBMISSION])
FIELD = next(name for name, each in FIELDS.items() if each.role == "prompt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the spec."""
    return Path(shutil.copytree(SPEC_FOLDER, tmp_path / "spec"))


Run: TypeAlias = Callable[..., int]


@pytest.fixture
def run(folder: Path) -> Run:
    """The command on a document; returns its exit status."""

    def command(document: Json | str, *arguments: str) -> int:
        file = folder.parent / "api.json"
        text = document if isinstance(document, str) else json.dumps(document)
        file.write_text(text, encoding="utf-8")
        given = ["--spec", str(folder), "new-model", "--from-openapi", str(file), *arguments]
        return main(given)

    return command


def container(**members: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "properties": members}


def variant(name: str, member: str = DISCRIMINATOR, /, **members: Json) -> Json:
    named = {member: {"type": "string", "const": name}}
    return {**container(**named, **members), "required": [member]}


def document(*variants: Json, path: str = OPERATION.path, **components: Json) -> Json:
    media = {"application/json": {"schema": {"oneOf": list(variants)}}}
    return {
        "openapi": "3.1.0",
        "paths": {path: {"post": {"requestBody": {"content": media}}}},
        "components": {"schemas": components},
    }


def prompt(**changed: Any) -> Json:
    field = FIELDS[FIELD]
    limits = {"minLength": field.min_length, "maxLength": field.max_length}
    return {"type": "string", **limits, **changed}


def written(folder: Path, path: str) -> Json:
    data = (folder / path).read_bytes()
    value: Any = parse(path, data).value
    return dict(value)


def parameters(run: Run, folder: Path, **members: Json) -> Json:
    """What the file of a model says of parameters that a document has."""
    body = variant("robin-1", **{FIELD: prompt(), "birdParams": container(**members)})
    body["required"].append(FIELD)
    assert run(document(body), "robin-1", "--family", "bird") == 0
    family = written(folder, "families/bird.yaml")["parameters"]
    model = written(folder, "models/bird/robin-1.yaml")["parameters"]
    return {
        name: {
            **family.get(name, {}),
            **{key: value for key, value in said.items() if key != "source"},
        }
        for name, said in model.items()
    }


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
        ({"type": ["string", "null"], "maxLength": 9}, {"nullable": True, "max_length": 9}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"type": "integer", "nullable": True}),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"nullable": True, "values": ["a"]}),
        ({"type": "boolean", "default": False}, {"default": False}),
        (
            {"type": ["array", "null"], "items": {"type": "string", "format": "uri"}, "minItems": 1, "maxItems": 4, "uniqueItems": True, "default": []},
            {"items": {"type": "string", "format": "absolute_url"}, "nullable": True, "min_items": 1, "max_items": 4, "unique_items": True, "default": []},
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/none"}, {"type": "integer", "maximum": 7}], "maximum": 9},
            None,
        ),
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
def test_a_constraint_is_that_of_the_spec(
    schema: Json, said: Json | None, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if said is None:
        body = variant("robin-1", birdParams=container(wings=schema))
        assert run(document(body), "robin-1") == 1
        assert "leads nowhere" in capsys.readouterr().err
        return
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
    ],
)
def test_what_the_spec_cannot_say_is_a_todo(schema: Json, run: Run, folder: Path) -> None:
    parameters(run, folder, wings=schema)
    text = (folder / "models/bird/robin-1.yaml").read_text(encoding="utf-8")
    todos = [line.strip() for line in text.splitlines() if line.startswith("    # TODO: ")]
    assert len(todos) >= 1
    last = [key for key in schema if key not in ("type", "items", "anyOf")][-1:] or ["format"]
    assert any(f"{last[0]}: " in todo for todo in todos)


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


def test_fields_that_differ_are_said_and_those_that_are_missing_too(run: Run, folder: Path) -> None:
    longer = variant("robin-1", **{FIELD: prompt(maxLength=5000), "birdParams": container()})
    longer["required"].append(FIELD)
    bare = variant("robin-2", birdParams=container())
    optional = variant("robin-3", **{FIELD: prompt(), "birdParams": container()})
    assert run(document(longer, bare, optional), "--all") == 0
    models = [written(folder, f"models/bird-params/robin-{n}.yaml") for n in (1, 2, 3)]
    others = [name for name in FIELDS if name not in (FIELD, DISCRIMINATOR)]
    assert models[0]["fields"] == {FIELD: {"max_length": 5000, "source": {"oas": FIELD}}}
    assert models[0]["without"] == others
    assert "fields" not in models[1]
    assert models[1]["without"] == [FIELD, *others] or set(models[1]["without"]) == {FIELD, *others}
    assert models[2]["fields"][FIELD]["required"] is False


def test_bodies_are_told_apart_by_any_member_and_may_have_no_container(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turn = variant("turn", "deed", angle={"type": "integer", "maximum": 360})
    turn["required"].append("angle")
    flip = variant("flip", "deed", twice={"type": "boolean"})
    whole = document(turn, flip, path="/birds/deed")
    whole["paths"]["/names"] = {
        "post": {"requestBody": {"content": {"application/json": {"schema": container(a={})}}}}
    }
    assert run(whole, "bird-turn", "--prefix", "bird-", "--operation", "/birds/deed") == 0
    model = written(folder, "models/bird/bird-turn.yaml")
    assert (model["id"], model["discriminator"], model["family"]) == ("bird-turn", "turn", "bird")
    assert model["parameters"]["angle"]["required"] is True
    family = written(folder, "families/bird.yaml")
    assert "container" not in family
    assert set(family["parameters"]) == {"angle", "twice"}
    assert "operations.yaml has no POST /birds/deed" in capsys.readouterr().err
    assert run(whole, "--all", "--prefix", "bird-", "--family", "bird") == 0
    error = capsys.readouterr().err
    assert "POST /names names no model" in error
    assert "bird-flip.yaml" in error
    assert "wrote" in error
    assert "bird-turn.yaml" not in error


def test_a_family_of_the_spec_takes_its_models(run: Run, folder: Path) -> None:
    name, family = next((n, f) for n, f in SPEC.families.items() if f.container and f.parameters)
    members = {
        key: {"type": shared.type} for key, shared in family.parameters.items() if not shared.items
    }
    own = container(**members, plumage={"type": "string", "description": "Colour of  feathers."})
    body = variant("robin-1", **{str(family.container): own})
    assert run(document(body, path=SPEC.operations[family.operation].path), "robin-1") == 0
    model = written(folder, f"models/{name}/robin-1.yaml")
    key = next(iter(members))
    assert "type" not in model["parameters"][key]
    assert model["parameters"]["plumage"]["type"] == "string"
    assert model["parameters"]["plumage"]["summary"] == "Colour of feathers."


def test_examples_of_the_document_are_those_of_the_model(run: Run, folder: Path) -> None:
    whole = document(variant("robin-1", birdParams=container()), variant("robin-2"))
    content = whole["paths"][OPERATION.path]["post"]["requestBody"]["content"]
    request = {DISCRIMINATOR: "robin-1", "birdParams": {}}
    content["application/json"]["examples"] = {"robin-1.red": {"summary": "Red", "value": request}}
    assert run(whole, "robin-1") == 0
    assert written(folder, "models/bird-params/robin-1.yaml")["examples"] == {
        "red": {"summary": "Red", "request": request, "source": {"oas": "examples.robin-1.red"}}
    }


BIRDS = document(variant("robin-1", birdParams=container(a={"type": "string"})), variant("wren"))


@pytest.mark.parametrize(
    ("given", "arguments", "message"),
    [
        (BIRDS, ("robin-2",), "no body of the document is named `robin-2`; did you mean `robin-1`?"),
        (BIRDS, (), "say either the model's ID or --all"),
        (BIRDS, ("robin-1", "--all"), "say either the model's ID or --all"),
        (BIRDS, ("robin-1", "--source", "aos"), "`aos` is not a source; did you mean `oas`?"),
        (BIRDS, ("robin-1", "--operation", "/x"), f"no models at /x; it has some at {OPERATION.path}"),
        (BIRDS, ("../robin",), "`../robin` is not an id"),
        ("{}", ("robin-1",), "is not an OpenAPI 3 document"),
        ("<html>", ("robin-1",), "is HTML or XML"),
        (document(variant("../x", birdParams=container()), variant("b")), ("--all",), "`../x` is not an id"),
        (document({"$ref": "#/components/schemas/a"}, a={"$ref": "#/components/schemas/a"}), ("a",), "leads to itself"),
        (document({"$ref": "#/components/schemas/a"}), ("a",), "#/components/schemas/a leads nowhere"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_writes_nothing(
    given: Json | str,
    arguments: tuple[str, ...],
    message: str,
    run: Run,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(folder.rglob("*"))
    assert run(given, *arguments) == 1
    assert message in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_nothing_is_overwritten_and_nothing_half_written_stays(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rename, calls = Path.rename, iter(range(9))

    def fail(self: Path, target: Path) -> Path:
        if next(calls) == 1:
            raise OSError("the disk is full")
        return rename(self, target)

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(Path, "rename", fail)
    assert run(BIRDS, "robin-1") == 1
    assert "the disk is full" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before
    assert run(BIRDS, "robin-1") == 0
    path = folder / "models/bird-params/robin-1.yaml"
    path.write_text("id: mine\n", encoding="utf-8")
    assert run(BIRDS, "robin-1") == 1
    assert "left as it is" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "id: mine\n"


def test_a_new_family_is_begun(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--spec", str(folder), "new-family", "bird"]
    assert (
        main([*command, "--title", "Bird", "--container", "birdParams", "--operation", SUBMISSION])
        == 0
    )
    family = written(folder, "families/bird.yaml")
    assert (family["id"], family["title"], family["vendor"]) == ("bird", "Bird", "TODO")
    assert (family["operation"], family["container"]) == (SUBMISSION, "birdParams")
    assert "TODO: who makes its models" in capsys.readouterr().err
    assert main(command) == 1
    assert "exists already" in capsys.readouterr().err
    assert main([*command[:-1], "wren", "--operation", f"{SUBMISSION}x"]) == 1
    assert f"did you mean `{SUBMISSION}`?" in capsys.readouterr().err


NUMBERS = st.integers(-5, 20)
TEXTS = st.text("abc", min_size=1, max_size=3)


def bounds(low: str, high: str) -> st.SearchStrategy[Json]:
    least = st.integers(0, 9)
    return st.fixed_dictionaries({}, optional={low: least, high: least.map(lambda n: n + 10)})


def _schemas(depth: int = 2) -> st.SearchStrategy[Json]:
    """Schemas of the spec with each kind of constraint that a document has a keyword for."""
    numbers = st.sampled_from(["integer", "number"]).flatmap(
        lambda kind: st.one_of(
            bounds("minimum", "maximum"),
            bounds("exclusive_minimum", "exclusive_maximum"),
            st.just({"multiple_of": 2}),
            st.lists(NUMBERS, min_size=1, unique=True).map(lambda values: {"values": values}),
        ).map(lambda said: {"type": kind, **said})
    )
    texts = st.one_of(
        bounds("min_length", "max_length"),
        st.lists(TEXTS, min_size=1, unique=True).map(lambda values: {"values": values}),
        st.sampled_from(sorted(SPEC.formats)).map(lambda name: {"format": name}),
        st.sampled_from(["[a-z]+", "a|b", "(?:a|b)c"]).map(lambda pattern: {"pattern": pattern}),
    ).map(lambda said: {"type": "string", **said})
    scalars = st.one_of(numbers, texts, st.just({"type": "boolean"}))
    if depth == 0:
        return scalars
    inner = _schemas(depth - 1)
    lists = st.tuples(bounds("min_items", "max_items"), inner).map(
        lambda pair: {"type": "array", "items": pair[1], **pair[0]}
    )
    objects = st.dictionaries(TEXTS, st.tuples(inner, st.booleans()), min_size=1, max_size=3).map(
        lambda members: {
            "type": "object",
            "properties": {
                n: {**s, **({"required": True} if r else {})} for n, (s, r) in members.items()
            },
        }
    )
    return st.one_of(scalars, lists, objects)


@given(
    st.dictionaries(
        TEXTS, st.tuples(_schemas(), st.booleans(), st.booleans()), min_size=1, max_size=4
    )
)
def test_what_we_emit_comes_back(drawn: dict[str, tuple[Json, bool, bool]]) -> None:
    family_id, family = next((n, f) for n, f in SPEC.families.items() if f.container)
    said = {
        name: {
            **schema,
            **({"required": True} if required else {}),
            **({"nullable": True} if nullable else {}),
        }
        for name, (schema, required, nullable) in drawn.items()
    }
    model = next(m for m in SPEC.models.values() if m.family == family_id)
    changed = model.model_copy(
        update={
            "parameters": {n: Parameter.model_validate(s) for n, s in said.items()},
            "examples": {},
        }
    )
    spec = _with_model(changed)
    whole = Document(json.loads(json.dumps(build(spec))))
    requests = {n: spec.objects[n].properties or {} for n in spec.submissions().values()}
    known = Known(spec.formats, spec.operations, requests, spec.families)
    found, _ = bodies(whole)
    body = next(each for each in found if each.value == model.id)
    result = draft(whole, body, known)
    assert result.container == family.container
    assert [line for line in result.unread if not line.startswith("x-")] == []
    assert (result.fields, result.without) == ({}, [])
    assert {n: [_plain(limits.said), limits.unread] for n, limits in result.parameters.items()} == {
        name: [_plain(schema), []] for name, schema in said.items()
    }


def _plain(schema: Json) -> Json:
    """A schema as a document gives it back: members have no notes, and their order does not count."""
    return {
        key: {name: _plain(inner) for name, inner in value.items()}
        if key == "properties"
        else _plain(value)
        if key == "items"
        else value
        for key, value in schema.items()
        if key != "summary"
    }


def _with_model(model: Model) -> Spec:
    return Spec(
        api=SPEC.api,
        sources=SPEC.sources,
        formats=SPEC.formats,
        objects=SPEC.objects,
        operations=SPEC.operations,
        families=SPEC.families,
        models={model.id: model},
    )

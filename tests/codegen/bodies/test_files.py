"""`new-model --from-openapi` and `new-family`: which files are begun, and what they say beside limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.__main__ import main

from .documents import (
    DISCRIMINATOR,
    FIELD,
    FIELDS,
    OPERATION,
    SPEC,
    SUBMISSION,
    Json,
    Run,
    container,
    document,
    prompt,
    variant,
    written,
)


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
        (document(*[variant(str(n)) for n in range(2001)]), ("a",), "has more than 2000 variants"),
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

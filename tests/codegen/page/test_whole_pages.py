"""A whole page, of a family and an operation that the spec has or lacks, becomes a model that loads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from codegen.page.compose import ModelText
from codegen.page.imported import imported
from codegen.spec.document import parse
from codegen.spec.load import SPEC as SPEC_FOLDER
from codegen.spec.load import load
from codegen.spec.pieces import RefusalError

TEXT = {"type": "string", "summary": "Said elsewhere."}
KILN: dict[str, Any] = {
    "id": "kiln",
    "title": "Kiln",
    "vendor": "Potter",
    "operation": "images.generate",
    "container": "kilnParams",
    "source": {"page": "kilnParams"},
    "parameters": {
        "glazeId": {"type": "string", "format": "uuid", "summary": "A glaze of one's own."},
        "shape": {"type": "string", "role": "aspect_ratio", "summary": "Shape."},
        "size": {"type": "string", "summary": "Size."},
        "width": {"type": "integer", "role": "width", "summary": "Width."},
        "photos": {
            "type": "array",
            "items": {"type": "string", "format": "absolute_url"},
            "role": "reference",
            "summary": "Photographs.",
        },
        "plates": {"type": "integer", "role": "count", "summary": "How many."},
        "heat": {"type": "number", "summary": "Heat."},
    },
}
REGLAZE = (
    KILN
    | {"id": "reglaze", "operation": "plates.reglaze", "container": None}
    | {"parameters": {"photo": TEXT | {"role": "reference"}, "gloss": TEXT}}
)
OPERATION = """
plates.reglaze:
  method: POST
  path: /v2/plates/{kind}/reglaze
  summary: Glaze a plate again.
  path_parameters: {kind: {type: string, required: true, summary: Which kind.}}
  body: {request: ReglazeRequest}
  success: {status: 202, object: JobAccepted}
  errors: [400]
  source: {page: plates}
"""
OBJECT = """
ReglazeRequest:
  summary: What plates.reglaze takes.
  extends: Request
  source: {page: plates}
  properties:
    verb: {type: string, required: true, role: discriminator, summary: Which.}
"""
ROWS = [
    ("glazeId", "string (uuid)", "Required. The id of a glaze."),
    ("shape", "string", "One of 1:1, 4:3, 3:4."),
    ("size", "string", '"small" (default) or "large". Use "own" for a width of your own'),
    ("width", "integer", 'Width in pixels (100–900). Only used when size is "own"'),
    ("photos", "string[]", "Up to 3 photographs (nullable)"),
    ("plates", "integer", "Plates to fire (1–4, default 1)"),
    ("heat", "number", "Heat in [0, 1]"),
    ("substring", "string", "Text on the plate, max 40 characters"),
    ("is_number", "boolean", "Whether the text is a number"),
    ("finish", "string", "matt, silk, or gloss."),
]
REQUEST = {"model": "kiln-2", "prompt": "a plate", "kilnParams": {"plates": 2}}
CURL = f"curl https://api.example.com/v2/images/generate \\\n  -d '{json.dumps(REQUEST, indent=2)}'"
RESULT = '{\n"images": [\n"https://example.com/1.png"\n]\n}images has a URL for each plate.'
RUN = "\n".join(
    ["KilnKiln Docs", "PlatesKiln", "", "Kiln 2", "", "Fires plates of any shape.", ""]
    + ['POST /v2/images/generatemodel: "kiln-2"', "", "The second kiln, which is hotter.", ""]
    + ["Parameters of the model", "", "ParameterTypeDescription"]
    + ["".join((f"kilnParams.{name}", *rest)) for name, *rest in ROWS]
    + ["", "Credit cost", "", "3 credits per output image. A request with plates: 2 costs 6."]
    + ["", "Example result", "", RESULT, "", "Example", "", CURL, "import requests"]
)
PIPES = "\n".join(
    ["Kiln 2", "Fires plates of any shape.", 'POST /v2/images/generate — model: "kiln-2"']
    + ["The second kiln, which is hotter.", "See the overview.", "Parameters of the model"]
    + ["| Parameter | Type | Description |", "|---|---|---|"]
    + [f"kilnParams.{' | '.join(row)} |" for row in ROWS]
    + ["Credit cost", "Credits are 3 per image, multiplied by plates.", "| plates | Credits |"]
    + ["|---|---|", "| 1 | 3 |", "| 2 | 6 |", "Example result", RESULT]
    + ["Code examples", CURL + "import requests"]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the spec with two more families, an operation and its request."""
    folder = Path(shutil.copytree(SPEC_FOLDER, tmp_path / "spec"))
    for name, more in (("operations", OPERATION), ("objects", OBJECT)):
        with (folder / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write(more)
    for family in (KILN, REGLAZE):
        _add_family(folder, family)
    return folder


def _add_family(folder: Path, family: dict[str, Any]) -> None:
    said = {key: value for key, value in family.items() if value is not None}
    path = folder / "families" / f"{family['id']}.yaml"
    path.write_text(json.dumps(said), encoding="utf-8")


def begun(
    folder: Path, page: str, id: str = "kiln-2", family: str | None = None
) -> tuple[dict[str, Any], ModelText]:
    """The model of a page, which is written where it belongs."""
    file = folder.parent / "page.txt"
    file.write_text(page, encoding="utf-8")
    belongs, text = imported(file, folder, id, None, family)
    path = folder / "models" / belongs.id / f"{id}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.text, encoding="utf-8")
    value: Any = parse(str(path), text.text.encode()).value
    return value, text


@pytest.mark.parametrize("page", [RUN, PIPES], ids=["run together", "pipes"])
def test_a_whole_page_is_read(page: str, folder: Path) -> None:
    value, text = begun(folder, page)
    assert text.todos == []
    parameters = {
        name: {key: said for key, said in parameter.items() if key != "source"}
        for name, parameter in value["parameters"].items()
    }
    new = {"substring": "string", "is_number": "boolean", "finish": "string"}
    summaries = {name: parameters[name].pop("summary") for name in new}
    assert all(summaries.values())
    assert parameters == {
        "glazeId": {"required": True},
        "shape": {"values": ["1:1", "4:3", "3:4"]},
        "size": {
            "values": ["small", "large", "own"],
            "requires": [{"when": "own", "parameter": "width"}],
            "default": "small",
        },
        "width": {"minimum": 100, "maximum": 900, "used_when": {"size": "own"}},
        "photos": {"max_items": 3, "nullable": True},
        "plates": {"minimum": 1, "maximum": 4, "default": 1},
        "heat": {"minimum": 0, "maximum": 1},
        "substring": {"type": "string", "max_length": 40},
        "is_number": {"type": "boolean"},
        "finish": {"type": "string", "values": ["matt", "silk", "gloss"]},
    }
    pages = {name: parameter["source"]["page"] for name, parameter in value["parameters"].items()}
    assert pages == {name: said for name, _, said in ROWS}
    assert {key: value[key] for key in ("id", "title", "family", "summary", "description")} == {
        "id": "kiln-2",
        "title": "Kiln 2",
        "family": "kiln",
        "summary": "Fires plates of any shape.",
        "description": "The second kiln, which is hotter.",
    }
    assert value["source"] == {"page": 'POST /v2/images/generate, model: "kiln-2"'}
    price = value["price"]
    assert price.pop("source")["page"]
    assert price == {"credits": 3, "times": "plates"}
    assert [one["request"] for one in value["examples"].values()] == [REQUEST]
    assert not {"operation", "result", "count"} & value.keys()


def test_a_result_with_another_member_is_of_another_kind(folder: Path) -> None:
    page = PIPES.replace("\n]\n}images", '\n],\n"gridUrl": "https://example.com/g.png"\n}It')
    page = page.replace(
        "See the", "It always makes 4 plates, and always generates 4 images. See the"
    )
    value, text = begun(folder, page)
    assert (value["result"], value["count"], text.todos) == ("grid", 4, [])
    value, text = begun(folder, page.replace("gridUrl", "sheetUrl"))
    assert "result" not in value
    assert ["sheetUrl" in words for _, words in text.todos] == [True]


def test_a_page_of_another_operation_goes_to_it(folder: Path) -> None:
    page = PIPES.replace("/images/generate — model", "/plates/:kind/reglaze — verb")
    request = {"verb": "kiln-2", "kilnParams": {"photos": ["https://example.com/1.png"]}}
    page = page.replace(json.dumps(REQUEST, indent=2), json.dumps(request))
    value, text = begun(folder, page)
    assert (value["operation"], text.todos) == ("plates.reglaze", [])
    assert value["source"] == {"page": 'POST /v2/plates/:kind/reglaze, verb: "kiln-2"'}
    assert {n: one["request"] for n, one in value["examples"].items()} == {
        "edit_with_references": request
    }


def test_a_page_without_a_container_is_of_the_family_of_its_operation(folder: Path) -> None:
    head = 'Reglaze\nGlazes a plate again.\nPOST /v2/plates/{kind}/reglaze — verb: "reglaze"\n'
    rows = "| Name | Type | Description |\n|-|-|-|\n| photo | string | Required. URL |\n"
    value, _ = begun(folder, f"{head}{rows}| gloss | string | Gloss |", "reglaze")
    assert (value["family"], {*value["parameters"]}) == ("reglaze", {"photo", "gloss"})
    assert "operation" not in value
    run = f"{head}\nNameTypeDescription\nphotostringRequired. URL\nglossstringGloss\n"
    value, _ = begun(folder, run, "reglaze")
    assert {*value["parameters"]} == {"photo", "gloss"}


def test_what_a_page_says_of_a_field_of_every_request_is_its_own(folder: Path) -> None:
    head = "| Parameter | Type | Description |\n|---|---|---|\n"
    row = "| prompt | string | Required. Up to 5,000 characters |\n"
    value, text = begun(folder, PIPES.replace(head, head + row))
    assert value["fields"] == {
        "prompt": {"max_length": 5000, "source": {"page": "Required. Up to 5,000 characters"}}
    }
    assert text.todos == []
    value, text = begun(folder, PIPES.replace(head, head + row.replace("5,000", "2,000")))
    assert "fields" not in value
    value, text = begun(folder, PIPES.replace(head, head + row.replace("Up to", "Some")))
    assert [words for _, words in text.todos] == ["Some 5,000 characters"]


def test_a_page_may_name_a_model_by_the_end_of_its_id(folder: Path) -> None:
    request = {"verb": "gloss", "photo": "https://example.com/1.png"}
    page = 'Gloss\nGlazes a plate again.\nPOST /v2/plates/{kind}/reglaze — verb: "gloss"\nShine.\n'
    page += "| Name | Type | Description |\n| prompt | string | Words |\n| photo | string | URL |\n"
    page += f"| webhookUrl | string | URL |\n\nExample\ncurl -d '{json.dumps(request)}'"
    value, text = begun(folder, page, "plate-gloss")
    assert value["discriminator"] == "gloss"
    # What requests of this operation have is left out; of another it may be a parameter.
    assert {*value["parameters"]} == {"photo", "prompt"}
    assert [one["request"] for one in value["examples"].values()] == [request]
    assert text.todos == []
    value, text = begun(folder, page, "plate-matt", "reglaze")
    assert "discriminator" not in value
    assert any("another model" in words for _, words in text.todos)


def test_an_operation_that_the_spec_lacks_is_told(folder: Path) -> None:
    value, text = begun(folder, PIPES.replace("/images/generate —", "/images/fire —"))
    assert "operation" not in value
    (todo,) = (words for _, words in text.todos)
    assert todo.startswith("POST /v2/images/fire: no operation takes requests there")
    assert "POST /v2/images/generate" in todo


def test_the_family_is_the_one_with_the_container_of_the_page(folder: Path) -> None:
    page = PIPES.replace("kilnParams", "ovenParams")
    with pytest.raises(
        RefusalError, match=r"no family has the container `ovenParams`; .*new-family"
    ):
        begun(folder, page)
    _add_family(folder, KILN | {"id": "oven", "container": "ovenParams"})
    assert begun(folder, page)[0]["family"] == "oven"
    assert begun(folder, PIPES)[0]["family"] == "kiln"


def test_of_families_with_the_same_container_the_operation_tells_one(folder: Path) -> None:
    _add_family(folder, KILN | {"id": "oven"})
    with pytest.raises(RefusalError, match=r"any of the families kiln, oven; say which"):
        begun(folder, PIPES)
    assert begun(folder, PIPES, family="oven")[0]["family"] == "oven"
    _add_family(folder, KILN | {"id": "oven", "operation": "plates.reglaze"})
    assert begun(folder, PIPES)[0]["family"] == "kiln"


def test_a_model_of_a_page_without_todos_loads(folder: Path) -> None:
    """With an example that has all that is required."""
    example = json.dumps(
        REQUEST | {"kilnParams": {"glazeId": "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"}}
    )
    (folder / "families" / "reglaze.yaml").unlink()
    for name, more in (("operations", OPERATION), ("objects", OBJECT)):
        path = folder / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(more, ""), encoding="utf-8")
    begun(folder, PIPES.replace(json.dumps(REQUEST, indent=2), example))
    model = load(folder).models["kiln-2"]
    assert model.price is not None
    assert model.price.times == "plates"
    assert model.parameters["glazeId"].format == "uuid"

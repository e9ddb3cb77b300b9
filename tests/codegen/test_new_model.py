"""`new-model`: what a page says of a model is read, and what can't be read is never guessed."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.commands import new_model as command
from codegen.page import reader as page
from codegen.spec import model as spec
from codegen.spec.diagnostics import SpecError
from codegen.spec.document import parse
from codegen.spec.load import SPEC, load

WHOLE = load()
FLUX = WHOLE.families["flux"]
MODELS = sorted(WHOLE.models)
HEADER = ("Parameter", "Type", "Description")
Rows = list[tuple[str, ...]]

# ------------------------------------------------------------------------- pages, in each form


def words(parameter: spec.Schema) -> str:
    """The words of a parameter's own row: the first that its source has."""
    said = parameter.source["page"]
    return said if isinstance(said, str) else said[0]


def type_words(parameter: spec.Schema) -> str:
    inner = parameter.items.type if parameter.items else ""
    return f"{inner}[]" if parameter.type == "array" else str(parameter.type)


def rows(model: spec.Model) -> Rows:
    return [
        (f"fluxParams.{name}", type_words(parameter), words(parameter))
        for name, parameter in model.parameters.items()
    ]


def curl(request: dict[str, Any], indent: int) -> str:
    body = json.dumps(request, ensure_ascii=False, indent=indent).replace("'", "'\\''")
    return f"curl -X POST https://api.example.com/v2/images/generate \\\n  -H \"A: b\" \\\n  -d '{body}'"


OTHER_CODE = 'import requests\n# A comment\nrequests.post(\njson={\n"a": True,\n},\n)\nprint(response.json());'


def run_together(model: spec.Model, table: Rows) -> str:
    lines = ["Apiframe Docs", "Image GenerationFlux", "", model.title, "", model.summary, ""]
    lines += ["Use in Studio", "", f'POST /v2/images/generatemodel: "{model.id}"', ""]
    lines += [model.description, "", "Model-specific parameters", "", "".join(HEADER)]
    lines += ["".join(row) for row in table] + ["", "Code examples", ""]
    for example in model.examples.values():
        lines += [example.summary, "", curl(example.request, 2), OTHER_CODE, ""]
    return "\n".join([*lines, "Try it"])


def bare_pipes(model: spec.Model, table: Rows) -> str:
    lines = ["Image GenerationFlux", model.title, model.summary]
    lines += [f'POST /v2/images/generate — model: "{model.id}"', model.description]
    lines += ["See the overview.", f"| {' | '.join(HEADER)} |", "|---|---|---|"]
    lines += [" | ".join([*row[:2], escaped(row[2])]) + " |" for row in table]
    lines.append("Code examples")
    for example in model.examples.values():
        lines += [example.summary, curl(example.request, 0) + OTHER_CODE]
    return "\n".join(lines) + "Try it"


def escaped(text: str) -> str:
    return re.sub(r"([\\`*\[\]|<])", r"\\\1", text)


def markdown(model: spec.Model, table: Rows) -> str:
    lines = [f"# {model.title}", "", model.summary, "", f'POST /v2/x model: "{model.id}"', ""]
    lines += [model.description, "", "## Parameters", ""]
    lines += ["| Description | Parameter | Required | Type |", "|:--|---|:-:|--:|"]
    for name, kind, said in table:
        coded = re.sub(r'"([\w]+)"', r"`\1`", said) if "\\" not in said else escaped(said)
        lines.append(f"| {coded} | **`{name}`** | No | `{kind}` |")
    lines += ["", "## Code examples", ""]
    for example in model.examples.values():
        lines += [f"### {example.summary}", "", "```bash", curl(example.request, 2), "```", ""]
        lines += ["```python", "# A comment | is | no heading", OTHER_CODE, "```", ""]
    return "\n".join(lines)


def as_html(model: spec.Model, table: Rows) -> str:
    def row(cells: tuple[str, ...], tag: str = "td") -> str:
        return "<tr>" + "\n".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    parts = ["<html><head><title>Docs</title><style>td{a|b}</style></head><body>"]
    parts += [f"<h1>{html.escape(model.title)}</h1><p>{html.escape(model.summary)}</p>"]
    parts += [f'<p><b>POST</b> <code>/v2/x</code> model: "{model.id}"</p>']
    parts += [f"<p>{html.escape(model.description)}</p><table><thead>", row(HEADER, "th")]
    for name, kind, said in table:
        cells = (f"<code>{name}</code>", f"<span>{kind}</span>", f"<em>{html.escape(said)}</em>")
        parts.append(row(cells))
    parts.append("</table><h2>Code examples</h2>")
    for example in model.examples.values():
        code = html.escape(curl(example.request, 2))
        parts.append(f"<h3>{html.escape(example.summary)}</h3><pre><code>{code}</code></pre>")
    return "\n".join(parts) + "</body></html>"


FORMS: dict[str, Callable[[spec.Model, Rows], str]] = {
    "run together": run_together,
    "bare pipes": bare_pipes,
    "markdown": markdown,
    "html": as_html,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the spec."""
    return Path(shutil.copytree(SPEC, tmp_path / "spec"))


def new_model(folder: Path, id: str, *arguments: str, text: str | bytes | None = None) -> int:
    """The exit status of the command, with a page of that text."""
    given = ["--spec", str(folder), "new-model", id, *arguments]
    if text is not None:
        file = folder.parent / "page.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        given += ["--from-page", str(file)]
    return main(given)


def constraints(parameter: spec.Parameter) -> dict[str, object]:
    """What is allowed, in a form in which order does not count."""
    keys = [*spec.Constraints.model_fields, "required", "unit", "summary", "items"]
    said = {key: getattr(parameter, key) for key in keys}
    return {
        **said,
        "values": None if parameter.values is None else set(parameter.values),
        "used_when": parameter.used_when,
        "ignored_when": parameter.ignored_when,
        "requires": {(rule.when, rule.parameter) for rule in parameter.requires},
    }


# ------------------------------------------------------------------------- whole pages


@pytest.mark.parametrize("change", ["", "\r\n", "\r", "\ufeff"], ids=["LF", "CRLF", "CR", "BOM"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("id", MODELS)
def test_a_model_comes_back_from_its_page(id: str, form: str, change: str, folder: Path) -> None:
    model = WHOLE.models[id]
    text = FORMS[form](model, rows(model))
    text = text.replace("\n", change) if "\r" in change else change + text
    file = folder / "models" / f"{id}.yaml"
    file.unlink()
    assert new_model(folder, id, text=text) == 0
    read = load(folder).models[id]
    assert "TODO" not in file.read_text(encoding="utf-8")
    assert {name: constraints(read.parameters[name]) for name in read.parameters} == {
        name: constraints(parameter) for name, parameter in model.parameters.items()
    }
    for name, parameter in model.parameters.items():
        # A page in Markdown has code for quotation marks.
        pages = [one.source["page"] for one in (read.parameters[name], parameter)]
        assert str(pages[0]).replace('"', "") == str(pages[1]).replace('"', "")
    assert [e.request for e in read.examples.values()] == [
        e.request for e in model.examples.values()
    ]
    assert [e.summary for e in read.examples.values()] == [
        e.summary for e in model.examples.values()
    ]
    assert (read.title, read.summary, read.description) == (
        model.title,
        model.summary,
        model.description,
    )


def test_it_is_written_as_by_hand(folder: Path) -> None:
    model = WHOLE.models["flux-2-flex"]
    path = folder / "models" / "flux-2-flex.yaml"
    by_hand = path.read_text(encoding="utf-8")
    path.unlink()
    assert new_model(folder, model.id, text=run_together(model, rows(model))) == 0
    written = path.read_text(encoding="utf-8")
    without_readings = re.sub(r"    readings:\n(?:      .*\n)+", "", by_hand)
    without_readings = without_readings.replace(
        "page: Code examples", "page: Code examples, Text to image"
    )
    # The order of parameters is the family's, and a quotation mark more or less does not count.
    lines = [
        sorted(re.split(r"\n(?=  \w)", text.replace("'", "").rstrip()))
        for text in (written, without_readings)
    ]
    assert lines[0] == lines[1]


def test_a_table_copied_from_a_browser_has_tabs() -> None:
    text = "Parameter\tType\tDescription\nfluxParams.steps\tinteger\tSteps\t\nwidth:\tWidth"
    found = page.read(text.replace("Steps\t", "Steps (1–50)"), "m", FLUX).parameters
    assert [(one.name, one.constraints) for one in found] == [
        ("steps", {"minimum": 1, "maximum": 50})
    ]


def test_a_table_without_the_container_leaves_out_what_every_request_takes() -> None:
    text = "Name | Type | Description\n--|--|--\nprompt | string | Up to 9 words\nwidth | int | W"
    read = page.read(text, "m", FLUX, WHOLE.request_fields())
    assert [one.name for one in read.parameters] == ["width"]
    assert read.unread == []


@pytest.mark.parametrize(
    "row",
    [
        "| fluxParams.lora.scale | number | Scale |",
        "| fluxParams.seed | integer | one | cell too many |",
        "| fluxParams.width | integer | Other words |",
        "| otherParams.seed | integer | Seed |",
        "| fluxParams.frobnicated |",
    ],
)
def test_a_row_that_is_not_read_is_listed(row: str) -> None:
    table = "| Parameter | Type | Description |\n|-|-|-|\n| fluxParams.width | integer | Width |\n"
    read = page.read(table + row, "m", FLUX)
    assert read.parameters[0].words == ["Width"]
    unread = [*read.unread, *(words for one in read.parameters for words in one.unread)]
    assert len(unread) == 1


def test_a_curl_command_for_another_model_is_no_example_and_a_broken_one_is_listed() -> None:
    model = WHOLE.models["flux-2-pro"]
    text = run_together(model, rows(model)).replace(
        '"prompt": "change', '"prompt": NaN, "x": "change'
    )
    read = page.read(text, "flux-2-pro", FLUX)
    assert [*read.examples] == ["text_to_image"]
    assert len(read.unread) == 1
    assert "curl" in read.unread[0]
    read = page.read(text, "flux-2-ultra", FLUX)
    assert read.examples == {}
    assert "another model" in " ".join(read.unread)


def test_headings_name_examples() -> None:
    model = WHOLE.models["flux-2-pro"]
    names = page.read(markdown(model, rows(model)), model.id, FLUX).examples
    assert [*names] == ["text_to_image", "image_editing_with_references"]
    plain = re.sub("(?m)^### .*", "", markdown(model, rows(model)))
    assert [*page.read(plain, model.id, FLUX).examples] == ["text_to_image", "edit_with_references"]


# ------------------------------------------------------------------------- phrases

SIBLINGS = """\
| fluxParams.output_format | string | Format: "jpg", "png", or "webp" |
| fluxParams.aspect_ratio | string | Aspect ratio in "W:H" format |
| fluxParams.input_images | string[] | Reference images |
| fluxParams.go_fast | boolean | Fast |
"""


def row(name: str, kind: str, said: str, **columns: str) -> page.Found:
    """What is read of one row that stands in a table with others."""
    headers = [*HEADER, *columns]
    text = f"| {' | '.join(headers)} |\n{'|-' * len(headers)}|\n"
    text += f"| fluxParams.{name} | {kind} | {said} | {' | '.join(columns.values())} |\n"
    text = text.replace("|  |\n", "|\n")
    siblings = [line for line in SIBLINGS.splitlines() if f".{name} " not in line]
    found = page.read(text + "\n".join(siblings), "m", FLUX).parameters
    return next(one for one in found if one.name == name)


RANGES = ["({}–{})", "{}-{}", "between {} and {}", "from {} to {}", "{}..{}", "{} to {}"]
RANGES += ["min {}, max {}", "at least {} and at most {}", "Steps: ≥ {}, ≤ {}", "must be {} — {}."]


@given(
    st.sampled_from(RANGES),
    st.sampled_from(["steps", "width", "guidance", "unheard_of"]),
    st.lists(st.integers(-5000, 5000), min_size=2, max_size=2).map(sorted),
    st.integers(0, 9),
)
def test_a_range_is_read_in_any_spelling(form: str, name: str, ends: list[int], part: int) -> None:
    assume(name != "guidance" or part)
    low, high = (end + part / 10 for end in ends) if name == "guidance" else ends
    kind = "number" if name == "guidance" else "integer"
    found = row(name, kind, f"Of a kind, {form.format(low, high)}")
    assert (found.constraints["minimum"], found.constraints["maximum"]) == (low, high)
    assert found.unread == ["Of a kind, " + form.format(low, high)] * ("Steps:" in form)


CUSTOM = {"used_when": {"aspect_ratio": "custom"}}
JPG = ["jpg", "png", "webp"]


@pytest.mark.parametrize(
    ("name", "kind", "said", "expected"),
    [
        ("steps", "integer", "Up to 1,024 steps", {"maximum": 1024}),
        ("steps", "integer", "No more than 50", {"maximum": 50}),
        ("steps", "integer", "Steps (maximum 50)", {"maximum": 50}),
        ("steps", "integer", "Steps, 50 or fewer", {"maximum": 50}),
        ("steps", "integer", "Must be at least 3", {"minimum": 3}),
        ("steps", "integer", "Minimum: 3", {"minimum": 3}),
        ("steps", "integer", "Steps, 3 or more", {"minimum": 3}),
        ("steps", "integer", "Must be greater than 0", {"exclusive_minimum": 0}),
        ("steps", "integer", "Must be less than 9", {"exclusive_maximum": 9}),
        ("steps", "integer", "Must be a multiple of 8", {"multiple_of": 8}),
        ("steps", "integer", "Steps (−1–1)", {"minimum": -1, "maximum": 1}),
        ("steps", "integer", "Steps (default 30)", {"default": 30}),
        ("steps", "integer", "Default: 30.", {"default": 30}),
        ("guidance", "number", "Scale `1.5`–`10`, default `4.5`", {"minimum": 1.5, "maximum": 10, "default": 4.5}),
        ("prompt_upsampling", "boolean", "Defaults to true", {"default": True}),
        ("prompt_upsampling", "boolean", "Disabled by default", {"default": False}),
        ("width", "integer", "Width, 256px to 2048 pixels", {"minimum": 256, "maximum": 2048}),
        ("input_images", "string[]", "Up to 8 reference image URLs", {"max_items": 8}),
        ("input_images", "array of strings", "1–4 images", {"min_items": 1, "max_items": 4}),
        ("resolution", "string", "Resolution in megapixels. Up to 4 MP", {"quantity": {"unit": "MP", "maximum": 4}}),
        ("output_format", "string", 'Output format: "jpg", "png", or "webp"', {"values": JPG}),
        ("output_format", "string", "One of jpg, png or webp", {"values": JPG}),
        ("output_format", "string", "`jpg` \\| `png` \\| `webp`", {"values": JPG}),
        ("output_format", "string", "`jpg`, `png`, `webp` (default `png`)", {"values": JPG, "default": "png"}),
        ("output_quality", "integer", "Not relevant for PNG", {"ignored_when": {"output_format": "png"}}),
        ("output_quality", "integer", "Ignored for png", {"ignored_when": {"output_format": "png"}}),
        ("output_quality", "integer", "Ignored when `output_format` is `PNG`", {"ignored_when": {"output_format": "png"}}),
        ("output_quality", "integer", "Applies only if output_format = jpg", {"used_when": {"output_format": "jpg"}}),
        ("steps", "integer", "Only used when go_fast is true", {"used_when": {"go_fast": True}}),
        ("width", "integer", "Only used when aspect_ratio is custom", CUSTOM),
        ("aspect_ratio", "string", 'Use "match_input_image" to match the first input image', {"values": ["match_input_image"], "requires": [{"when": "match_input_image", "parameter": "input_images"}]}),
        ("aspect_ratio", "string", 'Use "auto" to let the model choose', {"values": ["auto"]}),
        ("aspect_ratio", "string", 'In "W:H" format, default 16:9', {"default": "16:9"}),
        ("style", "string", "Required. Style", {"type": "string", "required": True, "summary": "Required."}),
        ("style", "string", "Style, up to 99 characters", {"type": "string", "max_length": 99, "summary": "Style, up to 99 characters"}),
        ("style", "string", "Shape (wide) in 'W:H' format", {"type": "string", "format": "ratio", "summary": 'Shape in "W:H" format'}),
        ("tags", "string[]", "Tags", {"type": "array", "items": {"type": "string"}, "summary": "Tags"}),
        ("count", "integer (1–4)", "Count", {"type": "integer", "minimum": 1, "maximum": 4, "summary": "Count"}),
        ("seed", "integer", "Optional. Random (e.g. 42)", {}),
        ("seed", "integer", "Random seed, for example 7", {}),
    ],
)  # fmt: skip
def test_a_phrase_is_read(name: str, kind: str, said: str, expected: dict[str, Any]) -> None:
    found = row(name, kind, said)
    assert found.constraints == expected
    assert found.unread == []


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("steps", "integer", "Strength 3 of 7"),
        ("steps", "integer", "Up to eight"),
        ("steps", "integer", "Up to 2^31"),
        ("steps", "integer", "Up to 4x"),
        ("steps", "integer", "Up to 16:9"),
        ("steps", "integer", "Up to 5 million"),
        ("steps", "integer", "Up to ٤"),
        ("steps", "integer", "1-2-3"),
        ("steps", "integer", "1.5–10"),
        ("steps", "integer", "(50–1)"),
        ("steps", "integer", "1–9 is best"),
        ("steps", "integer", "Recommended 1–9"),
        ("steps", "integer", "1–4 for pro"),
        ("steps", "integer", "Values above 20 are slow"),
        ("steps", "integer", "At least 20 gives good results"),
        ("steps", "integer", "Multiple of 0"),
        ("steps", "integer", "Default depends"),
        ("steps", "integer", "Default 1.5"),
        ("steps", "integer", "Must be odd"),
        ("steps", "integer", "Required when go_fast is true"),
        ("steps", "string", "Steps"),
        ("steps", "integer or null", "Steps"),
        ("prompt_upsampling", "boolean", "(1–50)"),
        ("width", "integer", "Up to 4 MP"),
        ("resolution", "string", "Up to 4 MP"),
        ("resolution", "string", "In megapixels (0.5–4 MP)"),
        ("image_prompt", "string", "Image URL, up to 4 MP"),
        ("input_images", "string[]", "Up to 8 MB"),
        ("input_images", "string[]", "At least -1"),
        ("output_format", "string", '"jpg", "png", etc.'),
        ("output_format", "string", "Output format: jpg, png"),
        ("output_format", "string", 'Use "jpg" for photographs'),
        ("aspect_ratio", "string", 'One of "1:1", "16:9"'),
        ("aspect_ratio", "string", "Default is wide"),
        ("output_quality", "integer", "Ignored for gif"),
        ("output_quality", "integer", "Not relevant for PNG or webp"),
        ("output_quality", "integer", "Only used when output_format is jpg, png or webp"),
        ("output_quality", "integer", "Only used when output_format is gif"),
        ("output_quality", "integer", "Only used when output_quality is 1"),
        ("output_quality", "integer", "Only used when aspect_ratio is set"),
        ("output_quality", "integer", "Only used when no_such is custom"),
    ],
)
def test_what_is_not_read_is_listed_and_not_guessed(name: str, kind: str, said: str) -> None:
    found = row(name, kind, said)
    assert found.constraints == {}
    assert len(found.unread) == 1
    assert said in found.unread[0] or kind in found.unread[0]


def test_two_limits_that_contradict_one_another_are_none() -> None:
    found = row("steps", "integer", "Up to 50. At least 3. Up to 8")
    assert found.constraints == {"minimum": 3}
    assert len(found.unread) == 1
    found = row("steps", "integer", "At least 9. Up to 8. Default: 30")
    assert "minimum" not in found.constraints
    assert "maximum" not in found.constraints
    assert found.unread


def test_a_limit_that_is_said_in_three_ways_is_none() -> None:
    found = row("steps", "integer", "At least 3. Up to 50. Up to 8. Up to 9")
    assert found.constraints == {"minimum": 3}
    assert len(found.unread) == 2


def test_a_range_of_a_list_of_numbers_may_be_of_the_numbers() -> None:
    found = row("weights", "number[]", "Weights (0–1)")
    assert not {"min_items", "max_items"} & {*found.constraints}
    assert len(found.unread) == 1


def test_a_value_asks_for_what_its_own_row_says_and_no_more() -> None:
    """Else what is only used beside a value is asked for by it, as a width is by `custom`."""
    text = SIBLINGS.replace("format |", 'format. Use "auto" to match the input images |')
    text += "| fluxParams.seed | integer | Only used when aspect_ratio is auto |\n"
    text += "| fluxParams.width | integer | Only used when aspect_ratio is custom |\n"
    found = {one.name: one.constraints for one in page.read(text, "m", FLUX).parameters}
    assert found["aspect_ratio"] == {
        "values": ["auto", "custom"],
        "requires": [
            {"when": "auto", "parameter": "input_images"},
            {"when": "custom", "parameter": "width"},
        ],
    }
    assert found["seed"] == {"used_when": {"aspect_ratio": "auto"}}


def test_a_value_that_two_parameters_have_names_none_of_them() -> None:
    text = SIBLINGS + '| fluxParams.mask_format | string | Format: "png", "gif" |\n'
    text += "| fluxParams.output_quality | integer | Ignored for PNG |\n"
    found = {one.name: one for one in page.read(text, "m", FLUX).parameters}["output_quality"]
    assert (found.constraints, len(found.unread)) == ({}, 1)


def test_a_default_out_of_its_range_is_none() -> None:
    found = row("steps", "integer", "1–50, default 60")
    assert found.constraints == {"minimum": 1, "maximum": 50}
    assert "60" in found.unread[0]


def test_other_columns_are_read_as_sentences() -> None:
    found = row("steps", "int", "Steps", Required="no", Default="30", Range="1–50", Notes="Mind 3")
    assert found.constraints == {"minimum": 1, "maximum": 50, "default": 30}
    assert found.words == ["Steps", "Default: 30", "Range: 1–50"]
    assert found.unread == ["Notes: Mind 3"]
    empty = row("steps", "int", "Steps", Required="✓", Default="—")
    assert (empty.constraints, empty.unread) == ({"required": True}, [])
    both = row("steps", "int", "Steps", Required="yes", Default="3")
    assert (both.constraints, len(both.unread)) == ({"required": True}, 1)


TOKENS = ["up to", "between", "and", "from", "max", "default", "of", "(", ")", "–", ",", ". ", ";"]
TOKENS += ["only", "steps", "one of", "or", "at least", "multiple of", "not", "-", ":", "MP", "%"]


@given(
    st.lists(st.sampled_from([*TOKENS, *map(str, range(2, 40, 3))]), max_size=12),
    st.sampled_from([("steps", "integer"), ("input_images", "string[]"), ("style", "string")]),
)
def test_every_number_is_a_constraint_or_listed(tokens: list[str], which: tuple[str, str]) -> None:
    said = " ".join(tokens).strip()
    found = row(*which, said)
    limits = {k: v for k, v in found.constraints.items() if k not in ("summary", "type", "items")}
    numbers = set(re.findall(r"\d+", said))
    read = set(re.findall(r"\d+", json.dumps(limits)))
    assert read <= numbers
    assert numbers - read <= set(re.findall(r"\d+", " ".join(found.unread)))


# ------------------------------------------------------------------------- hostile words

# Text as it can stand in a table: on one line, with no white space at its ends or in a row.
HOSTILE = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn")), min_size=1)
    | st.sampled_from(
        ["#", "- a", "* b", "&c", "{d: e}", '"f', "'g", "h: i", "1e5", "09", "~", "|"]
    )
    | st.sampled_from(["# TODO: j", "<k>", "&amp;", "\\", "`l`", "**m**", "%", "@", "!n", "é漢🎨"]),
    min_size=1,
    max_size=6,
).map(" ".join)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_hostile_words_come_back_unchanged(form: str, data: st.DataObject) -> None:
    said = data.draw(HOSTILE)
    if form == "run together":
        assume(not re.match("[a-z_|]|\\[", said))
    if form in ("bare pipes", "markdown"):
        table = f"| Parameter | Type | Description |\n|-|-|-|\n| fluxParams.odd | enum | {escaped(said)} |"
    elif form == "html":
        table = as_html(WHOLE.models["flux-2-pro"], [("fluxParams.odd", "string", said)])
    else:
        table = f"fluxParams.oddstring{said}"
    read = page.read(table, "flux-9", FLUX)
    text, _ = command.render(read, "flux-9", said, FLUX)
    value: Any = parse("models/flux-9.yaml", text.encode()).value
    assert value["parameters"]["odd"]["source"] == {"page": said}
    assert value["title"] == said
    assert "type" in value["parameters"]["odd"]


@given(HOSTILE | st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip), HOSTILE)
def test_hostile_texts_stay_where_they_are(text: str, more: str) -> None:
    found = page.Found("seed", {}, ["Seed"], [text, more])
    read = page.Page("Title", text, f"{text}{more}", "", [found], {}, [more])
    written, todos = command.render(read, "flux-9", None, FLUX)
    value: Any = parse("models/flux-9.yaml", written.encode()).value
    assert (value["summary"], value["description"]) == (text, f"{text}{more}")
    assert value["parameters"] == {"seed": {"source": {"page": "Seed"}}}
    assert len(todos) == 2 + len({text, more})
    assert [written.split("\n")[line - 1].strip() for line, _ in todos] == [
        f"# TODO: {words}".strip() for _, words in todos
    ]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["1e5", "09", "0x1f", "no", "16:9", "1_000", "", " a ", "a\nb", "it's", "-"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
)


@given(JSON)
def test_any_request_comes_back_unchanged(value: Any) -> None:
    request = {"model": "flux-9", "prompt": value, "fluxParams": {"x": value}}
    body = json.dumps(request).replace("'", "'\\''")
    text = f"fluxParams.seedintegerSeed\n\nCode examples\ncurl -d '{body}'"
    read = page.read(text, "flux-9", FLUX)
    written, _ = command.render(read, "flux-9", None, FLUX)
    whole: Any = parse("models/flux-9.yaml", written.encode()).value
    (example,) = whole["examples"].values()
    assert example["request"] == json.loads(json.dumps(request))
    assert repr(example["request"]) == repr(json.loads(json.dumps(request)))


def test_long_words_take_no_long_time() -> None:
    for bad in ("`", "**", "[", "1–", "when a is b and ", "e.g. ", "\\", "default "):
        found = row("steps", "integer", bad * 2000)
        assert "minimum" not in found.constraints


# ------------------------------------------------------------------------- the command


def test_a_scaffold_has_all_keys_and_does_not_load(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_model(folder, "flux-9", "--title", "Flux: 9") == 0
    text = (folder / "models" / "flux-9.yaml").read_text(encoding="utf-8")
    value: Any = parse("models/flux-9.yaml", text.encode()).value
    needed = {name for name, key in spec.Model.model_fields.items() if key.is_required()}
    assert needed == set(value)
    assert (value["id"], value["title"], value["family"]) == ("flux-9", "Flux: 9", "flux")
    for name in FLUX.parameters:
        assert f"  # {name}:" in text
    with pytest.raises(SpecError, match="expected a mapping") as caught:
        load(folder)
    assert len(caught.value.diagnostics) == 2
    error = capsys.readouterr().err
    assert error.count(": TODO: ") == text.count("# TODO: ") > 3
    uncommented = re.sub("(?m)^(  )# ", r"\1", text).replace("\n  # ", "\n  ")
    parsed: Any = parse("models/flux-9.yaml", re.sub("(?m)^#.*\n", "", uncommented).encode()).value
    assert set(parsed["parameters"]) == set(FLUX.parameters)


def test_the_todos_are_counted_and_shown_with_their_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_model(folder, "flux-9", text="fluxParams.seedintegerStrength 3 of 7") == 0
    lines = (folder / "models" / "flux-9.yaml").read_text(encoding="utf-8").splitlines()
    *todos, last = capsys.readouterr().err.splitlines()
    for todo in todos:
        match = re.fullmatch(r".*flux-9\.yaml:(\d+): TODO: (.*)", todo)
        assert match
        assert lines[int(match[1]) - 1].strip() == f"# TODO: {match[2]}"
    assert any(todo.endswith("TODO: Strength 3 of 7") for todo in todos)
    assert last.endswith(f"with {len(todos)} TODOs")
    assert "    # TODO: Strength 3 of 7" in lines


def test_stdout_prints_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(folder.rglob("*"))
    assert new_model(folder, "flux-2-pro", "--stdout") == 0
    assert capsys.readouterr().out.startswith("# yaml-language-server: ")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("id", "arguments", "text", "message"),
    [
        ("flux-2-pro", (), None, "flux-2-pro.yaml is there already"),
        ("../flux", (), None, "`../flux` is no id"),
        ("flux 9", (), None, "`flux 9` is no id"),
        ("flux-9\n", (), None, "is no id"),
        ("", (), None, "`` is no id"),
        ("flux-9", ("--family", "flix"), None, "`flix` is no family; did you mean `flux`?"),
        ("flux-9", ("--family", "../families/flux"), None, "is no family"),
        ("flux-9", ("--from-page", "no-such-file"), None, "no-such-file"),
        ("flux-9", ("--from-page", "."), None, "'.'"),
        ("flux-9", (), b"\x89PNG\r\n\x1a\n\x00", "page.txt: this is no UTF-8 text; expected a page"),
        ("flux-9", (), b"a\x00b", "page.txt: this is a binary file; expected a page"),
        ("flux-9", (), b"", "page.txt: the file is empty; expected a page"),
        ("flux-9", (), b"\xef\xbb\xbf \n", "page.txt: the file is empty; expected a page"),
        ("flux-9", (), b"Hello", "page.txt: there is no table of parameters; expected"),
        ("flux-9", (), b"|a|b|\n|-|-|\n|1|2|", "page.txt: there is no table of parameters; expected"),
        ("flux-9", (), b"<table><tr><td>a</table>", "there is no table of parameters; expected"),
        ("flux-9", (), b"<![x[<table></table>", "page.txt: this is no HTML"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_writes_nothing(
    id: str,
    arguments: tuple[str, ...],
    text: bytes | None,
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert new_model(folder, id, *arguments, text=text) == 1
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.startswith("codegen new-model: ")
    assert output.err.strip("\n").count("\n") <= (id == "flux-9\n")
    assert output.out == ""
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_broken_link_is_not_overwritten(folder: Path) -> None:
    (folder / "models" / "flux-9.yaml").symlink_to("nowhere")
    assert new_model(folder, "flux-9") == 1


def test_nothing_half_written_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError("the disk is full")

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(Path, "rename", fail)
    assert new_model(folder, "flux-9") == 1
    assert sorted(folder.rglob("*")) == before


def test_an_unfinished_model_is_no_hindrance_and_a_broken_family_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_model(folder, "flux-8") == 0
    assert new_model(folder, "flux-9", text="fluxParams.seedintegerSeed") == 0
    file = folder / "families" / "flux.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    capsys.readouterr()
    assert new_model(folder, "flux-10") == 1
    assert "has problems" in capsys.readouterr().err

"""The spec folder: it loads, and what is wrong in it is shown where it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.spec.diagnostics import SpecError
from codegen.spec.document import parse
from codegen.spec.load import load, resolve

from ..few import few

FILES = few("flux-2-flex", "flux-2-pro")
PRO = "models/flux/flux-2-pro.yaml"
FLEX = "models/flux/flux-2-flex.yaml"


def edited(path: str, old: str, new: str) -> dict[str, bytes]:
    """The files of the spec with one edit."""
    text = FILES[path].decode()
    assert old in text
    return {**FILES, path: text.replace(old, new, 1).encode()}


def problems(files: dict[str, bytes]) -> list[str]:
    """Every problem of a spec, as shown."""
    with pytest.raises(SpecError) as caught:
        resolve(files)
    return [str(diagnostic) for diagnostic in caught.value.diagnostics]


def test_the_spec_has_no_problem() -> None:
    assert len(load().models) >= 5


def test_every_parameter_has_a_source_and_a_meaning() -> None:
    for model in load().models.values():
        for name, parameter in model.parameters.items():
            assert parameter.source, (model.id, name)
            assert parameter.summary, (model.id, name)


@pytest.mark.parametrize(
    ("path", "old", "new", "message", "hint"),
    [
        (PRO, "maximum: 2048", "maxmum: 2048", "unknown key `maxmum`", "did you mean `maximum`?"),
        (PRO, "maximum: 2048", "maximum: wide", 'found the text "wide", expected a number', ""),
        (PRO, "minimum: 256", "minimum: 4096", "the minimum 4096 is above the maximum 2048", ""),
        (PRO, "  width:", "  widht:", "`widht` is not a parameter", "did you mean `width`?"),
        (PRO, "family: flux", "family: flex", "`flex`", "did you mean `flux`?"),
        (PRO, "      page: Random seed", "      pge: Random seed", "`pge`", "`page`"),
        (PRO, "{aspect_ratio: custom}", "{aspect: custom}", "`aspect`", "aspect_ratio"),
        (PRO, "parameter: input_images", "parameter: images", "`images`", "input_images"),
        (PRO, "output_quality: 90", "output_quality: 101", "101 is above the maximum of 100", ""),
        (PRO, "output_format: jpg\n        output", "output_format: gif\n        output", "gif", ""),
        (PRO, "model: flux-2-pro\n", "model: flux-2-dev\n", "the example is not for flux-2-pro", ""),
        (PRO, "id: flux-2-pro", "id: flux-2-max", "the file is named `flux-2-pro`", ""),
        (PRO, "title: Flux 2 Pro\n", "", "`title` is missing", "write `title: …`"),
        (PRO, "title: Flux 2 Pro\n", "title: A\ntitle: B\n", "`title` appears twice", "remove one"),
        (PRO, "family: flux", "family: *flux", "`*flux` is an alias", "write the value out"),
        (FLEX, "default: 30", "default: 51", "the default 51 is above the maximum of 50", ""),
        (FLEX, "maximum: 50", "max_items: 50", "`max_items` means nothing for the type integer", ""),
        (FLEX, "guidance: 4.5", "guidanse: 4.5", "`guidanse`", "did you mean `guidance`?"),
        ("families/flux.yaml", "format: ratio", "format: rato", "`rato`", "ratio"),
        ("formats.yaml", '"[0-9]+:[0-9]+"', '"[0-9"', "this is not a valid regular expression", ""),
        ("formats.yaml", 'example: "16:9"', 'example: "16x9"', "does not match the pattern", ""),
        ("operations.yaml", "path: /v2/jobs/{id}", "path: /v2/jobs/{job}", "path_parameters has", ""),
        ("operations.yaml", "object: JobAccepted", "object: Accepted", "`Accepted`", "JobAccepted"),
        ("objects.yaml", "ref: JobStatus", "ref: Status", "`Status`", "JobStatus"),
        ("api.yaml", "initial: QUEUED", "initial: WAITING", "`WAITING`", "QUEUED"),
    ],
)  # fmt: skip
def test_a_fault_is_shown_with_its_place_and_its_mend(
    path: str, old: str, new: str, message: str, hint: str
) -> None:
    found = problems(edited(path, old, new))
    assert any(message in text and hint in text for text in found), found
    assert all(text.startswith(f"spec/{path}:") for text in found)


def test_a_problem_is_shown_as_a_compiler_would() -> None:
    (text,) = problems(edited(PRO, "    maximum: 2048", "    maxmum: 2048"))
    line = FILES[PRO].decode().splitlines().index("    maximum: 2048") + 1
    assert text == (
        f"spec/{PRO}:{line}:5: error: unknown key `maxmum`\n"
        f"{line:>5} |     maxmum: 2048\n"
        "      |     ^\n"
        "      = help: did you mean `maximum`?"
    )


def test_all_problems_are_shown_in_one_run() -> None:
    files = edited(PRO, "maximum: 2048", "maxmum: 2048")
    files[FLEX] = edited(FLEX, "default: 30", "defualt: 30")[FLEX]
    files["models/flux/empty.yaml"] = b""
    files["models/flux/latin.yaml"] = "id: é\n".encode("latin-1")
    files["notes.yaml"] = b"a: b\n"
    assert len(problems(files)) == 5


def test_a_misspelt_key_hides_no_key_that_is_missing_elsewhere() -> None:
    misspelt = edited(PRO, "  width:\n", "  width:\n    sumary: How wide.\n")
    misspelt[PRO] = misspelt[PRO].replace(b"\nsummary:", b"\nsumary:", 1)
    assert not any("`summary` is missing" in text for text in problems(misspelt))
    missing = edited(PRO, "  width:\n", "  width:\n    sumary: How wide.\n")
    lines = missing[PRO].splitlines(keepends=True)
    missing[PRO] = b"".join(line for line in lines if not line.startswith(b"summary:"))
    assert any("`summary` is missing" in text for text in problems(missing))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"- a\n- b\n", "the file is a list, expected a mapping"),
        (b"just text\n", "the file is a single value, expected a mapping"),
        (b"a: [1, 2\n", "error:"),
        (b"a:\n\tb: 1\n", "error:"),
        (b"a: 1\na: 2\n", "`a` appears twice, first on line 1"),
        (b"? [a]\n: 1\n", "a key must be text"),
        (b"a: \xff\n", "byte 0xff is not valid UTF-8"),
        (b"a: &x [*x]\n", "`*x` is an alias"),
        (b'a: "\\ud800"\n', "invalid Unicode character"),
        (b"a: 1\n---\nb: 2\n", "error:"),
    ],
)
def test_what_is_not_a_mapping_is_refused_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(SpecError, match=message.replace("*", r"\*").replace("`", "`")):
        parse("a.yaml", data)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("16:9", "16:9"),
        ("no", "no"),
        ("1_000", "1_000"),
        ("0o17", "0o17"),
        ("2026-07-16", "2026-07-16"),
        ("true", True),
        ("30", 30),
        ("4.5", 4.5),
        ("~", None),
        (".inf", ".inf"),
    ],
)
def test_scalars_are_what_yaml_1_2_says(text: str, value: object) -> None:
    parsed = parse("a.yaml", f"a: {text}\n".encode()).value
    assert isinstance(parsed, dict)
    assert parsed == {"a": value}
    assert type(parsed["a"]) is type(value)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_mapping_or_problems(data: bytes) -> None:
    try:
        assert isinstance(parse("a.yaml", data).value, dict)
    except SpecError as error:
        places = [problem.position.line for problem in error.diagnostics]
        assert places
        assert min(places) >= 1


MUTATIONS: list[Callable[[str], str]] = [
    lambda line: "",
    lambda line: line + line,
    lambda line: line.replace(":", "", 1),
    lambda line: line.replace(": ", ": [", 1),
    lambda line: " " + line,
    lambda line: line.replace("a", "\t", 1),
    lambda line: line.replace("e", "é", 1),
]


@given(st.data())
def test_any_mutated_line_gives_a_spec_or_problems_and_nothing_else(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FILES)))
    lines = FILES[path].decode().splitlines(keepends=True)
    index = data.draw(st.integers(0, len(lines) - 1))
    mutate = data.draw(st.sampled_from(MUTATIONS))
    lines[index] = mutate(lines[index])
    try:
        resolve({**FILES, path: "".join(lines).encode()})
    except SpecError as error:
        assert error.diagnostics

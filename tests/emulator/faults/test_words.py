"""One vocabulary in Python, a header, JSON and TOML, and what is said of words that make no sense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fluxframe.emulator import Emulator, Fault
from fluxframe.emulator._faults.fault import PLACES, Words, words
from fluxframe.emulator._faults.forms import fault_of, fault_of_header, header_of
from fluxframe.emulator._faults.garbage import GARBAGE
from fluxframe.emulator._faults.scenario import scenario_of
from fluxframe.emulator._state.fate import KINDS

from ...cli.shells import Shell

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
LINE = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1).map(str.strip)
COUNT = st.integers(1, 1000)
SECONDS = st.integers(0, 600) | st.floats(0, 600)
# Not null, which TOML can't say, nor integers that it can't.
JSON = st.recursive(
    TEXT
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "key": TEXT,
    "operation": TEXT | st.just("images.*"),
    "model": TEXT,
    "method": st.sampled_from(["GET", "post"]),
    "path": TEXT.map("/v2/{}*".format),
    "after": st.integers(0, 1000),
    "nth": COUNT,
    "every": COUNT,
    "rate": st.floats(0, 1) | st.sampled_from([0, 1]),
    "times": COUNT,
    "status": st.integers(200, 599),
    "body": JSON,
    "headers": st.dictionaries(
        st.from_regex("[A-Za-z][A-Za-z0-9-]*", fullmatch=True).filter(
            lambda name: name.lower() not in ("content-length", "transfer-encoding")
        ),
        LINE | st.lists(LINE, min_size=1),
        min_size=1,
    ),
    "retry_after": SECONDS | LINE,
    "redirect": LINE,
    "done": st.booleans(),
    "delay": SECONDS
    | st.builds(lambda a, b: {"uniform": sorted([a, b])}, SECONDS, SECONDS)
    | st.builds(lambda a, b: {"lognormal": [a, b]}, SECONDS, SECONDS)
    | st.builds(lambda a: {"exponential": a}, SECONDS),
    "bytes_per_second": COUNT | st.floats(1, 1e6),
    "stall": st.sampled_from(PLACES),
    "reset": st.sampled_from(PLACES),
    "close": st.sampled_from(PLACES),
    "truncate": st.integers(0, 1000),
    "length": st.sampled_from([-9, 7, "chunked", "none"]),
    "garbage": st.sampled_from([*GARBAGE]),
    "job": st.sampled_from(KINDS),
    "reason": TEXT,
}


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """Any fault that makes sense."""
    names = draw(st.sets(st.sampled_from([*VALUES]), min_size=1, max_size=5))
    try:
        return Fault(**{name: draw(VALUES[name]) for name in sorted(names)})
    except ValueError:
        assume(False)
        raise


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{toml(n)} = {toml(v)}' for n, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        return (
            '"'
            + "".join(
                f"\\U{ord(c):08x}" if c in '"\\' or ord(c) < 32 or ord(c) == 127 else c
                for c in value
            )
            + '"'
        )
    return json.dumps(value)


def test_every_word_is_tried() -> None:
    assert {*VALUES} == {*words()} == {*Words.__annotations__}


@given(faults())
def test_a_fault_is_the_same_in_every_form(fault: Fault) -> None:
    said = fault.to_dict()
    assert fault_of(said) == fault
    assert fault_of(json.loads(json.dumps(said))) == fault
    assert fault_of_header(header_of(fault)) == fault
    assert header_of(fault).isascii()
    assert "\n" not in header_of(fault)


@given(st.lists(faults(), max_size=3), st.integers(-1000, 1000))
def test_a_scenario_is_the_same_in_every_form(
    tmp_path_factory: pytest.TempPathFactory, many: list[Fault], seed: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    said = {"seed": seed, "faults": [fault.to_dict() for fault in many]}
    tables = [
        "\n".join(
            ["[[faults]]", *(f"{name} = {toml(value)}" for name, value in each.to_dict().items())]
        )
        for each in many
    ]
    (folder / "a.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "a.toml").write_text("\n".join([f"seed = {seed}", *tables]), encoding="utf-8")
    for form in (said, folder / "a.json", str(folder / "a.toml")):
        scenario = scenario_of(form)
        assert (scenario.seed, list(scenario.faults)) == (seed, many)
    assert scenario_of(said, 5).seed == 5


@given(st.text())
def test_a_header_makes_a_fault_or_one_line_that_says_why_not(text: str) -> None:
    try:
        fault_of_header(text)
    except ValueError as error:
        assert len(str(error).splitlines()) == 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(ANYTHING | st.dictionaries(st.sampled_from(words()), ANYTHING, max_size=3))
def test_json_makes_a_fault_or_one_line_that_says_why_not(said: Any) -> None:
    try:
        fault = fault_of(said)
    except ValueError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert fault_of_header(header_of(fault)) == fault


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "nothing is to go wrong; say one of status, body"),
    ({"operation": "images.generate"}, "nothing is to go wrong"),
    ({"statsu": 503}, r"statsu: there is no such word; did you mean status\?"),
    ({"status": 42}, "status: 42 is not possible; expected the status of an answer, from 200 to 599"),
    ({"status": "503"}, 'status: "503" is not possible'),
    ({"status": True}, "status: true is not possible"),
    ({"status": 503, "rate": 1.5}, "rate: 1.5 is not possible; expected a number from 0 to 1"),
    ({"status": 503, "nth": 0}, "nth: 0 is not possible; expected a whole number from 1"),
    ({"reset": "sometime"}, 'reset: "sometime" is not possible; expected one of before, after'),
    ({"delay": 601}, "delay: 601 is not possible; expected 0 to 600 seconds"),
    ({"delay": {"gamma": 1}}, 'expected seconds, {"uniform": '),
    ({"delay": {"uniform": [2, 1]}}, "expected the least before the most"),
    ({"delay": {"normal": 1}}, "expected mean and standard deviation in seconds"),
    ({"body": "x" * (1 << 20) + "x"}, "expected at most 1048576 bytes"),
    ({"headers": {"a b": "c"}}, "expected the texts of headers by their names"),
    ({"headers": {"a": "b\r\nc: d"}}, "expected the text of a header, of one line"),
    ({"garbage": "rubbish"}, "expected one of text, html"),
    ({"path": "v2"}, 'expected a path that begins with "/" or "\\*"'),
    ({"reset": "after", "close": "after"}, "reset and close: a connection ends in one way"),
    ({"reset": "after", "status": 503}, 'status: with reset="after" there is no answer; leave it out'),
    ({"status": 200, "redirect": "/x"}, "status: 200 does not redirect; expected 300 to 399"),
    ({"status": 503, "job": "fail"}, "job: none is made with this status; add done=true"),
    ({"status": 503, "reason": "x"}, 'reason: it is that of job="fail"'),
    ({"garbage": "html", "done": False}, "done: false needs a status to answer with"),
    ({"status": 503, "operation": "image.generate"}, r"there is no \"image.generate\"; did you mean images.generate"),
    ({"status": 503, "operation": "generate"}, "did you mean images.generate"),
    ({"status": 503, "model": "flux-2-por"}, r"there is no \"flux-2-por\"; did you mean flux-2-pro"),
    ({"status": 503, "model": "x*"}, r"model: there is no \"x\*\"; expected one of"),
    ({"headers": {"Content-Length": "9"}}, "expected the word length for that"),
    ({"status": 503, "path": "/v2/image/generate"}, "did you mean /v2/images/generate"),
    ({"status": 503, "path": "/v2/jobs/a/b"}, "path: there is no"),
    ({"status": 503, "method": "FETCH"}, "method: \"FETCH\" is not one of"),
    ({"job": "hang", "operation": "jobs.get"}, "job: jobs.get makes no job; expected one of images"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "text"), WRONG)
def test_what_makes_no_sense_is_refused_where_it_is_said(
    emulator: Emulator, said: dict[str, Any], text: str
) -> None:
    before = len(emulator.faults)
    with pytest.raises(ValueError, match=text) as caught:
        emulator.faults.add(said)
    assert len(str(caught.value).splitlines()) == 1
    add: Any = emulator.faults.add
    with pytest.raises(ValueError, match=text):
        add(**said)
    assert len(emulator.faults) == before


FILES = [
    ("a.yaml", "", "a.yaml: expected a file whose name ends in .toml or .json"),
    ("a.json", "{", "a.json: is not valid JSON: "),
    ("a.toml", "seed = ", "a.toml: is not valid TOML: "),
    ("a.json", "[]", "a.json: expected an object with faults"),
    ("a.json", '{"fautls": []}', 'a.json: "fautls": there is no such word; expected faults or seed'),
    ("a.json", '{"seed": "x"}', 'a.json: seed: "x" is not a whole number'),
    ("a.json", '{"faults": {}}', "a.json: faults: expected a list"),
    ("a.json", '{"faults": [{"status": 503}, 5]}', "a.json: fault 2: 5 is not a fault"),
    ("a.toml", "[[faults]]\nstatus = 503\n" * 1001, "a.toml: 1001 faults are too many"),
    ("a.toml", "[[faults]]\nstatus = 1", "a.toml: fault 1: status: 1 is not possible"),
    ("a.toml", '[[faults]]\nstatus = 503\nmodel = "x"', 'a.toml: fault 1: model: there is no "x"'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "text"), FILES)
def test_a_scenario_that_makes_no_sense_is_refused(
    tmp_path: Path, name: str, content: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ValueError, match=r"is not|are too|expected|there is") as caught:
        Emulator(scenario=path)
    assert text in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_scenario_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Emulator(scenario=tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            "[[faults]]\nstatsu = 503",
            "fault 1: statsu: there is no such word; did you mean status?",
        ),
        ("seed =", "is not valid TOML"),
        (None, "does not exist"),
    ],
)
def test_the_command_line_says_what_is_wrong_with_a_scenario(
    tmp_path: Path, content: str | None, text: str
) -> None:
    path = tmp_path / "bad-day.toml"
    if content is not None:
        path.write_text(content)
    done = Shell("http://127.0.0.1:9", "afk_0", tmp_path)(
        "emulate", "--port", "0", "--scenario", str(path)
    )
    assert done.exit_code != 0
    assert text in done.stderr
    assert "Traceback" not in done.stderr

"""The formats of reports: well-formed for any run, bounded, and without secrets."""

from __future__ import annotations

import ast
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fluxframe._saving import part_of
from fluxframe.conformance import Constraint, Exchange, Outcome, Report, Verdict, _vectors, reports
from fluxframe.conformance.reports import har, ndjson, pytest_file, sarif, terminal
from fluxframe.conformance.reports import json as json_report
from fluxframe.conformance.reports import junit as junit_report

from . import schemas
from .strategies import KEY, MARK, made
from .strategies import reports as any_report

RENDERED = list(reports.FORMATS)
SARIF = jsonschema_rs.Draft202012Validator(schemas.SARIF)
HAR = jsonschema_rs.Draft202012Validator(schemas.HAR)
JUNIT = etree.XMLSchema(etree.fromstring(schemas.JUNIT))
PLACES = {"model-a/width/maximum": ("spec/models/a b.yaml", 12)}
WIDTH = Constraint(
    id="model-a/width/maximum",
    kind="maximum",
    model="model-a",
    operation="images.generate",
    parameter="width",
    limit=2048,
    source={"page": ["256 to 2048"]},
)


@pytest.fixture(scope="module", autouse=True)
def _places() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_vectors, "places", lambda: PLACES)
        patch.setattr(pytest_file, "sequence", lambda vector: ())
        yield


def outcome(verdict: Verdict, number: int = 0, **more: Any) -> Outcome:
    start = made().started
    exchange = Exchange(
        method="POST",
        url="http://a.test/v2/x?page=1&page=2",
        headers={"X-API-Key": MARK, "Content-Type": "application/json"},
        body={"width": 2049 + number},
        started=start,
        seconds=0.25,
        status=202,
        answer_headers={"content-type": "application/json"},
        answer='{"id": 1}',
    )
    return Outcome(
        **{
            "vector": f"{WIDTH.id}/{number}",
            "constraint": WIDTH.id,
            "verdict": verdict,
            "says": "one above the maximum",
            "expected": "refused",
            "observed": "accepted",
            "exchanges": (exchange,),
            **more,
        }
    )


def run(*outcomes: Outcome, **more: Any) -> Report:
    return made(*outcomes, constraints={WIDTH.id: WIDTH}, **more)


@settings(max_examples=25)
@given(report=any_report())
def test_any_run_can_be_written_and_shows_no_key(report: Report) -> None:
    for format in RENDERED:
        text = reports.render(report, format)
        assert KEY not in text
        assert text.encode().decode() == text


@settings(max_examples=25)
@given(report=any_report())
def test_sarif_fits_what_its_readers_expect(report: Report) -> None:
    log = json.loads(sarif.render(report))
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(report.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_points_at_the_line_of_the_spec() -> None:
    log = json.loads(sarif.render(run(outcome(Verdict.LOOSER))))
    (result,) = log["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "spec/models/a%20b.yaml"},
        "region": {"startLine": 12},
    }
    assert result["message"]["text"].startswith("model-a takes width 2049")
    assert result["properties"]["curl"].startswith("curl ")


def test_a_constraint_without_a_line_has_that_of_its_parameter_or_model() -> None:
    def place(id: str) -> object:
        return _vectors.place_of(Constraint(id=id, kind="x"))

    assert (
        place("model-a/width/maximum")
        == place("model-a/width/optional")
        == ("spec/models/a b.yaml", 12)
    )
    assert place("model-a/height/optional") == ("spec/models/a b.yaml", 12)
    assert place("model/width/maximum") is None


@settings(max_examples=25)
@given(report=any_report())
def test_har_fits_what_its_readers_expect(report: Report) -> None:
    log = json.loads(har.render(report))
    HAR.validate(log)
    shared = {id(exchange) for each in report.outcomes for exchange in each.exchanges}
    assert len(log["log"]["entries"]) == len(shared)


def test_har_has_the_request_and_the_answer() -> None:
    (entry,) = json.loads(har.render(run(outcome(Verdict.PASS))))["log"]["entries"]
    assert entry["time"] == 250
    assert entry["request"]["postData"]["text"] == '{"width":2049}'
    assert entry["request"]["queryString"] == [
        {"name": "page", "value": "1"},
        {"name": "page", "value": "2"},
    ]
    assert entry["response"]["content"]["text"] == '{"id": 1}'
    assert entry["comment"] == "model-a/width/maximum/0: as documented"


@settings(max_examples=25)
@given(report=any_report())
def test_junit_fits_what_its_readers_expect(report: Report) -> None:
    root = etree.fromstring(junit_report.render(report).encode())
    JUNIT.assertValid(root)
    assert len(root.findall(".//testcase")) == len(report.outcomes)
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        number = len(root.findall(f".//{tag}"))
        assert [root.get(name)] == [str(number)]
        assert sum(int(suite.get(name, "")) for suite in root) == number


def test_junit_tells_what_each_verdict_is() -> None:
    root = etree.fromstring(
        junit_report.render(run(*map(outcome, Verdict, range(len(Verdict))))).encode()
    )
    children = [[child.tag for child in case] for case in root.iter("testcase")]
    assert children == [
        [],
        ["failure"],
        ["failure"],
        ["failure"],
        ["system-out"],
        ["skipped"],
        ["error"],
    ]
    failure = next(root.iter("failure"))
    assert "model-a takes width 2050" in failure.get("message", "")
    assert "curl " in (failure.text or "")


@settings(max_examples=25)
@given(report=any_report())
def test_json_and_its_lines_say_the_same(report: Report) -> None:
    whole = json.loads(json_report.render(report))
    lines = [json.loads(line) for line in ndjson.render(report).split("\n")[:-1]]
    assert [line.pop("type") for line in lines] == [
        "run",
        *["outcome"] * len(report.outcomes),
        *["finding"] * len(report.findings),
    ]
    first = lines.pop(0)
    assert first.pop("format") == whole["format"]
    assert first == whole["run"]
    assert lines == [*whole["outcomes"], *whole["findings"]]
    assert first["counts"] == {verdict.value: report.count(verdict) for verdict in Verdict}


@settings(max_examples=25)
@given(report=any_report())
def test_a_pytest_file_is_python(report: Report) -> None:
    tree = ast.parse(pytest_file.render(report))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))
    shown = [each for each in report.outcomes if each.verdict.is_difference and each.exchanges]
    assert sum(name.startswith("test_") for name in names) == len(shown)


@settings(max_examples=25)
@given(report=any_report(), width=st.integers(20, 200), height=st.integers(16, 50))
def test_the_summary_fits_a_screen(report: Report, width: int, height: int) -> None:
    text = terminal.render(report, width=width, height=height)
    assert text.replace("\n", "").isprintable()
    assert KEY not in text
    assert len(text.splitlines()) < height
    for line in text.splitlines():
        cells = sum(1 + (east_asian_width(character) in "WF") for character in line)
        assert cells <= width or "curl " in line


@pytest.mark.parametrize("width", [40, 80])
def test_hundreds_of_findings_fit_a_screen(width: int) -> None:
    constraints = {
        f"model-a/{number}/maximum": Constraint(
            id=f"model-a/{number}/maximum", kind="maximum", model="model-a", limit=number
        )
        for number in range(500)
    }
    verdicts = [Verdict.LOOSER, Verdict.TIGHTER, Verdict.DIFFERS, Verdict.UNTESTED]
    outcomes = [
        Outcome(
            vector=f"{id}/x",
            constraint=id,
            verdict=Verdict.FAIL if number == 499 else verdicts[number % 4],
            says="漢字" * 30,
            expected="status 400",
            observed="status 422",
        )
        for number, id in enumerate(constraints)
    ]
    text = terminal.render(made(*outcomes, constraints=constraints), width=width)
    lines = text.splitlines()
    assert len(lines) < 24
    headings = [
        "Not as documented (1)",
        "Tighter than documented (125)",
        "Looser than documented (125)",
    ]
    assert [lines.index(heading) for heading in headings] == sorted(map(lines.index, headings))
    assert "more, in --report html=FILE" in " ".join(lines)


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([Verdict.PASS], "The server does what its documents say"),
        ([Verdict.LOOSER, Verdict.TIGHTER], "The server and its documents part in 2 places"),
        (
            [Verdict.INCONCLUSIVE],
            "Whether the server does what its documents say could not be told",
        ),
    ],
)
def test_the_summary_begins_with_the_verdict(verdicts: list[Verdict], words: str) -> None:
    lines = terminal.render(run(*map(outcome, verdicts))).splitlines()
    assert lines[:2] == ["http://a.test", words]


def test_the_summary_says_why_nothing_was_told() -> None:
    outcomes = [
        outcome(Verdict.UNTESTED, 1, reason="budget"),
        outcome(Verdict.INCONCLUSIVE, 2, reason="network"),
    ]
    text = terminal.render(run(*outcomes))
    assert "1 vector was not tested; all together cost at most 96 credits (--max-credits)" in text
    assert "1 vector told nothing: 1 the server was not reached" in text


def test_a_few_findings_bring_their_requests() -> None:
    text = terminal.render(run(outcome(Verdict.LOOSER)))
    assert "curl -sSig" in text


@pytest.mark.parametrize("format", RENDERED)
def test_what_is_written_is_bounded(format: str) -> None:
    huge = Exchange(
        method="POST",
        url="http://a.test/" + "u" * 10**6,
        headers={"a": "b" * 10**6},
        body={"text": ["t" * 10**6] * 3, **{str(number): number for number in range(5000)}},
        started=made().started,
        seconds=1,
        status=200,
        answer="<" * 10**6,
    )
    report = run(outcome(Verdict.LOOSER, exchanges=(huge,), says="s" * 10**6))
    assert len(reports.render(report, format)) < 500_000


def test_reports_appear_whole(tmp_path: Path) -> None:
    report = run(outcome(Verdict.LOOSER))
    paths = {name: tmp_path / f"{name}.out" for name in RENDERED}
    reports.write(report, paths)
    for name, path in paths.items():
        assert path.read_text(encoding="utf-8") == reports.render(report, name)
    assert sorted(tmp_path.iterdir()) == sorted(paths.values())


def test_what_cannot_be_written_is_told_before_anything_is(tmp_path: Path) -> None:
    report, good = run(), tmp_path / "good"
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"xml": tmp_path / "a"}, '"xml" is not a format of reports; expected one of json, '),
        ({"har": tmp_path / "none" / "a"}, 'none"; create it first'),
        ({"har": tmp_path}, "is a folder; name a file"),
        ({"har": good}, "is named for json and for har"),
    ]
    for paths, words in wrong:
        with pytest.raises(reports.ReportError) as caught:
            reports.write(report, {"json": good, **paths})
        assert words in str(caught.value)
        assert not good.exists()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(reports, "part_of", full)
    with pytest.raises(reports.ReportError, match="No space left"):
        reports.write(run(), {"json": tmp_path / "a"})


def test_a_report_that_cannot_be_written_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> Any:
        if path.suffix == ".html":
            raise OSError(28, "No space left on device")
        return part_of(path)

    monkeypatch.setattr("fluxframe.conformance.reports.part_of", full)
    paths = {"html": tmp_path / "run.html", "json": tmp_path / "run.json"}
    with pytest.raises(reports.ReportError, match=r"run\.html.*: No space left on device"):
        reports.write(run(outcome(Verdict.LOOSER)), paths)
    assert json.loads((tmp_path / "run.json").read_text())

"""Known findings: what is new, changed or gone fails a run, and what is as it was does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from fluxframe.conformance import Constraint, Outcome, Report, Verdict, _baseline
from fluxframe.conformance._baseline import Baseline, BaselineError, compare, dump, load

from .strategies import made
from .strategies import reports as any_report

CONSTRAINTS = {
    id: Constraint(id=id, kind="maximum", model=model, operation=operation, parameter="n", limit=3)
    for id, model, operation in [
        ("m/a/maximum", "m", "images.generate"),
        ("m/b/maximum", "m", "images.generate"),
        ("o/refusal", None, "images.generate"),
        ("other/refusal", None, "other"),
    ]
}
A, B = "m/a/maximum:looser", "m/b/maximum:looser"


def run(**verdicts: str) -> Report:
    """A run with the verdicts of vectors, by the beginning of their constraint."""
    outcomes = []
    for name, verdict in verdicts.items():
        constraint = next(id for id in CONSTRAINTS if f"/{name[0]}/" in id or id.startswith(name))
        outcomes.append(
            Outcome(
                vector=f"{constraint}/{name}",
                constraint=constraint,
                verdict=Verdict(verdict),
                says=name,
                expected="refused",
                observed="accepted",
            )
        )
    return made(*outcomes, constraints=CONSTRAINTS)


def known(*ids: str) -> Baseline:
    whole = {finding.id: finding.message for finding in run(a="looser", b="looser").findings}
    return Baseline(known={id: whole.get(id, "it is") for id in ids})


def test_what_is_as_it_was_passes() -> None:
    comparison = compare(run(a="looser", b="pass"), known(A))
    assert [finding.id for finding in comparison.known] == [A]
    assert comparison.exit_status == 0


def test_what_is_new_beside_what_is_known_fails() -> None:
    comparison = compare(run(a="looser", b="looser"), known(A))
    assert [finding.id for finding in comparison.new] == [B]
    assert comparison.exit_status == 1


def test_another_verdict_is_another_finding() -> None:
    comparison = compare(run(a="tighter"), known(A))
    assert [finding.id for finding in comparison.new] == ["m/a/maximum:tighter"]
    assert comparison.gone == [A]


def test_what_is_gone_fails() -> None:
    comparison = compare(run(a="pass", b="pass"), known(A))
    assert (comparison.gone, comparison.exit_status) == ([A], 1)


@pytest.mark.parametrize(
    "verdicts", [{"b": "pass"}, {"a": "untested"}, {"a": "pass", "a2": "untested"}]
)
def test_what_was_not_tested_is_not_gone(verdicts: dict[str, str]) -> None:
    comparison = compare(run(**verdicts, b2="pass"), known(A))
    assert (comparison.gone, comparison.untested, comparison.exit_status) == ([], [A], 0)


def test_what_vectors_of_others_showed_is_gone_when_these_pass() -> None:
    baseline = known("o/refusal:fail", "other/refusal:fail", "no/such:fail")
    comparison = compare(run(a="pass", b="pass"), baseline)
    assert comparison.gone == ["o/refusal:fail"]
    assert comparison.untested == ["other/refusal:fail", "no/such:fail"]
    assert compare(run(a="pass", b="untested"), baseline).gone == []


def test_what_changed_fails() -> None:
    comparison = compare(run(a="looser"), Baseline(known={A: "m takes n 4"}))
    assert [finding.id for finding in comparison.changed] == [A]
    assert comparison.exit_status == 1


@pytest.mark.parametrize("verdict", ["looser", "pass", "inconclusive"])
def test_what_is_flaky_may_come_and_go(verdict: str) -> None:
    comparison = compare(run(a=verdict, b="pass"), Baseline(flaky=frozenset([A])))
    assert comparison.exit_status == 0
    assert len(comparison.flaky) == (verdict == "looser")


def test_what_could_not_be_told_is_no_success() -> None:
    assert compare(run(a="looser", b="inconclusive"), known(A)).exit_status == 2
    assert compare(run(a="untested"), known()).exit_status == 2
    assert compare(run(a="looser", b="inconclusive"), known()).exit_status == 1


def test_what_another_reading_says_is_not_new() -> None:
    comparison = compare(run(a="differs"), known())
    assert (comparison.new, comparison.exit_status) == ([], 0)


@settings(max_examples=50)
@given(report=any_report())
def test_a_run_beside_its_own_baseline_has_nothing_new(
    tmp_path_factory: Any, report: Report
) -> None:
    path = tmp_path_factory.mktemp("baseline") / "known.json"
    path.write_text(dump(report), encoding="utf-8")
    comparison = compare(report, load(path))
    assert [*comparison.new, *comparison.changed, *comparison.gone] == []
    assert comparison.exit_status in (0, 2)
    assert dump(report, load(path)) == dump(report)


def test_what_is_flaky_and_what_was_not_tested_stays() -> None:
    before = Baseline(known={B: "as it was", "m/a/maximum:fail": "x"}, flaky=frozenset([A]))
    after = json.loads(dump(run(a="looser", b="untested"), before))
    assert after == {
        "format": 1,
        "known": {B: "as it was"},
        "flaky": [A],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not JSON"),
        ("[]", "expected an object"),
        ("{}", "its format is none; this version reads 1"),
        ('{"format": 2}', "its format is 2"),
        (
            '{"format": 1, "knwon": {}}',
            '"knwon" is not a member of it; expected format, known and flaky',
        ),
        ('{"format": 1, "known": []}', "known: expected an object"),
        ('{"format": 1, "known": {"a:fail": 1}}', "known: expected an object of messages"),
        ('{"format": 1, "flaky": {}}', "flaky: expected a list"),
        ('{"format": 1, "flaky": ["a"]}', "expected a constraint, a colon and one of looser"),
        (
            '{"format": 1, "known": {"a:fail": "x"}, "flaky": ["a:fail"]}',
            "is in both known and flaky",
        ),
        ('{"format": 1, "known": {"a:fail": "x", "a:fail": "y"}}', '"a:fail" is there twice'),
        ("[" * 100_000, "is not JSON"),
        ("\udcff", "is not JSON"),
    ],
)
def test_what_is_no_baseline_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BaselineError) as caught:
        load(path)
    assert "known.json" in str(caught.value)
    assert words in str(caught.value)


def test_a_baseline_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        BaselineError, match="No such file or directory; --write-baseline makes one"
    ):
        load(tmp_path / "none.json")
    with pytest.raises(BaselineError, match="directory"):
        load(tmp_path)
    assert _baseline.BaselineError is BaselineError

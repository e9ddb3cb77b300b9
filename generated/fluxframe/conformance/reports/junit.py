# A copy of codegen/runtime/conformance/reports/junit.py, where it is edited.
"""A run as JUnit XML, for build servers: a suite a model or operation, a case a vector."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from ..._redact import cut, printable, without_key, without_query
from .._exchanges import Outcome, Verdict
from .._outcomes import Finding, Report
from .._words import VERDICTS, outcome_text, subject
from . import _data, _entries

_LONGEST = 4_000  # Characters of an answer.
# What build servers know of a case that is not passed.
_CHILDREN = {Verdict.INCONCLUSIVE: "error", Verdict.UNTESTED: "skipped"}


def render(report: Report) -> str:
    """The suites, each with its counts."""
    findings = {
        (each.constraint.id, each.verdict): each
        for each in report.findings
        if each.verdict.is_difference
    }
    suites: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        constraint = report.constraints[outcome.constraint]
        suites.setdefault(subject(constraint), []).append(outcome)
    root = ElementTree.Element("testsuites", _counts(report.outcomes))
    root.set("name", "conformance")
    root.set("time", f"{_data.seconds(report.seconds):.3f}")
    for name, outcomes in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", name=_plain(name))
        suite.attrib |= {
            **_counts(outcomes),
            "time": f"{_seconds(outcomes):.3f}",
            "timestamp": _data.moment(report.started).partition(".")[0],
            "hostname": _plain(without_query(report.base_url)),
        }
        for outcome in outcomes:
            _case(suite, outcome, findings.get((outcome.constraint, outcome.verdict)))
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}\n'


def _case(suite: ElementTree.Element, outcome: Outcome, finding: Finding | None) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=_plain(outcome.constraint),
        name=_plain(outcome.vector),
        time=f"{_seconds([outcome]):.3f}",
    )
    if outcome.verdict is Verdict.PASS:
        return
    text = outcome_text(outcome)
    if outcome.verdict is Verdict.DIFFERS:
        ElementTree.SubElement(case, "system-out").text = _plain(text)
        return
    child = ElementTree.SubElement(case, _CHILDREN.get(outcome.verdict, "failure"))
    child.set("message", _plain(text if finding is None else finding.message))
    if outcome.verdict is Verdict.UNTESTED:
        return
    child.set("type", VERDICTS[outcome.verdict])
    lines = [text, _entries.curl_of(outcome) or ""]
    if outcome.exchanges:
        last = outcome.exchanges[-1]
        answer = last.answer if last.error is None else last.error
        lines.append(cut(without_key(cut(answer, _LONGEST)), _LONGEST))
    child.text = _plain("\n".join(filter(None, lines)))


def _counts(outcomes: Sequence[Outcome]) -> dict[str, str]:
    verdicts = [outcome.verdict for outcome in outcomes]
    return {
        "tests": str(len(verdicts)),
        "failures": str(sum(verdict.is_difference for verdict in verdicts)),
        "errors": str(verdicts.count(Verdict.INCONCLUSIVE)),
        "skipped": str(verdicts.count(Verdict.UNTESTED)),
    }


def _seconds(outcomes: Sequence[Outcome]) -> float:
    """How long their requests took; those that vectors share are counted once."""
    shared = {id(each): each.seconds for outcome in outcomes for each in outcome.exchanges}
    return sum(map(_data.seconds, shared.values()))


def _plain(text: str) -> str:
    """A text without what XML can't have, not even as a reference."""
    return printable(without_key(text))

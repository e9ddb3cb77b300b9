"""A run as SARIF 2.1.0: each finding at the line of the spec that it parts with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from ..._redact import without_query
from ..._version import __version__
from .._exchanges import Verdict
from .._outcomes import Finding, Report
from .._vectors import Constraint, place_of
from .._words import VERDICTS, limit_text, plain, quotes, reasons_text, source_text, subject
from . import _data, _entries
from ._entries import ID

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """A log of one run; its rules are the constraints that server and documents part at."""
    findings = report.findings
    constraints = {each.constraint.id: each.constraint for each in findings}
    rules = {id: index for index, id in enumerate(constraints)}
    run = {
        "tool": {
            "driver": {
                "name": "fluxframe conformance",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(each) for each in constraints.values()],
            }
        },
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules[each.constraint.id]) for each in findings],
        "properties": _entries.run(report),
    }
    return _data.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(constraint: Constraint) -> dict[str, Any]:
    told = f"{subject(constraint)}: {source_text(constraint)}"
    words = [f"{source}: {text}" for source, texts in quotes(constraint).items() for text in texts]
    return {
        "id": plain(constraint.id, ID),
        "shortDescription": {"text": plain(told, ID)},
        "fullDescription": {"text": "\n".join([plain(told, ID), *words])},
        "properties": {
            "kind": plain(constraint.kind, ID),
            "limit": plain(limit_text(constraint), ID),
        },
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    differs = finding.verdict is Verdict.DIFFERS
    return {
        "ruleId": plain(finding.constraint.id, ID),
        "ruleIndex": rule,
        "kind": "informational" if differs else "fail",
        "level": "none" if differs else "error",
        "message": {"text": finding.message},
        "locations": [_location(finding.constraint)],
        "partialFingerprints": {"finding/v1": plain(finding.id, ID)},
        "properties": {
            "verdict": finding.verdict.value,
            "meaning": VERDICTS[finding.verdict],
            "vectors": [plain(outcome.vector, ID) for outcome in finding.outcomes],
            "curl": _entries.curl_of(finding.outcomes[0]),
        },
    }


def _location(constraint: Constraint) -> dict[str, Any]:
    logical = {"fullyQualifiedName": plain(constraint.id.rpartition("/")[0], ID)}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if (place := place_of(constraint)) is not None:
        file, line = place
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(file)},
            "region": {"startLine": line},
        }
    return location


def _invocation(report: Report) -> dict[str, Any]:
    ended = report.started + timedelta(seconds=max(0.0, _data.seconds(report.seconds)))
    return {
        "executionSuccessful": report.exit_status != 2,
        "exitCode": report.exit_status,
        "startTimeUtc": _data.moment(report.started),
        "endTimeUtc": _data.moment(ended),
        "arguments": ["--base-url", without_query(report.base_url)],
        "toolExecutionNotifications": list(_notifications(report)),
    }


def _notifications(report: Report) -> Iterator[dict[str, Any]]:
    for verdict in (Verdict.INCONCLUSIVE, Verdict.UNTESTED):
        outcomes: Sequence[Any] = [each for each in report.outcomes if each.verdict is verdict]
        if outcomes:
            yield {"level": "warning", "message": {"text": reasons_text(outcomes)}}

# A copy of codegen/runtime/conformance/reports/json.py, where it is edited.
"""A run as one JSON document."""

from __future__ import annotations

from .._outcomes import Report
from . import _data, _entries


def render(report: Report) -> str:
    """The run, its findings, and the outcome of each vector."""
    whole = {
        "format": _entries.FORMAT,
        "run": _entries.run(report),
        "findings": [_entries.finding(each) for each in report.findings],
        "outcomes": [_entries.outcome(each) for each in report.outcomes],
    }
    return _data.dumps(whole, indent=1) + "\n"

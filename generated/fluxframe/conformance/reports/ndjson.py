# A copy of codegen/runtime/conformance/reports/ndjson.py, where it is edited.
"""A run as lines of JSON: the run, each vector's outcome, and each finding."""

from __future__ import annotations

from .._outcomes import Report
from . import _data, _entries


def render(report: Report) -> str:
    """An object a line, which `type` tells apart."""
    lines = [
        {"type": "run", "format": _entries.FORMAT, **_entries.run(report)},
        *({"type": "outcome", **_entries.outcome(each)} for each in report.outcomes),
        *({"type": "finding", **_entries.finding(each)} for each in report.findings),
    ]
    return "".join(f"{_data.dumps(line)}\n" for line in lines)

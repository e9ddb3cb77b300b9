# A copy of codegen/runtime/conformance/__init__.py, where it is edited.
"""Asks a server, constraint by constraint, whether it does what the documents of its API say.

    from fluxframe import conformance

    report = conformance.run(base_url="http://127.0.0.1:8000", api_key="…", max_credits=100)
    for finding in report.findings:
        print(finding.message)

What is sent is data, the vectors, made of the spec; answers are read by the emitted OpenAPI document. It
shares no code with the client, whose checks would hide what the server does.

Needs `fluxframe[conformance]`.
"""

from __future__ import annotations

from ._outcomes import Exchange, Finding, Outcome, Report, Verdict
from ._vectors import Constraint

__all__ = ["Constraint", "Exchange", "Finding", "Outcome", "Report", "Verdict"]

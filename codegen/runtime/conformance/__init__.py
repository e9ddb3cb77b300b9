"""Tests, constraint by constraint, whether a server does what the documents of its API say.

    from fluxframe import conformance

    report = conformance.run(base_url="http://127.0.0.1:8000", api_key="…", max_credits=100)
    for finding in report.findings:
        print(finding.message)

What is sent is data, the vectors, made of the spec; answers are read by the emitted OpenAPI document. It
shares no code with the client, whose checks would hide what the server does.

Needs the extra `conformance`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import CannotRunError
from ._outcomes import Exchange, Finding, Outcome, Report, Verdict
from ._vectors import Constraint

if TYPE_CHECKING:
    from ._api import arun, run
    from ._plan import Plan, plan
    from ._run import Progress

__all__ = [
    "CannotRunError",
    "Constraint",
    "Exchange",
    "Finding",
    "Outcome",
    "Plan",
    "Progress",
    "Report",
    "Verdict",
    "arun",
    "plan",
    "run",
]

_LATER = {"Plan": "_plan", "Progress": "_run", "arun": "_api", "plan": "_plan", "run": "_api"}


def __getattr__(name: str) -> Any:
    """What sends, and loads an HTTP library and a JSON Schema engine for that, when it is needed."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATER[name]}", __name__), name)

"""The parts of a report as JSON, for all formats that are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from ..._redact import without_query
from .._exchanges import Exchange, Outcome, Verdict
from .._outcomes import Finding, Report
from .._words import outcome_text, plain, quotes, readings
from ._data import bounded, moment, seconds
from .curl import curl

Json: TypeAlias = dict[str, Any]

FORMAT = 1
_EXCHANGES = 10  # Of one vector, the last so many.
ID = 300  # Characters of an id.


def run(report: Report) -> Json:
    """A run without its outcomes."""
    return {
        "base_url": without_query(report.base_url),
        "started": moment(report.started),
        "seconds": seconds(report.seconds),
        "requests": report.requests,
        "accepted": report.accepted,
        "credits": report.credits,
        "estimate": report.estimate,
        "budget": report.budget,
        "exit_status": report.exit_status,
        "counts": {verdict.value: report.count(verdict) for verdict in Verdict},
    }


def finding(found: Finding) -> Json:
    """A finding, with the vectors that show it by their ids."""
    constraint = found.constraint
    return {
        "id": plain(found.id, ID),
        "verdict": found.verdict.value,
        "message": found.message,
        "constraint": plain(constraint.id, ID),
        "kind": plain(constraint.kind, ID),
        "model": bounded(constraint.model),
        "operation": bounded(constraint.operation),
        "parameter": bounded(constraint.parameter),
        "limit": bounded(constraint.limit),
        "unit": bounded(constraint.unit),
        "source": bounded(quotes(constraint)),
        "readings": bounded(readings(constraint)),
        "vectors": [plain(outcome.vector, ID) for outcome in found.outcomes],
        "curl": curl_of(found.outcomes[0]),
    }


def outcome(of: Outcome) -> Json:
    """An outcome; the exchanges of what is as documented are left to HAR."""
    told = _EXCHANGES if of.verdict is not Verdict.PASS else 0
    return {
        "vector": plain(of.vector, ID),
        "constraint": plain(of.constraint, ID),
        "verdict": of.verdict.value,
        "text": outcome_text(of),
        "says": bounded(of.says),
        "expected": bounded(of.expected),
        "observed": bounded(of.observed),
        "reading": bounded(of.reading),
        "credits": of.credits,
        "reason": bounded(of.reason),
        "exchanges": [exchange(one) for one in of.exchanges[-told:]] if told else [],
    }


def exchange(of: Exchange) -> Json:
    """A request and its answer."""
    return {
        "method": plain(of.method, ID),
        "url": bounded(of.url),
        "headers": bounded(of.headers),
        "body": bounded(of.body),
        "raw": bounded(of.raw),
        "form": bounded(of.form),
        "started": moment(of.started),
        "seconds": seconds(of.seconds),
        "status": of.status,
        "answer_headers": bounded(of.answer_headers),
        "answer": bounded(of.answer),
        "error": bounded(of.error),
        "curl": curl(of),
    }


def curl_of(of: Outcome) -> str | None:
    """The line that repeats the request which decided a vector; None if none was sent."""
    return curl(of.exchanges[-1]) if of.exchanges else None


def exchanges(report: Report) -> Iterator[tuple[Exchange, list[Outcome]]]:
    """All exchanges in the order in which they were begun, each once, with the outcomes that share it."""
    found: dict[int, tuple[Exchange, list[Outcome]]] = {}
    for of in report.outcomes:
        for one in of.exchanges:
            found.setdefault(id(one), (one, []))[1].append(of)
    yield from sorted(found.values(), key=lambda each: moment(each[0].started))

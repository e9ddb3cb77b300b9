"""Findings that are known, so that a run fails for what is new, for what changed, and for what is gone.

    {
      "format": 1,
      "known": {"a finding's id": "the message that it has"},
      "flaky": ["a finding's id"]
    }

What is flaky may be found or not, with any message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._redact import short_repr, show
from ._exchanges import Verdict
from ._outcomes import Finding, Report
from ._vectors import Constraint

_FORMAT = 1
_MEMBERS = ("format", "known", "flaky")


class BaselineError(Exception):
    """A baseline can't be read: where, why, and what helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The messages of known findings by the findings' ids, and the ids of those that come and go."""

    known: Mapping[str, str] = field(default_factory=dict)
    flaky: frozenset[str] = frozenset()

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A run beside what was known.

    `gone` are the ids of those that were tested and not found, `untested` of those that were not tested
    now; `changed` are found with another message than `known_as` has.
    """

    new: Sequence[Finding]
    known: Sequence[Finding]
    changed: Sequence[Finding]
    flaky: Sequence[Finding]
    gone: Sequence[str]
    untested: Sequence[str]
    known_as: Mapping[str, str]
    exit_status: int

    __repr__ = short_repr


def load(path: str | Path) -> Baseline:
    """Read a baseline. Raises BaselineError."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        data = json.loads(text, object_pairs_hook=_once)
    except OSError as error:
        hint = "; --write-baseline makes one" if isinstance(error, FileNotFoundError) else ""
        raise BaselineError(f"{show(str(path), 300)}: {error.strerror or error}{hint}") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{show(str(path), 300)} is not JSON: {error}") from error
    try:
        return _read(data)
    except _WrongError as error:
        raise BaselineError(f"{show(str(path), 300)}: {error}") from error


class _WrongError(Exception):
    pass


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{show(twice)} is there twice; keep one of them")
    return found


def _read(data: Any) -> Baseline:
    if not isinstance(data, dict):
        raise _WrongError("expected an object with the members format, known and flaky")
    for name in data:
        if name not in _MEMBERS:
            raise _WrongError(
                f"{show(name)} is not a member of it; expected format, known and flaky"
            )
    if data.get("format") != _FORMAT:
        told = show(data["format"]) if "format" in data else "none"
        raise _WrongError(f"its format is {told}; this version reads {_FORMAT}")
    known, flaky = data.get("known", {}), data.get("flaky", [])
    if not isinstance(known, dict) or not all(isinstance(text, str) for text in known.values()):
        raise _WrongError("known: expected an object of messages by the ids of findings")
    if not isinstance(flaky, list) or not all(isinstance(id, str) for id in flaky):
        raise _WrongError("flaky: expected a list of ids of findings")
    for id in [*known, *flaky]:
        if id.rpartition(":")[2] not in set(Verdict):
            raise _WrongError(
                f"{show(id, 200)} is not the id of a finding; expected a constraint, a colon and one of "
                f"{', '.join(verdict for verdict in Verdict if verdict.is_difference)}"
            )
    for id in flaky:
        if id in known:
            raise _WrongError(f"{show(id, 200)} is in both known and flaky; keep it in one")
    return Baseline(known=known, flaky=frozenset(flaky))


def compare(report: Report, baseline: Baseline) -> Comparison:
    """What a run found, beside what is known."""
    found = {finding.id: finding for finding in report.findings}
    new, known, changed, flaky = list[Finding](), list[Finding](), list[Finding](), list[Finding]()
    for id, finding in found.items():
        if id in baseline.flaky:
            flaky.append(finding)
        elif id in baseline.known:
            (known if finding.message == baseline.known[id] else changed).append(finding)
        elif finding.verdict.is_difference:
            new.append(finding)
    missing = [id for id in baseline.known if id not in found]
    gone = [id for id in missing if _is_told(report, _constraint(id))]
    return Comparison(
        new=new,
        known=known,
        changed=changed,
        flaky=flaky,
        gone=gone,
        untested=[id for id in missing if id not in gone],
        known_as=baseline.known,
        exit_status=1 if new or changed or gone else _inconclusive(report, baseline),
    )


def dump(report: Report, before: Baseline | None = None) -> str:
    """The baseline of a run; what is flaky `before` stays so, and what was not tested now stays known."""
    before = before or Baseline()
    comparison = compare(report, before)
    known = {id: before.known[id] for id in comparison.untested} | {
        finding.id: finding.message
        for finding in report.findings
        if finding.id not in before.flaky
        and (finding.verdict.is_difference or finding.id in before.known)
    }
    data = {
        "format": _FORMAT,
        "known": dict(sorted(known.items())),
        "flaky": sorted(before.flaky),
    }
    return json.dumps(data, indent=2) + "\n"


def _constraint(id: str) -> str:
    """The constraint of a finding, by the finding's id."""
    return id.rpartition(":")[0]


def _is_told(report: Report, id: str) -> bool:
    """Whether a run would have found what a constraint had been found to be.

    That of an operation may be blamed for what vectors of other constraints show.
    """
    constraint = report.constraints.get(id)
    if constraint is None:
        return False
    is_shared = constraint.model is None
    verdicts = [
        outcome.verdict
        for outcome in report.outcomes
        if outcome.constraint == id
        or (is_shared and _is_of(report.constraints[outcome.constraint], constraint.operation))
    ]
    return bool(verdicts) and all(verdict.is_final for verdict in verdicts)


def _is_of(constraint: Constraint, operation: str | None) -> bool:
    """Whether a constraint is of an operation; None is any."""
    return operation in (None, constraint.operation)


def _inconclusive(report: Report, baseline: Baseline) -> int:
    """2 if a run without surprises could not tell all, else 0; what is flaky may fail to tell."""
    flaky = set(map(_constraint, baseline.flaky))
    untold = any(
        outcome.verdict is Verdict.INCONCLUSIVE and outcome.constraint not in flaky
        for outcome in report.outcomes
    )
    told = any(outcome.verdict.is_final for outcome in report.outcomes)
    return 2 if untold or not told else 0

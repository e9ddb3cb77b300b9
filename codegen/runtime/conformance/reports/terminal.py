"""A run on one screen: what it came to, and of the findings those that matter most."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..._redact import short_repr, without_query
from .._baseline import Comparison
from .._exchanges import Outcome, Verdict
from .._outcomes import Finding, Report
from .._words import (
    BESIDE,
    VERDICTS,
    baseline_text,
    changed_text,
    cost_text,
    counted,
    headline,
    more_text,
    plain,
    reasons_text,
    untested_text,
)
from ._entries import curl_of

# What hurts most comes first.
_ORDER = (Verdict.FAIL, Verdict.TIGHTER, Verdict.LOOSER, Verdict.DIFFERS)
_LINES = 3  # Of one text, at most.
_LONGEST_CURL = 800
_LONGEST_ID = 300


@dataclass(frozen=True, slots=True)
class _Group:
    """Texts that belong together, and the outcome that shows each, if there is one."""

    heading: str
    texts: Sequence[str]
    outcomes: Sequence[Outcome | None]

    __repr__ = short_repr


def render(
    report: Report, comparison: Comparison | None = None, *, width: int = 80, height: int = 24
) -> str:
    """The summary in lines of `width`; one line of `height` is left for the prompt.

    Beside a baseline it shows what is not as that says.
    """
    verdicts = [(report.count(verdict), VERDICTS[verdict]) for verdict in Verdict]
    counts = ", ".join(f"{count} {words}" for count, words in verdicts if count)
    cost = cost_text(
        report.requests, report.accepted, report.credits, report.budget, report.seconds
    )
    differences = sum(finding.verdict.is_difference for finding in report.findings)
    told = headline(
        differences, is_told=report.exit_status != 2, is_whole=not report.count(Verdict.UNTESTED)
    )
    head = [
        *_wrapped(without_query(report.base_url), width, lines=1),
        *_wrapped(told, width),
        *_wrapped(counts or counted(0, "vector"), width, lines=4),
        *_wrapped(cost, width),
    ]
    foot = []
    if not_paid := sum(outcome.reason == "budget" for outcome in report.outcomes):
        foot += _wrapped(untested_text(not_paid, report.estimate), width)
    if poor := [each for each in report.outcomes if each.reason == "account"]:
        foot += _wrapped(reasons_text(poor), width)
    if untold := [each for each in report.outcomes if each.verdict is Verdict.INCONCLUSIVE]:
        foot += _wrapped(reasons_text(untold), width)
    if comparison is None:
        groups = list(_verdicts(report))
    else:
        groups = list(_beside(comparison))
        foot += _wrapped(_rest(comparison), width)
    room = height - 1 - len(head) - len(foot)
    return "".join(f"{line}\n" for line in [*head, *_fitted(groups, width, room), *foot])


def _verdicts(report: Report) -> Iterator[_Group]:
    for verdict in _ORDER:
        findings = [each for each in report.findings if each.verdict is verdict]
        yield _group(VERDICTS[verdict], findings)


def _beside(comparison: Comparison) -> Iterator[_Group]:
    yield _group(BESIDE["new"], comparison.new)
    changed = _group(BESIDE["changed"], comparison.changed)
    texts = [changed_text(each, comparison.known_as[each.id]) for each in comparison.changed]
    yield _Group(changed.heading, texts, changed.outcomes)
    gone = [plain(id, _LONGEST_ID) for id in comparison.gone]
    yield _Group(BESIDE["gone"], gone, [None] * len(gone))


def _rest(comparison: Comparison) -> str:
    sizes = map(len, (comparison.known, comparison.flaky, comparison.untested))
    return baseline_text(*sizes)


def _group(heading: str, findings: Sequence[Finding]) -> _Group:
    return _Group(
        heading,
        [finding.message for finding in findings],
        [min(finding.outcomes, key=_length) for finding in findings],
    )


def _length(outcome: Outcome) -> int:
    """Characters of the line that repeats it."""
    return len(curl_of(outcome) or "")


def _fitted(groups: Sequence[_Group], width: int, room: int) -> Sequence[str]:
    """As many texts as there is room for, with their requests if it is enough for all of them."""
    total = sum(len(group.texts) for group in groups)
    for shown in range(min(total, room), 0, -1):
        for with_curl in (True, False):
            if shown == total or not with_curl:
                lines = list(_lines(groups, shown, width, with_curl=with_curl))
                if sum(-(-max(1, _cells(line)) // width) for line in lines) <= room:
                    return lines
    return _wrapped(more_text(total), width, lines=1) if total else []


def _lines(groups: Sequence[_Group], most: int, width: int, *, with_curl: bool) -> Iterator[str]:
    """So many texts below the headings of their groups; of each group some, before any has more."""
    shares = [0] * len(groups)
    rest = sum(len(group.texts) for group in groups)
    while most:
        for index, group in enumerate(groups):
            if most and shares[index] < len(group.texts):
                shares[index] += 1
                most -= 1
    for group, share in zip(groups, shares, strict=True):
        if not share:
            continue
        rest -= share
        heading = f"{group.heading[0].upper()}{group.heading[1:]} ({len(group.texts)})"
        yield from _wrapped(heading, width)
        for text, outcome in zip(group.texts[:share], group.outcomes, strict=False):
            first, *others = _wrapped(text, width - 2)
            yield f"- {first}"
            yield from (f"  {line}" for line in others)
            line = curl_of(outcome) if with_curl and outcome is not None else None
            if line is not None and len(line) <= _LONGEST_CURL:
                yield f"  {line}"
    if rest:
        yield from _wrapped(more_text(rest), width)


def _wrapped(text: str, width: int, lines: int = _LINES) -> list[str]:
    """A text in lines of at most so many cells; what does not fit into the last is cut."""
    found = [""]
    for word in text.split():
        for part in _broken(word, width):
            joined = f"{found[-1]} {part}" if found[-1] else part
            if _cells(joined) <= width:
                found[-1] = joined
            else:
                found.append(part)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while _cells(last) > width - 2:
        last = last[:-1]
    return [*found[: lines - 1], f"{last} …"]


def _broken(word: str, width: int) -> Iterator[str]:
    """A word in parts that fit into a line."""
    while _cells(word) > width:
        end = next(n for n in range(len(word), 0, -1) if _cells(word[:n]) <= width)
        yield word[:end]
        word = word[end:]
    yield word


def _cells(text: str) -> int:
    """The cells that a terminal needs for a text."""
    if text.isascii():
        return len(text)
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)

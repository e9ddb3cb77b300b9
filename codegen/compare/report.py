"""Findings to text of 80 columns, or to Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from ..shown import line, screen_width
from .findings import Finding, Topic
from .pairs import WHOLE
from .verdicts import Verdict

_COLUMNS = 80
_MOST = 12  # Names in a heading.
_LONGEST = 10_000  # Characters of a list.
_BOUND = "\xa0"  # A space that no line ends at.
_LACKING = (Verdict.ONLY_OURS, Verdict.ONLY_THEIRS)


def as_text(found: Iterable[Finding], source: str) -> Iterator[str]:
    """A paragraph for each topic: what is told of the same places is below their names."""
    for topic, groups in _grouped(found).items():
        yield topic
        for where, findings in groups.items():
            if where:
                yield from _wrapped(_heading(where, topic), 2)
            for finding in findings:
                yield from _wrapped(_row(finding, source), 4 if where else 2)
        yield ""


def as_markdown(found: Iterable[Finding], source: str) -> Iterator[str]:
    """A table for each group of places."""
    for topic, groups in _grouped(found).items():
        yield f"## {topic.capitalize()}"
        yield ""
        for where, findings in groups.items():
            if where:
                yield from (f"### {_escaped(_heading(where, topic))}", "")
                yield "| what | constraint | verdict | ours | theirs | |"
                yield "|---|---|---|---|---|---|"
            for finding in findings:
                if where:
                    cells = finding.what, _constraint(finding), finding.verdict
                    words = *cells, finding.ours, finding.theirs, _status(finding, source)
                    yield f"| {' | '.join(map(_escaped, words))} |"
                else:
                    yield f"- {_escaped(_row(finding, source))}"
            yield ""


def _grouped(found: Iterable[Finding]) -> dict[str, dict[tuple[str, ...], list[Finding]]]:
    """The findings by topic and place; at the end, with no place, those of all that one lacks."""
    topics: dict[str, dict[tuple[str, ...], list[Finding]]] = {}
    for finding in found:
        topics.setdefault(finding.topic, {}).setdefault(_place(finding), []).append(finding)
    for groups in topics.values():
        if last := groups.pop((), None):
            groups[()] = last
    return topics


def _place(finding: Finding) -> tuple[str, ...]:
    return () if _is_list(finding) else finding.where


def _is_list(finding: Finding) -> bool:
    """Whether it is of whole operations or models."""
    return not finding.what and finding.constraint == WHOLE


def _row(finding: Finding, source: str) -> str:
    status = _status(finding, source)
    end = f" [{status}]" if status else ""
    if _is_list(finding):
        return f"{_lacking(finding)}: {_names(finding.where)}{end}"
    what = " ".join(filter(None, (finding.what, _constraint(finding))))
    if finding.constraint == WHOLE and finding.verdict in _LACKING:
        said = finding.ours if finding.verdict is Verdict.ONLY_OURS else finding.theirs
        return f"{what}: {finding.verdict} ({said}){end}"
    if finding.verdict is Verdict.AGREES:
        return f"{what}: {finding.ours}, agrees"
    return f"{what}: {finding.ours}; theirs {finding.theirs} ({finding.verdict}){end}"


def _lacking(finding: Finding) -> str:
    """What one of both lacks, in words."""
    count, ours = len(finding.where), finding.verdict is Verdict.ONLY_OURS
    kind = finding.topic if count > 1 else finding.topic.removesuffix("s")
    said = ""
    if finding.topic is Topic.MODEL:
        said = f" of {finding.ours if ours else finding.theirs}"
    elif not ours and finding.ours != "none":
        said = f", {finding.ours}"
    return f"{finding.verdict} ({count} {kind}{said})"


def _constraint(finding: Finding) -> str:
    return "" if finding.constraint == WHOLE else finding.constraint.replace("_", " ")


def _status(finding: Finding, source: str) -> str:
    if finding.recorded:
        return f"recorded as {finding.recorded}, now {finding.theirs}"
    return f"on record: {source}" if finding.known else ""


def _heading(where: tuple[str, ...], topic: str) -> str:
    """The places, or how many there are, and some of them."""
    count = f"{len(where)} {topic}: " if len(where) > 3 else ""
    if len(where) > _MOST:
        return f"{count}{_names(where[: _MOST // 2])} and {len(where) - _MOST // 2} more"
    return count + _names(where)


def _names(where: tuple[str, ...]) -> str:
    """Names that are not broken from one line to the next."""
    return ", ".join(name.replace(" ", _BOUND) for name in where)


def _wrapped(text: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * (indent + 4)
    screen = screen_width()
    lines = wrap(
        line(text, _LONGEST),
        _COLUMNS if screen is None else min(_COLUMNS, screen),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=screen is None,  # On a screen they are copied from.
    )
    return [each.replace(_BOUND, " ") for each in lines]


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, and from which GitHub makes no mention and no reference."""
    escaped = re.sub(r"([\\`*_\[\]<>|&#~])", r"\\\1", line(text.replace(_BOUND, " "), _LONGEST))
    # It looks for them in what Markdown has made: a backslash is gone by then, a word joiner is not.
    return re.sub(r"([@#])(?=\w)", r"\1&#8288;", escaped)

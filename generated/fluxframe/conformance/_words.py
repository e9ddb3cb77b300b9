# A copy of codegen/runtime/conformance/_words.py, where it is edited.
"""The sentences of conformance. They are made here only, of data, and nothing reads them back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from .._redact import cut, printable, without_key
from ._exchanges import Outcome, Verdict
from ._kind_words import ABSENT, limit_of, values_text
from ._names import called, title
from ._vectors import Constraint

_LONGEST = 400  # Characters of a sentence.
_PART = 160  # Characters of what one source says in it,
_VALUE = 60  # and of a value.
_MOST_VALUES = 3
MISSING = object()

VERDICTS: Mapping[Verdict, str] = {
    Verdict.PASS: "as documented",
    Verdict.LOOSER: "looser than documented",
    Verdict.TIGHTER: "tighter than documented",
    Verdict.FAIL: "not as documented",
    Verdict.DIFFERS: "as another source says",
    Verdict.UNTESTED: "not tested",
    Verdict.INCONCLUSIVE: "inconclusive",
}
BESIDE = {
    "new": "not in the baseline",
    "changed": "otherwise than in the baseline",
    "gone": "in the baseline, and no longer so",
}
# Why a pytest file does not repeat something.
UNREPEATABLE = {
    "body": "its status does not tell it",
    "file": "the file that was sent is not kept",
    "long": "its request is too long",
}
_REASONS = {
    "budget": "not sent, as the budget does not allow it",
    "prerequisite": "what it builds on failed",
    "network": "the server was not reached",
    "server_error": "the server failed",
    "rate_limit": "the server wanted fewer requests",
    "account": "not sent, as the account has too few credits",
    "too_long": "answered with more than is read",
    "interrupted": "not sent, as the run was interrupted",
}

# Kinds of constraints whose limit is the name of an object.
_ANSWERS = ("answer", "error", "refusal")
_PASSING = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z?"
)
_DEEDS = {
    "accepted": "takes",
    "refused": "refuses",
    "refused-together": "refuses, beside what it takes alone,",
}


class _Cause(Protocol):
    """A finding, which has its message from here."""

    @property
    def constraint(self) -> Constraint: ...

    @property
    def outcomes(self) -> Sequence[Outcome]: ...


def finding_text(finding: _Cause) -> str:
    """What the server does, and what the documents say instead."""
    constraint, outcomes = finding.constraint, finding.outcomes
    first = outcomes[0]
    does = f"{subject(constraint)} {_deed(constraint, outcomes)}"
    told = [source_text(constraint)]
    others = {**constraint.readings}
    if first.verdict is Verdict.DIFFERS:
        if first.reading in others:
            own = limit_of(constraint, others.pop(first.reading))
            does += f", as {_speaker(first.reading or '')} ({own})"
        elif first.reading == "unknown":
            told = ["no document says what is right"]
        elif first.reading:
            does += f", as {_speaker(first.reading)}"
    elif constraint.kind in _ANSWERS and first.expected == constraint.limit:
        told = []  # It is in what the server does.
    elif first.expected and first.expected not in _DEEDS:
        told = [f"{_documents(constraint)} {_lasting(first.expected)}"]
    told += [f"{called(source)} {limit_of(constraint, said)}" for source, said in others.items()]
    return plain("; ".join(filter(None, [does, ", ".join(told)])), _LONGEST)


def outcome_text(outcome: Outcome) -> str:
    """What came of a vector."""
    said = outcome.says or "the request"
    match outcome.verdict:
        case Verdict.UNTESTED | Verdict.INCONCLUSIVE:
            told = reason_text(outcome.reason)
        case Verdict.PASS:
            told = outcome.observed or outcome.expected
        case Verdict.DIFFERS if outcome.reading not in (None, "unknown"):
            told = f"{outcome.observed}, as {_speaker(outcome.reading or '')}"
        case _:
            told = f"expected {outcome.expected}, found {outcome.observed}"
    if outcome.exchanges and (status := outcome.exchanges[-1].status) is not None:
        told += f", with status {status}"
    if outcome.credits:
        told += f", at {counted(outcome.credits, 'credit')}"
    return plain(f"{said}: {told}" if told else said, _LONGEST)


def headline(differences: int, *, is_told: bool, is_whole: bool) -> str:
    """What a whole run says, from how many causes it found and whether it could tell."""
    if differences:
        return f"The server and its documents part in {counted(differences, 'place')}"
    if is_told:
        rest = "" if is_whole else ", as far as it was tested"
        return f"The server does what its documents say{rest}"
    return "Whether the server does what its documents say could not be told"


def reason_text(reason: str | None) -> str:
    """Why something was not sent, or said nothing."""
    return plain(_REASONS.get(reason or "", reason or "no reason is known"), _PART)


def cost_text(requests: int, accepted: int, credits: int, budget: int, seconds: float) -> str:
    """What a run cost."""
    return (
        f"{counted(requests, 'request')} in {seconds:.1f} s, {accepted} accepted, "
        f"{credits} of {counted(budget, 'credit')}"
    )


def untested_text(number: int, estimate: int) -> str:
    """Of vectors that were not sent."""
    verb = "was" if number == 1 else "were"
    return (
        f"{counted(number, 'vector')} {verb} not tested; "
        f"all together cost at most {counted(estimate, 'credit')} (--max-credits)"
    )


def more_text(number: int) -> str:
    """Of findings that there is no room for."""
    return f"… and {number} more, in --report html=FILE"


def changed_text(finding: _Cause, before: str) -> str:
    """Of a known finding that is not what it was."""
    return plain(f"{finding_text(finding)} (the baseline says: {before})", _LONGEST)


def baseline_text(known: int, flaky: int, untested: int) -> str:
    """How much is as the baseline says."""
    told = [f"{known} as the baseline says"]
    if flaky:
        told.append(f"{flaky} known to come and go")
    if untested:
        told.append(f"{untested} of the baseline not tested")
    return ", ".join(told)


def pytest_text(base_url: str, key_variable: str, base_url_variable: str) -> str:
    """What a pytest file says of itself."""
    return f"""What {base_url} does otherwise than the documents say: each test fails until it does not.

Needs httpx and pytest, and the API key in {key_variable}; {base_url_variable} names another server.
What the server accepts is paid for.
"""


def reasons_text(outcomes: Sequence[Outcome]) -> str:
    """How many vectors told nothing, and why."""
    reasons = Counter(reason_text(outcome.reason) for outcome in outcomes)
    words = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common(_MOST_VALUES))
    return plain(f"{counted(len(outcomes), 'vector')} told nothing: {words}", _LONGEST)


def subject(constraint: Constraint) -> str:
    """What is tested: a model, an operation, or the API as a whole."""
    if constraint.model is not None:
        return constraint.model
    return "the server" if constraint.operation is None else title(constraint.operation)


def limit_text(constraint: Constraint) -> str:
    """What a constraint says, such as `at most 8`."""
    return limit_of(constraint, constraint.limit)


def source_text(constraint: Constraint) -> str:
    """Who says what of a constraint: `the page says at most 8`."""
    return f"{_documents(constraint)} {limit_text(constraint)}".rstrip()


def quotes(constraint: Constraint) -> Mapping[str, Sequence[str]]:
    """The sources' own words, by the source."""
    return {
        plain(source, _VALUE): [plain(text, _LONGEST) for text in texts]
        for source, texts in constraint.source.items()
    }


def readings(constraint: Constraint) -> Mapping[str, str]:
    """What other sources say instead, by the source."""
    return {
        plain(source, _VALUE): plain(limit_of(constraint, said), _LONGEST)
        for source, said in constraint.readings.items()
    }


def counted(number: int, noun: str) -> str:
    """`1 credit`, `2 credits`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def plain(text: str, width: int) -> str:
    """A text from anywhere on one line, without keys, and with nothing that a terminal would obey."""
    return cut(" ".join(printable(without_key(cut(text, width))).split()), width)


def _deed(constraint: Constraint, outcomes: Sequence[Outcome]) -> str:
    """What the server does with that which was tested."""
    first = outcomes[0]
    said = f" ({first.says})" if first.says else ""
    if first.observed not in _DEEDS:
        observed = _lasting(first.observed) or "something else"
        if constraint.kind in _ANSWERS and first.expected == constraint.limit:
            return f"answers with what is not {_with_article(first.expected)}{said}: {observed}"
        return f"answers with {observed}{said}"
    names = [name for name in constraint.parameter.split(".") if not _is_inner(name)]
    name = names[-1] if names else ""
    found = [
        value_at(constraint, outcome) for outcome in outcomes if outcome.observed == first.observed
    ]
    values = [value for value in found if value is not MISSING]
    if constraint.kind == "unknown" and first.says:
        what = first.says
    elif name and constraint.kind in ABSENT:
        what = f"a request without {name}"
    elif name and values:
        is_item = constraint.parameter.endswith(".items")
        what = values_text(constraint.kind, name, values, is_item=is_item)
    else:
        what = f"{name or 'a request'}{said}"
    return f"{_DEEDS[first.observed]} {what}"


def _lasting(text: str) -> str:
    """What was observed, without ids and times, which are others in each run."""
    return _PASSING.sub("…", text)


def _with_article(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"


def _is_inner(name: str) -> bool:
    """Whether a part of a path is no member: the items of a list, or the number of a branch."""
    return name == "items" or name.isdecimal()


def value_at(constraint: Constraint, outcome: Outcome) -> Any:
    """The value that was sent where the constraint is; MISSING if none was."""
    if not outcome.exchanges:
        return MISSING
    exchange = outcome.exchanges[-1]
    if constraint.model is None:
        try:
            given = dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))
        except ValueError:
            given = {}
        return {**exchange.headers, **given}.get(constraint.parameter, MISSING)
    place = exchange.body if exchange.form is None else exchange.form
    for name in constraint.parameter.split("."):
        if isinstance(place, list | tuple) and name == "items" and place:
            place = place[-1]  # Those before it are as they should be.
        elif isinstance(place, Mapping) and name in place:
            place = place[name]
        elif not name.isdecimal():
            return MISSING
    return place


def _documents(constraint: Constraint) -> str:
    return _speaker(next(iter(constraint.source), ""))


def _speaker(source: str) -> str:
    """`the page says`, `the notes say`."""
    name = called(source) if source else "the documents"
    return f"{name} {'say' if re.search('[^aius]s$', name) else 'says'}"

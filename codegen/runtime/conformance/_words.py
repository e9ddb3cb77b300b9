"""The sentences of conformance. They are made here only, of data, and nothing reads them back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from .._redact import cut, printable, without_key
from ._exchanges import Outcome, Verdict
from ._names import title
from ._vectors import Constraint

_LONGEST = 400  # Characters of a sentence.
_PART = 160  # Characters of what one source says in it,
_VALUE = 60  # and of a value.
_MOST_VALUES = 3
_MISSING = object()

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
_REASONS = {
    "budget": "not sent, as the budget does not allow it",
    "prerequisite": "what it builds on failed",
    "network": "the server was not reached",
    "server_error": "the server failed",
    "rate_limit": "the server wanted fewer requests",
    "interrupted": "not sent, as the run was interrupted",
}
_TYPES = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


class _Cause(Protocol):
    """A finding, which has its message from here."""

    @property
    def constraint(self) -> Constraint:
        """What server and documents part at."""

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """Those that show it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of constraint is worded: its limit, and a value at or beyond it."""

    limit: Callable[[Constraint, Any], str]
    values: Callable[[str, Sequence[Any]], str]


def finding_text(finding: _Cause) -> str:
    """What the server does, and what the documents say instead."""
    constraint, outcomes = finding.constraint, finding.outcomes
    first = outcomes[0]
    does = f"{subject(constraint)} {_deed(constraint, outcomes)}"
    told = [source_text(constraint)]
    others = {**constraint.readings}
    if first.verdict is Verdict.DIFFERS:
        if first.reading in others:
            own = _limit(constraint, others.pop(first.reading))
            does += f", as {_speaker(first.reading or '')} ({own})"
        elif first.reading == "unknown":
            told = ["no document tells"]
        elif first.reading:
            does += f", as {_speaker(first.reading)}"
    elif first.verdict is Verdict.FAIL and first.expected not in _DEEDS:
        told = [f"{_documents(constraint)} {first.expected or limit_text(constraint)}"]
    told += [f"the {source} {_limit(constraint, said)}" for source, said in others.items()]
    return plain(f"{does}; {', '.join(told)}", _LONGEST)


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


def headline(differences: int, *, is_told: bool) -> str:
    """What a whole run says, from how many causes it found and whether it could tell."""
    if differences:
        return f"The server and its documents part in {counted(differences, 'place')}"
    if is_told:
        return "The server does what its documents say"
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
    return _limit(constraint, constraint.limit)


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
        plain(source, _VALUE): plain(_limit(constraint, said), _LONGEST)
        for source, said in constraint.readings.items()
    }


def counted(number: int, noun: str) -> str:
    """`1 credit`, `2 credits`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def plain(text: str, width: int) -> str:
    """A text from anywhere on one line, without keys, and with nothing that a terminal would obey."""
    return cut(" ".join(printable(without_key(cut(text, width))).split()), width)


_DEEDS = {
    "accepted": "takes",
    "refused": "refuses",
    "refused-together": "refuses, beside what it takes alone,",
}


def _deed(constraint: Constraint, outcomes: Sequence[Outcome]) -> str:
    """What the server does with that which was tested."""
    first = outcomes[0]
    alike = [outcome for outcome in outcomes if outcome.observed == first.observed]
    if first.observed not in _DEEDS:
        about = f" for {first.says}" if first.says else ""
        return f"answers {first.observed or 'something else'}{about}"
    name = constraint.parameter.rpartition(".")[2]
    found = [_value(constraint, outcome) for outcome in alike]
    values = [value for value in found if value is not _MISSING]
    kind = _KINDS.get(constraint.kind, _OTHER)
    if constraint.kind in _ABSENT:
        what = f"a request without {name or 'it'}"
    elif name and values:
        what = kind.values(name, values)
    else:
        what = f"{name or 'a request'} ({first.says})" if first.says else name or "a request"
    return f"{_DEEDS[first.observed]} {what}"


def _value(constraint: Constraint, outcome: Outcome) -> Any:
    """The value that was sent where the constraint is."""
    if not constraint.parameter or not outcome.exchanges:
        return _MISSING
    place = outcome.exchanges[-1].body
    for name in constraint.parameter.split("."):
        if not isinstance(place, Mapping) or name not in place:
            return _MISSING
        place = place[name]
    return place


def _documents(constraint: Constraint) -> str:
    return _speaker(next(iter(constraint.source), ""))


def _speaker(source: str) -> str:
    """`the page says`, `the notes say`."""
    if not source:
        return "the documents say"
    several = re.search("[^aius]s$", source)
    return f"the {source} {'say' if several else 'says'}"


def _limit(constraint: Constraint, said: Any) -> str:
    """What a source says of a constraint; other sources may say something of another kind."""
    if isinstance(said, str) and constraint.kind not in ("type", "format", "pattern"):
        return cut(said, _PART)
    if isinstance(said, Mapping) and said and all(name in _KINDS for name in said):
        each = (_limit(replace(constraint, kind=name), value) for name, value in said.items())
        return cut(", ".join(each), _PART)
    return cut(_KINDS.get(constraint.kind, _OTHER).limit(constraint, said), _PART)


def _bound(words: str, unit: str = "") -> Callable[[Constraint, Any], str]:
    def limit(constraint: Constraint, said: Any) -> str:
        return f"{words} {_json(said)} {constraint.unit or unit}".rstrip()

    return limit


def _size(words: str) -> Callable[[Constraint, Any], str]:
    def limit(constraint: Constraint, said: Any) -> str:
        unit = constraint.unit or "characters"
        return f"{words} {_json(said)} {unit.removesuffix('s') if said == 1 else unit}"

    return limit


def _either(yes: str, no: str) -> Callable[[Constraint, Any], str]:
    return lambda _, said: no if said is False else yes


def _choices(_: Constraint, said: Any) -> str:
    return _listed([_json(one) for one in _several(said)]) or "no value"


def _type(_: Constraint, said: Any) -> str:
    return _listed([_TYPES.get(str(one), str(one)) for one in _several(said)])


def _quantity(_: Constraint, said: Any) -> str:
    if isinstance(said, Mapping) and {"maximum", "unit"} <= said.keys():
        return f"at most {said['maximum']} {said['unit']}"
    return f"at most {said if isinstance(said, str) else _json(said)}"


def _text(_: Constraint, said: Any) -> str:
    """A limit without words of its own."""
    if said is None:
        return "otherwise"
    if isinstance(said, Mapping):
        return ", ".join(f"{name} {_json(value)}" for name, value in said.items())
    return said if isinstance(said, str) else _choices(_, said)


def _named(name: str, values: Sequence[Any]) -> str:
    return f"{name} {_listed(_few([_json(value) for value in values]), 'and')}"


def _lengths(name: str, values: Sequence[Any]) -> str:
    if not all(isinstance(value, str) for value in values):
        return _named(name, values)
    sizes = list(dict.fromkeys(len(value) for value in values))
    noun = "character" if sizes == [1] else "characters"
    return f"{_listed(_few([str(size) for size in sizes]), 'and')} {noun} of {name}"


def _counts(name: str, values: Sequence[Any]) -> str:
    if not all(isinstance(value, list | tuple) for value in values):
        return _named(name, values)
    counts = list(dict.fromkeys(len(value) for value in values))
    noun = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").lower()
    noun = noun.removesuffix("s") if counts == [1] else noun
    return f"{_listed(_few([str(count) for count in counts]), 'and')} {noun}"


def _repeats(name: str, values: Sequence[Any]) -> str:
    return f"{name} with an item twice"


def _few(texts: Sequence[str]) -> Sequence[str]:
    """At most a few texts, each once."""
    each = list(dict.fromkeys(texts))
    if len(each) <= _MOST_VALUES + 1:
        return each
    return [*each[:_MOST_VALUES], f"{len(each) - _MOST_VALUES} more"]


def _several(said: Any) -> Sequence[Any]:
    return said if isinstance(said, list | tuple) else [said]


def _listed(texts: Sequence[str], last: str = "or") -> str:
    return f" {last} ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def _json(value: Any) -> str:
    """A value as in a request, in a few characters; a long one by its size."""
    if isinstance(value, str) and len(value) > _VALUE:
        return f"{json.dumps(value[: _VALUE // 2], ensure_ascii=False)}… ({len(value)} characters)"
    if isinstance(value, list | tuple) and len(value) > _MOST_VALUES:
        return f"a list of {len(value)}"
    if isinstance(value, Mapping) and len(value) > _MOST_VALUES:
        return f"an object of {len(value)}"
    return cut(json.dumps(value, ensure_ascii=False, default=str), _VALUE)


# Kinds that are about a request without the parameter.
_ABSENT = ("required", "optional")
_OTHER = _Kind(_text, _named)
_KINDS: Mapping[str, _Kind] = {
    "minimum": _Kind(_bound("at least"), _named),
    "maximum": _Kind(_bound("at most"), _named),
    "exclusive_minimum": _Kind(_bound("above"), _named),
    "exclusive_maximum": _Kind(_bound("below"), _named),
    "multiple_of": _Kind(_bound("a multiple of"), _named),
    "min_length": _Kind(_size("at least"), _lengths),
    "max_length": _Kind(_size("at most"), _lengths),
    "min_items": _Kind(_bound("at least"), _counts),
    "max_items": _Kind(_bound("at most"), _counts),
    "unique_items": _Kind(_either("no item twice", "items may repeat"), _repeats),
    "nullable": _Kind(_either("it may be null", "it is never null"), _named),
    "values": _Kind(_choices, _named),
    "format": _Kind(_text, _named),
    "quantity": _Kind(_quantity, _named),
    "pattern": _Kind(_text, _named),
    "type": _Kind(_type, _named),
    "required": _Kind(_either("it is required", "it is optional"), _named),
    "optional": _Kind(_either("it is optional", "it is required"), _named),
    "unknown": _Kind(_either("there is no such parameter", "others may come"), _named),
    "discriminator": _Kind(_choices, _named),
    "rule": _OTHER,
}

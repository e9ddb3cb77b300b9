# A copy of codegen/runtime/conformance/reports/_page_cards.py, where it is edited.
"""The parts of the HTML page that can be read without scripts: findings, and what was sent for them."""

from __future__ import annotations

import html
import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from ..._redact import cut, printable, short_repr, without_key, without_query
from .. import _words
from .._outcomes import Exchange, Finding, Outcome, Report, Verdict
from .._vectors import Constraint, place_of
from ._page_data import SIGNS, sent, titles
from .curl import curl
from .python import python

# Characters of an answer, and of the commands and answers of the whole page.
_ANSWER = 3_000
_ROOM = 1_600_000
_LEAST_ROOM = 600_000
# That of a card, about.
_CARD = 400
# Of a card, vectors that are shown with their exchanges, and in a line each; of a vector, exchanges.
_MOST_OPEN = 12
_MOST_LINES = 200
_MOST_EXCHANGES = 8
# Findings beyond so many have a line each; the matrix opens them.
_MOST_CARDS = 300

# An exchange as curl, as Python, and its answer.
Told: TypeAlias = tuple[str, str, str]


def text(value: object) -> str:
    """A text from anywhere, in HTML: what can't be seen is escaped, as are marks."""
    return html.escape(printable(without_key(str(value))))


def sign(verdict: Verdict) -> str:
    """The sign of a verdict, and its name for those who hear the page."""
    return (
        f'<span class="sign" aria-hidden="true">{SIGNS[verdict]}</span>'
        f'<span class="unseen">{verdict}</span>'
    )


@dataclass(frozen=True, slots=True)
class Card:
    """Vectors that are told of together: those of a finding, or what could not be told for one reason."""

    verdict: Verdict
    message: str
    outcomes: Sequence[Outcome]
    constraint: Constraint | None = None

    __repr__ = short_repr


def finding_cards(findings: Sequence[Finding]) -> Sequence[Card]:
    """A card for each finding."""
    return [Card(f.verdict, f.message, f.outcomes, f.constraint) for f in findings]


def reason_cards(report: Report) -> Sequence[Card]:
    """A card for each reason why vectors were not sent, or said nothing."""
    found: dict[tuple[Verdict, str], list[Outcome]] = {}
    for outcome in report.outcomes:
        if not outcome.verdict.is_final:
            found.setdefault((outcome.verdict, outcome.reason or ""), []).append(outcome)
    return [
        Card(verdict, _sentence(_words.reason_text(reason)), outcomes)
        for (verdict, reason), outcomes in sorted(found.items(), key=lambda one: one[0])
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


class Cards:
    """All cards of a page, in the room that there is.

    `shown` has the names of the elements that show an outcome in full, by the outcome's `id()`.
    """

    def __init__(self, report: Report, cards: Sequence[Card]) -> None:
        self.shown: dict[int, str] = {}
        self._constraints = report.constraints
        self._base_url = without_query(report.base_url)
        self._room = max(_LEAST_ROOM, _ROOM - _CARD * len(cards))
        self._exchanges: dict[int, str] = {}
        self._told: dict[int, Told] = {}
        self._cards = {id(card): number for number, card in enumerate(cards)}
        # The first of each, before the others of any.
        for index in range(_MOST_OPEN):
            for number, card in enumerate(cards[:_MOST_CARDS]):
                if index < len(card.outcomes):
                    self._make_room(f"{number}-{index}", card.outcomes[index])

    def _make_room(self, name: str, outcome: Outcome) -> None:
        if self._room <= 0 or not outcome.exchanges or id(outcome) in self.shown:
            return
        made = _exchanges(outcome, self._base_url, self._told)
        self._room -= len(made)
        if self._room >= 0:
            self._exchanges[id(outcome)] = made
            self.shown[id(outcome)] = name

    def card(self, card: Card) -> str:
        """A card; beyond the most, a line that does not open."""
        number = self._cards[id(card)]
        constraint, count = card.constraint, len(card.outcomes)
        model = text(constraint.model or "") if constraint else ""
        id_line = f'<code class="id">{text(constraint.id)}</code>' if constraint else ""
        summary = (
            f'{sign(card.verdict)}<span class="message">{text(card.message)}</span>'
            f'<span class="count">{_words.counted(count, "vector")}</span>{id_line}'
        )
        kept = f'id="finding-{number}" data-v="{card.verdict}" data-m="{model}"'
        if number >= _MOST_CARDS:
            return f'<div class="finding line {card.verdict}" {kept}>{summary}</div>'
        return (
            f'<details class="finding" {kept}><summary class="{card.verdict}">{summary}</summary>'
            f'<div class="inside">{"".join(self._inside(card))}</div></details>'
        )

    def _inside(self, card: Card) -> Iterator[str]:
        if card.constraint is not None:
            yield words(card.constraint)
        yield '<div class="vectors">'
        for index, outcome in enumerate(card.outcomes[:_MOST_LINES]):
            yield self._vector(outcome, is_open=index == 0)
        if (more := len(card.outcomes) - _MOST_LINES) > 0:
            yield f'<p class="vector soft">and {more:,} more, in the matrix below</p>'
        yield "</div>"

    def _vector(self, outcome: Outcome, *, is_open: bool) -> str:
        constraint = self._constraints[outcome.constraint]
        status = outcome.exchanges[-1].status if outcome.exchanges else None
        (said, name), value = titles(outcome), sent(constraint, outcome)
        line = "".join(
            [
                sign(outcome.verdict),
                f'<span class="says">{text(said)}</span>',
                f"<code>{text(value)}</code>" if value else "",
                f'<span class="soft">answered {status}</span>' if status is not None else "",
                f'<code class="soft slug">{text(name)}</code>' if name else "",
            ]
        )
        inside = self._exchanges.get(id(outcome))
        if inside is None:
            return f'<div class="vector plain {outcome.verdict}">{line}</div>'
        return (
            f'<details class="vector" id="v{self.shown[id(outcome)]}"{" open" if is_open else ""}>'
            f'<summary class="{outcome.verdict}">{line}</summary>{inside}</details>'
        )


def words(constraint: Constraint) -> str:
    """The sources' own words, what others say instead, and where both are written down."""
    quoted = "".join(
        f"<blockquote>{''.join(f'<p>{text(one)}</p>' for one in said)}"
        f"<cite>{text(source)}</cite></blockquote>"
        for source, said in _words.quotes(constraint).items()
    )
    others = "".join(
        f"<li>{text(said)}<b>{text(source)}</b></li>"
        for source, said in _words.readings(constraint).items()
    )
    place = place_of(constraint)
    parts = [
        f"<div><h3>The documents</h3>{quoted}</div>" if quoted else "",
        f"<div><h3>Other readings</h3><ul>{others}</ul></div>" if others else "",
        f"<div><h3>In the spec</h3><code>{text(place[0])}:{place[1]}</code></div>" if place else "",
    ]
    return f'<div class="words">{"".join(parts)}</div>' if any(parts) else ""


def _exchanges(outcome: Outcome, base_url: str, told: dict[int, Told]) -> str:
    """What repeats a vector, what was sent for it, as curl and as Python, and what came back."""
    again = f"fluxframe conformance --base-url {shlex.quote(base_url)} --vector {shlex.quote(outcome.vector)}"
    head = (
        f'<p>{text(_words.outcome_text(outcome))}</p><p><code class="soft">{text(again)}</code></p>'
    )
    return f'<div class="exchange">{head}{"".join(_each_exchange(outcome.exchanges, told))}</div>'


def _each_exchange(exchanges: Sequence[Exchange], told: dict[int, Told]) -> Iterator[str]:
    last = exchanges[-_MOST_EXCHANGES:]
    if (left := len(exchanges) - len(last)) > 0:
        yield f'<p class="soft">{_words.counted(left, "request")} before these</p>'
    for number, exchange in enumerate(last, left + 1):
        which = f" {number}" if len(exchanges) > 1 else ""
        if id(exchange) not in told:  # Vectors that went in one request share it.
            told[id(exchange)] = curl(exchange), python(exchange), answer_text(exchange)
        as_curl, as_python, answer = told[id(exchange)]
        yield _figure(f"curl{which}", as_curl, "whole")
        yield _figure(f"Python{which}", as_python, "python")
        yield _figure(f"Answer{which}", answer)


def _figure(caption: str, inside: str, width: str = "") -> str:
    # Nothing is lost of what is copied: curl and Python have escaped it.
    return (
        f'<figure class="{width}"><figcaption>{caption}</figcaption>'
        f'<pre tabindex="0"><code>{text(inside)}</code></pre></figure>'
    )


def answer_text(exchange: Exchange) -> str:
    """An answer as it is told in HTTP, JSON over several lines."""
    if exchange.status is None:
        return f"no answer: {exchange.error or 'the connection failed'}"
    body = exchange.answer
    with suppress(ValueError, RecursionError):  # An answer that was cut stays as it is.
        body = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    head = [f"HTTP {exchange.status}"]
    head += [
        f"{cut(name, 60)}: {cut(value, 200)}" for name, value in exchange.answer_headers.items()
    ]
    left = len(body) - _ANSWER
    more = [f"… and {left:,} more characters"] if left > 0 else []
    return "\n".join([*head[:16], "", body[:_ANSWER], *more])

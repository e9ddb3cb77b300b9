"""What a page says that a request costs, to the `price` of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..naming import snake_case
from ..spec.model import Family
from .context import with_role
from .decode import LONGEST
from .markdown import heading_words, outside_fences, words
from .phrases import CUES
from .price_tables import Table, price_tables
from .result import PageParameter
from .sentences import sentences

_HEADING = re.compile(
    r"(?:credits?|credit (?:costs?|usage)|costs?|pric(?:e|es|ing))", re.IGNORECASE
)
_NEXT = re.compile(
    r"(?:code |api )?examples?(?: \w+)?|usage|quick ?start|results?|responses?|errors?|try it"
    r"|(?:.* )?parameters",
    re.IGNORECASE,
)
_UNIT = r"(?:(?:output|generated) )?(?P<unit>images?|generations?|requests?|megapixels?|MP)\b"
_CREDITS = re.compile(
    rf"(?:costs?|prices?) (?:in credits|\(credits\))|credits?(?: (?:per|an?|for each) {_UNIT})?",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"(?<![\d.,])(?P<credits>\d{{1,9}})(?: credits?)? (?:per|an?|for (?:each|every)) {_UNIT}",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\bmultipl(?:ied|y) by (?:the )?\"?(?:\w+\.)?(?P<name>\w+)", re.IGNORECASE)
_EXAMPLE = re.compile(r"^for (?:example|instance)\b", re.IGNORECASE)
_TRIED = re.compile(r"\b(?P<name>\w+): (?P<times>[1-9]\d{0,8})\b.*\bcosts? (?P<credits>\d{1,9})\b")
_NO_VALUE = ("", "-", "–", "—", "default", "none")


@dataclass(slots=True)
class Price:
    """The price of a model under the keys of its file, and what is left to a person."""

    entries: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_price(
    lines: Sequence[str], parameters: Sequence[PageParameter], family: Family, names: set[str]
) -> Price:
    """What the section on credits says; `names` are what stands for the model in a table of variants."""
    return _Reader({one.name: one for one in parameters}, family, names).read(_section(lines))


def _section(lines: Sequence[str]) -> list[str]:
    """The lines of the section on credits."""
    found: list[str] | None = None
    for line in outside_fences(lines):
        heading = heading_words(words(line))
        if found is None:
            found = [] if _HEADING.fullmatch(heading) else None
        elif line.startswith(("#", "curl", "{")) or _NEXT.fullmatch(heading):
            break
        else:
            found.append(line)
    return found or []


class _Reader:
    """Reads the section on credits of one page."""

    def __init__(
        self, parameters: Mapping[str, PageParameter], family: Family, names: set[str]
    ) -> None:
        self._parameters = parameters
        self._family = family
        self._names = names
        self._prices: list[dict[str, Any]] = []
        self._unit = ""
        self._times: str | None = None
        self._tried: tuple[str, float] | None = (
            None  # An example: what it is of, and its unit price.
        )
        self._said: list[str] = []
        self._unread: list[str] = []

    def read(self, lines: list[str]) -> Price:
        tables, texts = price_tables(lines, self._values)
        for text in texts:
            for sentence, rest in sentences(text[:LONGEST]):
                self._sentence(sentence.strip(), rest)
        for table in tables:
            self._table(table)
        return self._price()

    def _sentence(self, sentence: str, rest: str) -> None:
        tried = _TRIED.search(sentence)
        if tried and tried["name"] in self._parameters:
            self._tried = tried["name"], int(tried["credits"]) / int(tried["times"])
            return
        if _EXAMPLE.search(sentence):
            return
        said, times = _SAID.search(rest), _TIMES.search(rest)
        if said:
            self._prices.append({"credits": int(said["credits"])})
            self._note_unit(said["unit"])
        if times and times["name"] in self._parameters:
            self._times = times["name"]
        elif times:
            self._unread.append(sentence)
            return
        if said or times:
            self._said.append(sentence)
        elif CUES.search(rest):
            self._unread.append(sentence)

    def _note_unit(self, unit: str | None) -> None:
        unit = (unit or "").casefold().removesuffix("s")
        self._unit = self._unit or ("megapixel" if unit == "mp" else unit)

    def _table(self, table: Table) -> None:
        """A table of prices: one price, one for each value of a parameter, or one for each variant."""
        (*name, credits), *rows = table
        header = _CREDITS.fullmatch(credits)
        numbers = [row[-1] for row in rows]
        if not header or not all(re.fullmatch(r"\d{1,9}", n) for n in numbers):
            self._unread += [" | ".join(row) for row in table]
            return
        self._note_unit(header["unit"])
        if not name and len(rows) == 1:
            self._prices.append({"credits": int(numbers[0])})
            self._said.append(f"{credits}: {numbers[0]}")
            return
        if len(name) != 1 or any(len(row) != 2 for row in rows):
            self._unread += [" | ".join(row) for row in table]
            return
        parameter = self._named(name[0])
        prices = {value: int(number) for value, number in rows}
        if parameter is None:
            self._variants(f"{name[0]} | {credits}", prices)
        else:
            self._by(parameter, f"{name[0]} | {credits}", prices)

    def _values(self, header: str) -> list[str]:
        """The values of the parameter that a column is of."""
        parameter = self._named(header)
        return [str(v) for v in parameter.constraints.get("values", ())] if parameter else []

    def _named(self, header: str) -> PageParameter | None:
        name = header.rpartition(".")[2]
        return self._parameters.get(name) or self._parameters.get(snake_case(name))

    def _by(self, parameter: PageParameter, header: str, prices: dict[str, int]) -> None:
        """A price for each value of a parameter; for a number, it may be that many times a price."""
        self._said.append(f"{header}: {', '.join(f'{value} {c}' for value, c in prices.items())}")
        numbers = [int(value) for value in prices if re.fullmatch(r"[1-9]\d{0,8}", value)]
        if len(numbers) == len(prices):
            units = {credits / n for n, credits in zip(numbers, prices.values(), strict=True)}
            if len(units) == 1 and (unit := units.pop()).is_integer():
                self._prices.append({"credits": int(unit)})
                self._times = self._times or parameter.name
                return
        entries: dict[str, Any] = {"by": {parameter.name: {}}}
        known = {str(v).casefold(): v for v in parameter.constraints.get("values", ())}
        for value, credits in prices.items():
            if value.casefold() in _NO_VALUE and value.casefold() not in known:
                entries["default"] = credits
                continue
            if known and value.casefold() not in known:
                self._unread.append(
                    f"`{value}`, which has a price, is no value of {parameter.name}"
                )
            entries["by"][parameter.name][str(known.get(value.casefold(), value))] = credits
        missing = [v for v in known.values() if str(v) not in entries["by"][parameter.name]]
        if missing:
            self._unread.append(f"no price for {parameter.name} {', '.join(map(str, missing))}")
        if "default" not in parameter.constraints and "default" not in entries:
            self._unread.append(f"no price without {parameter.name}, which has no default")
        self._prices.append(entries)

    def _variants(self, header: str, prices: dict[str, int]) -> None:
        """A price for each variant of the model: its own, or that of no variant."""
        own = [v for v in prices if v in self._names] or [v for v in prices if v in _NO_VALUE]
        if len(own) != 1:
            self._unread.append(f"{header}: {', '.join(f'{v} {c}' for v, c in prices.items())}")
            return
        self._prices.append({"credits": prices[own[0]]})
        self._said.append(f"{header}: {own[0]} {prices[own[0]]}")
        others = ", ".join(f"{value} {c}" for value, c in prices.items() if value != own[0])
        if others:
            self._unread.append(f"prices of other models: {header}: {others}")

    def _price(self) -> Price:
        distinct = [p for i, p in enumerate(self._prices) if p not in self._prices[:i]]
        if len(distinct) != 1:
            said = self._said if distinct else []
            return Price({}, [*self._unread, *said])
        entries = distinct[0]
        if self._unit == "megapixel":
            entries["per"] = self._unit
        counts = [n for n in with_role(self._family, "count") if n in self._parameters]
        tried, unit = self._tried or ("", 0.0)
        if self._unit == "image" and not self._times:
            self._times = next(filter(None, [*counts, tried]), None)
        times = self._times
        if tried and times == tried and entries.get("credits", unit) != unit:
            self._unread.append(f"an example costs {unit:g} for each of {times}")
        if times:
            entries["times"] = times
        entries["source"] = {"page": self._said[0] if len(self._said) == 1 else self._said}
        return Price(entries, self._unread)

"""The values at, just inside and just outside of a limit, for each kind of constraint."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .samples import alternatives, samples


@dataclass(frozen=True, slots=True)
class Boundary:
    """A value beside a limit, or a size: what it is called, in words too, and whether it is allowed.

    Its name stays when the limit moves. Of several with one name and side, the first one counts that is
    what it is to be. `unknown` tells that the sources leave it open.
    """

    name: str
    value: Any
    says: str
    inside: bool
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a value beside its limit.

    `good` are some that keep all of its constraints; `step` is between two sizes, if they are not any
    numbers, and `strangers` are values that it has elsewhere. `forms` are a pattern and an example by a
    format's name.
    """

    good: Sequence[Any]
    step: int | float | None = 1
    strangers: Sequence[Any] = ()
    forms: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_NINE = "\u0669"  # A digit where any script is taken.

Boundaries: TypeAlias = Callable[[Any, Beside], Iterator[Boundary]]


def _end(word: str, out: int, *, strict: bool = False) -> Boundaries:
    """What is beside one end of a range, which lies in the direction `out`, and is in it if not `strict`."""
    away, back = ("above", "below") if out > 0 else ("below", "above")

    def beside_end(limit: Any, beside: Beside) -> Iterator[Boundary]:
        if beside.step is None:
            yield Boundary("at", limit, f"at the {word}", not strict)
            near = round(limit - out * 0.01, 10)
            yield Boundary(f"hundredth-{back}", near, f"0.01 {back} the {word}", True)
            near = round(limit + out * 0.01, 10)
            yield Boundary(f"hundredth-{away}", near, f"0.01 {away} the {word}", False)
            if not strict:
                near = math.nextafter(limit, out * math.inf)
                yield Boundary(f"next-{away}", near, f"the next number {away} the {word}", False)
            return
        step = beside.step
        last = round((limit // step if out > 0 else -(-limit // step)) * step, 10)
        yield Boundary("at", last, f"at the {word}", not strict)
        yield Boundary(f"one-{back}", last - out * step, f"{step} {back} the {word}", True)
        if not strict:
            yield Boundary(f"one-{away}", last + out * step, f"{step} {away} the {word}", False)

    return beside_end


lowest = _end("minimum", -1)
highest = _end("maximum", 1)
above = _end("exclusive minimum", -1, strict=True)
below = _end("exclusive maximum", 1, strict=True)


def multiples(limit: Any, beside: Beside) -> Iterator[Boundary]:
    """Multiples, and what is between two of them."""
    for name, good in zip(("a-multiple", "another-multiple"), beside.good, strict=False):
        yield Boundary(name, good, "a multiple", True)
    good = beside.good[0]
    if isinstance(limit, int) and limit > 1:
        yield Boundary("one-off", good + 1, "one off a multiple", False)
    else:
        yield Boundary("half-off", good + limit / 2, "between two multiples", False)


def repeated(limit: bool, beside: Beside) -> Iterator[Boundary]:
    """A list that has an item twice, and one that does not."""
    if not limit:
        return
    longest = max(beside.good, key=len)
    yield Boundary("different", longest, "items that differ", True)
    for good in sorted(beside.good, key=len):
        if good:
            yield Boundary("repeated", [*good, good[0]], "an item twice", False)
            return


def null(limit: bool, beside: Beside) -> Iterator[Boundary]:
    """Null, which is allowed; where it is not, it is of the wrong type."""
    if limit:
        yield Boundary("null", None, "null", True)


def members(limit: Sequence[Any], beside: Beside) -> Iterator[Boundary]:
    """Each of the values that are listed, and what is nearly one of them."""
    names: list[str] = []
    for value in limit:
        names.append(_slug(value))
        again = names.count(names[-1])
        name = names[-1] if again == 1 else f"{names[-1]}-{again}"
        yield Boundary(name, value, f"`{_shown(value)}`", True)
    texts = [value for value in limit if isinstance(value, str)]
    for text in texts:
        if text.swapcase() != text:
            says = f"`{text}` in the other case"
            yield Boundary("other-case", text.swapcase(), says, False)
    if texts:
        text = texts[0]
        yield Boundary("space-after", f"{text} ", f"`{text}` with a space after it", False)
    elif limit and not isinstance(limit[0], bool):
        step = beside.step or 0.5
        yield Boundary("above-all", max(limit) + step, "above all that are listed", False)
        yield Boundary("below-all", min(limit) - step, "below all that are listed", False)
    yield from _strange(beside)


def formats(limit: str, beside: Beside) -> Iterator[Boundary]:
    """Texts of a form, and what nearly is one."""
    pattern, example = beside.forms[limit]
    made = [example, *alternatives(pattern)[1:]]
    for number, text in enumerate(made):
        name = "example" if number == 0 else f"alternative-{number}"
        # The pattern is this spec's reading of the form; its example is the source's.
        yield Boundary(name, text, f"`{text}`", True, unknown=number > 0)
    yield from _near(pattern, made)
    yield from _strange(beside)


def _strange(beside: Beside) -> Iterator[Boundary]:
    """What is allowed elsewhere."""
    for stranger in beside.strangers:
        says = f"`{_shown(stranger)}`, which is allowed elsewhere"
        yield Boundary("stranger", stranger, says, False)


def patterns(limit: str, beside: Beside) -> Iterator[Boundary]:
    """Texts that a pattern matches, and what it nearly does."""
    made = samples(limit)
    for number, text in enumerate(made, 1):
        yield Boundary(f"sample-{number}", text, f"`{text}`", True)
    yield from _near(limit, made)


def _near(pattern: str, made: Sequence[str]) -> Iterator[Boundary]:
    """What a pattern that is not anchored, or is read otherwise, would match."""
    if not made:
        return
    first, last = made[0], made[-1]
    yield Boundary("newline-after", f"{first}\n", "a line break after it", False)
    for character in "x- ":
        text, says = f"{character}{last}", f"`{character}` before it"
        yield Boundary("prefixed", text, says, False)
    for text in (first[len(first) // 2 :], first[:1], ""):
        yield Boundary("half", text, "a part of it", False)
    digits = {ord("0") + digit: 0x660 + digit for digit in range(10)}
    for text in made:
        if text.translate(digits) != text:
            other = text.translate(digits)
            yield Boundary("other-digits", other, "digits of another script", False)
    for character in "x- ":
        text, says = f"{first}{character}", f"`{character}` after it"
        yield Boundary("suffixed", text, says, False)
    for text in made:
        if r"\." in pattern and "." in text:
            yield Boundary(
                "no-dot", text.replace(".", "x", 1), "another character for a dot", False
            )


def quantities(limit: Any, beside: Beside) -> Iterator[Boundary]:
    """Numbers with their unit up to the maximum, and what is beside them."""
    most, unit = limit.maximum, limit.unit
    yield Boundary("at", f"{most} {unit}", "at the maximum", True)
    says = "at the maximum, with a decimal and without a space"
    yield Boundary("at-without-space", f"{most}.0{unit}", says, True)
    yield Boundary("hundredth-below", f"{most - 1}.99 {unit}", "0.01 below the maximum", True)
    yield Boundary("hundredth-above", f"{most}.01 {unit}", "0.01 above the maximum", False)
    yield Boundary("one-above", f"{most + 1}{unit}", "one above, without a space", False)
    yield Boundary("no-unit", f"{most}", "a number without its unit", False)
    yield Boundary("other-case", f"{most} {unit.swapcase()}", "the unit in the other case", False)
    yield Boundary("newline-after", f"{most} {unit}\n", "a line break after it", False)
    yield Boundary("negative", f"-1 {unit}", "below zero", False)
    yield Boundary("one-below", f"{most - 1}{unit}", "one below, without a space", True)
    yield Boundary("no-dot", f"{most - 1}x9 {unit}", "another character for the point", False)
    other = f"{most - 1}.9".replace("9", _NINE)
    yield Boundary("other-digits", f"{other} {unit}", "digits of another script", False)


def _slug(value: Any) -> str:
    """A value as a part of a name."""
    text = _shown(value).lower()
    kept = "".join(c if (c.isascii() and c.isalnum()) or c in "._" else "-" for c in text)
    return "is-" + kept.strip("-")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

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

    Its name stays when the limit moves.
    """

    name: str
    value: Any
    says: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a value beside its limit.

    `good` are some that keep all of its constraints; `whole` tells that a size is an integer, and
    `strangers` are values that it has elsewhere. `forms` are a pattern and an example by a format's name.
    """

    good: Sequence[Any]
    whole: bool = True
    strangers: Sequence[Any] = ()
    forms: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Boundaries: TypeAlias = Callable[[Any, Beside], Iterator[Boundary]]


def _end(word: str, out: int, *, strict: bool = False) -> Boundaries:
    """What is beside one end of a range, which lies in the direction `out`, and is in it if not `strict`."""
    away, back = ("above", "below") if out > 0 else ("below", "above")

    def beside_end(limit: Any, beside: Beside) -> Iterator[Boundary]:
        yield Boundary("at", limit, f"at the {word}", not strict)
        if beside.whole:
            yield Boundary(f"one-{back}", limit - out, f"one {back} the {word}", True)
            if not strict:
                yield Boundary(f"one-{away}", limit + out, f"one {away} the {word}", False)
            return
        near = round(limit - out * 0.01, 10)
        yield Boundary(f"hundredth-{back}", near, f"0.01 {back} the {word}", True)
        near = round(limit + out * 0.01, 10)
        yield Boundary(f"hundredth-{away}", near, f"0.01 {away} the {word}", False)
        if not strict:
            near = math.nextafter(limit, out * math.inf)
            yield Boundary(f"next-{away}", near, f"the next number {away} the {word}", False)

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
    if beside.whole and limit > 1:
        yield Boundary("one-off", good + 1, "one off a multiple", False)
    elif not beside.whole:
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
    for value in limit:
        yield Boundary(_slug(value), value, f"`{_shown(value)}`", True)
    texts = [value for value in limit if isinstance(value, str)]
    if texts:
        near = [text for text in texts if text.swapcase() != text][:1]
        for text in near:
            yield Boundary("other-case", text.swapcase(), f"`{text}` in the other case", False)
        yield Boundary("space-after", f"{texts[0]} ", f"`{texts[0]}` with a space after it", False)
        yield Boundary(
            "space-before", f" {texts[-1]}", f"`{texts[-1]}` with a space before it", False
        )
    elif limit and not isinstance(limit[0], bool):
        top, step = max(limit), 1 if beside.whole else 0.5
        yield Boundary("above-all", top + step, "above all that are listed", False)
        yield Boundary("below-all", min(limit) - step, "below all that are listed", False)
    for number, stranger in enumerate(beside.strangers[:2], 1):
        name = "stranger" if number == 1 else f"stranger-{number}"
        says = f"`{_shown(stranger)}`, which is a value elsewhere"
        yield Boundary(name, stranger, says, False)


def formats(limit: str, beside: Beside) -> Iterator[Boundary]:
    """Texts of a form, and what nearly is one."""
    pattern, example = beside.forms[limit]
    yield from _texts(pattern, [example, *alternatives(pattern)[1:]])


def patterns(limit: str, beside: Beside) -> Iterator[Boundary]:
    """Texts that a pattern matches, and what it nearly does."""
    yield from _texts(limit, samples(limit))


def _texts(pattern: str, made: Sequence[str]) -> Iterator[Boundary]:
    for number, text in enumerate(dict.fromkeys(made)):
        name = "example" if number == 0 else f"form-{number}"
        yield Boundary(name, text, f"`{text}`", True)
    if not made:
        return
    first, last = made[0], made[-1]
    digits = {ord("0") + digit: 0x660 + digit for digit in range(10)}
    with_digit = next((text for text in made if any(map(str.isdecimal, text))), first)
    yield Boundary("newline-after", f"{first}\n", "a line break after it", False)
    yield Boundary("other-digits", with_digit.translate(digits), "digits of another script", False)
    for text in ("x", "-", " "):
        yield Boundary("prefixed", f"{text}{last}", f"`{text}` before it", False)
    for text in ("x", "-", " "):
        yield Boundary("suffixed", f"{first}{text}", f"`{text}` after it", False)
    dotted = next((text for text in made if "." in text), None)
    if dotted is not None and r"\." in pattern:
        yield Boundary("no-dot", dotted.replace(".", "x", 1), "another character for a dot", False)
    yield Boundary("empty", "", "an empty text", False)


def quantities(limit: Any, beside: Beside) -> Iterator[Boundary]:
    """Numbers with their unit up to the maximum, and what is beside them."""
    most, unit = limit.maximum, limit.unit
    yield Boundary("at", f"{most} {unit}", "at the maximum", True)
    yield Boundary("at-without-space", f"{most}{unit}", "at the maximum, without a space", True)
    yield Boundary("hundredth-below", f"{most - 1}.99 {unit}", "0.01 below the maximum", True)
    yield Boundary("hundredth-above", f"{most}.01 {unit}", "0.01 above the maximum", False)
    yield Boundary("one-above", f"{most + 1}{unit}", "one above the maximum", False)
    yield Boundary("no-unit", f"{most}", "a number without its unit", False)
    yield Boundary("other-case", f"{most} {unit.swapcase()}", "the unit in the other case", False)
    yield Boundary("newline-after", f"{most} {unit}\n", "a line break after it", False)
    yield Boundary("negative", f"-1 {unit}", "below zero", False)


def _slug(value: Any) -> str:
    """A value as a part of a name."""
    text = _shown(value).lower()
    kept = "".join(c if c.isascii() and c.isalnum() or c in "._" else "-" for c in text)
    return "is-" + kept.strip("-")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

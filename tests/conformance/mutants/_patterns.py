"""Regular expressions as trees: texts that they allow, and patterns that are nearly the same.

Only what patterns of a specification are made of: literals, classes, groups without a capture,
alternatives, and how often each part comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

_TRIED = "a0A-_.:/ ~z9Zé"
_OTHER_DIGIT = "٣"  # A digit, but not of ASCII.


class UnreadableError(ValueError):
    """The pattern has something that is not read here."""


@dataclass(frozen=True, eq=False)
class Atom:
    """What stands for one character."""

    source: str

    @property
    def is_class(self) -> bool:
        return self.source.startswith("[")

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True, eq=False)
class Repeat:
    """A part, and how often it comes."""

    part: Node
    often: str

    def __str__(self) -> str:
        return f"{self.part}{self.often}"

    @property
    def least(self) -> int:
        if self.often in "?*":
            return 0
        counts = re.match(r"\{(\d+)", self.often)
        return int(counts[1]) if counts else 1


@dataclass(frozen=True, eq=False)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


@dataclass(frozen=True, eq=False)
class Choice:
    """One of some."""

    options: tuple[Node, ...]

    def __str__(self) -> str:
        return f"(?:{'|'.join(map(str, self.options))})"


Node: TypeAlias = Atom | Repeat | Sequence | Choice


def parse(pattern: str) -> Node:
    """The tree of a pattern, without the anchors at its ends. Raises UnreadableError."""
    text = pattern.removeprefix("^").removesuffix("$")
    node, rest = _choice(text)
    if rest:
        raise UnreadableError(pattern)
    return node


def _choice(text: str) -> tuple[Node, str]:
    options: list[Node] = []
    while True:
        parts: list[Node] = []
        while text and text[0] not in "|)":
            part, text = _part(text)
            parts.append(part)
        options.append(Sequence(tuple(parts)))
        if not text.startswith("|"):
            return (options[0] if len(options) == 1 else Choice(tuple(options))), text
        text = text[1:]


def _part(text: str) -> tuple[Node, str]:
    node: Node
    if text.startswith("(?:"):
        node, text = _choice(text[3:])
        if isinstance(node, Sequence):
            node = Choice((node,))
        text = text.removeprefix(")")
    elif found := re.match(
        r"\[(?:\\.|[^\]\\])+\]|\\x[0-9a-fA-F]{2}|\\.|[^()^$*+?{}]", text, re.DOTALL
    ):
        node, text = Atom(found[0]), text[found.end() :]
    else:
        raise UnreadableError(text)
    if often := re.match(r"[?*+]|\{\d+(?:,\d*)?\}", text):
        node, text = Repeat(node, often[0]), text[often.end() :]
    return node, text


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    match node:
        case Repeat():
            yield from nodes(node.part)
        case Sequence():
            for part in node.parts:
                yield from nodes(part)
        case Choice():
            for option in node.options:
                yield from nodes(option)


def text_of(
    node: Node, through: Node | None = None, put: Mapping[Node, str] | None = None, more: int = 0
) -> str:
    """A short text that a pattern allows; it goes `through` a node.

    `put` is what stands for a node instead, and `more` how often a part that may be missing is there.
    """
    put = put or {}
    if node in put:
        return put[node]
    match node:
        case Atom():
            return _character(node.source)
        case Repeat():
            inside = through is not None and any(inner is through for inner in nodes(node.part))
            times = max(node.least, 1 if inside else more)
            return text_of(node.part, through, put, more) * times
        case Sequence():
            return "".join(text_of(part, through, put, more) for part in node.parts)
        case Choice():
            chosen = next(
                (o for o in node.options if any(inner is through for inner in nodes(o))),
                node.options[0],
            )
            return text_of(chosen, through, put, more)


def _character(source: str) -> str:
    if not source.startswith(("[", "\\", ".")):
        return source
    if found := next((c for c in _TRIED if re.fullmatch(source, c)), None):
        return found
    return next(chr(code) for code in range(1 << 16) if re.fullmatch(source, chr(code)))


def _changed(node: Node, instead: Mapping[Node, Node]) -> Node:
    """A tree with other nodes instead of some."""
    if node in instead:
        return instead[node]
    match node:
        case Repeat():
            return replace(node, part=_changed(node.part, instead))
        case Sequence():
            return Sequence(tuple(_changed(part, instead) for part in node.parts))
        case Choice():
            return Choice(tuple(_changed(option, instead) for option in node.options))
        case Atom():
            return node


# A pattern that is nearly the same: what was done, the pattern, texts that may tell them apart.
Variant: TypeAlias = tuple[str, str, list[str]]


def variants(pattern: str) -> Iterator[Variant]:
    """Patterns that are one step from a pattern."""
    whole = parse(pattern)
    yield from _anchors(pattern, whole)
    yield from _everywhere(pattern, whole)

    def made(slug: str, before: Node, after: Node, put: Mapping[Node, str]) -> Variant:
        texts = [text_of(whole, before, put, more) for more in (0, 1)]
        return slug, _anchored(pattern, _changed(whole, {before: after})), texts

    for number, node in enumerate(nodes(whole)):
        yield from _of_node(node, number, made)


def _anchored(pattern: str, node: Node) -> str:
    """A tree as a pattern, with the anchors of another."""
    head = "^" if pattern.startswith("^") else ""
    tail = "$" if pattern.endswith("$") else ""
    return f"{head}{node}{tail}"


def _anchors(pattern: str, whole: Node) -> Iterator[Variant]:
    texts = [text_of(whole), text_of(whole, more=1)]
    if pattern.startswith("^"):
        before = [f"{extra}{text}" for text in texts for extra in ("x ", " ", "\n")]
        yield "any-beginning", pattern[1:], before
    if pattern.endswith("$"):
        after = [f"{text}{extra}" for text in texts for extra in ("x", " x")]
        yield "any-end", pattern[:-1], after
        yield "final-newline", f"{pattern[:-1]}\\n?$", [f"{text}\n" for text in texts]


def _everywhere(pattern: str, whole: Node) -> Iterator[Variant]:
    """What is done to all parts of a kind."""
    every = list(nodes(whole))
    through = [text_of(whole, node, more=more) for node in every for more in (0, 1)]
    if not re.search("[A-Za-z]-[A-Za-z]", pattern):
        cases = [case for text in through for case in (text.upper(), text.title(), text.lower())]
        yield "any-case", f"(?i){pattern}", list(dict.fromkeys(cases))
    atoms = [node for node in every if isinstance(node, Atom)]
    dots = [node for node in atoms if node.source == "\\."]
    digits = [node for node in atoms if node.source == "[0-9]"]
    for slug, found, source, text in (
        ("any-for-a-dot", dots, ".", "x"),
        ("other-digits", digits, r"\p{Nd}", _OTHER_DIGIT),
    ):
        if found:
            changed = _changed(whole, {node: Atom(source) for node in found})
            put: dict[Node, str] = dict.fromkeys(found, text)
            yield slug, _anchored(pattern, changed), [text_of(whole, n, put) for n in found]


def _of_node(
    node: Node, number: int, made: Callable[[str, Node, Node, Mapping[Node, str]], Variant]
) -> Iterator[Variant]:
    match node:
        case Choice() if len(node.options) > 1 and not all(len(str(o)) == 1 for o in node.options):
            for place, option in enumerate(node.options):
                rest = tuple(other for other in node.options if other is not option)
                slug, changed, _ = made(f"without-option-{number}-{place}", node, Choice(rest), {})
                _, _, texts = made("", option, option, {})
                yield slug, changed, texts
        case Repeat(often="?"):
            yield made(f"always-{number}", node, node.part, {node: ""})
            yield made(f"never-{number}", node, Sequence(()), {node: text_of(node.part)})
        case Atom(source=source) if re.fullmatch("[0-8]", source):
            more = Atom(f"[{source}{int(source) + 1}]")
            yield made(f"next-digit-{number}", node, more, {node: str(int(source) + 1)})
        case _:
            return

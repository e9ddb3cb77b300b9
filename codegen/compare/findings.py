"""What a comparison finds, as data; what is the same in several places is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from .documents import Json
from .verdicts import Verdict


class Topic(StrEnum):
    """What findings are about."""

    OPERATION = "operations"
    OBJECT = "objects"
    MODEL = "models"


@dataclass(frozen=True, slots=True)
class Finding:
    """A constraint of something in some operations, objects or models, as both have it, in words.

    `known` says that the spec has what they say on record; `recorded` is what it has on record
    where they say something else by now.
    """

    topic: Topic
    where: tuple[str, ...]
    what: str
    constraint: str
    verdict: Verdict
    ours: str
    theirs: str
    known: bool = False
    recorded: str = ""

    @property
    def news(self) -> bool:
        """Whether they disagree, and it is not on record."""
        return self.verdict is not Verdict.AGREES and not self.known

    def as_json(self) -> Json:
        """All of it as plain values."""
        return {**asdict(self), "news": self.news}


def merged(found: Iterable[Finding]) -> list[Finding]:
    """The findings without those that differ only in where they are."""
    places: dict[Finding, dict[str, None]] = {}
    for finding in found:
        where = places.setdefault(replace(finding, where=()), {})
        where.update(dict.fromkeys(finding.where))
    return [replace(finding, where=tuple(where)) for finding, where in places.items()]


class Answers:
    """What is found in the answers of operations, by the objects of the spec that they are made of."""

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, None]] = {}
        self._found: dict[Finding, dict[str, None]] = {}

    def add(self, answer: str, finding: Finding) -> None:
        """Add what is found of an object in an answer."""
        (name,) = finding.where
        self._answers.setdefault(name, {})[answer] = None
        self._found.setdefault(finding, {})[answer] = None

    def findings(self) -> Iterator[Finding]:
        """The findings; one that does not hold wherever the object is names the answers."""
        for finding, answers in self._found.items():
            (name,) = finding.where
            if finding.verdict is Verdict.AGREES or answers.keys() == self._answers[name].keys():
                yield finding
            else:
                where = tuple(f"{name} of {answer}" for answer in answers)
                yield replace(finding, where=where)

"""The vectors of one model, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .cases import Repeated
from .request import Given, Request

Json: TypeAlias = dict[str, Any]
REMOVED = object()
# A body of more characters is sent by itself.
LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Vector:
    """A request that is to be refused or accepted, as what differs from a base."""

    id: str
    constraint: str
    accepted: bool
    base: str
    changes: Given
    says: str
    sure: str = "documented"
    readings: dict[str, str] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """Whether it is too long to share a request."""
        return any(
            isinstance(value, Repeated) and len(value.text) * value.times > LARGE
            for value in self.changes.values()
        )

    def json(self) -> Json:
        """The vector as JSON."""
        result: Json = {
            "id": self.id,
            "constraint": self.constraint,
            "expect": "accepted" if self.accepted else "refused",
            "base": self.base,
            "changes": changes_json(self.changes),
            "says": self.says,
        }
        if self.sure != "documented":
            result["sure"] = self.sure
        if self.readings:
            result["readings"] = self.readings
        return result


@dataclass(slots=True)
class ModelVectors:
    """All that is tried of a model. `places` are the paths of constraints in the files of the spec."""

    request: Request
    bases: dict[str, Given]
    constraints: dict[str, Json] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    vectors: list[Vector] = field(default_factory=list)

    def whole(self, base: str, changes: Given) -> Given:
        """The members of a base with changes."""
        members = {**self.bases[base], **changes}
        return {place: value for place, value in members.items() if value is not REMOVED}


def changes_json(changes: Given) -> list[Json]:
    """What differs from a base, as JSON."""
    result: list[Json] = []
    for place, value in changes.items():
        if value is REMOVED:
            result.append({"at": place, "removed": True})
        elif isinstance(value, Repeated):
            result.append({"at": place, "text": value.text, "times": value.times})
        else:
            result.append({"at": place, "value": value})
    return result

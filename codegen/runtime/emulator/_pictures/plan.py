"""What a request asks to be drawn, all but the drawing; it needs no Pillow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._contract.document import Json
from .._contract.models import Model, Parameter, Values
from .size import Size

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
_QUALITY = 85


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The pictures of a job.

    `seed`, `prompt` and `parent` are of the job: what its request says, or what it was given where the
    request says nothing. `parent` is the picture that it goes on from: a job's id and an index from 0.
    """

    values: Values
    seed: int
    size: Size
    prompt: str | None = None
    parent: tuple[str, int] | None = None

    @property
    def model(self) -> Model:
        """The model that draws them."""
        return self.values.model

    @cached_property
    def format(self) -> str:
        """The format that is asked for, as the request calls it; of one that can't be drawn, a PNG."""
        return _format(self.values)

    @property
    def quality(self) -> int:
        """How well a lossy file is to look, from 0 to 100."""
        asked = self.values.by_role("quality")
        return min(100, max(0, int(asked))) if isinstance(asked, int | float) else _QUALITY

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return self.values.count()

    @property
    def enlarges(self) -> bool:
        """Whether they are of a given picture, and larger."""
        return self.model.shows and bool(self.model.with_role("scale"))

    @property
    def is_composed(self) -> bool:
        """Whether there is one picture of all of them beside."""
        return self.model.is_composed


def record(
    values: Values, size: Size, parent: tuple[str, int] | None = None, prompt: str | None = None
) -> Json:
    """All that a request does not say of its plan, as JSON; `plan_of` makes the plan of both.

    Format and count are there for those who answer without reading the request again. `prompt` is that of
    the parent's plan.
    """
    found: Json = {"size": list(size), "format": _format(values), "count": values.count()}
    if parent:
        found |= {
            "parent": list(parent),
            "prompt": prompt if (own := _prompt(values)) is None else own,
        }
    return found


def plan(
    values: Values,
    size: Size,
    *,
    seed: int,
    parent: tuple[str, int] | None = None,
    prompt: str | None = None,
) -> Plan:
    """The pictures that a request asks for; `seed` and `prompt` are for one that says none."""
    said, own = values.by_role("seed"), _prompt(values)
    return Plan(
        values=values,
        seed=said if isinstance(said, int) else seed,
        size=size,
        prompt=prompt if own is None else own,
        parent=parent,
    )


def plan_of(values: Values, seed: int, record: Json) -> Plan:
    """The pictures that a request asked for, by what was recorded of them then."""
    width, height = record["size"]
    origin: Any = record.get("parent")
    parent = (str(origin[0]), int(origin[1])) if origin else None
    return plan(values, (width, height), seed=seed, parent=parent, prompt=record.get("prompt"))


def _prompt(values: Values) -> str | None:
    said = values.by_role("prompt")
    return said if isinstance(said, str) else None


def _format(values: Values) -> str:
    found = values.first("format")
    if found is None:
        return _usual(values.model.with_role("format"))
    word = str(found[1]).rpartition("/")[2].lower()
    return word if word in MEDIA_TYPES else "png"


def _usual(parameters: list[Parameter]) -> str:
    """The format when neither the request nor a default says one."""
    listed: list[str] = next((p.schema["enum"] for p in parameters if "enum" in p.schema), [])
    fitting = [word for word in ("jpg", "jpeg", "png", "webp") if word in listed]
    return fitting[0] if fitting else "jpg"

"""Who says what a constraint is: the words, what other sources say, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from ...spec.as_read import as_read_by
from ...spec.lint.violations import broken
from ...spec.samples import PIECE
from ...spec.schema import Parameter, Schema, Source
from ...spec.whole import Spec
from .cases import put
from .request import Place, Request

Json = dict[str, Any]


def inner(schema: Schema, way: Sequence[str]) -> tuple[Schema, tuple[str | int, ...]]:
    """What is in a schema, and the path there in a file of the spec."""
    path: tuple[str | int, ...] = ()
    for step in way:
        if schema.any_of is not None:
            schema, path = schema.any_of[int(step)], (*path, "any_of", int(step))
        elif schema.items is not None:
            schema, path = schema.items, (*path, "items")
        else:
            schema, path = (schema.properties or {})[step], (*path, "properties", step)
    return schema, path


def words(source: Source) -> dict[str, list[str]]:
    """The words of each source."""
    return {id: [said] if isinstance(said, str) else list(said) for id, said in source.items()}


def source_of(schema: Schema, kind: str) -> Source:
    """The source of a constraint of a schema."""
    return schema.source_of(kind) if isinstance(schema, Parameter) else schema.source


def readings_of(schema: Schema, kind: str) -> Json:
    """What other sources say in place of a constraint."""
    found: Json = {}
    for id, reading in schema.readings.items():
        if reading.absent:
            found[id] = "absent"
        elif reading.anything:
            found[id] = "anything"
        elif kind in reading.model_fields_set:
            found[id] = plain(getattr(reading, kind))
    return found


def plain(limit: Any) -> Any:
    """A limit as JSON."""
    return limit.model_dump() if hasattr(limit, "model_dump") else limit


class Readers:
    """The other sources of a spec: what each would expect of a request."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    @cached_property
    def _read(self) -> dict[str, Spec]:
        found = {}
        for source in self._spec.sources:
            read = as_read_by(self._spec, source)
            forms = {
                name: form.model_copy(update={"pattern": _ascii(form.pattern)})
                for name, form in read.formats.items()
            }
            found[source] = replace(read, formats=forms)
        return found

    def of(self, request: Request) -> dict[str, Request]:
        """The requests of a model as the sources read it that have something else on record."""
        return {
            source: Request(read, read.models[request.model.id], request.goods)
            for source, read in self._read.items()
            if source in self._spec.families[request.model.family].one_shape
            or any(self._differs(member, source) for member in request.members.values())
        }

    def _differs(self, schema: Schema, source: str) -> bool:
        form = self._spec.formats.get(schema.format or "")
        if source in schema.readings or (form is not None and source in form.readings):
            return True
        parts = [*(schema.any_of or ()), *(schema.properties or {}).values()]
        return any(self._differs(part, source) for part in [*parts, schema.items] if part)


def _ascii(pattern: str) -> str:
    """A pattern of another source, whose digits are those of ASCII, as in all of JSON Schema."""
    return "".join(
        "[0-9]" if piece == r"\d" else piece.replace(r"\d", "0-9")
        for piece in PIECE.findall(pattern)
    )


def expects(request: Request, place: Place, value: Any, *, removed: bool) -> bool:
    """Whether a source accepts a value of a member, or that it is not there."""
    member = request.members.get(place)
    if member is None:
        return removed
    if removed:
        return not member.required
    return not any(broken(request.spec, member, put(value)))

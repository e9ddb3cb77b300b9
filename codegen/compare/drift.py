"""A Spec and another OpenAPI document of the same API to where they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from ..emit import openapi
from ..spec.model import Format, Model
from ..spec.schema import Schema
from ..spec.whole import Spec
from .documents import DocumentError, Json
from .drift_words import Words, all_said, quantities, said
from .shapes import MODEL, Reader, Shape
from .verdicts import Verdict, compare

S = TypeVar("S", bound=Schema)

PARAMETER = "parameter"  # In place of a constraint: the parameter as a whole.


@dataclass(frozen=True, slots=True)
class Finding:
    """A constraint of a parameter of a model, as both have it, in words.

    `known` says that the spec has what they say on record; `recorded` is what it has on record
    where they say something else by now.
    """

    model: str
    parameter: str
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


def drift(document: Json, spec: Spec, source: str) -> list[Finding]:
    """Every constraint that the spec or `document` has, model by model.

    `source` is the id of the document among the sources; what the spec has on record of it is
    known. Raises DocumentError if the document has no operation that takes a model's request.
    """
    try:
        return list(_Comparison(document, spec, source).findings())
    except RecursionError:
        raise DocumentError("the document is nested too deeply") from None


def as_read_by(spec: Spec, source: str) -> Spec:
    """The spec with what is on record of a source in place of its own constraints."""
    models = {
        id: model.model_copy(
            update={"parameters": {n: _read(p, source) for n, p in model.parameters.items()}}
        )
        for id, model in spec.models.items()
    }
    _, _, name = spec.request_operation()
    fields = {key: _read(field, source) for key, field in spec.request_fields().items()}
    request = spec.objects[name].model_copy(update={"properties": fields})
    formats = {name: _read_format(form, source) for name, form in spec.formats.items()}
    objects = {**spec.objects, name: request}
    return replace(spec, models=models, objects=objects, formats=formats)


def _read(schema: S, source: str) -> S:
    """A schema or a parameter as a source has it."""
    reading = schema.readings.get(source)
    update = {key: getattr(reading, key) for key in reading.model_fields_set} if reading else {}
    if update.get("values") == []:
        update["values"] = None
    elif "values" in update:  # They name the quantities one by one.
        update.setdefault("quantity", None)
    if schema.items is not None:
        update["items"] = _read(schema.items, source)
    return schema.model_copy(update=update)


def _read_format(form: Format, source: str) -> Format:
    """A format as a source has it."""
    reading = form.readings.get(source)
    update = {key: getattr(reading, key) for key in reading.model_fields_set} if reading else {}
    return form.model_copy(update=update)


@dataclass(frozen=True, slots=True)
class _Compared:
    """A constraint of a parameter, or the parameter as a whole, as both have it."""

    parameter: str
    constraint: str
    verdict: Verdict
    ours: Shape | None
    theirs: Shape | None
    unit: str = ""

    @property
    def we_say(self) -> object:
        """What our spec says of it; None if it says nothing."""
        if self.ours is None or self.constraint == PARAMETER:
            return self.ours and all_said(self.ours)
        return said(self.constraint, self.ours)


class _Comparison:
    """Our document, theirs, and ours as it would be with what is on record of theirs."""

    def __init__(self, document: Json, spec: Spec, source: str) -> None:
        _, operation, _ = spec.request_operation()
        documents = openapi.build(spec), document, openapi.build(as_read_by(spec, source))
        self._readers = [Reader(each, operation.method, operation.path) for each in documents]
        self._spec, self._source = spec, source
        self._words = Words(spec)
        self._samples = frozenset(_samples(spec))

    def findings(self) -> Iterator[Finding]:
        """Every finding in the order of the spec; the models that only they have come last."""
        for model in self._spec.models.values():
            yield from self._of_model(model)
        for name in self._readers[1].models():
            if name not in self._spec.models:
                yield Finding(name, MODEL, PARAMETER, Verdict.ONLY_THEIRS, "none", name)

    def _of_model(self, model: Model) -> Iterator[Finding]:
        container = self._spec.container(model)
        ours, theirs, recorded = (r.request(model.id, container) or {} for r in self._readers)
        if not theirs:
            yield Finding(model.id, MODEL, PARAMETER, Verdict.ONLY_OURS, model.id, "none")
            return
        if container not in theirs or theirs[container].unread:  # That is a finding by itself.
            ours = {name: ours[name] for name in ours if not name.startswith(f"{container}.")}
        records = {
            (record.parameter, record.constraint): record
            for record in self._compared(model, recorded, theirs)
        }
        for found in self._compared(model, ours, theirs):
            if found.verdict is not Verdict.AGREES or found.we_say is not None:
                record = records.get((found.parameter, found.constraint), found)
                yield self._finding(found, record, model)

    def _finding(self, found: _Compared, record: _Compared, model: Model) -> Finding:
        """What was found in words, and whether it is on record."""
        agrees = found.verdict is Verdict.AGREES
        known = not agrees and (record.verdict is Verdict.AGREES or self._is_known(found, model))
        stale = not agrees and not known and record.we_say != found.we_say
        return Finding(
            model.id,
            found.parameter,
            found.constraint,
            found.verdict,
            ours=self._say(found, found.ours, found.unit),
            theirs=self._say(found, found.theirs),
            known=known,
            recorded=self._say(record, record.ours, record.unit) if stale else "",
        )

    def _is_known(self, found: _Compared, model: Model) -> bool:
        match found.constraint, found.verdict:
            case (
                "default",
                Verdict.ONLY_OURS,
            ):  # A document that names no default does not contradict ours.
                return True
            case "parameter", Verdict.ONLY_THEIRS:
                family = self._spec.families[model.family]
                container, _, name = found.parameter.rpartition(".")
                shared = container == family.container and name in family.parameters
                # A reading of a family is that one shape is for all its models.
                return shared and self._source in family.readings
        return False

    def _say(self, compared: _Compared, shape: Shape | None, unit: str = "") -> str:
        if shape is None:
            return "none"
        if compared.constraint == PARAMETER:
            return self._words.describe(shape, unit)
        return self._words.say(compared.constraint, shape, unit)

    def _compared(
        self, model: Model, ours: Mapping[str, Shape], theirs: Mapping[str, Shape]
    ) -> Iterator[_Compared]:
        """Every constraint of every parameter of a model, ours in the spec's unit."""
        fields = self._spec.request_fields()
        units = {name: field.unit or "" for name, field in fields.items()}
        for name, parameter in model.parameters.items():
            units[f"{self._spec.container(model)}.{name}"] = parameter.unit or ""
        for name in {**ours, **theirs}:
            unit = units.get(name, "")
            if name not in theirs:
                yield _Compared(name, PARAMETER, Verdict.ONLY_OURS, ours[name], None, unit)
            elif name not in ours:
                yield _Compared(name, PARAMETER, Verdict.ONLY_THEIRS, None, theirs[name])
            else:
                yield from self._pair(name, ours[name], theirs[name], unit)

    def _pair(self, name: str, ours: Shape, theirs: Shape, unit: str = "") -> Iterator[_Compared]:
        for constraint, verdict in compare(ours, theirs, self._samples):
            yield _Compared(name, constraint, verdict, ours, theirs, unit)
        if ours.items is not None and theirs.items is not None:
            yield from self._pair(f"{name}[]", ours.items, theirs.items)


def _samples(spec: Spec) -> Iterator[str]:
    """Texts of all kinds, to try on patterns."""
    yield from ("", "?")
    yield from (form.example for form in spec.formats.values())
    for quantity in quantities(spec):
        for number in (quantity.maximum, quantity.maximum - 0.75):
            yield from (f"{number} {quantity.unit}", f"{number}{quantity.unit}")

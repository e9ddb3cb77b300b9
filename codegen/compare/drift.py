"""A Spec and another OpenAPI document of the same API to where they disagree."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from ..emit import openapi
from ..spec import model as spec
from .schemas import (
    ANY_TYPE,
    MODEL,
    DocumentError,
    Form,
    Interval,
    Json,
    Reader,
    Shape,
    pattern_values,
)

S = TypeVar("S", bound=spec.Schema)

PARAMETER = "parameter"  # In place of a constraint: the parameter as a whole.
# A constraint in words where it is not said; `any` where it is not here.
_UNSAID = {
    "required": "optional",
    "nullable": "never null",
    "unique": "items may repeat",
    "members": "others may come",
    "default": "none",
    "rules": "none",
    "unread": "all is read",
}


class Verdict(StrEnum):
    """What the other document says beside ours."""

    AGREES = "agrees"
    LOOSER = "theirs is looser"
    TIGHTER = "theirs is tighter"
    CONTRADICTORY = "contradictory"
    DIFFERS = "differs"  # It can't be told how.
    ONLY_OURS = "only ours"
    ONLY_THEIRS = "only theirs"


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


def drift(document: Json, whole: spec.Spec, source: str) -> list[Finding]:
    """Every constraint that the spec or `document` has, model by model.

    `source` is the id of the document among the sources; what the spec has on record of it is
    known. Raises DocumentError if the document has no operation that takes a model's request.
    """
    try:
        return list(_Comparison(document, whole, source).findings())
    except RecursionError:
        raise DocumentError("the document nests too deep") from None


def as_read_by(whole: spec.Spec, source: str) -> spec.Spec:
    """The spec with what is on record of a source in place of its own constraints."""
    models = {
        id: model.model_copy(
            update={"parameters": {n: _read(p, source) for n, p in model.parameters.items()}}
        )
        for id, model in whole.models.items()
    }
    _, _, name = whole.request_operation()
    fields = {key: _read(field, source) for key, field in whole.request_fields().items()}
    request = whole.objects[name].model_copy(update={"properties": fields})
    formats = {name: _read_format(form, source) for name, form in whole.formats.items()}
    objects = {**whole.objects, name: request}
    return replace(whole, models=models, objects=objects, formats=formats)


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


def _read_format(form: spec.Format, source: str) -> spec.Format:
    """A format as a source has it, where its words are a pattern or the name of a format."""
    words = form.source.get(source)
    if isinstance(words, str) and words.startswith("format: "):
        return form.model_copy(update={"json_schema_format": words.removeprefix("format: ")})
    if isinstance(words, str) and words.startswith("^") and words.endswith("$"):
        return form.model_copy(update={"pattern": words[1:-1]})
    return form


def compare(
    ours: Shape, theirs: Shape, samples: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Verdict]]:
    """Every constraint, and what theirs is beside ours.

    `samples` are texts to try on patterns, which can't be compared in general.
    """
    yield "type", _verdict(ours.types <= theirs.types, theirs.types <= ours.types)
    yield "required", _verdict(ours.required >= theirs.required, theirs.required >= ours.required)
    yield "nullable", _verdict(theirs.nullable >= ours.nullable, ours.nullable >= theirs.nullable)
    if ours.unread or theirs.unread:
        yield "unread", Verdict.DIFFERS
        return
    shared = ours.types & theirs.types
    if shared - {"array", "object"}:
        pairs = (ours, theirs), (theirs, ours)
        yield "values", _verdict(*(_values_within(*pair, samples) for pair in pairs))
    # Where one names every value, they were held against the limits of the other.
    unnamed = not (ours.values.listed or theirs.values.listed)
    if shared & {"integer", "number"} and unnamed:
        yield "range", _interval_verdict(ours.range, theirs.range)
        multiples = ours.multiple_of, theirs.multiple_of
        yield "multiple_of", _verdict(_divides(*multiples), _divides(*reversed(multiples)))
    if "string" in shared and unnamed:
        yield "length", _interval_verdict(ours.length, theirs.length)
    if "array" in shared:
        yield "items", _interval_verdict(ours.count, theirs.count)
        yield "unique", _verdict(ours.unique >= theirs.unique, theirs.unique >= ours.unique)
    if "object" in shared:
        yield "members", _verdict(ours.closed >= theirs.closed, theirs.closed >= ours.closed)
    if shared:
        yield "default", _default_verdict(ours.default, theirs.default)
        yield "rules", Verdict.AGREES if ours.rules == theirs.rules else Verdict.DIFFERS


def _verdict(ours_within: bool | None, theirs_within: bool | None) -> Verdict:
    """The verdict on two sets by whether each is within the other; None is not known."""
    if ours_within is None or theirs_within is None:
        return Verdict.DIFFERS
    if ours_within:
        return Verdict.AGREES if theirs_within else Verdict.LOOSER
    return Verdict.TIGHTER if theirs_within else Verdict.CONTRADICTORY


def _values_within(one: Shape, other: Shape, samples: frozenset[str]) -> bool | None:
    """Whether `other` has every value that `one` has; None where that can't be told."""
    limited = one.values.listed or other.values.listed
    here, there = (one, other) if limited else (one.values, other.values)
    tried: list[object] = [*one.values.named, *other.values.named, *samples]
    if limited:
        tried += [True, False, *(n + step for n in _numbers(one, other) for step in (-1, 0, 1))]
    if any(here.holds(value) and there.holds(value) is False for value in tried):
        return False
    forms_within = not one.values.free and one.values.forms <= other.values.forms
    named_within = all(there.holds(value) for value in one.values.named)
    sure = (forms_within and named_within) or (other.values.free and not limited)
    return True if sure else None


def _numbers(*shapes: Shape) -> Iterator[int | float]:
    """The numbers at which one of the shapes may begin or end."""
    for shape in shapes:
        for number in (0, *shape.values.named, shape.range[0][0], shape.range[1][0]):
            if isinstance(number, int | float) and -math.inf < number < math.inf:
                yield number


def _interval_verdict(ours: Interval, theirs: Interval) -> Verdict:
    low, high = ours
    their_low, their_high = theirs
    return _verdict(
        their_low <= low and high <= their_high, low <= their_low and their_high <= high
    )


def _divides(one: Fraction | None, other: Fraction | None) -> bool:
    """Whether every multiple of `one` is one of `other`; every number is one of None."""
    return other is None or (one is not None and one % other == 0)


def _default_verdict(ours: tuple[object, ...], theirs: tuple[object, ...]) -> Verdict:
    if ours == theirs:
        return Verdict.AGREES
    if ours and theirs:
        return Verdict.CONTRADICTORY
    return Verdict.ONLY_OURS if ours else Verdict.ONLY_THEIRS


class _Comparison:
    """Our document, theirs, and ours as it would be with what is on record of theirs."""

    def __init__(self, document: Json, whole: spec.Spec, source: str) -> None:
        _, operation, _ = whole.request_operation()
        documents = openapi.build(whole), document, openapi.build(as_read_by(whole, source))
        self._readers = [Reader(each, operation.method, operation.path) for each in documents]
        self._whole, self._source = whole, source
        self._titles = dict(_titles(whole))
        self._samples = frozenset(_samples(whole))

    def findings(self) -> Iterator[Finding]:
        """Every finding in the order of the spec; the models that only they have come last."""
        for model in self._whole.models.values():
            yield from self._of_model(model)
        for name in self._readers[1].models():
            if name not in self._whole.models:
                yield Finding(name, MODEL, PARAMETER, Verdict.ONLY_THEIRS, "none", name)

    def _of_model(self, model: spec.Model) -> Iterator[Finding]:
        container = self._whole.container(model)
        ours, theirs, recorded = (r.request(model.id, container) or {} for r in self._readers)
        if not theirs:
            yield Finding(model.id, MODEL, PARAMETER, Verdict.ONLY_OURS, model.id, "none")
            return
        if container not in theirs or theirs[container].unread:  # Which is a finding by itself.
            ours = {name: ours[name] for name in ours if not name.startswith(f"{container}.")}
        records = {
            (record.parameter, record.constraint): record
            for record in self._compared(model, recorded, theirs)
        }
        for finding in self._compared(model, ours, theirs):
            unsaid = _UNSAID.get(finding.constraint, "any")
            if finding.verdict is not Verdict.AGREES or finding.ours != unsaid:
                record = records.get((finding.parameter, finding.constraint), finding)
                yield self._beside(finding, record, model)

    def _beside(self, finding: Finding, record: Finding, model: spec.Model) -> Finding:
        """A finding, and whether it is on record."""
        if finding.verdict is Verdict.AGREES:
            return finding
        if record.verdict is Verdict.AGREES:
            return replace(finding, known=True)
        match finding.constraint, finding.verdict:
            case "default", Verdict.ONLY_OURS:  # To name none says nothing against ours.
                return replace(finding, known=True)
            case "parameter", Verdict.ONLY_THEIRS:
                family = self._whole.families[model.family]
                container, _, name = finding.parameter.rpartition(".")
                shared = container == family.container and name in family.parameters
                # A reading of a family is that one shape is for all its models.
                return replace(finding, known=shared and self._source in family.readings)
        return replace(finding, recorded=record.ours) if record.ours != finding.ours else finding

    def _compared(
        self, model: spec.Model, ours: Mapping[str, Shape], theirs: Mapping[str, Shape]
    ) -> Iterator[Finding]:
        """Every constraint of every parameter of a model, ours in the spec's unit."""
        fields = self._whole.request_fields()
        units = {name: field.unit or "" for name, field in fields.items()}
        for name, parameter in model.parameters.items():
            units[f"{self._whole.container(model)}.{name}"] = parameter.unit or ""
        for name in {**ours, **theirs}:
            if name not in theirs:
                words = self._describe(ours[name], units.get(name, ""))
                yield Finding(model.id, name, PARAMETER, Verdict.ONLY_OURS, words, "none")
            elif name not in ours:
                words = self._describe(theirs[name])
                yield Finding(model.id, name, PARAMETER, Verdict.ONLY_THEIRS, "none", words)
            else:
                yield from self._pair(model.id, name, ours[name], theirs[name], units.get(name, ""))

    def _pair(
        self, model: str, name: str, ours: Shape, theirs: Shape, unit: str = ""
    ) -> Iterator[Finding]:
        for constraint, verdict in compare(ours, theirs, self._samples):
            said, heard = self._say(constraint, ours, unit), self._say(constraint, theirs)
            yield Finding(model, name, constraint, verdict, said, heard)
        if ours.items is not None and theirs.items is not None:
            yield from self._pair(model, f"{name}[]", ours.items, theirs.items)

    def _describe(self, shape: Shape, unit: str = "") -> str:
        """All that is said of a parameter."""
        said = ((c, self._say(c, shape, unit)) for c, _ in compare(shape, shape))
        return ", ".join(words for c, words in said if words != _UNSAID.get(c, "any")) or "any"

    def _say(self, constraint: str, shape: Shape, unit: str = "") -> str:
        """A constraint in words."""
        words = {
            "type": _say_types(shape.types),
            "required": shape.required and "required",
            "nullable": shape.nullable and "may be null",
            "values": self._say_values(shape),
            "range": _say_interval(shape.range, unit, -math.inf),
            "multiple_of": shape.multiple_of and f"a multiple of {shape.multiple_of}",
            "length": _say_interval(shape.length, unit),
            "items": _say_interval(shape.count, "items"),
            "unique": shape.unique and "no item twice",
            "members": shape.closed and "no others",
            "default": " ".join(map(json.dumps, shape.default)),
            "rules": ", ".join(sorted(shape.rules)),
            "unread": ", ".join(sorted(shape.unread)),
        }
        return words[constraint] or _UNSAID.get(constraint, "any")

    def _say_values(self, shape: Shape) -> str:
        forms = [self._titles.get(form) or _say_form(form) for form in shape.values.forms]
        named = [json.dumps(value, ensure_ascii=False) for value in shape.values.named]
        words = [*sorted(forms), *sorted(named)]
        if shape.values.free:
            return ""
        return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "none"


def _say_types(types: frozenset[str]) -> str:
    hidden = {"integer"} if "number" in types else set[str]()  # A number may be one.
    return "" if types | {"null"} == ANY_TYPE else " or ".join(sorted(types - hidden)) or "none"


def _say_form(form: Form) -> str:
    return " and ".join(re.sub(r"^\^\(\?:(.*)\)\$$", r"^\1$", each) for each in form)


def _say_interval(interval: Interval, unit: str, least: float = 0) -> str:
    (low, above), (high, below) = interval
    begins, ends = (low, above) != (least, 0), high != math.inf
    if begins and ends and not above and not below:
        return f"{low} to {high} {unit}".rstrip()
    parts = [f"{'above' if above else 'at least'} {low}"] if begins else []
    parts += [f"{'below' if below else 'at most'} {high}"] if ends else []
    return f"{' and '.join(parts)} {unit if parts else ''}".strip()


def _titles(whole: spec.Spec) -> Iterator[tuple[Form, str]]:
    """What the patterns of the spec are called."""
    named = [(form.pattern, form.title) for form in whole.formats.values()]
    for quantity in _quantities(whole):
        pattern = openapi.text_pattern(whole, spec.Parameter.model_construct(quantity=quantity))
        named.append((pattern or "", f"at most {quantity.maximum} {quantity.unit}"))
    for pattern, title in named:
        for form in pattern_values(openapi.anchored(pattern)).forms:
            yield form, title


def _samples(whole: spec.Spec) -> Iterator[str]:
    """Texts of all kinds, to try on patterns."""
    yield from ("", "?")
    yield from (form.example for form in whole.formats.values())
    for quantity in _quantities(whole):
        for number in (quantity.maximum, quantity.maximum - 0.75):
            yield from (f"{number} {quantity.unit}", f"{number}{quantity.unit}")


def _quantities(whole: spec.Spec) -> Iterator[spec.Quantity]:
    for model in whole.models.values():
        for parameter in model.parameters.values():
            if parameter.quantity is not None:
                yield parameter.quantity

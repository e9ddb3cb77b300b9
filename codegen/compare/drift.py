"""A Spec and another OpenAPI document of the same API to where they disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..emit import openapi
from ..spec import model as spec_model
from ..spec.model import Model
from ..spec.schema import Schema
from ..spec.whole import Spec
from .documents import DocumentError, Json
from .drift_words import Words, quantities
from .findings import Answers, Finding, Topic, merged
from .members import Members
from .operations import Operation, is_json, same_path, schema_of
from .pairs import WHOLE, Pair, Said, Side, pair_operations, pair_values
from .recorded import document_of
from .shapes import Places, Shape
from .values import ANY_SIZE, Values
from .verdicts import Verdict


def drift(document: Json, spec: Spec, source: str) -> list[Finding]:
    """Every constraint that the spec or `document` has: of operations, objects and models.

    `source` is the id of the document among the sources; what the spec has on record of it is
    known. Raises DocumentError if the document has none of the operations.
    """
    return Drift(spec, source).of(document)


class Drift:
    """A spec, to be compared with one document or many of a source."""

    def __init__(self, spec: Spec, source: str) -> None:
        self.spec, self.source = spec, source
        self.sides = Side(openapi.build(spec)), Side(document_of(spec, source))
        self.words = Words(spec)
        self.samples = frozenset(_samples(spec))
        self._requests: dict[tuple[int, str], Places] = {}

    def of(self, document: Json) -> list[Finding]:
        """What is found in a document."""
        try:
            return merged(_Comparison(document, self).findings())
        except RecursionError:
            raise DocumentError("the document is nested too deeply") from None

    def request(self, side: Side, model: Model) -> Places:
        """What is in a request for a model, in one of our documents."""
        key = id(side), model.id
        if key not in self._requests:
            name = self.spec.operation_of(model)
            operation = self.spec.operations[name]
            tag = self.spec.discriminator(operation.body.request or "")
            body = side.operations.get(operation.method, operation.path).body
            bodies = side.requests.bodies(body and body.schema, tag)
            for each in self.spec.models_of(name).values():
                taking = bodies.of(self.spec.discriminator_value(each))
                places = _untagged(side.requests.places_in(taking), tag)
                self._requests[id(side), each.id] = places
        return self._requests[key]


class _Comparison:
    """Our document, theirs, and ours as it would be with what is on record of theirs."""

    def __init__(self, document: Json, ours: Drift) -> None:
        self._spec, self._source, self._drift = ours.spec, ours.source, ours
        self._sides, self._words, self._samples = ours.sides, ours.words, ours.samples
        self._theirs = Side(document)
        self._answers = Answers()

    def findings(self) -> Iterator[Finding]:
        """The findings on operations, then on objects, then on models."""
        models: list[Finding] = []
        found: set[tuple[str, str]] = set()
        for name, ours in self._spec.operations.items():
            match = self._theirs.operations.find(ours.method, ours.path)
            if match is None:
                yield _whole(Topic.OPERATION, _name(ours), Verdict.ONLY_OURS, ours.summary, "none")
                continue
            found.add(match[0])
            yield from self._of_operation(ours, match[1])
            models += self._of_models(name, ours, match[1])
        if not found:
            first = next(iter(self._spec.operations.values()))
            raise DocumentError(
                f"the document has no {_name(first)}, nor another operation of ours"
            )
        yield from self._only_theirs(found)
        yield from self._of_events()
        yield from self._answers.findings()
        yield from models

    def _only_theirs(self, found: set[tuple[str, str]]) -> Iterator[Finding]:
        """The operations that the spec lacks; those that it leaves out on purpose are known."""
        for method, path in self._theirs.operations.names():
            if (method, path) in found:
                continue
            name = f"{method} {path}"
            left_out = [
                entry
                for entry in self._spec.api.not_covered
                if any(same_path(name, each) for each in entry.operations)
            ]
            ours = f"left out: {left_out[0].reason}" if left_out else "none"
            finding = _whole(Topic.OPERATION, name, Verdict.ONLY_THEIRS, ours, "an operation")
            yield replace(finding, known=bool(left_out))

    def _of_operation(self, ours: spec_model.Operation, theirs: Operation) -> Iterator[Finding]:
        """What an operation takes, but for requests for models, and how it answers."""

        def pairs(side: Side) -> Iterator[Pair]:
            one = side.operations.get(ours.method, ours.path)
            yield from pair_operations((side, one), (self._theirs, theirs), self._samples)
            if one.body and theirs.body and not ours.body.request:
                here = side.requests.places(one.body.schema)
                there = self._theirs.requests.places(theirs.body.schema)
                yield from pair_values(here, there, self._samples, "body")

        units = {f"query {name}": schema.unit or "" for name, schema in ours.query.items()}
        told = self._told(
            Topic.OPERATION, _name(ours), pairs, lambda pair: units.get(pair.what, "")
        )
        yield from (finding for _, finding in told)
        success = self._sides[0].operations.get(ours.method, ours.path).success
        answers = {status: status for status in map(str, ours.errors) if status in theirs.answers}
        if theirs.success:
            answers |= dict.fromkeys(success, theirs.success[0])
        for status, other in answers.items():
            name = ours.success.object if status in success else self._error_object(status)
            yield from self._of_answer(ours, status, name, theirs.answers[other])

    def _error_object(self, status: str) -> str:
        return self._spec.api.errors[status].object

    def _of_answer(
        self, ours: spec_model.Operation, status: str, name: str | None, theirs: Json
    ) -> Iterator[Finding]:
        """The object of an answer; that there is none is the operation's."""
        schema, what = schema_of(theirs), f"answer {status}"
        if (name is None) != (schema is None):
            verdict = Verdict.ONLY_THEIRS if name is None else Verdict.ONLY_OURS
            yield Finding(
                *(Topic.OPERATION, (_name(ours),), what, WHOLE, verdict),
                *(name or "none", "none" if schema is None else "JSON"),
            )
        elif name is not None:
            there = self._theirs.answers.places(schema)

            def pairs(side: Side) -> Iterator[Pair]:
                answer = side.operations.get(ours.method, ours.path).answers.get(status, {})
                here = side.answers.places(schema_of(answer))
                yield from pair_values(here, there, self._samples)

            self._of_object(f"{_name(ours)} {status}", name, pairs)

    def _of_events(self) -> Iterator[Finding]:
        """What is posted for events, where the document says anything of any."""
        events = self._spec.api.webhooks.events
        hooks = {event: self._theirs.operations.webhook(event) for event in events}
        for event, name in events.items() if any(hooks.values()) else ():
            hook = hooks[event]
            if hook is None or hook.body is None:
                yield _whole(Topic.OPERATION, f"webhook {event}", Verdict.ONLY_OURS, name, "none")
                continue
            there = self._theirs.answers.places(hook.body.schema)

            def pairs(side: Side, event: str = event, there: Places = there) -> Iterator[Pair]:
                ours = side.operations.webhook(event)
                here = side.answers.places(ours.body.schema) if ours and ours.body else {}
                yield from pair_values(here, there, self._samples)

            self._of_object(f"webhook {event}", name, pairs)

    def _of_object(self, answer: str, name: str, pairs: Callable[[Side], Iterable[Pair]]) -> None:
        """Add what is found of an object, and of those in it, in an answer."""
        members = Members(self._spec, Schema.model_construct(ref=name))
        for pair, finding in self._told(
            Topic.OBJECT, name, pairs, lambda pair: members.unit(pair.place)
        ):
            root, owner, inner = members.owner(pair.place)
            what = "".join(inner).removeprefix(".")
            self._answers.add(
                f"{answer}{''.join(root)}", replace(finding, where=(owner,), what=what)
            )

    def _of_models(
        self, name: str, ours: spec_model.Operation, theirs: Operation
    ) -> Iterator[Finding]:
        """The models that an operation takes requests for, and what a request for each is."""
        if ours.body.request is None or theirs.body is None or not is_json(theirs.content):
            return
        tag = self._spec.discriminator(ours.body.request)
        bodies = self._theirs.requests.bodies(theirs.body.schema, tag)
        models = self._spec.models_of(name)
        for model in models.values():
            value = self._spec.discriminator_value(model)
            taking = bodies.of(value)
            if not taking:
                yield _whole(Topic.MODEL, model.id, Verdict.ONLY_OURS, _name(ours), "none")
                continue
            there = _untagged(self._theirs.requests.places_in(taking), tag)

            def pairs(side: Side, model: Model = model, there: Places = there) -> Iterator[Pair]:
                here = self._drift.request(side, model)
                yield from pair_values(here, there, self._samples)

            yield from self._of_model(model, pairs)
        taken = {self._spec.discriminator_value(model) for model in models.values()}
        for value in bodies.named():
            if value not in taken:
                yield _whole(Topic.MODEL, value, Verdict.ONLY_THEIRS, "none", _name(ours))

    def _of_model(self, model: Model, pairs: Callable[[Side], Iterable[Pair]]) -> Iterator[Finding]:
        units = self._units(model)
        told = self._told(Topic.MODEL, model.id, pairs, lambda pair: units.unit(pair.place))
        for pair, finding in told:
            if not finding.known and self._is_known(pair, model):
                finding = replace(finding, known=True, recorded="")
            yield finding

    def _units(self, model: Model) -> Members:
        """The values in a request for a model."""
        parameters: dict[str, Schema] = dict(model.parameters)
        container = self._spec.container(model)
        if container is not None:
            parameters = {container: Schema.model_construct(properties=parameters)}
        return Members(
            self._spec,
            Schema.model_construct(properties={**self._spec.fields(model), **parameters}),
        )

    def _is_known(self, pair: Pair, model: Model) -> bool:
        match pair.constraint, pair.verdict:
            case "rules", _:
                # A reading of a model is that it has no rules between its parameters.
                none = isinstance(pair.theirs, Shape) and not pair.theirs.rules
                return none and self._source in model.readings
            case "default", Verdict.ONLY_OURS:
                return True  # A document that names no default does not contradict ours.
        return False

    def _told(
        self,
        topic: Topic,
        where: str,
        pairs: Callable[[Side], Iterable[Pair]],
        unit: Callable[[Pair], str],
    ) -> Iterator[tuple[Pair, Finding]]:
        """What was found in words, and whether it is on record."""
        ours, recorded = self._sides
        found = [p for p in pairs(ours) if p.verdict is not Verdict.AGREES or self._said(p)]
        agree = all(pair.verdict is Verdict.AGREES for pair in found)
        records = _Records(() if agree else pairs(recorded))
        for pair in found:
            record = None if pair.verdict is Verdict.AGREES else records.of(pair)
            stale = record is not None and self._said(record) != self._said(pair)
            yield (
                pair,
                Finding(
                    topic,
                    (where,),
                    pair.name,
                    pair.constraint,
                    pair.verdict,
                    ours=self._say(pair, pair.ours, unit(pair)),
                    theirs=self._say(pair, pair.theirs),
                    known=pair.verdict is not Verdict.AGREES and record is None,
                    recorded=self._say(record, record.ours, unit(pair)) if record and stale else "",
                ),
            )

    def _said(self, pair: Pair) -> object:
        """What our side says, to be compared; None if it says nothing."""
        return self._words.said(pair.constraint, pair.ours)

    def _say(self, pair: Pair, what: Said, unit: str = "") -> str:
        return self._words.say(pair.constraint, what, unit)


class _Records:
    """What is on record of a source, beside what its document says."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = {(pair.what, pair.place, pair.constraint): pair for pair in pairs}
        self._apart = {
            (pair.what, pair.place)
            for pair in self._pairs.values()
            if pair.verdict is not Verdict.AGREES
        }

    def of(self, pair: Pair) -> Pair | None:
        """The record of a pair that disagrees; None if what the document says is on record."""
        if record := self._pairs.get((pair.what, pair.place, pair.constraint)):
            return None if record.verdict is Verdict.AGREES else record
        around = (pair.place[:count] for count in range(len(pair.place) + 1))
        return pair if any((pair.what, place) in self._apart for place in around) else None


def _whole(topic: Topic, where: str, verdict: Verdict, ours: str, theirs: str) -> Finding:
    """An operation or a model that one of both lacks."""
    return Finding(topic, (where,), "", WHOLE, verdict, ours, theirs)


def _name(operation: spec_model.Operation) -> str:
    return f"{operation.method} {operation.path}"


def _untagged(places: Places, tag: str) -> Places:
    """The values of a request without what tells which model it is for."""
    place = (f".{tag}",)
    if place not in places:
        return places
    blank = replace(places[place], types=frozenset({"string"}), values=Values(free=True))
    return {**places, place: replace(blank, length=ANY_SIZE, unread=frozenset(), parts=())}


def _samples(spec: Spec) -> Iterator[str]:
    """Texts of all kinds, to try on patterns."""
    yield from ("", "?")
    yield from (form.example for form in spec.formats.values())
    for quantity in quantities(spec):
        for number in (quantity.maximum, quantity.maximum - 0.75):
            yield from (f"{number} {quantity.unit}", f"{number}{quantity.unit}")

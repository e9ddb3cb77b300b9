"""Servers that check the requests of one model by a schema that is not quite the document's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from ._asgi import Answer, Forward, Request, Wrong
from ._changes import Change, changes, words_of
from ._document import Document, Json, Model, at_place, place_of
from ._mutant import Mutant
from ._values import (
    ITEM,
    Fits,
    Place,
    has,
    places,
    put,
    requests_of,
    value_of,
    with_schema,
    without,
)

Accepts: TypeAlias = Callable[[Any], bool]

# Rules are called by what they ask for.
_RULES = ("rule", "[a-z]+-[^/]*")
# Stands in a path for whatever is there.
ANY = "*"
# How the parts of a path that are no names are called in the ids of constraints.
_SAID = {ITEM: r"(?:items|\[\]|\*)", ANY: "[^/]*"}


class _Of:
    """The mutants of one model."""

    def __init__(self, document: Document, model: Model) -> None:
        self.document, self.model = document, model
        self.fits = Fits(model.schema)
        self.least, self.most = requests_of(model)
        self.places = list(places(model.schema))
        self.optional = [
            place.at
            for place in self.places
            if not place.required and ITEM not in place.at and "properties" not in place.schema
        ]
        # Those that have a part of the same operation, nearest relatives first.
        self.others = sorted(
            (
                o
                for o in document.models
                if o.operation.name == model.operation.name and o is not model
            ),
            key=lambda other: other.family != model.family,
        )

    def mutant(
        self, slug: str, at: Sequence[str], kinds: Sequence[str], accepts: Accepts, *witnesses: Any
    ) -> Mutant | None:
        """A mutant; None if no request shows it."""
        witness = next((w for w in witnesses if accepts(w) != self.fits(w)), None)
        if witness is None:
            return None
        path = ".".join(at) or "request"
        where = ".".join(_SAID.get(name, re.escape(name)) for name in at) or "request"
        return Mutant(
            id=f"{self.model.id}/{path}/{slug}",
            blamed=(f"{re.escape(self.model.id)}/{where}/(?:{'|'.join(sorted(kinds))})",),
            make=lambda: self._answering(accepts),
            model=self.model,
            witness=witness,
            right=self.fits(witness),
        )

    def _answering(self, accepts: Accepts) -> Wrong:
        """The server that takes what `accepts` says."""
        parent = next((p.at for p in self.places if p.schema.get("x-role") == "parent"), None)
        jobs: list[str] = []

        async def wrong(request: Request, forward: Forward) -> Answer:
            body = request.json
            taken = right = False
            if self.model.operation.takes(request.method, request.path):
                taken, right = accepts(body), self.fits(body)
            if taken == right:
                answer = await forward(request)
                jobs.extend(self._made(request, answer))
                return answer
            # What it should not take becomes a job all the same; what it should is refused as others are.
            instead = self.least if taken else {}
            if taken and parent is not None and jobs:
                own = at_place(body, parent)
                instead = put(instead, parent, own if own in jobs else jobs[0])
            return await forward(request.with_json(instead))

        return wrong

    def _made(self, request: Request, answer: Answer) -> Iterator[str]:
        """The id of the job that was made, if one was."""
        for operation in self.document.of_kind("submit"):
            if answer.is_success and operation.takes(request.method, request.path):
                yield str(at_place(answer.json, place_of(self.document.answer(operation), "id")))

    def all(self) -> Iterator[Mutant]:
        """All of them."""
        found = [
            *self._schemas(),
            *self._members(),
            *self._strange(),
            *self._rules(),
            *self._named(),
        ]
        yield from (mutant for mutant in found if mutant is not None)

    def _schemas(self) -> Iterator[Mutant | None]:
        for place in self.places:
            for change in changes(place, self._strangers(place)):
                accepts = Fits(with_schema(self.model.schema, place.keys, change.schema))
                seen = self._with(place, change)
                yield self.mutant(change.slug, place.at, [*change.kinds], accepts, *seen)
                if change.slug.endswith("ignored") and not change.is_large:
                    yield from self._sometimes(
                        change.slug, place.at, [*change.kinds], accepts, seen
                    )

    def _with(self, place: Place, change: Change) -> list[Json]:
        bases = (self.least, self.most)
        return [put(base, place.at, value) for value in change.values for base in bases]

    def _strangers(self, place: Place) -> list[Any]:
        """Values that the part has in other models, or if it lists its own, any part of its name."""
        found: list[Any] = []
        for other in self.others:
            for part in places(other.schema):
                named = "enum" in place.schema and part.at[-1:] == place.at[-1:] != (ITEM,)
                if named or part.at == place.at:
                    found += [word for word in words_of(part.schema) if word not in found]
        right = Fits(place.schema)
        return [value for value in found if not right(value)]

    def _sometimes(
        self, slug: str, at: Sequence[str], kinds: Sequence[str], accepts: Accepts, seen: list[Json]
    ) -> Iterator[Mutant | None]:
        """A constraint that is kept only where no optional parameter is beside it, or only where one is."""
        own = self._context(tuple(name for name in at if name != ITEM))
        others = [place for place in self.optional if place not in own]

        def beside(body: Any) -> bool:
            return any(has(body, place) for place in others)

        for name, when in (("only-alone", True), ("only-beside", False)):

            def sometimes(body: Any, when: bool = when) -> bool:
                return self.fits(body) or (beside(body) is when and accepts(body))

            yield self.mutant(f"{slug}-kept-{name}", at, kinds, sometimes, *seen)

    def _context(self, at: tuple[str, ...]) -> set[tuple[str, ...]]:
        """A part, and those without which it is not used, and which these need."""
        found, further = set(), {at}
        while further:
            found |= further
            further = {o for place in further for o in self._used_with(place)} - found
        return found

    def _used_with(self, at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for place in self.places:
            for rule in place.schema.get("x-rules", ()):
                if at[:-1] == place.at and at and rule["parameter"] == at[-1]:
                    if rule["rule"] in ("used_when", "ignored_when"):
                        yield from ((*place.at, name) for name in rule["when"])
                    elif rule["rule"] == "requires":
                        yield (*place.at, rule["other"])

    def _members(self) -> Iterator[Mutant | None]:
        """Members that need not be there, or have to be."""
        for place in self.places:
            if not place.at or place.at[-1] == ITEM or "const" in place.schema:
                continue
            name, parent = place.at[-1], self._parent(place)
            needed = list(parent.schema.get("required", ()))
            if place.required:
                rest = [other for other in needed if other != name]
                loose = Fits(self._with_required(parent, rest))
                seen = [without(base, place.at) for base in (self.least, self.most)]
                yield self.mutant("required-ignored", place.at, ["required"], loose, *seen)
                yield from self._sometimes("required-ignored", place.at, ["required"], loose, seen)
            else:
                kinds = ["optional", "required"]

                def everywhere(body: Any, at: tuple[str, ...] = place.at) -> bool:
                    return self.fits(body) and has(body, at)

                seen = [without(base, place.at) for base in (self.least, self.most)]
                if ITEM not in place.at:
                    yield self.mutant("optional-needed", place.at, kinds, everywhere, *seen)

    def _parent(self, place: Place) -> Place:
        return next(other for other in self.places if other.at == place.at[:-1])

    def _with_required(self, parent: Place, names: list[str]) -> Json:
        return with_schema(self.model.schema, parent.keys, {**parent.schema, "required": names})

    def _strange(self) -> Iterator[Mutant | None]:
        """Members that are not the model's: unknown ones, and those of other models."""
        for place in self.places:
            if place.schema.get("additionalProperties") is not False or ITEM in place.at:
                continue
            wide = {**place.schema, "additionalProperties": True}
            loose = Fits(with_schema(self.model.schema, place.keys, wide))
            seen = [put(base, (*place.at, "unknown_member"), 1) for base in (self.least, self.most)]
            yield self.mutant("unknown-ignored", place.at, ["unknown"], loose, *seen)
            yield from self._sometimes("unknown-ignored", place.at, ["unknown"], loose, seen)
            foreign = self._foreign(place)
            members: Json = {**{name: {} for name in foreign}, **place.schema["properties"]}
            more = {**place.schema, "properties": members}
            loose = Fits(with_schema(self.model.schema, place.keys, more))
            seen = [
                put(base, (*place.at, name), value_of(schema, whole=True))
                for name, schema in foreign.items()
                for base in (self.least, self.most)
            ]
            yield self.mutant("takes-those-of-others", place.at, ["unknown"], loose, *seen)

    def _foreign(self, place: Place) -> dict[str, Json]:
        """What other models have there, and this one has not."""
        found: dict[str, Json] = {}
        for other in self.document.models:
            for part in places(other.schema):
                if part.at == place.at:
                    for name, schema in part.schema.get("properties", {}).items():
                        found.setdefault(name, schema)
        return {n: s for n, s in found.items() if n not in place.schema["properties"]}

    def _rules(self) -> Iterator[Mutant | None]:
        """Rules between members."""
        for place in self.places:
            rules = place.schema.get("allOf", [])
            for number, rule in enumerate(rules):
                rest = [other for other in rules if other is not rule]
                loose = Fits(
                    with_schema(self.model.schema, place.keys, {**place.schema, "allOf": rest})
                )
                seen = [
                    body
                    for base in (self.least, self.most)
                    for body in _breaking(base, place, rule)
                ]
                at = (*place.at, ANY)
                yield self.mutant(f"rule-ignored-{number}", at, _RULES, loose, *seen)

    def _named(self) -> Iterator[Mutant | None]:
        """Requests that name their model in another way, or not at all."""
        name, value = self.model.discriminator, self.model.value
        kinds = ["discriminator", "values", "type", "required"]

        def as_if(slug: str, *values: Any) -> Mutant | None:
            def accepts(body: Any) -> bool:
                if not isinstance(body, dict):
                    return False
                said = body.get(name)
                return self.fits(body) or (said in values and self.fits({**body, name: value}))

            bases = [
                put(base, (name,), other) for base in (self.least, self.most) for other in values
            ]
            return self.mutant(slug, (name,), kinds, accepts, *bases)

        yield as_if("in-any-case", *({value.upper(), value.title()} - {value}))
        yield as_if("with-spaces", f"{value} ", f" {value}")
        yield as_if("null", None)

        def without_name(body: Any) -> bool:
            left_out = isinstance(body, dict) and name not in body
            return self.fits({**body, name: value} if left_out else body)

        seen = [without(base, (name,)) for base in (self.least, self.most)]
        yield self.mutant("left-out", (name,), kinds, without_name, *seen)


def _breaking(base: Json, place: Place, rule: Json) -> Iterator[Json]:
    """Requests that break a rule."""
    for name, inner in rule.get("if", {}).get("properties", {}).items():
        options = inner.get("enum", [inner.get("const")])
        base = put(base, (*place.at, name), options[0])
    then = rule.get("then", {})
    for name in then.get("required", ()):
        yield without(base, (*place.at, name))
    yield base


def constraint_mutants(document: Document, model: Model) -> list[Mutant]:
    """All mutants of a model's constraints."""
    return list(_Of(document, model).all())

"""A model to its vectors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from ...spec.document import Path
from ...spec.model import Model
from ...spec.schema import Parameter, Schema, Source
from ...spec.whole import Spec
from .cases import Case, Cases, Strangers, Way
from .goods import Goods
from .model import REMOVED, Json, ModelVectors, Vector, changes_json
from .places import Line, Places
from .request import Given, Place, Request
from .told import Readers, expects, inner, plain, readings_of, source_of, words


_Refused: TypeAlias = tuple[str, str, Given, Place | None]
# Kinds that a server checks in one place, whatever parameter has them.
_CHECKED_ONCE = frozenset({"type", "format"})
# Kinds that do not depend on what else is in a request.
_OF_ANY_REQUEST = frozenset({"required", "discriminator"})


class Maker:
    """Makes the vectors of one model after another."""

    def __init__(self, spec: Spec, strangers: Strangers) -> None:
        self.spec, self.goods, self.readers = spec, Goods(spec), Readers(spec)
        self.cases = Cases(spec, self.goods, strangers)

    def made(self, model: Model, others: Mapping[str, Schema]) -> ModelVectors:
        """The vectors of a model; `others` are parameters that it does not take, and other models do."""
        request = Request(self.spec, model, self.goods)
        rows = {f"most-{number}": given for number, given in enumerate(request.most(), 1)}
        made = ModelVectors(request, {"least": request.least(), **rows})
        _OfModel(self, made).make(others)
        return made


class _OfModel:
    """The vectors of one model. Refused ones begin with the least request and those with everything in turn."""

    def __init__(self, maker: Maker, made: ModelVectors) -> None:
        self.made, self.request, self.spec = made, made.request, maker.spec
        self.model = made.request.model
        self.lines = Places(self.spec, self.model)
        self.readers = maker.readers.of(self.request)
        self._cases = maker.cases
        self._refused: dict[str, list[_Refused]] = {}
        self._rows = 0
        self._seen: set[str] = set()
        self._often: Counter[tuple[str, str]] = Counter()
        self.cases_of: Callable[[Place], Sequence[Case]] = cache(
            lambda place: [*maker.cases.of(self.request.members[place], place[-1])]
        )

    def make(self, others: Mapping[str, Schema]) -> None:
        """Every vector."""
        least = self.constraint(("request",), "optional", self.model.source, self.lines.model())
        self.add(least, "least", "nothing but what is required", {}, accepted=True)
        for place, member in self.request.members.items():
            if member.required:
                self._required(place, member)
            if place == self.request.discriminator:
                self._discriminator(place, member)
            else:
                self._member(place, member)
        self._rules()
        self._container()
        self._unknown(others)
        for constraint, refused in self._refused.items():
            kind = self.made.constraints[constraint]["kind"]
            if len(refused) == 1 and kind not in _OF_ANY_REQUEST:
                name, says, put, of = refused[0]
                says = f"{says}, beside all others"
                self.add(constraint, f"{name}-beside-others", says, put, accepted=False, of=of)

    def constraint(
        self, place: Place, kind: str, source: Source, line: Line, limit: Any = None, **more: Any
    ) -> str:
        """The id of a constraint, which is noted. `name` ends the id where it is not the kind."""
        dotted = ".".join(place)
        id = f"{self.model.id}/{dotted}/{more.pop('name', kind)}"
        parameter = "" if place == ("request",) else dotted
        entry = {"kind": kind, "parameter": parameter, "limit": plain(limit)}
        more = {"source": words(source), **more}
        self.made.constraints[id] = entry | {key: value for key, value in more.items() if value}
        self.made.places[id] = line
        return id

    def _line(self, place: Place, path: Path) -> Line:
        """Where something of a member stands."""
        is_own = self.request.parameter(place) is not None
        return (self.lines.parameter if is_own else self.lines.field)(place[-1], path)

    def _required(self, place: Place, member: Schema) -> None:
        source, line = source_of(member, "required"), self._line(place, ("required",))
        readings = readings_of(member, "required")
        id = self.constraint(place, "required", source, line, True, readings=readings)
        self.add(id, "missing", "without it", {place: REMOVED}, accepted=False, of=place)

    def _member(self, place: Place, member: Schema) -> None:
        for case in self._chosen(place, member):
            schema, path = inner(member, case.inner)
            said = source_of(schema, case.kind) or source_of(member, case.kind)
            line = self._line(place, (*path, case.kind))
            id = self.constraint(
                (*place, *case.inner),
                case.kind,
                said,
                line,
                getattr(schema, case.kind, None),
                unit=schema.unit,
                readings=readings_of(schema, case.kind),
            )
            for name, put in self._beside(place, case):
                said, unknown = case.says, case.unknown
                self.add(id, name, said, put, accepted=case.accepted, of=place, unknown=unknown)

    def _chosen(self, place: Place, member: Schema) -> list[Case]:
        """The cases of a member, without some of those that are refused where they were tried before.

        A server has one check of a type or of a form, and one of the fields that all requests have.
        """
        cases = self.cases_of(place)
        left_out: list[Case] = []
        wrong: dict[tuple[Way, str], list[Case]] = {}
        for case in cases:
            if not case.accepted:
                wrong.setdefault((case.inner, case.kind), []).append(case)
        for (way, kind), refused in wrong.items():
            first, rest = refused[:2], refused[2:]
            said = (kind, json.dumps(plain(getattr(inner(member, way)[0], kind, None))))
            if self.request.parameter(place) is None:
                rest = []
            elif kind in _CHECKED_ONCE:
                turn = self._often[said]
                self._often[said] += 1
                rest = rest[(turn - 1) % len(rest) :][:1] if turn and rest else rest
            left_out += [case for case in refused if case not in (*first, *rest)]
        return [case for case in cases if case not in left_out]

    def _beside(self, place: Place, case: Case) -> list[tuple[str, Given]]:
        """A case by itself; one that needs others, with both ends of their ranges in turn."""
        changes = {place: case.value}
        if not case.accepted:
            return [(case.name, changes)]
        company = self.request.company(
            {**self.made.bases["least"], **changes}, [place], counted=False
        )
        ends = {other: ends for other in company if (ends := self._ends(other))}
        if not ends:
            return [(case.name, {**company, **changes})]
        turns = []
        for turn, name in enumerate((case.name, f"{case.name}-2")):
            chosen = {p: e[(n + turn) % 2] for n, (p, e) in enumerate(ends.items())}
            turns.append((name, {**company, **chosen, **changes}))
        return turns

    def _ends(self, place: Place) -> list[Any]:
        """The two ends of the range of a member."""
        found = {
            case.kind: case.value
            for case in self.cases_of(place)
            if case.accepted and not case.inner and case.name == "at"
        }
        return [found[kind] for kind in ("minimum", "maximum") if kind in found and len(found) > 1]

    def _discriminator(self, place: Place, member: Schema) -> None:
        own = self.spec.discriminator_value(self.model)
        source, line = source_of(member, ""), self._line(place, ())
        typed = self.constraint(place, "type", source, line, member.type)
        self.add(typed, "null", "null", {place: None}, accepted=False)
        id = self.constraint(place, "discriminator", source, line, own)
        operation = self.spec.operation_of(self.model)
        taken = {
            self.spec.discriminator_value(model)
            for model in self.spec.models_of(operation).values()
        }
        elsewhere = (
            value
            for model in self.spec.models.values()
            if (value := self.spec.discriminator_value(model)) not in taken
        )
        tried = [
            ("other-case", f"`{own}` in the other case", own.swapcase()),
            ("stranger", "a model that is nowhere", f"{own}-0"),
            *(("other-operation", f"`{v}`, of another operation", v) for v in elsewhere),
        ]
        for name, says, value in tried[:3]:
            if value not in taken:
                self.add(id, name, says, {place: value}, accepted=False)

    def _rules(self) -> None:
        for name, parameter in self.model.parameters.items():
            place = self.request.place(name)
            good = self.request.good(place)
            for rule in ("requires", "excludes"):
                for index, entry in enumerate(getattr(parameter, rule)):
                    if entry.enforced:
                        value = good if entry.when is None else entry.when
                        other = self.request.place(entry.parameter)
                        id = self._rule(name, rule, index, entry.parameter)
                        with_, without = {other: self.request.good(other)}, {other: REMOVED}
                        kept, broken = (with_, without) if rule == "requires" else (without, with_)
                        said = f"`{json.dumps(value, ensure_ascii=False)}` "
                        words_ = (f"with `{entry.parameter}`", f"without `{entry.parameter}`")
                        right, wrong = words_ if rule == "requires" else words_[::-1]
                        changes = {place: value}
                        self.add(id, "kept", said + right, changes | kept, accepted=True)
                        self.add(id, "broken", said + wrong, changes | broken, accepted=False)
            self._limits(name, parameter)

    def _rule(self, name: str, rule: str, index: int, other: str) -> str:
        parameter = self.model.parameters[name]
        entry = getattr(parameter, rule)[index]
        return self.constraint(
            self.request.place(name),
            "rule",
            getattr(entry, "source", None) or source_of(parameter, rule),
            self.lines.parameter(name, (rule, index)),
            {rule: entry.model_dump(exclude_defaults=True, exclude={"source", "enforced"})},
            name=f"{rule}-{other}"
            if index == 0 or rule != "limits"
            else f"{rule}-{other}-{index + 1}",
        )

    def _limits(self, name: str, parameter: Parameter) -> None:
        """Limits that hold beside a value of another parameter."""
        place = self.request.place(name)
        for index, limit in enumerate(parameter.limits):
            if not limit.enforced:
                continue
            id = self._rule(name, "limits", index, "-".join(limit.stated()))
            tight = parameter.model_copy(update=limit.stated())
            settings = {
                self.request.place(other): wanted[0] if isinstance(wanted, list) else wanted
                for other, wanted in limit.when.items()
            }
            for case in self._cases.of(tight, name):
                if case.kind in limit.stated() and not case.inner:
                    changes = {**settings, place: case.value}
                    self.add(id, case.name, case.says, changes, accepted=case.accepted)

    def _container(self) -> None:
        container = self.request.container
        if container is None:
            return
        source, line = self.spec.families[self.model.family].source, self.lines.container()
        if self.request.container_required:
            id = self.constraint((container,), "required", source, line, True)
            self.add(id, "missing", "without it", {(container,): REMOVED}, accepted=False)
        id = self.constraint((container,), "type", source, line, "object")
        self.add(id, "null", "null", {(container,): None}, accepted=False)
        self.add(id, "list", "a list", {(container,): []}, accepted=False)

    def _unknown(self, others: Mapping[str, Schema]) -> None:
        inside, members = self.request.inside, self.request.members
        source, line = self.model.source, self.lines.model()
        id = self.constraint(inside or ("request",), "unknown", source, line)
        for name, other in others.items():
            if self.request.place(name) not in members and (good := self.goods_of(other)):
                says, name_ = f"`{name}`, which other models take", f"takes-no-{name}"
                self.add(id, name_, says, {self.request.place(name): good[0]}, accepted=False)
        first = next(iter(self.model.parameters), None)
        if first is not None and self.request.place(f"{first}_") not in members:
            changes = {
                self.request.place(f"{first}_"): self.request.good(self.request.place(first))
            }
            self.add(id, "misspelt", f"`{first}_`, which is misspelt", changes, accepted=False)
        if self.request.container is None:
            return
        id = self.constraint(("request",), "unknown", source, line)
        if first is not None and (first,) not in members:
            changes = {(first,): self.request.good(self.request.place(first))}
            says = f"`{first}` outside of `{self.request.container}`"
            self.add(id, "misplaced", says, changes, accepted=False)
        containers = {family.container for family in self.spec.families.values()}
        foreign = min(str(name) for name in {*containers, "stranger"} if name and (name,) != inside)
        says = f"`{foreign}`, the parameters of other models"
        self.add(id, "other-container", says, {(foreign,): {}}, accepted=False)

    def goods_of(self, schema: Schema) -> list[Any]:
        """Good values of a schema of another model."""
        return self.request.goods.of(schema)

    def add(
        self,
        constraint: str,
        name: str,
        says: str,
        put: Given,
        *,
        accepted: bool,
        of: Place | None = None,
        unknown: bool = False,
        base: str | None = None,
    ) -> None:
        """Add a vector, with what it needs beside it; nothing if it can't be, or is there already.

        `of` is the member that it is of; a refused one that is of none may break a rule.
        """
        base = base or ("least" if accepted else self._next_base(constraint))
        is_rule = not accepted and self.made.constraints[constraint]["kind"] == "rule"
        changes = (
            self._breaking(base, put) if is_rule else self._keeping(base, put, accepted=accepted)
        )
        if changes is None:
            return
        written = f"{base} {json.dumps(changes_json(changes))}"
        if written in self._seen:
            return
        self._seen.add(written)
        if not accepted:
            self._refused.setdefault(constraint, []).append((name, says, put, of))
            self._rows += base != "least"
        readings = self._readings(of, put, accepted=accepted)
        sure = "unknown" if unknown else "readings" if readings else "documented"
        id = f"{constraint}/{name}"
        self.made.vectors.append(
            Vector(id, constraint, accepted, base, changes, says, sure, readings)
        )

    def _keeping(self, base: str, put: Given, *, accepted: bool) -> Given | None:
        """Changes with what they need beside them, so that no rule is broken."""
        given = self.made.bases[base]
        there = {place: value for place, value in {**given, **put}.items() if value is not REMOVED}
        company = self.request.company(there, [*put], counted=not accepted)
        kept = self.request.kept({**there, **company}, [*put])
        return None if kept is None else _changes(given, put, kept)

    def _breaking(self, base: str, put: Given) -> Given | None:
        """Changes that break one rule."""
        given = self.made.bases[base]
        there = {place: value for place, value in {**given, **put}.items() if value is not REMOVED}
        return _changes(given, put, there) if len(self.request.broken(there)) == 1 else None

    def _next_base(self, constraint: str) -> str:
        """The least request and one that has everything in turn."""
        if len(self._refused.get(constraint, ())) % 2 == 0:
            return "least"
        return f"most-{self._rows % (len(self.made.bases) - 1) + 1}"

    def _readings(self, of: Place | None, put: Given, *, accepted: bool) -> dict[str, str]:
        """What the other sources expect that expect otherwise."""
        if of is None:
            return {}
        other, value = "refused" if accepted else "accepted", put[of]
        return {
            source: other
            for source, request in self.readers.items()
            if expects(request, of, value, removed=value is REMOVED) is not accepted
        }


def _changes(given: Given, put: Given, whole: Given) -> Given:
    """What makes a request of another one; what is put is among it even where it changes nothing."""
    changes = {
        place: value
        for place, value in whole.items()
        if place in put
        or place not in given
        or (type(value), value) != (type(given[place]), given[place])
    }
    for place in (*given, *put):
        is_there = place in given or len(place) == 1
        if is_there and place not in whole and place not in changes:
            changes[place] = REMOVED
    return changes

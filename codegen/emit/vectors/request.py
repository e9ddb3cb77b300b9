"""The requests of a model as members by their place, and what holds between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, count
from math import comb
from typing import Any, TypeAlias

from ...spec.lint.violations import applies, broken_rules
from ...spec.model import Model
from ...spec.schema import Parameter, Schema
from ...spec.whole import Spec
from .goods import Goods

Place: TypeAlias = tuple[str, ...]
Given: TypeAlias = dict[Place, Any]


class Request:
    """What a request for a model is made of: `members` are its parameters and fields by their place."""

    def __init__(self, spec: Spec, model: Model, goods: Goods) -> None:
        self.spec, self.model, self.goods = spec, model, goods
        self.container = spec.container(model)
        self.inside: Place = () if self.container is None else (self.container,)
        self.discriminator: Place = (spec.discriminator(spec.request_object(model)),)
        self.members: dict[Place, Schema] = {
            **{(name,): field for name, field in spec.fields(model).items()},
            **{self.place(name): parameter for name, parameter in model.parameters.items()},
        }

        for example in model.examples.values():
            for place, member in self.members.items():
                found: Any = example.request
                for name in place:
                    found = found.get(name) if isinstance(found, dict) else None
                if found is not None:
                    goods.show(member, found)

    @property
    def can_be_made(self) -> bool:
        """Whether there is a good value of all that is required."""
        needed = [place for place, member in self.members.items() if member.required]
        return all(self.has_good(place) for place in needed)

    @property
    def container_required(self) -> bool:
        """Whether the member that holds the parameters must be there."""
        return self.container is not None and self.spec.container_required(self.model)

    def place(self, parameter: str) -> Place:
        """Where a parameter of the model stands."""
        return (*self.inside, parameter)

    def parameter(self, place: Place) -> Parameter | None:
        """The parameter of the model that stands there."""
        return self.model.parameters.get(place[-1]) if place[:-1] == self.inside else None

    def parameters(self, given: Given) -> dict[str, Any]:
        """The model's own parameters of a request by their names."""
        return {place[-1]: value for place, value in given.items() if self.parameter(place)}

    def has_good(self, place: Place) -> bool:
        """Whether a good value of a member can be made."""
        return place == self.discriminator or bool(self.goods.of(self.members[place]))

    def good(self, place: Place, number: int = 0) -> Any:
        """A good value of a member."""
        if place == self.discriminator:
            return self.spec.discriminator_value(self.model)
        goods = self.goods.of(self.members[place])
        return goods[number % len(goods)]

    def least(self) -> Given:
        """What every request has to have."""
        required = [place for place, member in self.members.items() if member.required]
        return self.kept({place: self.good(place) for place in required}) or {}

    def most(self) -> list[Given]:
        """Requests that have everything, in which each of two values stands beside each of any other two."""
        free = [
            place for place in self.members if place != self.discriminator and self.has_good(place)
        ]
        rows = []
        for row in pairwise(len(free)):
            given = {self.discriminator: self.good(self.discriminator)}
            given |= {place: self.good(place, n) for place, n in zip(free, row, strict=True)}
            rows.append(self.kept(given) or self.least())
        return rows

    def body(self, given: Mapping[Place, Any]) -> dict[str, Any]:
        """A request as JSON."""
        result: dict[str, Any] = {}
        if self.container is not None and self.container_required:
            result[self.container] = {}
        for place, value in given.items():
            inner = result
            for name in place[:-1]:
                inner = inner.setdefault(name, {})
            inner[place[-1]] = value
        return result

    def broken(self, given: Given) -> list[str]:
        """The parameters whose rules a request breaks, once for each rule."""
        return [name for name, _ in broken_rules(self.model.parameters, self.parameters(given))]

    def kept(self, given: Given, fixed: Collection[Place] = ()) -> Given | None:
        """The request so that no rule is broken, with its fixed members as they are; None if it can't be."""
        given = dict(given)
        for _ in range(2 * len(self.members) + 1):
            broken = self.broken(given)
            if not broken:
                return given
            if not self._mended(given, self.model.parameters[broken[0]], broken[0], fixed):
                return None
        return None

    def _mended(
        self, given: Given, parameter: Parameter, name: str, fixed: Collection[Place]
    ) -> bool:
        """Whether a rule of a parameter that is broken could be mended, by the least that does."""
        place = self.place(name)
        value = given[place]
        for need in parameter.requires:
            other = self.place(need.parameter)
            lacks = need.when in (None, value) and other not in given and other not in fixed
            if need.enforced and lacks and self.has_good(other):
                given[other] = self.good(other)
                return True
        in_the_way = [
            self.place(bar.parameter)
            for bar in parameter.excludes
            if bar.enforced and bar.when in (None, value)
        ]
        for other in (*in_the_way, place):
            if other in given and other not in fixed and not self.members[other].required:
                del given[other]
                return True
        return self._unlimited(given, parameter, fixed)

    def _unlimited(self, given: Given, parameter: Parameter, fixed: Collection[Place]) -> bool:
        """Whether a limit could be got out of by another value of what it depends on."""
        for limit in parameter.limits:
            if limit.enforced and applies(
                limit.when, self.model.parameters, self.parameters(given)
            ):
                for name, wanted in limit.when.items():
                    kept_by = wanted if isinstance(wanted, list) else [wanted]
                    other = self.place(name)
                    for good in self.goods.of(self.members[other]) if other not in fixed else ():
                        if good not in kept_by:
                            given[other] = good
                            return True
        return False

    def company(self, given: Given, places: Collection[Place], *, counted: bool) -> Given:
        """What some members need beside them and a request lacks; also what they count only with."""
        found: Given = {}
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            present = {**given, **found}
            parameter = self.parameter(place)
            if parameter is None or place not in present:
                continue
            for name, wanted in _wanted(parameter, present[place], counted=counted):
                other = self.place(name)
                if other in places or other in found or not (wanted or self.has_good(other)):
                    continue
                if other not in present or (wanted and present[other] not in wanted):
                    found[other] = wanted[0] if wanted else self.good(other)
                    waiting.append(other)
        return found


def _wanted(
    parameter: Parameter, value: Any, *, counted: bool
) -> Iterator[tuple[str, Sequence[Any]]]:
    """What a parameter wants beside it: other parameters, and which of their values, if not any."""
    for need in parameter.requires:
        if need.when in (None, value):
            yield need.parameter, ()
    for name, setting in parameter.used_when.items() if counted else ():
        yield name, setting if isinstance(setting, list) else [setting]


def pairwise(columns: int) -> list[tuple[int, ...]]:
    """Rows of 0 and 1 in which any two columns have all four pairs.

    After a row of zeros, each column is 1 in a choice of its own of more than half of the others: any two
    of them share a row, and each has one that the other lacks.
    """
    others = next(n for n in count(3) if comb(n, n // 2 + 1) >= columns)
    chosen = list(combinations(range(others), others // 2 + 1))[:columns]
    return [(0,) * columns, *(tuple(int(n in ones) for ones in chosen) for n in range(others))]

"""The requests of a model as members by their place, and what holds between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    """What a request for a model is made of.

    `members` are its parameters and fields by their place, `fixed` what tells that it is for the model.
    """

    def __init__(self, spec: Spec, model: Model, goods: Goods) -> None:
        self.spec, self.model, self.goods = spec, model, goods
        self.container = spec.container(model)
        self.container_required = self.container is not None and spec.container_required(model)
        self.discriminator = (spec.discriminator(spec.request_object(model)),)
        inside = () if self.container is None else (self.container,)
        self.members: dict[Place, Schema] = {
            **{(name,): field for name, field in spec.fields(model).items()},
            **{(*inside, name): parameter for name, parameter in model.parameters.items()},
        }
        self._inside = inside

    def place(self, parameter: str) -> Place:
        """Where a parameter of the model stands."""
        return (*self._inside, parameter)

    def good(self, place: Place, number: int = 0) -> Any:
        """A good value of a member."""
        if place == self.discriminator:
            return self.spec.discriminator_value(self.model)
        goods = self.goods.of(self.members[place])
        return goods[number % len(goods)]

    def parameters(self, given: Given) -> dict[str, Any]:
        """The model's own parameters of a request by their names."""
        return {
            place[-1]: value
            for place, value in given.items()
            if place[:-1] == self._inside and place[-1] in self.model.parameters
        }

    def least(self) -> Given:
        """What every request has to have."""
        required = [place for place, member in self.members.items() if member.required]
        return self.kept({place: self.good(place) for place in required}) or {}

    def most(self) -> list[Given]:
        """Requests that have everything, in which each good value of two stands beside each other one."""
        free = [place for place in self.members if place != self.discriminator]
        rows = []
        for row in pairwise(len(free)):
            given = {place: self.good(place, n) for place, n in zip(free, row, strict=True)}
            given = {self.discriminator: self.good(self.discriminator), **given}
            rows.append(self.kept(given) or self.least())
        return rows

    def kept(self, given: Given, fixed: Collection[Place] = ()) -> Given | None:
        """The request so that no rule is broken, with its fixed members as they are; None if it can't be."""
        given = dict(given)
        for _ in range(2 * len(self.members) + 1):
            broken = next(broken_rules(self.model.parameters, self.parameters(given)), None)
            if broken is None:
                return given
            if not self._mended(given, self.model.parameters[broken[0]], broken[0], fixed):
                return None
        return None

    def _mended(
        self, given: Given, parameter: Parameter, name: str, fixed: Collection[Place]
    ) -> bool:
        """Whether a rule of a parameter that is broken could be mended."""
        place, value = self.place(name), given[self.place(name)]
        for need in parameter.requires:
            other = self.place(need.parameter)
            if need.enforced and need.when in (None, value) and other not in given:
                if other not in fixed:
                    given[other] = self.good(other)
                    return True
        for bar in parameter.excludes:
            other = self.place(bar.parameter)
            if bar.enforced and bar.when in (None, value) and other in given:
                if other not in fixed and not self.members[other].required:
                    del given[other]
                    return True
        if place not in fixed and not parameter.required:
            del given[place]
            return True
        return self._out_of_the_way(given, parameter, fixed)

    def _out_of_the_way(self, given: Given, parameter: Parameter, fixed: Collection[Place]) -> bool:
        """Whether a parameter that a limit depends on could be left out."""
        for limit in parameter.limits:
            if limit.enforced and applies(
                limit.when, self.model.parameters, self.parameters(given)
            ):
                for name in limit.when:
                    other = self.place(name)
                    if other in given and other not in fixed and not self.members[other].required:
                        del given[other]
                        return True
        return False

    def company(self, given: Given, places: Collection[Place]) -> Given:
        """What some members make sense beside, and a request lacks: what they need, and count only with."""
        found: Given = {}
        waiting = [place for place in places if place[:-1] == self._inside and place in given]
        while waiting:
            place = waiting.pop()
            parameter = self.model.parameters.get(place[-1])
            if parameter is None or place not in self.members:
                continue
            value = {**given, **found}[place]
            wanted = {
                self.place(need.parameter): self.good(self.place(need.parameter))
                for need in parameter.requires
                if need.when in (None, value)
            }
            for name, setting in parameter.used_when.items():
                wanted[self.place(name)] = setting[0] if isinstance(setting, list) else setting
            for other, with_value in wanted.items():
                if other not in places and other not in found:
                    needed = parameter.used_when.get(other[-1])
                    if other not in given or needed is not None:
                        found[other] = (
                            given[other] if self._fits(given, other, needed) else with_value
                        )
                        waiting.append(other)
        return found

    def _fits(self, given: Given, place: Place, needed: Any) -> bool:
        if place not in given:
            return False
        return needed is None or given[place] in (needed if isinstance(needed, list) else [needed])

    def body(self, given: Mapping[Place, Any]) -> dict[str, Any]:
        """A request as JSON."""
        result: dict[str, Any] = {}
        if self.container_required and self.container is not None:
            result[self.container] = {}
        for place, value in given.items():
            inner = result
            for name in place[:-1]:
                inner = inner.setdefault(name, {})
            inner[place[-1]] = value
        return result


def pairwise(columns: int) -> list[tuple[int, ...]]:
    """Rows of 0 and 1 in which any two columns have all four pairs.

    After a row of zeros, each column is 1 in a choice of its own of more than half of the others.
    """
    size = next(size for size in count(4) if comb(size - 1, size // 2) >= columns)
    chosen = list(combinations(range(size - 1), size // 2))[:columns]
    rows = [tuple(int(row in ones) for ones in chosen) for row in range(size - 1)]
    return [(0,) * columns, *rows]

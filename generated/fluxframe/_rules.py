# A copy of codegen/runtime/_rules.py, where it is edited.
"""Whether what holds between the parameters of a request is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ._catalog import MODELS
from ._limits import broken, check_value
from ._problems import Problem, listed
from ._redact import show
from ._spec import Model, Parameter, Settings


@cache
def is_ruled(id: str) -> bool:
    """Whether a model has limits that no type of a parameter can state: enforced rules, for one."""
    return any(map(_is_ruled, MODELS[id].parameters.values()))


def _is_ruled(p: Parameter) -> bool:
    enforced = any(rule.enforced for rules in (p.requires, p.excludes, p.limits) for rule in rules)
    parts = (*p.any_of, *p.properties.values(), *([p.items] if p.items else []))
    fractions = any(isinstance(value, float) for value in p.values or ())
    return enforced or p.unique_items or fractions or any(map(_is_ruled, parts))


@cache
def _inside(id: str) -> Mapping[str, Parameter]:
    """The parameters in a model's container by their names there."""
    model = MODELS[id]
    start = f"{model.container}." if model.container else ""
    own = (p for p in model.parameters.values() if p.path.startswith(start))
    return {p.path.removeprefix(start): p for p in own}


@cache
def _with_rules(id: str) -> Mapping[str, Parameter]:
    """Those of which something is said beside others."""
    return {name: p for name, p in _inside(id).items() if p.has_rules}


def check_rules(given: Mapping[str, Any], model: Model) -> Iterator[tuple[Problem, bool]]:
    """What holds between parameters, by their names in a request's JSON.

    Each with whether the API is said to refuse it.
    """
    ruled = _with_rules(model.id)
    if ruled.keys().isdisjoint(given):
        return
    known = _inside(model.id)

    def settings(when: Settings) -> dict[str, Any]:
        return {known[name].name: wanted for name, wanted in when.items()}

    def applies(when: Settings) -> Iterator[bool]:
        return (_is_one(given.get(n, known[n].default), wanted) for n, wanted in when.items())

    for name in given:
        p, value = ruled.get(name), given[name]
        if p is None:
            continue
        for rule, when in (("used_when", p.used_when), ("ignored_when", p.ignored_when)):
            if when and all(applies(when)) == (rule == "ignored_when"):
                yield broken(p, value, model.id, rule, settings(when)), False
        for need in p.requires:
            if need.parameter not in given and (need.when is None or _is_one(value, (need.when,))):
                other = known[need.parameter].name
                words = f"{show(value)} makes sense only with {other}, which is not given"
                detail = "" if need.enforced else words
                problem = broken(p, value, model.id, "requires", other, detail=detail)
                yield problem, need.enforced
        for bar in p.excludes:
            if bar.parameter in given and (bar.when is None or _is_one(value, (bar.when,))):
                other = known[bar.parameter].name
                yield broken(p, value, model.id, "excludes", other), bar.enforced
        for limit in p.limits:
            if all(applies(limit.when)):
                changes: dict[str, Any] = dict.fromkeys(_ALLOWED)
                bare = replace(p, **(changes | {limit.rule: limit.limit}), required=False)
                beside = _setting(settings(limit.when))
                for problem in check_value(bare, value, model.id):
                    if problem.rule == limit.rule:
                        yield replace(problem, beside=beside), limit.enforced


# What says which values are allowed, and is no range.
_ALLOWED = ("values", "format", "quantity", "pattern")


def _is_one(value: object, wanted: tuple[Any, ...]) -> bool:
    """Whether a value is one of those, a number none that is a truth value."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted)


def _setting(values: Mapping[str, tuple[Any, ...]]) -> str:
    """What other parameters are, in words."""
    return " and ".join(
        f"{name}={listed([show(one) for one in wanted])}" for name, wanted in values.items()
    )

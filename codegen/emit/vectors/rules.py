"""The vectors of the rules between parameters that the API is said to enforce."""

from __future__ import annotations

import json
from typing import Any

from ...spec.schema import Exclusion, Limit, Parameter, Requirement
from .cases import Cases
from .making import Making
from .model import REMOVED
from .told import source_of


def add_rules(making: Making, cases: Cases) -> None:
    """The vectors of all rules of a model."""
    for name, parameter in making.model.parameters.items():
        for index, need in enumerate(parameter.requires):
            if need.enforced:
                _pair(making, name, "requires", index, need)
        for index, bar in enumerate(parameter.excludes):
            if bar.enforced:
                _pair(making, name, "excludes", index, bar)
        for index, limit in enumerate(parameter.limits):
            if limit.enforced:
                _limit(making, cases, name, index, limit)


def _rule(making: Making, name: str, rule: str, index: int, other: str) -> str:
    """The constraint that a rule is, named after the other parameter or the limits in it."""
    parameter: Parameter = making.model.parameters[name]
    entry = getattr(parameter, rule)[index]
    others = [_other(each) for each in getattr(parameter, rule)[:index]]
    again = others.count(other)
    return making.constraint(
        making.request.place(name),
        "rule",
        getattr(entry, "source", None) or source_of(parameter, rule),
        making.lines.parameter(name, (rule, index)),
        {rule: entry.model_dump(exclude_defaults=True, exclude={"source", "enforced"})},
        name=f"{rule}-{other}" + (f"-{again + 1}" if again else ""),
    )


def _other(entry: Any) -> str:
    return "-".join(entry.stated()) if isinstance(entry, Limit) else str(entry.parameter)


def _pair(making: Making, name: str, rule: str, index: int, entry: Requirement | Exclusion) -> None:
    """A parameter with another one that it requires or excludes, and without."""
    request = making.request
    place, other = request.place(name), request.place(entry.parameter)
    if not (request.has_good(place) and request.has_good(other)):
        return
    value = request.good(place) if entry.when is None else entry.when
    id = _rule(making, name, rule, index, _other(entry))
    shown = f"`{json.dumps(value, ensure_ascii=False)}`"
    beside = {f"{shown} with `{entry.parameter}`": request.good(other)}
    alone = {f"{shown} without `{entry.parameter}`": REMOVED}
    kept, broken = (beside, alone) if rule == "requires" else (alone, beside)
    for verdict, said in (("kept", kept), ("broken", broken)):
        for says, with_ in said.items():
            put = {place: value, other: with_}
            making.add(id, verdict, says, put, accepted=verdict == "kept")


def _limit(making: Making, cases: Cases, name: str, index: int, limit: Limit) -> None:
    """A limit that holds beside a value of another parameter."""
    request, parameter = making.request, making.model.parameters[name]
    id = _rule(making, name, "limits", index, _other(limit))
    settings = {
        request.place(other): wanted[0] if isinstance(wanted, list) else wanted
        for other, wanted in limit.when.items()
    }
    tight = parameter.model_copy(update=limit.stated())
    for case in cases.of(tight, name):
        if case.kind in limit.stated() and not case.inner:
            put = {**settings, request.place(name): case.value}
            slug = case.name if len(limit.stated()) == 1 else f"{case.kind}-{case.name}"
            making.add(id, slug, case.says, put, accepted=case.accepted)

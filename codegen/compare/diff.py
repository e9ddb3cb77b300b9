"""Two Specs to the changes between them, as a user of the SDK feels them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from ..spec.constraints import CHOICES, KINDS
from ..spec.descriptions import quantity, setting
from ..spec.model import Api, Definition, Format, Model, Operation
from ..spec.schema import (
    Constraints,
    Entry,
    Exclusion,
    Limit,
    Parameter,
    Quantity,
    Requirement,
    Schema,
)
from ..spec.whole import Spec

T = TypeVar("T")


class Effect(IntEnum):
    """What a change does to code that works today."""

    EDITORIAL = 0
    ADDITIVE = 1
    BREAKING = 2


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change: where, what was and what is, and its effect."""

    effect: Effect
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.effect.name.lower():<9}  {self.where}: {self.what}"


def diff(old: Spec, new: Spec) -> list[Change]:
    """Every change, the most serious first."""
    found = [
        *_api(old.api, new.api),
        *_each("", old.operations, new.operations, _operation, what="operation"),
        *_each("", old.objects, new.objects, _answer, what="object"),
        *_each("", old.models, new.models, _model, what="model"),
        *_requests(old, new),
        *_formats(old, new),
        *_texts("sources", old.sources, new.sources),
        *_texts("families", old.families, new.families),
    ]
    return sorted(found, key=lambda change: (-change.effect, change.where, change.what))


def bump(changes: list[Change], version: str) -> str:
    """The version that follows `version`; below 1.0 a break raises the minor number."""
    major, minor, patch = (int(part) for part in version.split("."))
    effect = max((change.effect for change in changes), default=None)
    if effect is None:
        return version
    if effect is Effect.BREAKING and major > 0:
        return f"{major + 1}.0.0"
    if effect is Effect.BREAKING or (effect is Effect.ADDITIVE and major > 0):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def changelog(changes: list[Change], version: str) -> str:
    """A section in the form of Keep a Changelog, <https://keepachangelog.com>."""
    lines = [f"## [{version}]"]
    for heading, effects in (
        ("Changed", (Effect.BREAKING, Effect.EDITORIAL)),
        ("Added", (Effect.ADDITIVE,)),
    ):
        items = [
            f"- {'**Breaking:** ' if effect is Effect.BREAKING else ''}`{c.where}`: {c.what}"
            for effect in effects
            for c in changes
            if c.effect is effect
        ]
        if items:
            lines += ["", f"### {heading}", "", *items]
    return "\n".join(lines)


def _each(
    prefix: str,
    old: Mapping[str, T],
    new: Mapping[str, T],
    compare: Callable[[str, T, T], Iterator[Change]],
    *,
    what: str,
    added: Callable[[T], Effect] = lambda item: Effect.ADDITIVE,
) -> Iterator[Change]:
    """What was added, what was removed, and what changed inside."""
    for name in {**old, **new}:
        where = f"{prefix}{name}"
        if name not in new:
            yield Change(Effect.BREAKING, where, f"{what} removed")
        elif name not in old:
            yield Change(added(new[name]), where, f"{what} added{_required(new[name])}")
        else:
            yield from compare(where, old[name], new[name])


def _required(item: object) -> str:
    return ", required" if isinstance(item, Schema) and item.required else ""


def _needed(item: Schema) -> Effect:
    """A new required parameter breaks the calls that omit it."""
    return _effect(not item.required)


def _model(where: str, old: Model, new: Model) -> Iterator[Change]:
    for name in ("family", "discriminator", "count"):
        if getattr(old, name) != getattr(new, name):
            before, after = getattr(old, name), getattr(new, name)
            yield _changed(Effect.BREAKING, where, name, before, after)
    yield from _each(
        f"{where}.", old.parameters, new.parameters, _parameter, what="parameter", added=_needed
    )
    texts = ("title", "summary", "description", "source", "readings", "price")
    yield from _edited(where, old, new, texts)
    yield from _texts(f"{where} examples", old.examples, new.examples)


def _requests(old: Spec, new: Spec) -> Iterator[Change]:
    """What follows for a model from its family and its operation: where, and beside what, it is asked for."""
    for id in old.models.keys() & new.models.keys():
        before, after = old.models[id], new.models[id]
        for name, one, two in (
            ("operation", old.operation_of(before), new.operation_of(after)),
            ("container", old.container(before), new.container(after)),
            ("result", old.result_of(before), new.result_of(after)),
        ):
            if one != two:
                yield _changed(Effect.BREAKING, id, name, one, two)
        was, now = old.container_required(before), new.container_required(after)
        if was != now:
            yield _changed(_effect(was), id, "container_required", was, now)
    for operation in old.submissions().keys() & new.submissions().keys():
        shared, now_shared = (
            whole.objects[whole.submissions()[operation]].properties or {} for whole in (old, new)
        )
        yield from _each(
            f"{operation}.", shared, now_shared, _parameter, what="parameter", added=_needed
        )
        for id in old.models_of(operation).keys() & new.models_of(operation).keys():
            own, now_own = (
                {
                    name: field
                    for name, field in whole.fields(whole.models[id]).items()
                    if name in {*old.models[id].fields, *new.models[id].fields}
                    or name in {*old.models[id].without, *new.models[id].without}
                }
                for whole in (old, new)
            )
            yield from _each(f"{id}.", own, now_own, _parameter, what="parameter", added=_needed)


def _formats(old: Spec, new: Spec) -> Iterator[Change]:
    """A changed pattern may refuse what it accepted; in general this can't be decided."""

    def compare(where: str, one: Format, two: Format) -> Iterator[Change]:
        if one.pattern != two.pattern:
            yield _changed(Effect.BREAKING, where, "pattern", one.pattern, two.pattern)
        yield from _edited(where, one, two, ("title", "example", "source", "readings"))

    yield from _each("formats.", old.formats, new.formats, compare, what="format")


def _parameter(where: str, old: Schema, new: Schema) -> Iterator[Change]:
    """An input from the caller: refusing what was accepted before is breaking."""
    yield from _constraints(where, old, new)
    if old.required != new.required:
        yield _changed(_effect(old.required), where, "required", old.required, new.required)
    if old.default != new.default:
        yield _changed(Effect.BREAKING, where, "default", old.default, new.default)
    if old.items is not None and new.items is not None:
        yield from _parameter(f"{where}[]", old.items, new.items)
    one, two = (schema.properties or {} for schema in (old, new))
    yield from _each(f"{where}.", one, two, _parameter, what="member", added=_needed)
    if old.any_of != new.any_of:
        yield Change(Effect.BREAKING, where, "any_of changed")
    if isinstance(old, Parameter) and isinstance(new, Parameter):
        yield from _advisories(where, old, new)
    yield from _edited(where, old, new, ("summary", "unit", "role", "sizes", "source", "readings"))


def _advisories(where: str, old: Parameter, new: Parameter) -> Iterator[Change]:
    """Advisories warn and refuse nothing; an enforced requirement refuses."""
    for advisory in ("used_when", "ignored_when"):
        if getattr(old, advisory) != getattr(new, advisory):
            yield _changed(
                Effect.ADDITIVE, where, advisory, getattr(old, advisory), getattr(new, advisory)
            )
    for rule in ("requires", "excludes", "limits"):
        before, after = getattr(old, rule), getattr(new, rule)
        refusing = [[entry for entry in entries if entry.enforced] for entries in (before, after)]
        if any(entry not in refusing[0] for entry in refusing[1]):
            yield Change(Effect.BREAKING, where, f"{rule} {_all(refusing[1])}, enforced")
        elif before != after:
            yield Change(Effect.ADDITIVE, where, f"{rule} {_all(before)} → {_all(after)}")


def _all(rules: Sequence[Requirement | Exclusion | Limit]) -> str:
    return ", ".join(map(_rule, rules)) or "nothing"


def _rule(rule: Requirement | Exclusion | Limit) -> str:
    if isinstance(rule, Limit):
        stated = " and ".join(f"{name} {_shown(value)}" for name, value in rule.stated().items())
        return f"{stated} when {setting(rule.when)}"
    return rule.parameter if rule.when is None else f"{rule.parameter} when {rule.when}"


def _constraints(where: str, old: Constraints, new: Constraints) -> Iterator[Change]:
    """Each constraint that was tightened or loosened."""
    if old.type != new.type:
        widened = (old.type, new.type) == ("integer", "number")
        yield _changed(_effect(widened), where, "type", old.type, new.type)
    unlisted, now_unlisted = (_is_unlisted(constraints) for constraints in (old, new))
    if unlisted != now_unlisted:
        what = f"allowed: {_allowed(old)} → {_allowed(new)}"
        yield Change(_effect(now_unlisted), where, what)
    else:
        yield from _choices(where, old, new)
    for kind in KINDS:
        before, after = getattr(old, kind.name), getattr(new, kind.name)
        if isinstance(before, bool) or isinstance(after, bool):  # None says the same as false.
            before, after = bool(before), bool(after)
        told = unlisted != now_unlisted and kind.name in CHOICES
        if before != after and kind.loosens is not None and not told:
            unit = _unit(new) if kind.breaks else ""
            yield _changed(
                _effect(kind.loosens(before, after)), where, kind.name, before, after, unit
            )


def _effect(loosened: bool) -> Effect:
    return Effect.ADDITIVE if loosened else Effect.BREAKING


def _unit(schema: Constraints) -> str:
    return schema.unit or "" if isinstance(schema, Schema) else ""


def _is_unlisted(schema: Constraints) -> bool:
    """Whether nothing says what is allowed by name, by format or as a quantity: it may be all."""
    return all(getattr(schema, name) is None for name in CHOICES)


def _choices(where: str, old: Constraints, new: Constraints) -> Iterator[Change]:
    removed = [value for value in old.values or [] if value not in (new.values or [])]
    added = [value for value in new.values or [] if value not in (old.values or [])]
    if removed:
        yield Change(Effect.BREAKING, where, f"values: {_listed(removed)} removed")
    if added:
        yield Change(Effect.ADDITIVE, where, f"values: {_listed(added)} added")


def _allowed(schema: Constraints) -> str:
    parts = [schema.format, schema.quantity and quantity(schema.quantity), *(schema.values or [])]
    return ", ".join(str(part) for part in parts if part is not None) or "anything"


def _answer(where: str, old: Definition, new: Definition) -> Iterator[Change]:
    """An object that the server sends: taking away what a reader could rely on is breaking."""
    yield from _answered(where, old, new)


def _answered(where: str, old: Schema, new: Schema) -> Iterator[Change]:
    if (old.type, old.ref, old.format) != (new.type, new.ref, new.format):
        before, after = (s.ref or s.format or s.type for s in (old, new))
        yield _changed(Effect.BREAKING, where, "type", before, after)
    for name in ("required", "nullable", "open"):
        was, now = bool(getattr(old, name)), bool(getattr(new, name))
        if was != now:
            surer = now == (name == "required")
            yield _changed(_effect(surer), where, name, was, now)
    removed = [value for value in old.values or [] if value not in (new.values or [])]
    added = [value for value in new.values or [] if value not in (old.values or [])]
    if removed:
        yield Change(Effect.BREAKING, where, f"values: {_listed(removed)} removed")
    if added:
        yield Change(_effect(old.open), where, f"values: {_listed(added)} added")
    for name in (kind.name for kind in KINDS if kind.is_bound):
        if getattr(old, name) != getattr(new, name):
            yield _changed(Effect.ADDITIVE, where, name, getattr(old, name), getattr(new, name))
    yield from _each(
        f"{where}.", old.properties or {}, new.properties or {}, _answered, what="member"
    )
    if old.items is not None and new.items is not None:
        yield from _answered(f"{where}[]", old.items, new.items)
    if old.any_of != new.any_of:
        yield Change(Effect.ADDITIVE, where, "any_of changed")
    yield from _edited(where, old, new, ("summary", "unit", "source", "readings"))


def _operation(where: str, old: Operation, new: Operation) -> Iterator[Change]:
    for name in ("method", "path", "body", "success", "authenticated", "idempotent_by_key"):
        if getattr(old, name) != getattr(new, name):
            relaxed = name == "authenticated" and not new.authenticated
            yield _changed(_effect(relaxed), where, name, getattr(old, name), getattr(new, name))
    for part in ("path_parameters", "query"):
        yield from _each(
            f"{where}.",
            getattr(old, part),
            getattr(new, part),
            _parameter,
            what="parameter",
            added=_needed,
        )
    yield from _edited(
        where, old, new, ("summary", "errors", "upload", "kept_hours", "source", "readings")
    )


def _api(old: Api, new: Api) -> Iterator[Change]:
    for name in ("base_url", "authentication", "environment", "job"):
        if getattr(old, name) != getattr(new, name):
            yield _changed(Effect.BREAKING, "api", name, getattr(old, name), getattr(new, name))
    names = (
        "title",
        "version",
        "summary",
        "source",
        "polling",
        "name",
        "request_id_header",
        "not_covered",
        "results",
        "idempotency",
        "webhooks",
        "errors",
        "not_covered",
        "readings",
    )
    yield from _edited("api", old, new, names)


def _texts(where: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for name in {**old, **new}:
        if old.get(name) != new.get(name):
            verb = "removed" if name not in new else "added" if name not in old else "changed"
            yield Change(Effect.EDITORIAL, where, f"{name} {verb}")


def _edited(where: str, old: object, new: object, names: tuple[str, ...]) -> Iterator[Change]:
    """Changes to documentation only: text, units, sources."""
    for name in names:
        if getattr(old, name) != getattr(new, name):
            yield Change(Effect.EDITORIAL, where, f"{name} changed")


def _changed(
    effect: Effect, where: str, name: str, before: object, after: object, unit: str = ""
) -> Change:
    suffix = f" {unit}" if unit else ""
    return Change(effect, where, f"{name}: {_shown(before)} → {_shown(after)}{suffix}")


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Quantity):
        return quantity(value)
    if isinstance(value, Entry):
        value = value.model_dump(exclude_unset=True, exclude={"source", "summary"})
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _listed(values: list[Any]) -> str:
    return ", ".join(map(_shown, values))

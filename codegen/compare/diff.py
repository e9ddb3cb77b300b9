"""Two Specs to the changes between them, as a user of the SDK feels them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from ..spec import model as spec

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


def diff(old: spec.Spec, new: spec.Spec) -> list[Change]:
    """Every change, the gravest first."""
    found = [
        *_api(old.api, new.api),
        *_each("", old.operations, new.operations, _operation, what="operation"),
        *_each("", old.objects, new.objects, _answer, what="object"),
        *_each("", old.models, new.models, _model, what="model"),
        *_fields(old, new),
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
    """An entry for the changelog."""
    lines = [f"## {version}"]
    for effect, heading in (
        (Effect.BREAKING, "Breaking"),
        (Effect.ADDITIVE, "Added"),
        (Effect.EDITORIAL, "Documentation"),
    ):
        items = [f"- `{c.where}`: {c.what}" for c in changes if c.effect is effect]
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
    """What came, what went, and what changed inside."""
    for name in {**old, **new}:
        where = f"{prefix}{name}"
        if name not in new:
            yield Change(Effect.BREAKING, where, f"{what} removed")
        elif name not in old:
            yield Change(added(new[name]), where, f"{what} added{_required(new[name])}")
        else:
            yield from compare(where, old[name], new[name])


def _required(item: object) -> str:
    return ", required" if isinstance(item, spec.Schema) and item.required else ""


def _needed(item: spec.Schema) -> Effect:
    """A parameter that must be given breaks the calls that do not."""
    return Effect.BREAKING if item.required else Effect.ADDITIVE


def _model(where: str, old: spec.Model, new: spec.Model) -> Iterator[Change]:
    if old.family != new.family:
        yield _changed(Effect.BREAKING, where, "family", old.family, new.family)
    yield from _each(
        f"{where}.", old.parameters, new.parameters, _parameter, what="parameter", added=_needed
    )
    yield from _edited(where, old, new, ("title", "summary", "description", "source", "price"))
    yield from _texts(f"{where} examples", old.examples, new.examples)


def _fields(old: spec.Spec, new: spec.Spec) -> Iterator[Change]:
    """What every request takes beside its model's parameters."""
    operation, _, _ = new.request_operation()
    yield from _each(
        f"{operation}.",
        old.request_fields(),
        new.request_fields(),
        _parameter,
        what="parameter",
        added=_needed,
    )


def _formats(old: spec.Spec, new: spec.Spec) -> Iterator[Change]:
    """A pattern that changes may refuse what it took; which, can't be told in general."""

    def compare(where: str, one: spec.Format, two: spec.Format) -> Iterator[Change]:
        if one.pattern != two.pattern:
            yield _changed(Effect.BREAKING, where, "pattern", one.pattern, two.pattern)
        yield from _edited(where, one, two, ("title", "example", "source"))

    yield from _each("formats.", old.formats, new.formats, compare, what="format")


def _parameter(where: str, old: spec.Schema, new: spec.Schema) -> Iterator[Change]:
    """Something that a caller gives: what is refused now and was not, breaks."""
    yield from _constraints(where, old, new)
    if old.required != new.required:
        effect = Effect.BREAKING if new.required else Effect.ADDITIVE
        yield _changed(effect, where, "required", old.required, new.required)
    if old.default != new.default:
        yield _changed(Effect.BREAKING, where, "default", old.default, new.default)
    if old.items is not None and new.items is not None:
        yield from _constraints(f"{where}[]", old.items, new.items)
    if isinstance(old, spec.Parameter) and isinstance(new, spec.Parameter):
        yield from _rules(where, old, new)
    yield from _edited(where, old, new, ("summary", "unit", "source", "readings"))


def _rules(where: str, old: spec.Parameter, new: spec.Parameter) -> Iterator[Change]:
    """Advisories warn and refuse nothing; an enforced requirement refuses."""
    for rule in ("used_when", "ignored_when"):
        if getattr(old, rule) != getattr(new, rule):
            yield _changed(Effect.ADDITIVE, where, rule, getattr(old, rule), getattr(new, rule))
    enforced = [[r for r in p.requires if r.enforced] for p in (old, new)]
    if any(requirement not in enforced[0] for requirement in enforced[1]):
        yield Change(Effect.BREAKING, where, f"requires {_all(enforced[1])}, enforced")
    elif old.requires != new.requires:
        what = f"requires {_all(old.requires)} → {_all(new.requires)}"
        yield Change(Effect.ADDITIVE, where, what)


def _all(requirements: list[spec.Requirement]) -> str:
    names = [
        r.parameter if r.when is None else f"{r.parameter} when {r.when}" for r in requirements
    ]
    return ", ".join(names) or "nothing"


# Limits of which a lower value lets more through, and those of which a higher one does.
_LOWER = ("minimum", "exclusive_minimum", "min_length", "min_items")
_HIGHER = ("maximum", "exclusive_maximum", "max_length", "max_items")


def _constraints(where: str, old: spec.Constraints, new: spec.Constraints) -> Iterator[Change]:
    """Each limit that was tightened or loosened."""
    if old.type != new.type:
        widened = (old.type, new.type) == ("integer", "number")
        effect = Effect.ADDITIVE if widened else Effect.BREAKING
        yield _changed(effect, where, "type", old.type, new.type)
    for name in (*_LOWER, *_HIGHER):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            loosened = after is None or (
                before is not None and (after < before if name in _LOWER else after > before)
            )
            effect = Effect.ADDITIVE if loosened else Effect.BREAKING
            yield _changed(effect, where, name, before, after, _unit(new))
    if old.multiple_of != new.multiple_of:
        before, after = old.multiple_of, new.multiple_of
        loosened = after is None or (before is not None and before % after == 0)
        effect = Effect.ADDITIVE if loosened else Effect.BREAKING
        yield _changed(effect, where, "multiple_of", before, after, _unit(new))
    for name in ("unique_items", "nullable"):
        before, after = bool(getattr(old, name)), bool(getattr(new, name))
        if before != after:
            effect = Effect.ADDITIVE if after == (name == "nullable") else Effect.BREAKING
            yield _changed(effect, where, name, before, after)
    yield from _texts_allowed(where, old, new)


def _unit(schema: spec.Constraints) -> str:
    return schema.unit or "" if isinstance(schema, spec.Schema) else ""


def _texts_allowed(where: str, old: spec.Constraints, new: spec.Constraints) -> Iterator[Change]:
    """What a value may be by name, by form or as a quantity; with none of them it may be anything."""
    was_free = old.values is None and old.format is None and old.quantity is None
    is_free = new.values is None and new.format is None and new.quantity is None
    if was_free != is_free:
        effect = Effect.ADDITIVE if is_free else Effect.BREAKING
        yield Change(effect, where, f"allowed: {_allowed(old)} → {_allowed(new)}")
        return
    removed = [value for value in old.values or [] if value not in (new.values or [])]
    added = [value for value in new.values or [] if value not in (old.values or [])]
    if removed:
        yield Change(Effect.BREAKING, where, f"values: {_listed(removed)} removed")
    if added:
        yield Change(Effect.ADDITIVE, where, f"values: {_listed(added)} added")
    if old.format != new.format:
        effect = Effect.ADDITIVE if old.format is None else Effect.BREAKING
        yield _changed(effect, where, "format", old.format, new.format)
    if old.quantity != new.quantity:
        before, after = old.quantity, new.quantity
        loosened = before is None or (
            after is not None and after.unit == before.unit and after.maximum > before.maximum
        )
        effect = Effect.ADDITIVE if loosened else Effect.BREAKING
        yield _changed(effect, where, "quantity", _quantity(before), _quantity(after))
    if old.pattern != new.pattern:
        effect = Effect.ADDITIVE if new.pattern is None else Effect.BREAKING
        yield _changed(effect, where, "pattern", old.pattern, new.pattern)


def _allowed(schema: spec.Constraints) -> str:
    parts = [schema.format, _quantity(schema.quantity), *(schema.values or [])]
    return ", ".join(str(part) for part in parts if part is not None) or "anything"


def _quantity(quantity: spec.Quantity | None) -> str | None:
    return None if quantity is None else f"at most {quantity.maximum} {quantity.unit}"


def _answer(where: str, old: spec.Definition, new: spec.Definition) -> Iterator[Change]:
    """An object that the server sends: what a reader could rely on and can't any more, breaks."""
    yield from _answered(where, old, new)


def _answered(where: str, old: spec.Schema, new: spec.Schema) -> Iterator[Change]:
    if (old.type, old.ref, old.format) != (new.type, new.ref, new.format):
        before, after = (s.ref or s.format or s.type for s in (old, new))
        yield _changed(Effect.BREAKING, where, "type", before, after)
    for name in ("required", "nullable", "open"):
        was, now = bool(getattr(old, name)), bool(getattr(new, name))
        if was != now:
            surer = now == (name == "required")
            effect = Effect.ADDITIVE if surer else Effect.BREAKING
            yield _changed(effect, where, name, was, now)
    removed = [value for value in old.values or [] if value not in (new.values or [])]
    added = [value for value in new.values or [] if value not in (old.values or [])]
    if removed:
        yield Change(Effect.BREAKING, where, f"values: {_listed(removed)} removed")
    if added:
        effect = Effect.ADDITIVE if old.open else Effect.BREAKING
        yield Change(effect, where, f"values: {_listed(added)} added")
    for name in (*_LOWER, *_HIGHER):
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


def _operation(where: str, old: spec.Operation, new: spec.Operation) -> Iterator[Change]:
    for name in ("method", "path", "body", "success", "authenticated", "idempotent_by_key"):
        if getattr(old, name) != getattr(new, name):
            relaxed = name == "authenticated" and not new.authenticated
            effect = Effect.ADDITIVE if relaxed else Effect.BREAKING
            yield _changed(effect, where, name, getattr(old, name), getattr(new, name))
    for part in ("path_parameters", "query"):
        yield from _each(
            f"{where}.",
            getattr(old, part),
            getattr(new, part),
            _parameter,
            what="parameter",
            added=_needed,
        )
    yield from _edited(where, old, new, ("summary", "errors", "upload", "source"))


def _api(old: spec.Api, new: spec.Api) -> Iterator[Change]:
    for name in ("base_url", "authentication", "job"):
        if getattr(old, name) != getattr(new, name):
            yield _changed(Effect.BREAKING, "api", name, getattr(old, name), getattr(new, name))
    names = (
        "title",
        "version",
        "summary",
        "source",
        "polling",
        "idempotency",
        "webhooks",
        "errors",
    )
    yield from _edited("api", old, new, names)


def _texts(where: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for name in {**old, **new}:
        if old.get(name) != new.get(name):
            verb = "removed" if name not in new else "added" if name not in old else "changed"
            yield Change(Effect.EDITORIAL, where, f"{name} {verb}")


def _edited(where: str, old: object, new: object, names: tuple[str, ...]) -> Iterator[Change]:
    """What only documents: text, units, sources."""
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
    if isinstance(value, spec.Entry):
        value = value.model_dump(exclude_unset=True, exclude={"source", "summary"})
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _listed(values: list[Any]) -> str:
    return ", ".join(map(_shown, values))

"""What a page says of a model's parameters: what each may be, beside which others, and who says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..spec.as_read import as_read
from ..spec.descriptions import conditional, limits_of, rules, type_of
from ..spec.model import Model
from ..spec.schema import Parameter, Schema, Source
from ..spec.whole import Spec
from . import command_line
from .catalogue import argument_names
from .markdown import anchor, code, plain, table


def quoted(spec: Spec, source: Source) -> Iterator[str]:
    """What each source says, in its words."""
    for id, words in source.items():
        several = [words] if isinstance(words, str) else words
        yield f"{plain(spec.sources[id].title)}: " + ", ".join(f"“{plain(t)}”" for t in several)


class Limits:
    """The parameters of a model, by the names that Python has for them."""

    def __init__(self, spec: Spec, model: Model) -> None:
        self._spec = spec
        self._model = model
        self._names = argument_names(spec, model)
        fields = spec.fields(model)
        own = spec.discriminator(spec.request_object(model))
        # What every model takes comes last, but for what has to be given.
        late = [name for name, schema in fields.items() if not schema.required]
        known: dict[str, Schema] = {**fields, **model.parameters}
        order = [name for name in known if name not in late or name in model.parameters]
        order = [*order, *(name for name in late if name not in model.parameters)]
        ordered = sorted(order, key=lambda name: not known[name].required)
        self._known = {name: known[name] for name in ordered if name != own}

    def in_brief(self) -> Iterator[str]:
        """What of the limits tells a model from others."""
        by_role: dict[str, list[tuple[str, Schema]]] = {}
        for name, schema in self._known.items():
            by_role.setdefault(schema.role or "", []).append((name, schema))
        needed = [
            code(self._names[name])
            for name, schema in self._known.items()
            if schema.required and schema.role != "prompt"
        ]
        if needed:
            yield f"needs {' and '.join(needed)}"
        sides: dict[str, list[str]] = {}
        for role, what in (("width", "wide"), ("height", "high")):
            for _, schema in by_role.get(role, ()):
                if words := limits_of(schema, self._spec.formats):
                    sides.setdefault(words, []).append(what)
        yield from (f"{plain(words)} {' and '.join(what)}" for words, what in sides.items())
        for _, schema in by_role.get("reference", ()):
            if schema.max_items is not None:
                yield f"up to {schema.max_items} input image{'s' * (schema.max_items > 1)}"
        for _, schema in by_role.get("count", ()):
            if schema.maximum is not None:
                yield f"up to {schema.maximum} pictures"
        for _, schema in by_role.get("format", ()):
            if schema.values:
                yield ", ".join(plain(str(value)) for value in schema.values)

    def table(self) -> str:
        """What each may be, on a line."""
        rows = []
        for name, schema in self._known.items():
            label = f"[{code(self._names[name])}](#{anchor(self._names[name])})"
            rows.append(self._row(label, schema))
            rows += self._members(self._names[name], schema)
        return table(["Parameter", "Takes", "Meaning"], rows)

    def _row(self, label: str, schema: Schema) -> list[str]:
        takes = ", ".join(
            filter(None, [type_of(schema), plain(limits_of(schema, self._spec.formats))])
        )
        if schema.default is not None:
            takes += f"; {code(_json(schema.default))} by default"
        meaning = plain(schema.summary or "")
        return [
            label,
            takes,
            f"{meaning} **Required.**" if schema.required else meaning,
        ]

    def _members(self, label: str, schema: Schema) -> Iterator[list[str]]:
        """The members of a value that is an object, or of the objects in it."""
        for branch in schema.any_of or ():
            yield from self._members(label, branch)
        if schema.items is not None:
            yield from self._members(f"{label}[]", schema.items)
        for name, member in (schema.properties or {}).items():
            yield self._row(code(f"{label}.{name}"), member)
            yield from self._members(f"{label}.{name}", member)

    def rules(self) -> Iterator[tuple[str, str]]:
        """What holds between parameters: of which, and a sentence."""
        for name, schema in self._known.items():
            if isinstance(schema, Parameter):
                for sentence in rules(schema, self._called):
                    yield code(self._names[name]), plain(sentence)

    def _called(self, name: str) -> str:
        return self._names.get(name, name)

    def sections(self) -> Iterator[dict[str, Any]]:
        """Of each parameter, its place in a request, its flag, and who says what of it."""
        container = self._spec.container(self._model)
        flags = command_line.flags(self._spec, self._model)
        for name, schema in self._known.items():
            is_own = name in self._model.parameters and container
            yield {
                "name": self._names[name],
                "path": code(f"{container}.{name}" if is_own else name),
                "flag": code(flags[name]) if name in flags else "",
                "limits": plain(limits_of(schema, self._spec.formats)),
                "said": list(self._said(schema)),
            }

    def _said(self, schema: Schema) -> Iterator[str]:
        """What each source says of a parameter, in its words or in other limits."""
        yield from quoted(self._spec, schema.source)
        if isinstance(schema, Parameter):
            for constraints, source in _apart(schema):
                words = self._of(schema, constraints)
                for text in quoted(self._spec, source):
                    yield f"Of {plain(words)}, {text}"
            for limit in schema.limits:
                words = plain(conditional(schema, limit, self._called))
                for text in quoted(self._spec, limit.source):
                    yield f"{words}: {text}"
        for id in schema.readings:
            yield f"{plain(self._spec.sources[id].title)}, otherwise: {self._read(schema, id)}"

    def _of(self, schema: Parameter, constraints: list[str]) -> str:
        """Some of the constraints of a parameter in words."""
        told = {name: getattr(schema, name) for name in constraints if name != "required"}
        bare = Schema.model_construct(type=schema.type, unit=schema.unit, **told)
        words = [
            limits_of(bare, self._spec.formats),
            "required" if "required" in constraints else "",
        ]
        return " and ".join(filter(None, words))

    def _read(self, schema: Schema, id: str) -> str:
        """What a parameter may be as a source reads it."""
        reading = schema.readings[id]
        if reading.absent:
            return "it does not have this parameter"
        if reading.anything:
            return "any value"
        other = as_read(self._spec, id, schema)
        words = [plain(limits_of(other, self._spec.formats)) or f"any {type_of(other)}"]
        if other.required != schema.required:
            words.append("required" if other.required else "not required")
        if other.default != schema.default:
            words.append(f"{code(_json(other.default))} by default")
        return ", ".join(words)


def _apart(parameter: Parameter) -> Iterator[tuple[list[str], Source]]:
    """The constraints that have a source of their own, those of one source together."""
    found: list[tuple[list[str], Source]] = []
    for constraint, source in parameter.sources.items():
        same = next((names for names, other in found if other == source), None)
        if same is None:
            found.append(([constraint], source))
        else:
            same.append(constraint)
    yield from found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

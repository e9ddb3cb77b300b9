"""What holds for uploads: which files are taken, and that they are kept as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..json_schema import Json
from .sequences_parts import Collection, Place, words
from .sequences_texts import texts

# Pictures of 8 × 8 pixels, in base64.
_PICTURES = {
    "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGMUCbjDgA0wYRUdtBIA/cABUPtDZQEAAAAASUVORK5CYII=",
    "image/gif": "R0lGODdhCAAIAIEAABRQ3AAAAAAAAAAAACwAAAAACAAIAAAIDwABCBxIsKDBgwgTKkwYEAA7",
    "image/webp": "UklGRh4AAABXRUJQVlA4TBEAAAAvB8ABAAdQqFKUu/+BiOh/AAA=",
}
_TEXT = "YSByZWQgZm94Cg=="
_SIZES = {"image/png": 77, "image/gif": 54, "image/webp": 38}


def form_of(place: Place) -> Json:
    """A form with what it has to have."""
    form: Json = {}
    for name, schema in (place.operation.body.multipart or {}).items():
        if schema.type == "file":
            form[name] = _file(next(_taken(place), "image/png"))
        elif schema.required:
            form[name] = next((t.text for t in texts(place.spec, schema) if t.accepted), "x")
    return form


def files(found: Collection, place: Place) -> None:
    """The sequences of an operation that takes a form with a file."""
    parts = place.operation.body.multipart
    if not parts:
        return
    file = next(name for name, schema in parts.items() if schema.type == "file")
    if place.kind == "upload":
        _accepted(found, place, file)
    if "BadRequest" in place.errors():
        _refused(found, place, file)
    is_taken = place.kind == "upload" and any(_taken(place))
    for name, schema in parts.items():
        source = words(schema.source) or place.source
        for text in texts(found.spec, schema):
            expect = place.success() if text.accepted else place.expected("BadRequest")
            if not expect or (text.accepted and not is_taken):
                continue
            constraint = found.constraint(
                f"{place.name}/{name}/{text.kind}",
                text.kind,
                operation=place.name,
                parameter=name,
                limit=text.limit,
                source=source,
            )
            step = place.step(expect, form={**form_of(place), name: text.text})
            found.add(constraint, text.slug, text.says, step)


def _taken(place: Place) -> Iterator[str]:
    """The types of pictures that it takes, of those that there are samples of."""
    limits = place.operation.upload
    listed = {kind for limit in limits for kind in limit.content_types}
    yield from (kind for kind in _PICTURES if kind in listed or not limits)


def _file(kind: str, content: str | None = None, name: str | None = None) -> Json:
    content = _PICTURES[kind] if content is None else content
    name = f"fox.{kind.partition('/')[2]}" if name is None else name
    return {"name": name, "type": kind, "base64": content}


def _accepted(found: Collection, place: Place, file: str) -> None:
    name, form = place.name, form_of(place)
    roles = {
        role: "".join(f"/{part}" for part in path)
        for role, path in place.roles(place.operation.success.object).items()
    }
    limits = [limit.model_dump() for limit in place.operation.upload]

    def told(aspect: str, limit: Any = None) -> str:
        return found.constraint(
            f"{name}/{aspect}",
            "upload",
            operation=name,
            parameter=file,
            limit=limit,
            source=place.source,
        )

    for kind in _taken(place):
        slug, taken = kind.partition("/")[2], told("content-type", limits)
        needs = [taken, f"{name}/answer"]
        step = place.step(place.success(), form={**form, file: _file(kind)})
        found.add(taken, slug, f"a file of the type {kind}", step)
        checks = [
            {"at": roles[role], "is": "every", "value": value}
            for role, value in (("size", _SIZES[kind]), ("content_type", kind))
            if role in roles
        ]
        if checks:
            says = f"what is told of a file of the type {kind}"
            found.add(told("told"), slug, says, {**step, "checks": checks}, needs=needs)
        fetched = {
            "operation": name,
            "method": "GET",
            "path": "{url}",
            "auth": "none",
            "expect": {"200": {"schema": None, "constraint": None}},
            "checks": [{"is": "content", "value": _PICTURES[kind]}],
        }
        saved = {**step, "save": {"url": {"at": roles["url"]}}}
        says = f"the URL of a file of the type {kind}"
        found.add(told("kept"), slug, says, saved, fetched, needs=needs)


def _refused(found: Collection, place: Place, file: str) -> None:
    name, form = place.name, form_of(place)
    expect = place.expected("BadRequest")
    required = found.constraint(
        f"{name}/{file}/required",
        "required",
        operation=name,
        parameter=file,
        limit=True,
        source=place.source,
    )
    kind = next(_taken(place), "image/png")
    without = {part: value for part, value in form.items() if part != file}
    for slug, says, fields in (
        ("missing", "no file", {**without, f"not-{file}": "x"}),
        ("text", "a text in place of the file", {**without, file: "x"}),
    ):
        found.add(required, slug, says, place.step(expect, form=fields))
    raw = {"headers": {"Content-Type": "application/json"}, "raw": {"text": "{}"}}
    found.add(
        required,
        "json",
        "JSON in place of a form",
        place.step({**expect, "415": {"schema": None, "constraint": None}}, **raw),
    )
    limits = place.operation.upload
    if not limits:
        return
    taken = found.constraint(
        f"{name}/content-type",
        "upload",
        operation=name,
        parameter=file,
        limit=[limit.model_dump() for limit in limits],
        source=place.source,
    )
    for slug, says, content in (
        ("plain-text", "a text file", _file("text/plain", _TEXT, "fox.txt")),
        ("lie", f"a text that is said to be {kind}", _file(kind, _TEXT)),
        ("empty", "a file that is empty", _file(kind, "")),
    ):
        found.add(taken, slug, says, place.step(expect, form={**form, file: content}))
    listed = {each for limit in limits for each in limit.content_types}
    if any(not limit.content_types for limit in limits if limit.kind == "image"):
        return
    for other in _PICTURES:
        if other not in listed:
            step = place.step(expect, form={**form, file: _file(other)})
            found.add(
                taken, f"other-{other.partition('/')[2]}", f"a file of the type {other}", step
            )

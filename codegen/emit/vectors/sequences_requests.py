"""What holds for requests to every operation: who may ask, with which method, and how bodies and texts are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...spec.schema import Schema
from ..json_schema import Json
from .sequences_files import form_of
from .sequences_parts import Collection, Place, words
from .sequences_texts import Text, texts

_METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE")
_ANY: Json = {"schema": None, "constraint": None}
# Bodies that are not a JSON object: the slug, what it is, and the text, by how often it is repeated.
_BODIES: tuple[tuple[str, str, Json], ...] = (
    ("empty", "an empty body", {"text": ""}),
    ("cut", "JSON that is cut off", {"text": "{"}),
    ("words", "a body that is not JSON", {"text": "no JSON"}),
    ("array", "an array", {"text": "[]"}),
    ("text", "a text", {"text": '"{}"'}),
    ("number", "a number", {"text": "1"}),
    ("null", "null", {"text": "null"}),
    ("huge", "a text of a megabyte", {"before": '"', "text": "x", "times": 1 << 20, "after": '"'}),
)


def whole(found: Collection, places: Sequence[Place]) -> None:
    """What holds for the API as a whole: its errors, and paths that it does not have."""
    for error in found.spec.api.errors.values():
        for place in places:
            said = place.errors().get(error.name)
            if said and not said["constraint"].endswith("/refusal"):
                found.constraint(said["constraint"], "error", limit=error.object)
    # Blamed where no operation asks who a request is from.
    told = found.spec.api.authentication
    found.constraint(
        "api/authentication", "authentication", limit=told.header, source=words(told.source)
    )
    first = places[0]
    unknown = found.constraint("api/path", "path", source=words(found.spec.api.source))
    step = {
        **first.step({"404": _ANY}),
        "method": "GET",
        "path": f"{first.path()}/no-such-thing",
    }
    found.add(unknown, "unknown", "a path that the API does not have", step, sure="unknown")


def every(found: Collection, place: Place) -> None:
    """All that can be asked of an operation without a job."""
    _answers(found, place)
    _authentication(found, place)
    _methods(found, place)
    _ids(found, place)
    _bodies(found, place)
    for schemas, where in (
        (place.operation.path_parameters, "path"),
        (place.operation.query, "query"),
    ):
        for name, schema in schemas.items():
            _parameter(found, place, where, name, schema)


def request(place: Place) -> Json:
    """What a request to an operation has beside its path: nothing that is optional."""
    query = {
        name: next(texts_of(place, schema, accepted=True)).text
        for name, schema in place.operation.query.items()
        if schema.required
    }
    result: Json = {"query": query} if query else {}
    if place.operation.body.request:
        result["body"] = place.sample
    elif place.operation.body.multipart:
        result["form"] = form_of(place)
    return result


def texts_of(place: Place, schema: Schema, *, accepted: bool) -> Iterator[Text]:
    """The texts of a parameter that are accepted, or those that are refused."""
    found = [text for text in texts(place.spec, schema) if text.accepted is accepted]
    if accepted and not found:
        found = [Text("type", "any", "anything", True, "any text")]
    yield from found


def _answers(found: Collection, place: Place) -> None:
    name, object = place.name, place.operation.success.object
    answer = found.constraint(
        f"{name}/answer", "answer", operation=name, limit=object, source=place.source
    )
    if "BadRequest" in place.errors():
        found.constraint(
            f"{name}/refusal",
            "refusal",
            operation=name,
            limit=place.errors()["BadRequest"]["schema"],
            source=place.source,
        )
    if not place.is_free or place.kind == "upload":
        return
    found.add(answer, "plain", "a plain request", place.step(place.success(), **request(place)))
    if not place.operation.authenticated:
        open = found.constraint(
            f"{name}/open", "authentication", operation=name, source=place.source
        )
        step = place.step(place.success(), **request(place), auth="none")
        found.add(open, "none", "no key", step, needs=[answer])


def _authentication(found: Collection, place: Place) -> None:
    expect = place.expected("Unauthorized")
    if not (place.operation.authenticated and expect):
        return
    told = found.spec.api.authentication
    constraint = found.constraint(
        f"{place.name}/authentication",
        "authentication",
        operation=place.name,
        limit=told.header,
        source=words(told.source),
    )
    scheme = f"{told.scheme} " if told.scheme else ""
    ways: list[tuple[str, str, dict[str, str]]] = [("none", "no key", {})]
    if told.prefix or scheme:
        ways.append(("malformed", "what is not a key", {told.header: "???"}))
    if told.prefix:
        unknown = {told.header: f"{scheme}unknown-0000000000000000"}
        ways.append(("unknown", "a key that begins as none does", unknown))
    for slug, says, headers in ways:
        step = place.step(expect, **request(place), headers=headers, auth="none")
        found.add(constraint, slug, says, step)


def _methods(found: Collection, place: Place) -> None:
    """Methods that a path does not have; none that could remove what is there."""
    path = place.operation.path
    if next(n for n, op in found.spec.operations.items() if op.path == path) != place.name:
        return
    taken: set[str] = {op.method for op in found.spec.operations.values() if op.path == path}
    for left_out in found.spec.api.not_covered:
        taken |= {
            text.partition(" ")[0] for text in left_out.operations if text.endswith(f" {path}")
        }
    has_id = any(schema.role == "id" for schema in place.operation.path_parameters.values())
    constraint = found.constraint("api/method", "method", source=words(found.spec.api.source))
    for method in _METHODS:
        if method not in taken and (method != "DELETE" or has_id):
            step = {**place.step({"404": _ANY, "405": _ANY}), "method": method}
            says = f"the method {method}, which {path} does not have"
            slug = f"{place.name}-{method.lower()}"
            found.add(constraint, slug, says, step, sure="unknown")


def _ids(found: Collection, place: Place) -> None:
    """An id that nothing has."""
    expect = place.expected("NotFound")
    for name, schema in place.operation.path_parameters.items():
        if schema.role == "id" and expect:
            constraint = found.constraint(
                f"{place.name}/unknown-id",
                "id",
                operation=place.name,
                parameter=name,
                source=place.source,
            )
            found.add(constraint, "stranger", "an id that nothing has", place.step(expect))


def _bodies(found: Collection, place: Place) -> None:
    expect = place.expected("BadRequest")
    if not (place.operation.body.request and expect):
        return
    name = place.name
    constraint = found.constraint(
        f"{name}/body", "body", operation=name, limit="a JSON object", source=place.source
    )
    headers = {"Content-Type": "application/json"}
    for slug, says, raw in _BODIES:
        allowed = {**expect, "413": _ANY} if slug == "huge" else expect
        found.add(constraint, slug, says, place.step(allowed, headers=headers, raw=raw))
    form = {
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "raw": {"text": "a=b"},
    }
    step = place.step({**expect, "415": _ANY}, **form)
    found.add(constraint, "form", "a form", step)


def _parameter(found: Collection, place: Place, where: str, name: str, schema: Schema) -> None:
    source = words(schema.source) or place.source
    shared: dict[str, Any] = {"operation": place.name, "parameter": name, "source": source}
    expect = place.expected("BadRequest")

    def step(expect: Json, text: str | None) -> Json:
        given: Mapping[str, Any] = request(place)
        if where == "path":
            return place.step(expect, **given, path={name: text or ""})
        query = {**given.get("query", {}), name: text}
        return place.step(
            expect, **{**given, "query": {n: t for n, t in query.items() if t is not None}}
        )

    def told(kind: str, limit: Any) -> str:
        return found.constraint(f"{place.name}/{name}/{kind}", kind, limit=limit, **shared)

    needs: Json = {"needs": [f"{place.name}/answer"]} if place.is_free else {}
    if where == "path":  # It may as well be said that nothing is there.
        needs["sure"] = "unknown"
    if expect:
        refused = [*texts_of(place, schema, accepted=False)]
        if len({text.kind for text in refused}) > 1:
            told("checked", None)
        for text in refused:
            constraint = told(text.kind, text.limit)
            found.add(constraint, text.slug, text.says, step(expect, text.text), **needs)
        if where == "query" and schema.required:
            says = "without it, which is required"
            found.add(told("required", True), "missing", says, step(expect, None), **needs)
    if where == "query" and place.is_free:
        for text in texts(place.spec, schema):
            if text.accepted:
                accepted = step(place.success(), text.text)
                constraint = told(text.kind, text.limit)
                found.add(constraint, text.slug, text.says, accepted, **needs)

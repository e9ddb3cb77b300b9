"""The request bodies of an OpenAPI document, told apart by a member that names each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..compare.documents import DocumentError, Json, as_mapping, listed
from ..spec.diagnostics import nearest
from .schemas import Document

_METHODS = ("post", "put", "patch", "delete", "get")


@dataclass(frozen=True)
class Body:
    """One variant of what an operation takes, and the value of the member that names it."""

    method: str
    path: str
    member: str
    value: str
    variant: Json
    examples: tuple[tuple[str, str, Json], ...] = ()  # Each with its name and summary.

    @property
    def operation(self) -> str:
        """The operation, as people name it."""
        return f"{self.method} {self.path}"

    def model(self, prefix: str) -> str:
        """The id of its model: the one that a document of our own says, or its name."""
        own = self.variant.get("x-model")
        return own if isinstance(own, str) else prefix + self.value


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    variants: Sequence[Json]
    stated: str | None  # The member that the document says to tell variants apart.
    examples: Sequence[tuple[str, str, Json]]


def bodies(document: Document) -> tuple[list[Body], list[str]]:
    """Every body that has a name, and the operations whose bodies have none."""
    requests = list(_requests(document))
    usual = Counter(name for each in requests if (name := _member(document, each, None)))
    usual_member = usual.most_common(1)[0][0] if usual else None
    found: list[Body] = []
    nameless: list[str] = []
    for request in requests:
        member = _member(document, request, usual_member)
        if member is None:
            nameless.append(f"{request.method} {request.path}")
            continue
        for variant in request.variants:
            for value in _names(document, variant, member):
                shown = tuple(e for e in request.examples if e[2].get(member) == value)
                found.append(Body(request.method, request.path, member, value, variant, shown))
    return found, nameless


def _requests(document: Document) -> Iterator[_Request]:
    for path, entry in as_mapping(document.value.get("paths")).items():
        item = document.resolved(entry)
        for method in _METHODS:
            body = document.resolved(as_mapping(item.get(method)).get("requestBody"))
            for kind, content in as_mapping(body.get("content")).items():
                media = as_mapping(content)
                if not kind.partition(";")[0].strip().endswith(("/json", "+json")):
                    continue
                schema = media.get("schema")
                variants = [each for each in document.bodies(schema) if "properties" in each]
                tag = as_mapping(document.flat(schema).get("discriminator")).get("propertyName")
                if variants:
                    stated = tag if isinstance(tag, str) else None
                    shown = list(_examples(document, media))
                    yield _Request(method.upper(), path, variants, stated, shown)
                break


def _examples(document: Document, media: Json) -> Iterator[tuple[str, str, Json]]:
    for name, entry in as_mapping(media.get("examples")).items():
        example = document.resolved(entry)
        if isinstance(example.get("value"), dict):
            yield name, str(example.get("summary") or name), example["value"]
    if isinstance(media.get("example"), dict):
        yield "example", "Example", media["example"]


def _member(document: Document, request: _Request, usual: str | None) -> str | None:
    """The member that tells an operation's bodies apart; None if there is none."""
    candidates = [
        name
        for name in as_mapping(request.variants[0]["properties"])
        if _tells_apart(document, request.variants, name)
    ]
    for name in (request.stated, usual):
        if name in candidates:
            return name
    if len(request.variants) == 1:
        candidates = [
            name for name in candidates if len(_names(document, request.variants[0], name)) == 1
        ]
    return candidates[0] if candidates else None


def _tells_apart(document: Document, variants: Sequence[Json], name: str) -> bool:
    """Whether a member is required in each variant, and its values are those of no other."""
    seen: set[str] = set()
    for variant in variants:
        names = _names(document, variant, name)
        if not names or seen & {*names} or name not in listed(variant, "required"):
            return False
        seen |= {*names}
    return True


def _names(document: Document, variant: Json, name: str) -> list[str]:
    """The values of a member, if they are a closed list of texts."""
    members = as_mapping(variant.get("properties"))
    if name not in members:
        return []
    schema = document.flat(members[name])
    values: list[Any] = [schema["const"]] if "const" in schema else listed(schema, "enum")
    return values if all(isinstance(value, str) for value in values) else []


def chosen(found: Sequence[Body], id: str, prefix: str) -> Body:
    """The body that is to be a model's. Raises DocumentError if none or several are."""
    named = [body for body in found if body.model(prefix) == id]
    if len(named) == 1:
        return named[0]
    if named:
        places = " and ".join(body.operation for body in named)
        raise DocumentError(f"`{id}` is named by {places}; say which with --operation PATH")
    hint = nearest(id, (body.model(prefix) for body in found))
    raise DocumentError(f"no body of the document is named `{id}`; {hint or 'it names none'}")

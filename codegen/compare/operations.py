"""An OpenAPI 3 document to its operations: where each is, what it takes, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .documents import Json, as_mapping, listed
from .shapes import Reader

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Value:
    """A schema of the document, and whether a value must be there."""

    schema: object
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a document; `bases` are its URLs without the path that it was found by.

    `parameters` are by place and name, such as `query limit`; `ways` are those to say who asks;
    `answers` are by status.
    """

    method: str
    path: str
    bases: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset()
    parameters: dict[str, Value] = field(default_factory=dict)
    content: str = ""
    body: Value | None = None
    answers: dict[str, Json] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How it is told: its method and path."""
        return f"{self.method} {self.path}"

    @property
    def success(self) -> list[str]:
        """The statuses of its answers when all is well."""
        return [status for status in self.answers if status.startswith("2")]

    @property
    def errors(self) -> list[str]:
        """The statuses of its other answers."""
        return [status for status in self.answers if not status.startswith("2")]


class Operations:
    """The operations of a document."""

    def __init__(self, document: Json) -> None:
        self._document, self._reader = document, Reader(document)
        self._found: dict[str, tuple[tuple[str, str], Operation] | None] = {}
        self._items = [
            (path, self._reader.resolved(item))
            for path, item in as_mapping(document.get("paths")).items()
        ]

    def names(self) -> list[tuple[str, str]]:
        """The method and the path of each."""
        return [
            (method.upper(), path)
            for path, item in self._items
            for method in METHODS
            if isinstance(item.get(method), dict)
        ]

    def find(self, method: str, path: str) -> tuple[tuple[str, str], Operation] | None:
        """An operation and its name here; a server's path or another may stand before its own."""
        key = f"{method} {path}"
        if key not in self._found:
            self._found[key] = self._search(method, path)
        return self._found[key]

    def _search(self, method: str, path: str) -> tuple[tuple[str, str], Operation] | None:
        found: list[tuple[int, str, Json]] = []
        wanted = _steps(path)
        for place, item in self._items:
            if isinstance(item.get(method.lower()), dict):
                for server in ["", *self._servers(item, method)]:
                    steps = _steps(f"{server}{place}")
                    if steps[-len(wanted) :] == wanted:
                        found.append((len(steps), place, item))
        if not found:
            return None
        _, place, item = min(found, key=lambda each: each[0])
        return (method, place), self._operation(method, path, place, item)

    def get(self, method: str, path: str) -> Operation:
        """An operation that is known to be there."""
        found = self.find(method, path)
        if found is None:
            raise LookupError(f"no {method} {path}")
        return found[1]

    def webhook(self, event: str) -> Operation | None:
        """What is posted for an event."""
        hooks = as_mapping(self._document.get("webhooks"))
        item = self._reader.resolved(hooks.get(event))
        return self._operation("POST", event, event, item) if "post" in item else None

    def _servers(self, item: Json, method: str) -> list[str]:
        """The URLs of the servers of an operation."""
        for holder in (as_mapping(item.get(method.lower())), item, self._document):
            if servers := listed(holder, "servers"):
                return [str(as_mapping(server).get("url")).rstrip("/") for server in servers]
        return [""]

    def _operation(self, method: str, path: str, place: str, item: Json) -> Operation:
        operation = as_mapping(item.get(method.lower()))
        content, body = self._body(operation)
        responses = as_mapping(operation.get("responses"))
        answers = {status: self._reader.resolved(answer) for status, answer in responses.items()}
        count = len(_steps(path))
        return Operation(
            method,
            path,
            frozenset(
                "/".join(f"{server}{place.rstrip('/')}".split("/")[:-count])
                for server in self._servers(item, method)
            ),
            frozenset(self._ways(operation)),
            dict(self._parameters(item, operation, path, place)),
            content,
            body,
            answers,
        )

    def _parameters(
        self, item: Json, operation: Json, path: str, place: str
    ) -> Iterator[tuple[str, Value]]:
        """The parameters; one of the path has the name that it has in `path`."""
        named = dict(zip(_names(place)[::-1], _names(path)[::-1], strict=False))
        for holder in (item, operation):
            for each in map(self._reader.resolved, listed(holder, "parameters")):
                name, where = str(each.get("name")), str(each.get("in"))
                if where == "header":
                    name = name.title()
                if where == "path":
                    name = named.get(name, name)
                content = list(as_mapping(each.get("content")).values())
                schema = as_mapping(content[0]).get("schema") if content else each.get("schema")
                yield f"{where} {name}", Value(schema, each.get("required") is True)

    def _body(self, operation: Json) -> tuple[str, Value | None]:
        """The type of what an operation takes, and its schema; JSON if it may be."""
        body = self._reader.resolved(operation.get("requestBody"))
        types = {
            kind.partition(";")[0].strip().lower(): as_mapping(media).get("schema")
            for kind, media in as_mapping(body.get("content")).items()
        }
        kind = next(filter(is_json, types), next(iter(types), ""))
        return kind, Value(types[kind], body.get("required") is True) if types else None

    def _ways(self, operation: Json) -> Iterator[str]:
        """The ways to say who asks, of which one is needed; none if nobody has to say it."""
        components = as_mapping(self._document.get("components"))
        schemes = as_mapping(components.get("securitySchemes"))
        holder = operation if "security" in operation else self._document
        for way in listed(holder, "security"):
            names = as_mapping(way)
            words = [_scheme(name, self._reader.resolved(schemes.get(name))) for name in names]
            yield " and ".join(sorted(words)) or "none"


def same_path(one: str, other: str) -> bool:
    """Whether two paths differ in nothing but the names of their parameters."""
    return _steps(one) == _steps(other)


def is_json(kind: str) -> bool:
    """Whether a media type is that of JSON."""
    return kind.endswith(("/json", "+json"))


def schema_of(answer: Json) -> object:
    """The schema of the JSON of an answer; None if it has none."""
    for kind, media in as_mapping(answer.get("content")).items():
        if is_json(kind.partition(";")[0].strip().lower()):
            return as_mapping(media).get("schema", {})
    return None


def headers_of(answer: Json) -> dict[str, object]:
    """The schemas of the headers of an answer."""
    headers = as_mapping(answer.get("headers"))
    return {name.title(): as_mapping(header).get("schema") for name, header in headers.items()}


def _scheme(name: str, scheme: Json) -> str:
    """A security scheme in words."""
    match scheme.get("type"):
        case "apiKey":
            name = str(scheme.get("name"))
            where = scheme.get("in")
            return f"{where} {name.title() if where == 'header' else name}"
        case "http":
            return f"header Authorization: {str(scheme.get('scheme')).title()}"
    return f"{scheme.get('type', 'unknown')} {name}"


def _steps(path: str) -> list[str]:
    """The steps of a path, with its parameters blank."""
    return _PARAMETER.sub("{}", path.strip("/")).split("/")


def _names(path: str) -> list[str]:
    """The names of the parameters of a path."""
    return [name.strip("{}") for name in _PARAMETER.findall(path)]

"""The OpenAPI document that the server obeys. Its parts are found by their kinds and roles, never by names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from .shape import Shape, target

Json: TypeAlias = dict[str, Any]

# The responses of errors by their names, and the status that each usually has.
_USUAL = {
    "BadRequest": 400,
    "Unauthorized": 401,
    "InsufficientCredits": 402,
    "Forbidden": 403,
    "NotFound": 404,
    "Conflict": 409,
    "TooManyRequests": 429,
    "BadGateway": 502,
    "ServiceUnavailable": 503,
}
_FILES = {"result", "images", "composite", "videos", "audio"}
_WEBHOOK_WORDS = ("pending", "delivered", "failed")


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation of the API."""

    document: Document
    path: str
    method: str
    raw: Json

    @cached_property
    def name(self) -> str:
        """What a client calls it: a group of operations, a dot, and what it does."""
        id, group = str(self.raw["operationId"]), str((self.raw.get("tags") or [""])[0])
        rest = id.removeprefix(f"{group}_")
        return id if not group or rest == id else f"{group}.{rest}"

    @property
    def kind(self) -> str:
        """What it does."""
        return str(self.raw["x-kind"])

    @property
    def authenticated(self) -> bool:
        """Whether it needs a key."""
        return self.raw.get("security") != []

    @cached_property
    def parameters(self) -> dict[tuple[str, str], Json]:
        """Its parameters by their place and name."""
        return {(p["in"], p["name"]): p for p in self.raw.get("parameters", ())}

    @cached_property
    def placed(self) -> dict[str, dict[str, Json]]:
        """Its parameters by their place and by their name there, which of a header is in small letters."""
        found: dict[str, dict[str, Json]] = {}
        for (place, name), parameter in self.parameters.items():
            shown = name.lower() if place == "header" else name
            found.setdefault(place, {})[shown] = parameter
        return found

    def named(self, role: str, *places: str) -> str | None:
        """The name of the parameter that has a role."""
        return next(
            (
                name
                for (place, name), parameter in self.parameters.items()
                if place in places and parameter.get("x-role") == role
            ),
            None,
        )

    @cached_property
    def status(self) -> int:
        """The status of a success."""
        return next(int(status) for status in self.raw["responses"] if status.startswith("2"))

    @cached_property
    def answer(self) -> Shape | None:
        """What a success answers; None if nothing."""
        content = self.raw["responses"][str(self.status)].get("content")
        return self.document.shape(content["application/json"]["schema"]) if content else None

    def error(self, name: str) -> int:
        """The status that an error of a name has here."""
        for status, response in self.raw["responses"].items():
            if response.get("$ref", "").rpartition("/")[2] == name:
                return int(status)
        return _USUAL[name]

    @cached_property
    def requests(self) -> str | None:
        """The name of the object of its requests."""
        content = self.raw.get("requestBody", {}).get("content", {}).get("application/json")
        return content["schema"]["$ref"].rpartition("/")[2] if content else None

    @cached_property
    def longest_text(self) -> int:
        """The most characters that a text of its requests may have, as far as any is limited."""
        found, ahead = 0, [f"#/components/schemas/{self.requests}"] if self.requests else []
        seen = set(ahead)
        while ahead:
            for schema in _schemas(target(ahead.pop(), self.document.raw)):
                found = max(found, schema.get("maxLength", 0))
                reference = schema.get("$ref")
                if reference is not None and reference not in seen:
                    seen.add(reference)
                    ahead.append(reference)
        return found

    @cached_property
    def form(self) -> Json | None:
        """The schema of its form."""
        content = self.raw.get("requestBody", {}).get("content", {}).get("multipart/form-data")
        return content["schema"] if content else None


def _schemas(schema: Any) -> Iterator[Json]:
    """A schema, and all that it is made of."""
    if isinstance(schema, dict):
        yield schema
    elif not isinstance(schema, list):
        return
    for inner in schema.values() if isinstance(schema, dict) else schema:
        yield from _schemas(inner)


@dataclass(frozen=True)
class Security:
    """How a request says who it is from; `variable` is the one of a shell that has the key."""

    header: str
    scheme: str
    prefix: str
    variable: str

    def key(self, headers: Mapping[str, str]) -> str:
        """The key that a request has; empty if it has none."""
        text = headers.get(self.header, "").strip()
        if not self.scheme:
            return text
        scheme, _, key = text.partition(" ")
        return key.strip() if scheme.lower() == self.scheme.lower() else ""


@dataclass(frozen=True)
class Life:
    """The statuses that a job here goes through, and the one that it has when it has failed."""

    initial: str
    running: tuple[str, ...]
    succeeded: str
    failed: str


def _leads(after: dict[str, list[str]], status: str, to: str, without: frozenset[str]) -> bool:
    """Whether a status leads to another, by none of those that were already."""
    if status in without:
        return False
    without |= {status}
    return to in after[status] or any(_leads(after, s, to, without) for s in after[status])


@dataclass(frozen=True)
class Event:
    """What is posted to a webhook: its headers and its body."""

    name: str
    headers: Mapping[str, str]
    signature_header: str
    scheme: str
    prefix: str
    body: Shape


class Document:
    """The document, read; what is asked for often is kept."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw
        self._shapes: dict[str, Shape] = {}

    def shape(self, schema: Json) -> Shape:
        """A schema of the document, which may refer to its components."""
        text = json.dumps(schema)
        if text not in self._shapes:
            self._shapes[text] = Shape(schema, self.raw)
        return self._shapes[text]

    def component(self, name: str) -> Shape:
        """The object of a name."""
        return self.shape({"$ref": f"#/components/schemas/{name}"})

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations."""
        return tuple(
            Operation(self, path, method.upper(), raw)
            for path, methods in self.raw["paths"].items()
            for method, raw in methods.items()
            if isinstance(raw, dict) and "x-kind" in raw
        )

    def own_path(self, name: str) -> str:
        """Where files are that the document says nothing of: no operation of the API is there."""
        return self._own_paths.get(name, f"/{name}")

    @cached_property
    def _own_paths(self) -> dict[str, str]:
        """The names that an operation of the API has taken, and what is there in their place."""
        first = {operation.path.split("/")[1] for operation in self.operations}
        return {name: f"/_{name}" for name in first}

    @cached_property
    def _error_shapes(self) -> tuple[dict[str, Shape], Shape]:
        """What errors answer by their status, and what is answered to most."""
        named = {
            status: response["$ref"].rpartition("/")[2]
            for operation in self.operations
            for status, response in operation.raw["responses"].items()
            if "$ref" in response
        }
        shapes = {
            name: self.shape(response["content"]["application/json"]["schema"])
            for name, response in self.raw["components"]["responses"].items()
        }
        usual = min(shapes.values(), key=lambda shape: len(shape.roles))
        return {status: shapes[name] for status, name in named.items()}, usual

    def error_shape(self, status: int) -> Shape:
        """What an error of a status answers; of one that no operation has, what most others do."""
        by_status, usual = self._error_shapes
        return by_status.get(str(status), usual)

    @cached_property
    def security(self) -> Security:
        """How requests say who they are from."""
        raw = self.raw["components"]["securitySchemes"]["apiKey"]
        if raw["type"] == "http":
            return Security("authorization", raw["scheme"], raw["x-prefix"], raw["x-variable"])
        scheme = raw.get("x-scheme", "")
        return Security(raw["name"].lower(), scheme, raw["x-prefix"], raw["x-variable"])

    @cached_property
    def life(self) -> Life:
        """The life of a job."""
        raw = self.raw["x-job"]
        after: dict[str, list[str]] = raw["transitions"]
        good = raw["succeeded"][0]
        way = [raw["initial"]]
        while further := [
            status
            for status in after[way[-1]]
            if after[status] and _leads(after, status, good, frozenset(way))
        ]:
            way.append(further[0])
        ended = [status for status, following in after.items() if not following]
        bad = [s for s in ended if s not in raw["succeeded"] and s not in raw["cancelled"]]
        return Life(way[0], tuple(way[1:]), good, [*bad, *raw["cancelled"], good][0])

    @cached_property
    def failures(self) -> dict[str, str]:
        """What jobs say that fail, by the words that their reasons are known by."""
        return {known["words"]: known["text"] for known in self.raw["x-job"].get("failures", ())}

    @cached_property
    def job_shape(self) -> Shape:
        """A job as it is shown when asked for."""
        return self.component(self.raw["x-job"]["object"])

    def choices(self, kind: str, role: str) -> list[list[Any]]:
        """The values that a member of a role is said to have, in answers of a kind of operation."""
        shapes = [operation.answer for operation in self.operations if operation.kind == kind]
        return [listed for shape in shapes if shape for listed in shape.choices_of(role)]

    @cached_property
    def _webhook_words(self) -> dict[str, str]:
        listed = next(self.job_shape.choices_of("webhook_status"), [])
        return dict(zip(_WEBHOOK_WORDS, listed, strict=False))

    def webhook_word(self, word: str) -> str:
        """How the API calls the state of a delivery: it lists its words in the order of ours."""
        return self._webhook_words.get(word, word)

    def _each_event(self) -> Iterator[Event]:
        for name, operation in self.raw.get("webhooks", {}).items():
            post = operation["post"]
            plain, signed = {}, {}
            for parameter in post["parameters"]:
                if "x-signature" in parameter:
                    signed = parameter
                elif "const" in parameter["schema"]:
                    plain[parameter["name"]] = parameter["schema"]["const"]
            said = signed["x-signature"]
            body = self.shape(post["requestBody"]["content"]["application/json"]["schema"])
            yield Event(name, plain, signed["name"], said["scheme"], said["prefix"], body)

    @cached_property
    def events(self) -> dict[str, Event | None]:
        """The event of each moment of a job, told by what it says: files, why it failed, or neither."""
        known = list(self._each_event())
        done = [event for event in known if event.body.roles & _FILES]
        failed = [event for event in known if "error" in event.body.roles]
        # An API of one event posts it whenever something happens; of several that say all that there is
        # to say of a job, the document has the one of a failure last.
        other = (
            known if len(known) == 1 else [e for e in known if e not in done and e not in failed]
        )
        return {
            "progress": next(iter(other), None),
            "succeeded": min(done, key=lambda event: event in failed, default=None),
            "failed": min(failed[::-1], key=lambda event: event in done, default=None),
        }

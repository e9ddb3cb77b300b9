"""A walk through all operations of a server, to see what another server answers otherwise."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from ._asgi import App
from ._document import Document, Json, Model, Operation, at_place, credentials, place_of
from ._requests import picture
from ._values import has, places, put, requests_of, value_of

_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z?"
)

# What was asked, and the answer: its status, media type and text.
Step = tuple[str, int, str, str]


def client(app: App) -> httpx.AsyncClient:
    """A client of an app in this process."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://server",
    )


class Tour:
    """One walk."""

    def __init__(self, document: Document, model: Model, http: httpx.AsyncClient) -> None:
        self.document, self.model, self.http = document, model, http
        self.header, self.key = credentials(document, "tour")
        self.least, self.most = requests_of(model)
        self.steps: list[Step] = []
        self._known: dict[str, str] = {}

    async def walk(self) -> list[Step]:
        """All that was asked and answered, with what differs from run to run taken out."""
        ids = [id async for id in self._submissions()]
        for operation in self.document.of_kind("job"):
            await self._job(operation, ids)
        for operation in self.document.of_kind("jobs"):
            await self._list(operation, ids)
        for kind in ("account", "catalogue"):
            for operation in self.document.of_kind(kind):
                await self._get(operation)
        for operation in self.document.of_kind("upload"):
            await self._upload(operation)
        await self.ask("GET", "/nowhere")
        for operation in self.document.operations:
            await self.ask("PUT", operation.path.replace("{", "").replace("}", ""))
        return self.steps

    async def ask(
        self,
        method: str,
        path: str,
        *,
        key: str | None = "",
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Any:
        """Ask, and note what was answered. Returns the JSON of the answer, if it is JSON."""
        said = dict(headers or {})
        if key is not None:
            said[self.header] = key or self.key
        answer = await self.http.request(method, path, headers=said, **content)
        shown = f"{method} {path} {key} {said} {json.dumps(content, default=repr)[:999]}"
        try:
            told = answer.json()
        except ValueError:
            told = None
        # However it is written, JSON is the same.
        text = answer.text if told is None else json.dumps(told, sort_keys=True)
        media_type = answer.headers.get("content-type", "")
        asked = _CHANGING.sub(self._name, shown)
        named = _CHANGING.sub(self._name, text)
        self.steps.append((asked, answer.status_code, media_type, named))
        return told

    def _name(self, found: re.Match[str]) -> str:
        if "T" in found[0]:
            return "TIME"
        return self._known.setdefault(found[0], f"ID-{len(self._known)}")

    async def _strangers(self, operation: Operation, path: str, **content: Any) -> None:
        await self.ask(operation.method, path, key=None, **content)
        scheme = self.key.rpartition(" ")[0]
        await self.ask(operation.method, path, key=f"{scheme} stranger".strip(), **content)

    async def _submissions(self) -> AsyncIterator[str]:
        operation, path = self.model.operation, self.model.operation.path
        place = place_of(self.document.answer(operation), "id")
        header = operation.named("idempotency_key") or "x-none"
        bodies = [self.least, self.least, self._several()]
        for number, body in enumerate(bodies):
            headers = {header: f"key-{number}"}
            await self.ask("POST", path, headers=headers, json=body)
            told = await self.ask("POST", path, headers=headers, json=body)
            id = at_place(told, place)
            yield str(id) if id else str(uuid.uuid4())
        for length in (255, 256):
            for _ in range(2):
                await self.ask("POST", path, headers={header: "k" * length}, json=self.least)
        await self.ask("POST", path, headers={header: "key-0"}, json=self._several())
        await self.ask("POST", path, json={})
        for broken in (b"{", b"[]", b'"text"', b""):
            await self.ask("POST", path, content=broken)
        await self._strangers(operation, path, json=self.least)

    def _several(self) -> Json:
        """Another request, for several pictures if the model makes several."""
        body = self.most
        for place in places(self.model.schema):
            if place.schema.get("x-role") == "count" and has(body, place.at):
                body = put(body, place.at, place.schema.get("maximum", 2))
        return body

    async def _job(self, operation: Operation, ids: list[str]) -> None:
        root = operation.path.split("{")[0]
        for id in [*[ids[0]] * 4, ids[1], ids[2], ids[0]]:
            await self.ask("GET", root + id)
        await self.ask("GET", root + str(uuid.uuid4()))
        await self.ask("GET", f"{root}no-id")
        await self._strangers(operation, root + ids[0])

    async def _list(self, operation: Operation, ids: list[str]) -> None:
        await self._get(operation)
        shown = self.document.answer(operation)
        cursor, limit = operation.named("cursor"), operation.named("limit")
        query: dict[str, Any] = {limit: 2} if limit else {}
        for _ in range(6):
            told = await self.ask("GET", operation.path, params=query)
            further = at_place(told, place_of(shown, "next_cursor"))
            if not isinstance(further, str) or cursor is None:
                break
            query = {**query, cursor: further}
        if (search := operation.named("search")) is not None:
            await self.ask("GET", operation.path, params={search: ids[0]})

    async def _get(self, operation: Operation) -> None:
        """With each parameter, right and wrong."""
        await self.ask("GET", operation.path)
        await self._strangers(operation, operation.path)
        for parameter in operation.parameters:
            schema = parameter["schema"]
            ends = [schema[word] + step for word, step in _PAST.items() if word in schema]
            values = [*schema.get("enum", [value_of(schema)]), *ends, "no such thing"]
            for value in values:
                await self.ask("GET", operation.path, params={parameter["name"]: value})

    async def _upload(self, operation: Operation) -> None:
        schema = operation.raw["requestBody"]["content"]["multipart/form-data"]["schema"]
        (field,) = [n for n, s in schema["properties"].items() if s.get("format") == "binary"]
        for content in (picture(), b"only text"):
            files = {field: ("a.png", content)}
            await self.ask("POST", operation.path, files=files)
        await self.ask("POST", operation.path, files={"other": (None, b"x")})
        await self._strangers(operation, operation.path, files={field: ("a.png", picture())})


_PAST = {"minimum": -1, "maximum": 1}

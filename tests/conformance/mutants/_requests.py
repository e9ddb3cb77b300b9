"""Servers that are careless with requests: with keys, pages, filters, files, and what is no request at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from PIL import Image

from ._answers import blame
from ._asgi import Answer, Forward, Request, Wrong
from ._document import Document, Json, Model, Operation, at_place, credentials, place_of
from ._mutant import Mutant
from ._pages import of_pages
from ._values import put, requests_of


class Requests:
    """The mutants of operations."""

    def __init__(self, document: Document, model: Model) -> None:
        self.document, self.model = document, model
        self.submit = model.operation
        self.least, _ = requests_of(model)

    def all(self) -> Iterator[Mutant]:
        """All of them."""
        yield from self._keys()
        yield from self._bodies()
        yield from self._idempotency()
        for operation in self.document.of_kind("jobs"):
            yield from self._parameters(operation)
            for slug, aspect, make in of_pages(self.document, operation):
                yield self._mutant(operation, slug, aspect, make)
        for operation in self.document.of_kind("catalogue"):
            yield from self._catalogue(operation)
        for operation in self.document.of_kind("upload"):
            yield from self._upload(operation)
        yield from self._routes()

    def _mutant(
        self, operation: Operation, slug: str, aspect: str, make: Callable[[], Wrong]
    ) -> Mutant:
        """A server that does something else with the requests of an operation."""

        def begun() -> Wrong:
            do = make()

            async def wrong(request: Request, forward: Forward) -> Answer:
                if operation.takes(request.method, request.path):
                    return await do(request, forward)
                return await forward(request)

            return wrong

        blamed = blame(operation, aspect)
        return Mutant(id=f"{operation.name}/{slug}", blamed=blamed, make=begun, model=self.model)

    # Who a request is from.

    def _keys(self) -> Iterator[Mutant]:
        header, key = credentials(self.document, "mutant")
        others = [o for o in self.document.operations if o.kind != "submit"]
        for operation in [self.submit, *others]:
            if not operation.authenticated:
                yield self._mutant(
                    operation, "asks-for-a-key", "open", _always(self._asking(operation))
                )
                continue

            async def unnamed(request: Request, forward: Forward) -> Answer:
                if header in request.headers:
                    return await forward(request)
                return await forward(replace(request, headers={**request.headers, header: key}))

            async def unknown(
                request: Request, forward: Forward, operation: Operation = operation
            ) -> Answer:
                answer = await forward(request)
                if header in request.headers and answer.status == operation.error("Unauthorized"):
                    headers = {**request.headers, header: key}
                    return await forward(replace(request, headers=headers))
                return answer

            yield self._mutant(operation, "no-key-is-taken", "authentication", _always(unnamed))
            yield self._mutant(operation, "any-key-is-taken", "authentication", _always(unknown))

    def _asking(self, operation: Operation) -> Wrong:
        header, _ = credentials(self.document, "mutant")
        account = self.document.of_kind("account")[0]

        async def do(request: Request, forward: Forward) -> Answer:
            if request.headers.get(header):
                return await forward(request)
            return await forward(Request("GET", account.path, {}, request.headers))

        return do

    # What is no request.

    def _bodies(self) -> Iterator[Mutant]:
        if place_of(self.model.schema, "parent") is not None:
            return  # Of nothing, no job can be made that goes on from another.

        def taking(is_it: Callable[[Request], bool]) -> Callable[[], Wrong]:
            async def do(request: Request, forward: Forward) -> Answer:
                taken = request.with_json(self.least) if is_it(request) else request
                return await forward(taken)

            return _always(do)

        def broken(request: Request) -> bool:
            return request.json is None and bool(request.body) and request.body.strip() != b"null"

        def no_object(request: Request) -> bool:
            return isinstance(request.json, list | str | int | float)

        yield self._mutant(self.submit, "takes-broken-json", "body", taking(broken))
        yield self._mutant(self.submit, "takes-no-object", "body", taking(no_object))
        yield self._mutant(
            self.submit, "takes-nothing", "body", taking(lambda request: not request.body)
        )

    def _idempotency(self) -> Iterator[Mutant]:
        name = self.submit.named("idempotency_key")
        if name is None:
            return
        header = name.lower()

        async def ignored(request: Request, forward: Forward) -> Answer:
            headers = {n: value for n, value in request.headers.items() if n != header}
            return await forward(replace(request, headers=headers))

        async def no_conflict(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            if answer.status == self.submit.error("Conflict"):
                return await ignored(request, forward)
            return answer

        async def long(request: Request, forward: Forward) -> Answer:
            key = request.headers.get(header, "")
            most = self._parameter(self.submit, "idempotency_key").get("maxLength", len(key))
            return await (ignored if len(key) > most else forward_as_it_is)(request, forward)

        async def forward_as_it_is(request: Request, forward: Forward) -> Answer:
            return await forward(request)

        yield self._mutant(self.submit, "idempotency-ignored", "idempotency", _always(ignored))
        yield self._mutant(
            self.submit, "conflict-ignored", "idempotency-conflict", _always(no_conflict)
        )
        yield self._mutant(
            self.submit, "conflict-is-the-old-job", "idempotency-conflict", self._old_job(header)
        )
        if "maxLength" in self._parameter(self.submit, "idempotency_key"):
            yield self._mutant(
                self.submit, "long-key-is-taken", "idempotency-key/max_length", _always(long)
            )

    def _old_job(self, header: str) -> Callable[[], Wrong]:
        """Another request with a key that was used answers what the first did."""

        def make() -> Wrong:
            bodies: dict[str, bytes] = {}

            async def do(request: Request, forward: Forward) -> Answer:
                answer = await forward(request)
                key = request.headers.get(header, "")
                if answer.is_success:
                    bodies.setdefault(key, request.body)
                elif answer.status == self.submit.error("Conflict"):
                    return await forward(replace(request, body=bodies[key]))
                return answer

            return do

        return make

    def _parameter(self, operation: Operation, role: str) -> Json:
        found = (p["schema"] for p in operation.parameters if p.get("x-role") == role)
        schema: Json = next(found, {})
        return schema

    # Parameters of queries.

    def _ignoring(
        self, operation: Operation, name: str, *, only_wrong: bool
    ) -> Callable[[], Wrong]:
        """A server that does not see a parameter, or not when it would refuse it."""

        async def do(request: Request, forward: Forward) -> Answer:
            query = {n: value for n, value in request.query.items() if n != name}
            if only_wrong:
                answer = await forward(request)
                refused = answer.status == operation.error("BadRequest") and name in request.query
                return await forward(replace(request, query=query)) if refused else answer
            return await forward(replace(request, query=query))

        return _always(do)

    def _parameters(self, operation: Operation) -> Iterator[Mutant]:
        for parameter in operation.parameters:
            if parameter["in"] != "query":
                continue
            name, schema = parameter["name"], parameter["schema"]
            # Whose jobs are listed makes no difference to an account that is alone.
            if parameter.get("x-role") not in ("scope", "cursor"):
                made = self._ignoring(operation, name, only_wrong=False)
                yield self._mutant(operation, f"{name}-ignored", f"{name}/.*", made)
            if schema.keys() & {"enum", "minimum", "maximum", "format"} or name == "cursor":
                made = self._ignoring(operation, name, only_wrong=True)
                yield self._mutant(operation, f"{name}-unchecked", f"{name}/.*", made)

    # Catalogues and files.

    def _catalogue(self, operation: Operation) -> Iterator[Mutant]:
        yield from self._parameters(operation)
        items = place_of(self.document.answer(operation), "items")
        if items is None:
            return

        def keeping(wanted: Callable[[str], bool]) -> Callable[[], Wrong]:
            async def do(request: Request, forward: Forward) -> Answer:
                answer = await forward(request)
                if not answer.is_success:
                    return answer
                found = [m for m in at_place(answer.json, items) if wanted(m.get("id", ""))]
                return answer.with_json(put(answer.json, items, found))

            return _always(do)

        lacking = keeping(lambda id: id != self.model.id)
        yield self._mutant(operation, "model-is-missing", "complete", lacking)
        yield self._mutant(operation, "is-empty", "complete", keeping(lambda id: False))

    def _upload(self, operation: Operation) -> Iterator[Mutant]:
        schema = operation.raw["requestBody"]["content"]["multipart/form-data"]["schema"]
        field = next(
            n for n, inner in schema["properties"].items() if inner.get("format") == "binary"
        )

        def taking(is_it: Callable[[Request], bool]) -> Callable[[], Wrong]:
            async def do(request: Request, forward: Forward) -> Answer:
                answer = await forward(request)
                if answer.status == operation.error("BadRequest") and is_it(request):
                    return await forward(_file(request, field))
                return answer

            return _always(do)

        def has_file(request: Request) -> bool:
            return b"filename=" in request.body

        yield self._mutant(operation, "takes-any-type", "content-type", taking(has_file))
        yield self._mutant(
            operation, "takes-no-file", f"{field}/.*", taking(lambda request: not has_file(request))
        )
        answer = self.document.answer(operation)
        for role, value in {"size": 1, "content_type": "text/x-other"}.items():
            place = place_of(answer, role)
            if place is not None:

                async def lying(
                    request: Request,
                    forward: Forward,
                    place: tuple[str, ...] = place,
                    value: Any = value,
                ) -> Answer:
                    answer = await forward(request)
                    if not answer.is_success:
                        return answer
                    return answer.with_json(put(answer.json, place, value))

                yield self._mutant(operation, f"wrong-{role}", "told", _always(lying))

    # What is nowhere.

    def _routes(self) -> Iterator[Mutant]:
        async def everywhere(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            known = any(o.takes(request.method, request.path) for o in self.document.operations)
            return answer if known or answer.status != 404 else answer.with_json({}, 200)

        async def any_method(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            return answer if answer.status != 405 else answer.with_json({}, 200)

        yield Mutant(id="api/unknown-path", blamed=("api/path",), make=_always(everywhere))
        yield Mutant(id="api/any-method", blamed=("api/method",), make=_always(any_method))


def _always(do: Wrong) -> Callable[[], Wrong]:
    """A server that remembers nothing, begun anew."""
    return lambda: do


def picture() -> bytes:
    """The content of a small file."""
    content = io.BytesIO()
    Image.new("RGB", (2, 2)).save(content, "PNG")
    return content.getvalue()


def _file(request: Request, field: str) -> Request:
    """The request with a small picture."""
    head = f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="a.png"\r\n\r\n'
    body = head.encode() + picture() + b"\r\n--x--\r\n"
    headers = {**request.headers, "content-type": "multipart/form-data; boundary=x"}
    return replace(request, headers=headers, body=body)

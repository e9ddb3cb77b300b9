"""Servers that take a request, and then do wrong by its job."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from ._answers import blame
from ._asgi import Answer, Forward, Request, Wrong
from ._document import Document, Json, Model, at_place, place_of
from ._mutant import Mutant
from ._values import has, put, value_of


class Jobs:
    """The mutants of what becomes of a job of a model."""

    def __init__(self, document: Document, model: Model) -> None:
        self.document, self.model = document, model
        self.submit = model.operation
        self.job = document.of_kind("job")[0]
        self.told = document.answer(self.submit)
        self.shown = document.answer(self.job)
        life = document.raw["x-job"]
        self.initial: str = life["initial"]
        self.succeeded: str = life["succeeded"][0]
        after = life["transitions"]
        self.running: str = next(
            (status for status in after[self.initial] if after[status]), self.initial
        )

    def all(self) -> Iterator[Mutant]:
        """All of them."""
        makes = {
            "never-stored": (self._never_stored, "stored"),
            "lost": (self._lost, "stored"),
            "swapped": (self._swapped, "same-job"),
            "swapped-inside": (self._swapped_inside, "input"),
            "backwards": (self._backwards, "life/transitions"),
            "never-ending": (self._never_ending, "life/ends"),
            "without-result": (self._changed("result", None), "life/files"),
            "without-images": (self._changed("images", []), "life/files"),
            "fewer-images": (self._fewer if self._counts() else None, "life/files"),
            "of-another-model": (self._changed("model", self._other()), "same-job"),
            "unknown-id-is-found": (self._found, "unknown-id"),
            "progress-backwards": (self._progress_backwards, "life/progress"),
            "end-without-a-time": (self._changed("ended_at", None), "life/ended-at"),
            "costs-less-than-nothing": (self._changed("credits", -1), "life/credits"),
        }
        for slug, (make, aspect) in makes.items():
            if make is not None:
                blamed = blame(self.job, aspect)
                yield Mutant(id=f"jobs/{slug}", blamed=blamed, make=make, model=self.model)

    def _other(self) -> str:
        return next(other.id for other in self.document.models if other is not self.model)

    def _counts(self) -> bool:
        return place_of(self.model.schema, "count") is not None

    def _looked_at(
        self, look: Callable[[str, Answer, Forward, Request], Awaitable[Answer]]
    ) -> Wrong:
        """A server that does something else when a job is looked at that is there."""

        async def wrong(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            if (found := self.job.takes(request.method, request.path)) and answer.is_success:
                return await look(found[1].lower(), answer, forward, request)
            return answer

        return wrong

    def _with(self, answer: Answer, **by_role: Any) -> Answer:
        body = answer.json
        for role, value in by_role.items():
            place = place_of(self.shown, role)
            if place is not None and has(body, place):
                body = put(body, place, value)
        return answer.with_json(body)

    def _is_done(self, answer: Answer) -> bool:
        return bool(at_place(answer.json, place_of(self.shown, "status")) == self.succeeded)

    def _changed(self, role: str, value: Any) -> Callable[[], Wrong] | None:
        """A job that is done, but for one member."""
        if place_of(self.shown, role) is None:
            return None

        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            return self._with(answer, **{role: value}) if self._is_done(answer) else answer

        return lambda: self._looked_at(look)

    def _fewer(self) -> Wrong:
        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            images = at_place(answer.json, place_of(self.shown, "images"))
            return self._with(answer, images=images[:-1]) if images and images[1:] else answer

        return self._looked_at(look)

    def _never_stored(self) -> Wrong:
        place = place_of(self.told, "id")
        header = (self.submit.named("idempotency_key") or "").lower()

        async def wrong(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            if place and answer.is_success and self.submit.takes(request.method, request.path):
                key = request.headers.get(header, uuid.uuid4().hex)
                id = uuid.uuid5(uuid.NAMESPACE_OID, key)
                return answer.with_json(put(answer.json, place, str(id)))
            return answer

        return wrong

    async def _absent(self, forward: Forward, request: Request) -> Answer:
        """What is answered of a job that is not there."""
        path = self.job.path.split("{")[0] + str(uuid.uuid4())
        return await forward(Request("GET", path, {}, request.headers))

    def _lost(self) -> Wrong:
        done: set[str] = set()

        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            if id in done:
                return await self._absent(forward, request)
            if self._is_done(answer):
                done.add(id)
            return answer

        return self._looked_at(look)

    def _swapped(self) -> Wrong:
        """Each job is shown as the one that was looked at before."""
        seen: dict[str, Json] = {}

        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            other = next((body for known, body in seen.items() if known != id), None)
            seen[id] = answer.json
            return answer.with_json(other) if other else answer

        return self._looked_at(look)

    def _swapped_inside(self) -> Wrong:
        """Each job has what was asked of another."""
        seen: dict[str, Any] = {}
        place = place_of(self.shown, "input")

        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            mine = at_place(answer.json, place)
            other = next(
                (body for known, body in seen.items() if known != id and body != mine), None
            )
            seen[id] = mine
            return self._with(answer, input=other) if other else answer

        return self._looked_at(look)

    def _steps(self, *steps: Json) -> Wrong:
        """A job that is first shown in some states, one a look."""
        looks: dict[str, int] = {}

        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            looks[id] = number = looks.get(id, 0) + 1
            if number > len(steps):
                return answer
            blank = {"ended_at": None, "result": None, "error": None}
            return self._with(answer, **blank, **steps[number - 1])

        return self._looked_at(look)

    def _backwards(self) -> Wrong:
        before, after = ({"status": s, "progress": 50} for s in (self.running, self.initial))
        return self._steps(before, before, after)  # One look may be for nothing but the price.

    def _progress_backwards(self) -> Wrong:
        before, after = ({"status": self.running, "progress": p} for p in (80, 20))
        return self._steps(before, before, after)

    def _never_ending(self) -> Wrong:
        async def look(id: str, answer: Answer, forward: Forward, request: Request) -> Answer:
            blank = {"ended_at": None, "result": None, "error": None}
            return self._with(answer, status=self.running, progress=50, **blank)

        return self._looked_at(look)

    def _found(self) -> Wrong:
        """A job that is not there is shown as any other."""
        seen: dict[str, Json] = {}

        async def wrong(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            mine = self.job.takes(request.method, request.path)
            if mine and answer.status == self.job.error("NotFound"):
                return answer.with_json(seen.get("last", _made(self.shown)), 200)
            if mine and answer.is_success:
                seen["last"] = answer.json
            return answer

        return wrong


def _made(schema: Json) -> Any:
    """An answer of a schema, made up."""
    made = value_of(schema)
    for role, value in {"created_at": "2026-01-01T00:00:00Z", "ended_at": None}.items():
        place = place_of(schema, role)
        if place is not None and has(made, place):
            made = put(made, place, value)
    return made

"""The control API: what a test asks and tells the server itself, under a path of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from .._contract.document import Json
from .._http.answer import Answer
from .._service import Service
from .._state.entry import RequestSeen
from . import PATH
from .desk import Desk
from .faults import faults
from .feed import Feed
from .guard import ALWAYS, check
from .told import FAULT, WEBHOOK_FAULTS
from .wire import Asked, asked, once, problem
from .words import WrongError, flag, integer, known, members, number, text

if TYPE_CHECKING:
    from .._page.page import Page

_LISTED, _MOST_LISTED = 100, 2_000
_LIMIT = f"at most so many, {_LISTED} by default"
_FILTERS = ("method", "path", "operation", "model", "status", "key", "after", "fault", "job")


@dataclass(frozen=True, slots=True)
class Route:
    """What a method at a path does; `query` and `body` are the names that it takes, each with what it is."""

    method: str
    path: str
    summary: str
    answer: Callable[[Asked], Any]
    query: Json = field(default_factory=dict)
    body: Json = field(default_factory=dict)

    def fits(self, path: str) -> bool:
        """Whether it is for a path; an asterisk stands for its last segment."""
        return path == self.path or (
            self.path.endswith("*") and path.rpartition("/")[0] == self.path[:-2]
        )


class Control:
    """The control API of a service, as an ASGI application."""

    def __init__(self, service: Service, page_path: str) -> None:
        self._service = service
        self._page_path = page_path
        self.desk = Desk(service)
        self.feed = Feed(service, self.desk)
        self._shown: Page | None = None
        self._routes = [*self._about_state(), *self._about_requests(), *self._about_webhooks()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a path that begins with that of the API, or for the page."""
        try:
            request = await asked(scope, receive)
            if request.path in ("/", f"{PATH}/page"):
                answer = self._page(request)
                await answer.send(send, without_body=request.method == "HEAD")
                return
            check(request.method, request.headers)
            rest = request.path[len(PATH) :].rstrip("/")
            if rest == "/events" and request.reads:
                await self.feed.answer(scope, receive, send)
                return
            if rest == "/faults" or rest.startswith("/faults/"):
                answer = await faults(self._service, Request(scope, once(request.body)))
                self._tell(request, rest)
            else:
                answer = self._answer(request, rest)
        except WrongError as error:
            answer = problem(error)
        answer.headers.update(ALWAYS)
        await answer.send(send, without_body=scope["method"] == "HEAD")

    def _page(self, request: Asked) -> Answer:
        from .._page.page import Page  # Most servers are never looked at.

        if self._shown is None:
            self._shown = Page(
                self.desk, self.feed, self._service.contract.document, self._page_path
            )
        return self._shown.answer(request)

    def _answer(self, request: Asked, rest: str) -> Answer:
        route = self._route(request.method, rest)
        known(request.query, route.query)
        value = route.answer(request)
        self._tell(request, rest)
        return value if isinstance(value, Answer) else Answer.of_json(value)

    def _tell(self, request: Asked, rest: str) -> None:
        if not request.reads:
            self.feed.tell("changed", {"what": rest.strip("/").partition("/")[0]})

    def _route(self, method: str, rest: str) -> Route:
        there = [route for route in self._routes if route.fits(rest)]
        wanted = "GET" if method == "HEAD" else method
        for route in there:
            if route.method == wanted:
                return route
        if there:
            methods = ", ".join(route.method for route in there)
            raise WrongError(f"{method} is not possible here, {methods} is", 405)
        raise WrongError(f"nothing is at {PATH}{rest}; GET {PATH} lists what there is", 404)

    def _about_state(self) -> list[Route]:
        desk = self.desk
        key = {"key": "an API key, or its id"}
        return [
            Route("GET", "", "This list.", self._help),
            Route("GET", "/state", "How the server is, in figures.", self._state),
            Route(
                "POST",
                "/reset",
                "As at the start, or forget what belongs to a key.",
                self._reset,
                body=key,
            ),
            Route("GET", "/clock", "The time that jobs live by.", lambda _: desk.clock()),
            Route(
                "POST",
                "/clock",
                "Move the time on.",
                self._advance,
                body={"advance": "a number of seconds"},
            ),
            Route("GET", "/keys", "API keys, and what they may spend.", lambda _: desk.keys()),
            Route(
                "POST",
                "/keys",
                "Change a key, which may be one that nothing has come with yet.",
                self._set_key,
                body={
                    **key,
                    "credits": "what it may spend",
                    "active": "whether it may be used",
                    "admin": "whether it sees all jobs of its team",
                },
            ),
            # Those are answered by a module of their own.
            Route("GET", "/faults", "What goes wrong.", self._help),
            Route("POST", "/faults", "Let something go wrong.", self._help, body=FAULT),
            Route("DELETE", "/faults", "Let nothing go wrong any more.", self._help),
            Route("DELETE", "/faults/*", "Remove one, by its id.", self._help),
            Route(
                "GET", "/openapi.json", "The document of the API, served from here.", self._openapi
            ),
        ]

    def _about_requests(self) -> list[Route]:
        filters = dict.fromkeys(_FILTERS, "* stands for any text")
        filters |= {
            "method": "such as POST",
            "status": "such as 404 or 4xx",
            "job": "the id of a job",
            "key": "whole, or as it is shown",
            "after": "the id of a request",
        }
        return [
            Route(
                "GET",
                "/requests",
                "The last requests, newest first.",
                self._requests,
                query={**filters, "limit": _LIMIT},
            ),
            Route("DELETE", "/requests", "Forget them.", self._clear),
            Route(
                "GET",
                "/requests/*",
                "A request, by its id.",
                self._request,
                query={"as": "curl or python: text that makes it again"},
            ),
            Route(
                "GET",
                "/jobs",
                "The last jobs, newest first.",
                self._jobs,
                query={"running": "true: those under way", "limit": _LIMIT},
            ),
            Route(
                "GET",
                "/events",
                "Server-sent events as they happen: request, job, webhook, changed, lost (some were).",
                self._help,
            ),
        ]

    def _about_webhooks(self) -> list[Route]:
        desk = self.desk
        return [
            Route(
                "GET",
                "/webhooks",
                "The last deliveries, newest first.",
                self._webhooks,
                query={"job": "the id of a job", "limit": _LIMIT},
            ),
            Route("GET", "/webhooks/faults", "What goes wrong.", lambda _: desk.webhook_faults()),
            Route(
                "POST",
                "/webhooks/faults",
                "Let events be lost, doubled, shuffled or late; of {}, none.",
                self._set_webhook_faults,
                body=WEBHOOK_FAULTS,
            ),
        ]

    def _help(self, request: Asked) -> Json:
        routes = []
        for route in self._routes:
            told = {"method": route.method, "path": PATH + route.path, "summary": route.summary}
            more = {"query": route.query, "body": route.body}
            routes.append({**told, **{name: said for name, said in more.items() if said}})
        changes = (
            "what changes something is sent as application/json, and not by a page of another site"
        )
        return {"routes": routes, "note": changes}

    def _state(self, request: Asked) -> Json:
        state = {"url": request.base_url, **self.desk.state()}
        state["counts"]["listeners"] = len(self.feed)
        return state

    def _reset(self, request: Asked) -> Json:
        self.desk.reset(text(members(request.body, "key"), "key"))
        return self._state(request)

    def _advance(self, request: Asked) -> Json:
        self.desk.advance(number(members(request.body, "advance"), "advance"))
        return self.desk.clock()

    def _set_key(self, request: Asked) -> list[Json]:
        given = members(request.body, "key", "credits", "active", "admin")
        key = text(given, "key")
        if key is None:
            raise WrongError("key: expected an API key, or its id")
        self.desk.set_key(
            key,
            credits=number(given, "credits"),
            active=flag(given, "active"),
            admin=flag(given, "admin"),
        )
        return self.desk.keys()

    def _requests(self, request: Asked) -> list[Json]:
        filters = dict(request.query)
        filters.pop("limit", None)
        most = integer(request.query, "limit", _LISTED, _MOST_LISTED)
        try:
            found = self.desk.requests.all(**filters)
        except (ValueError, TypeError) as error:
            raise WrongError(str(error)) from None
        return [entry.as_json() for entry in found[: -most - 1 : -1]]

    def _request(self, request: Asked) -> Json | Answer:
        id = request.path.rstrip("/").rpartition("/")[2]
        entry = self.entry(id)
        match request.query.get("as"):
            case None:
                return entry.as_json()
            case "curl":
                said = entry.curl()
            case "python":
                said = entry.python()
            case other:
                raise WrongError(f"as: expected curl or python, got {json.dumps(other)}")
        return Answer(200, said.encode("utf-8", "replace"), "text/plain; charset=utf-8")

    def entry(self, id: str) -> RequestSeen:
        """The request of an id. Raises WrongError if it is not kept."""
        for entry in self.desk.requests:
            if entry.id == id:
                return entry
        raise WrongError("no request of this id is kept", 404)

    def _clear(self, request: Asked) -> Json:
        self.desk.requests.clear()
        return self._state(request)

    def _jobs(self, request: Asked) -> list[Json]:
        running = request.query.get("running", "false")
        if running not in ("true", "false"):
            raise WrongError(f"running: expected true or false, got {json.dumps(running)}")
        most = integer(request.query, "limit", _LISTED, _MOST_LISTED)
        return self.desk.jobs(running=running == "true", limit=most)

    def _webhooks(self, request: Asked) -> list[Json]:
        most = integer(request.query, "limit", _LISTED, _MOST_LISTED)
        return self.desk.webhooks(job=request.query.get("job"), limit=most)

    def _set_webhook_faults(self, request: Asked) -> Json:
        self.desk.set_webhook_faults(members(request.body, *self.desk.webhook_faults()))
        return self.desk.webhook_faults()

    def _openapi(self, request: Asked) -> Json:
        document = self._service.contract.document.raw
        return {**document, "servers": [{"url": request.base_url}]}

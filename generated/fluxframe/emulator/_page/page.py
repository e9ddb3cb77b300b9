# A copy of codegen/runtime/emulator/_page/page.py, where it is edited.
"""The page: rendered here, whole, each time that it is asked for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from itertools import islice
from urllib.parse import parse_qsl

from .._contract.document import Document
from .._control import SEEN_FILES
from .._control.desk import Desk
from .._control.feed import Feed
from .._control.guard import ALWAYS, check
from .._control.wire import Asked
from .._control.words import WrongError
from .._http.answer import Answer
from .._state.entry import RequestSeen
from . import side
from .jobs import gallery
from .journal import STATUSES, filters, rows
from .markup import Markup, el
from .script import SCRIPT
from .style import STYLE

_FORM = "application/x-www-form-urlencoded"
_HTML = "text/html; charset=utf-8"
_JOBS, _MOST_JOBS, _ROWS = 15, 200, 60
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3.5' fill='%23c2571a'/%3E"
    "%3Cpath d='M4 4h8v8H4z' fill='none' stroke='white' stroke-width='1.6'/%3E"
    "%3Ccircle cx='8' cy='8' r='1.7' fill='white'/%3E%3C/svg%3E"
)
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Page:
    """The page of a service, and what its forms do."""

    def __init__(self, desk: Desk, feed: Feed, document: Document, path: str) -> None:
        self._desk = desk
        self._feed = feed
        self._document = document
        self._path = path
        self._name = str(document.raw["info"].get("x-name") or document.raw["info"]["title"])
        self._token = secrets.token_urlsafe(16)
        self._rendered: dict[str, Markup] = {}

    def answer(self, request: Asked) -> Answer:
        """The page, or what a form on it leads to."""
        problem = None
        try:
            check(request.method, request.headers, (_FORM,))
            if request.method == "POST":
                self._do(dict(parse_qsl(request.body.decode("utf-8", "replace"))))
                return Answer(303, headers={**ALWAYS, "location": self._path})
            if not request.reads:
                raise WrongError(f"{request.method} is not possible here", 405)
        except WrongError as error:
            problem = error
            if error.status in (403, 405, 415):
                return Answer(error.status, str(error).encode(), "text/plain", {**ALWAYS})
        return self._html(request, problem)

    def _do(self, form: Mapping[str, str]) -> None:
        if not secrets.compare_digest(form.get("token", "").encode(), self._token.encode()):
            raise WrongError(
                "the page is of an earlier run of the server; load it again, and repeat"
            )
        what = form.get("do", "")
        match what:
            case "advance":
                self._desk.advance(_number(form, "advance"))
            case "credits":
                self._desk.set_key(form.get("key", ""), credits=_number(form, "credits"))
            case "active":
                self._desk.set_key(form.get("key", ""), active=bool(form.get("active")))
            case "fault":
                self._desk.add_fault(form.get("fault", ""))
            case "no-fault":
                self._desk.remove_fault(form.get("fault", ""))
            case "reset":
                self._desk.reset(None)
                self._rendered.clear()
            case _:
                raise WrongError("there is no such form here")
        self._feed.tell("changed", {"what": what})

    def _html(self, request: Asked, problem: WrongError | None) -> Answer:
        nonce = secrets.token_urlsafe(12)
        is_first = "x-again" not in request.headers  # The script has look and script already.
        head = [
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("title", f"{self._name} emulator"),
            el("link", rel="icon", href=_ICON),
            el("style", Markup(STYLE), nonce=nonce) if is_first else None,
        ]
        body = [
            el("a", "To the requests", href="#requests", class_="skip"),
            self._top(request),
            el("p", str(problem), class_="problem", role="alert") if problem else None,
            el("main", self._jobs(request), self._journal(request), self._side(), class_="wide"),
            el("script", Markup(SCRIPT), nonce=nonce, type="module") if is_first else None,
        ]
        html = el("html", el("head", head), el("body", body), lang="en")
        headers = {**ALWAYS, "content-security-policy": _POLICY.format(nonce=nonce)}
        content = f"<!DOCTYPE html>\n{html}".encode()
        return Answer(problem.status if problem else 200, content, _HTML, headers)

    def _top(self, request: Asked) -> Markup:
        counts = self._desk.state()["counts"]
        figures = [
            (name, counts[key])
            for name, key in (("Running", "running"), ("Jobs", "jobs"), ("Requests", "requests"))
        ]
        url = [
            el("code", request.base_url, id="url"),
            el("button", "Copy", type="button", hidden=True, data_copies="#url", aria_label="Copy the address"),
        ]  # fmt: skip
        links = [
            el("a", "OpenAPI document", href="/_emulator/openapi.json"),
            el("a", "Control API", href="/_emulator"),
            el("button", "Pause", type="button", id="pause", hidden=True, aria_pressed="false"),
        ]
        return el(
            "header",
            el(
                "div",
                el("h1", self._name, " ", el("span", "emulator")),
                el("p", url, class_="url"),
            ),
            el(
                "dl",
                [el("div", el("dt", name), el("dd", f"{count:,}")) for name, count in figures],
                class_="figures",
                id="figures",
                data_live=True,
            ),
            el("nav", links, aria_label="More"),
            el("p", "", class_="unseen", id="told", role="status"),
            class_="wide top",
        )

    def _welcome(self, request: Asked) -> Markup:
        prefix = self._document.security.prefix
        key = f"any key that begins with {prefix}" if prefix else "any key"
        return el(
            "p",
            "Jobs and their pictures come up here. Point a client at ",
            el("code", request.base_url),
            f", with {key}.",
            class_="nothing",
        )

    def _jobs(self, request: Asked) -> Markup:
        """The last jobs; with `jobs=all`, more of them."""
        most = _MOST_JOBS if request.query.get("jobs") == "all" else _JOBS
        jobs = self._desk.jobs(limit=most + 1)
        files = (self._document.own_path("files"), SEEN_FILES.rstrip("/"))
        inside = [gallery(jobs[:most], files, self._path) if jobs else self._welcome(request)]
        if len(jobs) > most == _JOBS:
            inside.append(
                el("p", el("a", "Earlier jobs", href=f"{self._path}?jobs=all"), class_="all")
            )
        return el(
            "section",
            el("h2", "Jobs", id="jobs-title"),
            el("div", inside, id="gallery", data_live=True),
            id="jobs",
            aria_labelledby="jobs-title",
        )

    def _journal(self, request: Asked) -> Markup:
        found = self._found(request.query)
        shown = rows(islice(found, _ROWS), self._rendered)
        if not found:
            none = "No request fits." if len(self._desk.requests) else "No request came yet."
            shown = el("p", none, class_="nothing")
        names = [operation.name for operation in self._document.operations]
        return el(
            "section",
            el("h2", "Requests", id="requests-title"),
            filters(request.query, names, self._path),
            el("div", shown, id="journal", data_live=True),
            id="requests",
            aria_labelledby="requests-title",
        )

    def _found(self, query: Mapping[str, str]) -> list[RequestSeen]:
        """The requests that a query chooses, newest first; what it says wrong chooses nothing."""
        find = query.get("find", "").lower()
        operation, status, job = (query.get(name) for name in ("operation", "status", "job"))
        return [
            entry
            for entry in reversed(list(self._desk.requests))
            if (not find or find in entry.line().lower())
            and (not operation or entry.operation == operation)
            and (status not in STATUSES or str(entry.status)[:1] == status[:1])
            and (not job or entry.job == job)
        ]

    def _side(self) -> Markup:
        forget = side.form(
            self._token, "reset", el("button", "Forget everything", class_="danger"), class_="row"
        )
        return el(
            "aside",
            side.clock(self._desk.clock(), self._token),
            side.faults(self._desk.faults(), self._token),
            side.keys(self._desk.keys(), self._token),
            el("div", side.webhooks(self._desk.webhooks(limit=6)), id="webhooks", data_live=True),
            el("section", el("h2", "Begin anew", id="reset-title"), forget, aria_labelledby="reset-title"),
            aria_label="Controls",
        )  # fmt: skip


def _number(form: Mapping[str, str], name: str) -> float:
    try:
        value = float(form.get(name, ""))
    except ValueError:
        raise WrongError(f"{name}: expected a number") from None
    if not 0 <= value < 1e15:
        raise WrongError(f"{name}: expected a number of 0 or more")
    return value

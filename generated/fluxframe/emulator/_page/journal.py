# A copy of codegen/runtime/emulator/_page/journal.py, where it is edited.
"""The requests, as rows that open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from .._state.entry import RequestSeen
from .markup import Inside, Markup, el

_SHOWN_BODY = 4_000
STATUSES = ("2xx", "3xx", "4xx", "5xx")


def filters(query: Mapping[str, str], names: Iterable[str], page: str) -> Markup:
    """The form that chooses among them; `names` are those of all operations."""
    return el(
        "form",
        el(
            "label",
            el("span", "Search", class_="unseen"),
            el(
                "input",
                type="search",
                name="find",
                value=query.get("find", ""),
                placeholder="Path, model, status, key …",
                autocomplete="off",
            ),
        ),
        _choice("operation", "All operations", sorted({*names}), query),
        _choice("status", "Any status", STATUSES, query),
        el("button", "Filter"),
        el("a", "All", href=f"{page}#requests", class_="plain") if query else None,
        method="get",
        action=f"{page}#requests",
        class_="filters",
        role="search",
        aria_label="Requests",
    )


def _choice(name: str, every: str, values: Iterable[str], query: Mapping[str, str]) -> Markup:
    options = [el("option", every, value="")]
    options += [
        el("option", value, value=value, selected=query.get(name) == value) for value in values
    ]
    label = el("span", name.capitalize(), class_="unseen")
    return el("label", label, el("select", options, name=name))


def rows(entries: Iterable[RequestSeen], rendered: dict[str, Markup]) -> Markup:
    """The rows, newest first; those that are `rendered` already don't change any more."""
    listed = [rendered.get(entry.id) or _keep(entry, rendered) for entry in entries]
    return el("ol", listed, class_="journal", data_keyed=True)


def _keep(entry: RequestSeen, rendered: dict[str, Markup]) -> Markup:
    while len(rendered) >= 500:
        rendered.pop(next(iter(rendered)), None)
    rendered[entry.id] = row = _row(entry)
    return row


def _row(entry: RequestSeen) -> Markup:
    told = entry.as_row()
    status = told["status"]
    kind = f"s{status // 100}" if status else "s0"
    query = f"?{told['query']}" if told["query"] else ""
    milliseconds = f"{(told['seconds'] or 0) * 1000:.1f} ms"
    summary = el(
        "summary",
        el("time", told["received"][11:23], datetime=told["received"]),
        el("span", told["method"], class_="method"),
        el(
            "span",
            told["path"],
            el("span", query, class_="soft"),
            class_="path",
            title=told["path"] + query,
        ),
        el("span", told["model"] or told["operation"] or "", class_="model"),
        el("span", told["key"] or "no key", class_="key"),
        el("span", milliseconds, class_="ms"),
        el("span", status or "none", class_=f"status {kind}"),
        el("span", told["fault"], class_="fault", title=told["fault"]) if told["fault"] else None,
    )
    return el("li", el("details", summary, _inside(entry)), id=f"request-{entry.id}")


def _inside(entry: RequestSeen) -> Markup:
    one = f"/_emulator/requests/{entry.id}"
    links = [
        el("a", "Copy as curl", href=f"{one}?as=curl", class_="button", data_copy=True),
        el("a", "Copy as Python", href=f"{one}?as=python", class_="button", data_copy=True),
        el("a", "All of it as JSON", href=one),
    ]
    answer = entry.answer
    return el(
        "div",
        el("p", links, class_="tools"),
        _said("Request", entry.headers, entry.shown_body()),
        _said("Answer", answer.headers, entry.shown_answer()),
        class_="inside",
    )


def _said(name: str, headers: Mapping[str, str], body: str) -> Markup:
    inside: list[Inside] = [el("h3", name)]
    listed = (joined for item in headers.items() for joined in _header(*item))
    inside.append(el("dl", listed, class_="headers"))
    if body:
        inside.append(el("pre", _pretty(body), tabindex=0, aria_label=f"{name}: body"))
    return el("section", inside)


def _header(name: str, value: str) -> Iterator[Markup]:
    yield el("dt", name)
    yield el("dd", value)


def _pretty(body: str) -> str:
    if len(body) <= _SHOWN_BODY * 4 and body[:1] in "[{":
        with suppress(ValueError, RecursionError):
            body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    return body if len(body) <= _SHOWN_BODY else f"{body[:_SHOWN_BODY]}\n…"

"""All requests of a run and their answers as HAR 1.2, for the tools that show and send these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..._redact import cut, without_key
from ..._version import __version__
from .._exchanges import Exchange, Outcome
from .._outcomes import Report
from .._words import VERDICTS, plain
from . import _data, _entries
from ._data import body_text
from .curl import curl

# Characters: of a text, of all texts until they are cut shorter, and of one that is cut shorter.
_LONGEST = 64 << 10
_ROOM = 64 << 20
_SHORTER = 1_000
_URL = 4_000
_VECTORS = 20


def render(report: Report) -> str:
    """An entry a request; its comment names the vectors that it was for."""
    room = _ROOM
    entries = []
    for exchange, outcomes in _entries.exchanges(report):
        most = _LONGEST if room > 0 else _SHORTER
        entries.append(_entry(exchange, outcomes, most))
        room -= min(len(exchange.answer), most) + len(body_text(exchange) or "")
    log = {
        "version": "1.2",
        "creator": {"name": "fluxframe conformance", "version": __version__},
        "entries": entries,
    }
    return _data.dumps({"log": log}, indent=1) + "\n"


def _entry(exchange: Exchange, outcomes: Sequence[Outcome], most: int) -> dict[str, Any]:
    milliseconds = _data.seconds(exchange.seconds) * 1000
    entry = {
        "startedDateTime": _data.moment(exchange.started),
        "time": milliseconds,
        "request": _request(exchange, most),
        "response": _response(exchange, most),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": plain(", ".join(_told(each) for each in outcomes[:_VECTORS]), _LONGEST),
    }
    if exchange.error is not None:
        entry["_error"] = plain(exchange.error, 400)
    if any(outcome.verdict.is_difference for outcome in outcomes):
        entry["_curl"] = curl(exchange)
    return entry


def _told(outcome: Outcome) -> str:
    return f"{outcome.vector}: {VERDICTS[outcome.verdict]}"


def _request(exchange: Exchange, most: int) -> dict[str, Any]:
    url = _text(exchange.url, _URL)
    try:
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        query = []
    text = body_text(exchange)
    request = {
        "method": plain(exchange.method, 100),
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.headers),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": -1 if text is None else len(text.encode(errors="replace")),
    }
    media = _media_type(exchange.headers)
    if exchange.form is not None:
        params = [
            {"name": _text(name, most), "fileName": _text(value[1:], most)}
            if value.startswith("@")
            else {"name": _text(name, most), "value": _text(value, most)}
            for name, value in exchange.form.items()
        ]
        request["postData"] = {"mimeType": media or "multipart/form-data", "params": params}
    elif text is not None:
        request["postData"] = {"mimeType": media, "text": _text(text, most)}
    return request


def _response(exchange: Exchange, most: int) -> dict[str, Any]:
    status = exchange.status or 0
    headers = exchange.answer_headers
    known = {each.value: each.phrase for each in HTTPStatus}
    size = len(exchange.answer.encode(errors="replace"))
    text = _text(exchange.answer, most)
    location = next((v for name, v in headers.items() if name.lower() == "location"), "")
    return {
        "status": status,
        "statusText": known.get(status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers),
        "content": {"size": size, "mimeType": _media_type(headers), "text": text},
        "redirectURL": _text(location, _URL),
        "headersSize": -1,
        "bodySize": size if exchange.status else -1,
    }


def _headers(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"name": _text(name, _SHORTER), "value": _text(value, _URL)}
        for name, value in headers.items()
    ]


def _media_type(headers: Mapping[str, str]) -> str:
    return next(
        (_text(v, 200) for name, v in headers.items() if name.lower() == "content-type"), ""
    )


def _text(text: str, most: int) -> str:
    return cut(without_key(cut(text, most)), most)

"""A request that came, and its answer, as tests and people read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from .._contract.document import Json
from .commands import Sent, curl, python
from .exchange import KEPT_BYTES, Exchange
from .masking import masked_header, shown_key, without_keys

if TYPE_CHECKING:
    from email.message import EmailMessage

_PLAIN = "/:@!$&'()*+,;=~%-._"


class Headers(Mapping[str, str]):
    """Headers by their names, in any case; a secret is as it is shown."""

    def __init__(self, headers: Mapping[str, str], key: str | None) -> None:
        self._values = {name.lower(): value for name, value in headers.items()}
        self._key = key

    def __getitem__(self, name: str) -> str:
        return masked_header(name, self._values[name.lower()], self._key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(dict(self))


class _Said:
    """What a request and an answer have in common: headers, and a body of which 64 KiB are kept."""

    __slots__ = ("_exchange",)

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    @property
    def headers(self) -> Headers:
        """The headers, by their names in any case."""
        return Headers(self._exchange.headers, self._exchange.key)

    @property
    def body(self) -> bytes:
        """The body."""
        return self._exchange.body

    @property
    def _name(self) -> str:
        return f"the body of {self._exchange.method} {self._exchange.path}"

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body, read as JSON. Raises ValueError for what is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            text = self.text
            if not self.is_whole:
                text = f"only its first {KEPT_BYTES} bytes were kept"
            elif not text:
                text = "it is empty"
            said = without_keys(f"{self._name} is not valid JSON: {text}", self._exchange.key)
            raise ValueError(said if len(said) <= 200 else f"{said[:199]}…") from None

    @property
    def is_whole(self) -> bool:
        """Whether all of the body was kept."""
        return len(self.body) < KEPT_BYTES


class AnswerSeen(_Said):
    """An answer: `status`, `headers`, and a body as `json` or `text`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<AnswerSeen {self.status}>"

    @property
    def headers(self) -> Headers:
        """The headers, by their names in any case."""
        return Headers(self._exchange.answer_headers, self._exchange.key)

    @property
    def body(self) -> bytes:
        """The body."""
        return self._exchange.answer

    @property
    def _name(self) -> str:
        return f"the answer to {self._exchange.method} {self._exchange.path}"

    @property
    def status(self) -> int | None:
        """The status; None if none was sent."""
        return self._exchange.status


class RequestSeen(_Said):
    """A request that came: what it said as `json`, `text`, `form`, `query`, `headers`, and its `answer`.

    Of bodies, the first 64 KiB are kept. An API key is shown as its first eight characters.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RequestSeen) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<RequestSeen {self.line()}>"

    @property
    def id(self) -> str:
        """The id of the request, which is in its answer too."""
        return self._exchange.id

    @property
    def received(self) -> datetime:
        """When it came, by the clock of the emulator."""
        return datetime.fromtimestamp(self._exchange.received, tz=UTC)

    @property
    def method(self) -> str:
        """The method."""
        return self._exchange.method

    @property
    def path(self) -> str:
        """The path, without its query."""
        return self._exchange.path

    @property
    def url(self) -> str:
        """The whole URL."""
        query = f"?{self._exchange.query}" if self._exchange.query else ""
        host = self.headers.get("host", "localhost")
        return f"http://{host}{quote(self.path, safe=_PLAIN)}{query}"

    @property
    def query(self) -> dict[str, str]:
        """The query; of a name that it has twice, the last value."""
        return dict(parse_qsl(self._exchange.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form; a file is its name after an at sign."""
        from email.parser import BytesParser  # Not needed to start.
        from email.policy import HTTP

        kind = self.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.text, keep_blank_values=True))
        if not kind.startswith("multipart/form-data"):
            return {}
        head = f"content-type: {kind}\r\n\r\n".encode("latin-1", "replace")
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return dict(_field(part) for part in message.walk() if not part.is_multipart())

    @property
    def operation(self) -> str | None:
        """The client's name of the operation, such as `images.generate`; None if there was none."""
        return self._exchange.operation

    @property
    def model(self) -> str | None:
        """The id of the model that it was for."""
        return self._exchange.model

    @property
    def key(self) -> str | None:
        """How its API key begins."""
        return shown_key(self._exchange.key) if self._exchange.key else None

    @property
    def status(self) -> int | None:
        """The status of the answer."""
        return self._exchange.status

    @property
    def seconds(self) -> float | None:
        """How long the answer took."""
        return self._exchange.seconds

    @property
    def fault(self) -> str | None:
        """The fault that happened to it."""
        return self._exchange.fault

    @property
    def job(self) -> str | None:
        """The id of the job that it submitted or polled."""
        return self._exchange.job

    @property
    def answer(self) -> AnswerSeen:
        """What was answered."""
        return AnswerSeen(self._exchange)

    def curl(self) -> str:
        """A shell command that repeats it, with the API key from its environment variable."""
        return curl(self._sent())

    def python(self) -> str:
        """A script that repeats it with httpx, with the API key from its environment variable."""
        return python(self._sent())

    def _sent(self) -> Sent:
        return Sent(
            method=self.method,
            url=self.url,
            headers=self._exchange.headers,
            key=self._exchange.key,
            body=self.body,
            form=self.form,
            is_whole=self.is_whole,
        )

    def line(self) -> str:
        """A summary in one line."""
        told = (self.status, self.model, self.fault and f"fault: {self.fault}", self.key)
        text = " ".join(str(part) for part in (self.method, self.path, *told) if part)
        return without_keys(text, self._exchange.key)

    def as_row(self) -> Json:
        """What it was and what came of it as JSON can hold it, without headers, bodies and API keys."""
        key = self._exchange.key
        return {
            "id": self.id,
            "received": self.received.isoformat(timespec="milliseconds"),
            "method": self.method,
            "path": without_keys(self.path, key),
            "query": without_keys(self._exchange.query, key),
            "operation": self.operation,
            "model": self.model,
            "key": self.key,
            "status": self.status,
            "seconds": self.seconds,
            "fault": self.fault and without_keys(self.fault, key),
            "job": self.job,
        }

    def as_json(self) -> Json:
        """All of it as JSON can hold it, without API keys."""
        return {
            **self.as_row(),
            "headers": dict(self.headers),
            "body": self.shown_body(),
            "answer_headers": dict(self.answer.headers),
            "answer": self.shown_answer(),
        }

    def shown_body(self) -> str:
        """The body as text, without API keys; of what is not text, how long it is."""
        return _printed(self, self._exchange.key)

    def shown_answer(self) -> str:
        """The body of the answer as text, without API keys; of what is not text, how long it is."""
        return _printed(self.answer, self._exchange.key)


def _field(part: EmailMessage) -> tuple[str, str]:
    name = str(part.get_param("name", "", "content-disposition"))
    if (file := part.get_filename()) is not None:
        return name, f"@{file}"
    content = part.get_payload(decode=True)
    return name, content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _printed(said: _Said, key: str | None) -> str:
    body = said.body
    cut = "" if said.is_whole else " and more"
    try:
        return without_keys(body.decode(), key)
    except UnicodeDecodeError as error:
        if cut and error.start > len(body) - 4:  # In the middle of a character.
            return without_keys(body[: error.start].decode(), key)
        return f"({len(body)} bytes{cut})"

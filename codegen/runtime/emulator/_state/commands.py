"""A request as text that makes it again: a line for a shell, or a script."""

from __future__ import annotations

import json
import pprint
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .._contract.contract import contract
from .masking import masked_header, without_keys

# What curl and httpx say by themselves.
_OWN = {
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
}
# What is not in every text: half a surrogate pair, and numbers that JSON does not have.
_ODD = re.compile(r"\\u[dD][89a-fA-F]|NaN|Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a request said."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    key: str | None = field(repr=False)
    body: bytes = field(repr=False)
    form: Mapping[str, str] = field(repr=False)
    is_whole: bool

    @property
    def is_multipart(self) -> bool:
        """Whether it has a form with files."""
        return self.headers.get("content-type", "").startswith("multipart/form-data")

    def told_headers(self) -> Iterator[tuple[str, str]]:
        """The headers that must be told, with a variable of the shell for a key."""
        for name, value in self.headers.items():
            if name not in _OWN and not (name == "content-type" and self.is_multipart):
                yield name, masked_header(name, value, self.key, lambda _: _variable())

    def text(self) -> str | None:
        """The body, if all of it is known, and it is text that a terminal shows."""
        if not self.is_whole:
            return None
        try:
            text = without_keys(self.body.decode(), self.key)
        except UnicodeDecodeError:
            return None
        if not re.sub(r"[\n\t]", "", text).isprintable():
            try:  # JSON has escapes for the rest.
                text = json.dumps(json.loads(text), separators=(",", ":"))
            except (ValueError, RecursionError):
                return None
        return text


def curl(sent: Sent) -> str:
    """A request as a command."""
    has_body = bool(sent.body)
    words = ["curl", "-sSIg" if sent.method == "HEAD" else "-sSig"]
    if sent.method not in ("HEAD", "POST" if has_body else "GET"):
        words += ["-X", shlex.quote(sent.method)]
    words.append(shlex.quote(without_keys(sent.url, sent.key)))
    for name, value in sent.told_headers():
        words += ["-H", _in_shell(f"{name}: {value}" if value else f"{name};")]
    if sent.is_multipart:
        for name, value in sent.form.items():
            flag = "-F" if value.startswith("@") else "--form-string"
            words += [flag, shlex.quote(without_keys(f"{name}={value}", sent.key))]
    elif has_body:
        if "content-type" not in sent.headers:
            words += ["-H", "'content-type:'"]
        text = sent.text()
        words += (
            ["--data-binary", "@request.body"] if text is None else ["--data-raw", _in_shell(text)]
        )
    return " ".join(words)


def python(sent: Sent) -> str:
    """A request as a script."""
    arguments = [repr(sent.method), repr(without_keys(sent.url, sent.key))]
    body = next(_body(sent), "")
    headers = [
        f"        {name!r}: {_in_python(value)},\n"
        for name, value in sent.told_headers()
        if not (name == "accept" and value == "*/*")
        and not (name == "content-type" and body.startswith("json="))
    ]
    if headers:
        arguments.append("headers={\n" + "".join(headers) + "    }")
    if body:
        arguments.append(body)
    lines = "".join(f"    {argument},\n" for argument in arguments)
    modules = "import os\n\nimport httpx" if "os.environ[" in lines else "import httpx"
    return (
        f"{modules}\n\nanswer = httpx.request(\n{lines})\nprint(answer.status_code, answer.text)\n"
    )


def _body(sent: Sent) -> Iterator[str]:
    if sent.is_multipart:
        fields = (f"{name!r}: {_part(value)}" for name, value in sent.form.items())
        yield without_keys(f"files={{{', '.join(fields)}}}", sent.key)
    elif sent.body:
        text = sent.text()
        if text is None:
            yield 'content=open("request.body", "rb").read()'
            return
        if sent.headers.get("content-type") == "application/json" and not _ODD.search(text):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                pass
            else:
                yield "json=" + _indented(pprint.pformat(value, width=88, sort_dicts=False))
        yield f"content={text!r}"


def _part(value: str) -> str:
    return f'open({value[1:]!r}, "rb")' if value.startswith("@") else f"(None, {value!r})"


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * len("    json="))


def _variable() -> str:
    return f"${contract().document.security.variable}"


def _in_shell(text: str) -> str:
    """A word for a shell, in which the variable of the key is replaced."""
    before, found, after = text.partition(_variable())
    if not found:
        return shlex.quote(text)
    if re.fullmatch(r"[\w :.-]*", before + after):
        return f'"{text}"'
    return "".join([shlex.quote(before), f'"{found}"', shlex.quote(after) if after else ""])


def _in_python(text: str) -> str:
    before, found, after = text.partition(_variable())
    parts = [
        repr(before) if before or not found else "",
        f"os.environ[{contract().document.security.variable!r}]" if found else "",
        repr(after) if after else "",
    ]
    return " + ".join(filter(None, parts))

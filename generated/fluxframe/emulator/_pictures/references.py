# A copy of codegen/runtime/emulator/_pictures/references.py, where it is edited.
"""The pictures that a request gives, in order, and where each of them is."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .._contract.models import Values

# More of them are not shown.
MOST_REFERENCES = 16
_URL = re.compile(r"(?i)data:|[a-z][a-z0-9+.\-]*://")


@dataclass(frozen=True, slots=True)
class FileName:
    """The name of a picture of a job: of an index from 0, or of all of them in one (None)."""

    job: str
    index: int | None
    format: str

    def __str__(self) -> str:
        number = "all" if self.index is None else self.index + 1
        return f"{self.job}-{number}.{self.format}"


def file_name(name: str) -> FileName | None:
    """What a file's name says; None if it is not the name of a file here."""
    found = re.fullmatch(r"(.+)-(all|[1-9][0-9]?)\.([a-z]+)", name)
    if found is None:
        return None
    index = None if found[2] == "all" else int(found[2]) - 1
    return FileName(found[1], index, found[3])


def given(values: Values) -> list[str]:
    """The URLs of the pictures that a request gives, those that it must give first."""
    urls = list(values.references())
    for parameter in values.model.with_role(None):
        if values.is_given(parameter):
            # What has no role and is a URL is a picture too, such as one of a style to follow.
            urls += [text for text in texts(values.of(parameter.name)) if is_url(text)]
    return urls[:MOST_REFERENCES]


def mask(values: Values) -> str | None:
    """The URL of the picture that says what is to be drawn anew; it may be base64 alone."""
    value = values.by_role("mask")
    if not isinstance(value, str):
        return None
    return value if is_url(value) else f"data:;base64,{value}"


def is_url(text: str) -> bool:
    """Whether a text is a URL."""
    return _URL.match(text) is not None


def is_data(url: str) -> bool:
    """Whether a URL holds its picture itself."""
    return url[:5].lower() == "data:"


def name_in(url: str) -> str:
    """The last part of a URL's path: what a file or an upload here is called by."""
    return re.split("[?#]", url, maxsplit=1)[0].rpartition("/")[2]


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine by its name alone; none is looked up."""
    if not host:
        return False
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def data_of(url: str, most: int) -> bytes | None:
    """The bytes in a data URL; None if they are more than may be, or not base64."""
    head, _, data = url.partition(",")
    if len(data) > 4 * most:
        return None
    raw = urllib.parse.unquote_to_bytes(data)
    if head.lower().endswith(";base64"):
        try:
            raw = base64.b64decode(raw)
        except (binascii.Error, ValueError):
            return None
    return raw if len(raw) <= most else None


def texts(value: Any) -> Iterator[str]:
    """The texts in a value, in lists and objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)

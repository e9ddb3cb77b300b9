# A copy of codegen/runtime/emulator/_webhooks/targets.py, where it is edited.
"""Where the URL of a webhook leads, and whether a local server may post there."""

from __future__ import annotations

import base64
import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from .._options import OptionError

_PORTS = {"http": 80, "https": 443}
# What no URL has; parsers differ in what they make of it.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
_BRACKETS = re.compile(r"\[[^\[\]]*\](?::[0-9]*)?")
_SAFE = "!#$%&'()*+,/:;=?@[]~"
_LOCALHOST = ("127.0.0.1", "::1")


class RefusedError(ValueError):
    """Nothing is posted to the URL; the message says why."""


class Origin(NamedTuple):
    """What connections are for."""

    host: str
    port: int
    tls: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect to, and the beginning of each request there.

    `addresses` are those that were checked, so that nothing is looked up again; of a name that is
    allowed, it is the name. `shown` is the URL without what may be secret in it.
    """

    origin: Origin
    addresses: tuple[str, ...]
    head: bytes
    shown: str


def allowed_hosts(hosts: Iterable[str]) -> frozenset[str]:
    """Names and addresses in the form in which they are compared. Raises ValueError."""
    if isinstance(hosts, str):
        raise OptionError("webhook_hosts", f"{hosts!r} is one text, expected several: ({hosts!r},)")
    found = set()
    for host in hosts:
        name = host.removeprefix("[").removesuffix("]")
        try:
            if not name or (":" in name and "]" not in host and _is_with_port(name)):
                raise RefusedError
            found.add(_canonical(name))
        except RefusedError:
            raise OptionError(
                "webhook_hosts",
                f"{host!r} is not the name of a host, such as 'host.docker.internal'; "
                "ports and schemes are left out",
            ) from None
    return frozenset(found)


def target_of(url: str, allowed: frozenset[str] = frozenset()) -> Target:
    """The target of a URL. Raises RefusedError."""
    if _UNSAFE.search(url):
        raise RefusedError("the URL holds a space, a backslash or a control character")
    try:
        parts = urlsplit(url)
        port, name = parts.port, parts.hostname
    except ValueError as error:
        raise RefusedError(f"not a URL: {error}") from None
    bare = parts.netloc.rpartition("@")[2]
    if "[" in bare and not _BRACKETS.fullmatch(bare):
        raise RefusedError(f"host {bare!r} is not an address")
    if parts.scheme not in _PORTS:
        raise RefusedError(f"scheme {parts.scheme!r}; expected http or https")
    if not name or port == 0:
        raise RefusedError("the URL names no host" if not name else "port 0")
    host = _canonical(name)
    addresses = _addresses(host, allowed)
    port = port or _PORTS[parts.scheme]
    authority = f"[{host}]" if ":" in host else host
    if port != _PORTS[parts.scheme]:
        authority += f":{port}"
    path = quote(parts.path or "/", safe=_SAFE)
    query = "?" + quote(parts.query, safe=_SAFE) if parts.query else ""
    head = f"POST {path}{query} HTTP/1.1\r\nHost: {authority}\r\n{_credentials(parts)}"
    shown = f"{parts.scheme}://{authority}{path}{'?…' if query else ''}"
    origin = Origin(host, port, parts.scheme == "https")
    return Target(origin, addresses, head.encode("ascii"), shown)


def shown(url: str) -> str:
    """A URL that is not understood, as far as it holds no secret."""
    bare = url.partition("?")[0].partition("#")[0]
    scheme, slashes, rest = bare.partition("//")
    authority, slash, path = rest.partition("/")
    return (scheme + slashes + authority.rpartition("@")[2] + slash + path)[:500]


def _addresses(host: str, allowed: frozenset[str]) -> tuple[str, ...]:
    if host == "localhost" or host.endswith(".localhost"):
        return _LOCALHOST
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local and host not in allowed:
        raise RefusedError(
            f"host {host} is not loopback and not allowed; pass webhook_hosts=[{host!r}] or "
            f"--allow-webhook-host {host}"
        )
    return (host,)


def _canonical(name: str) -> str:
    """A host in one form: as DNS has it, or an address as it is usually written."""
    host = name.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise RefusedError(f"host {name!r} is not a name") from None
    host = host.removesuffix(".")
    if ":" in host:
        try:
            address = ipaddress.IPv6Address(host.partition("%")[0])
        except ValueError:
            raise RefusedError(f"host {name!r} is not an address") from None
        return str(address.ipv4_mapped or address)
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):
        try:  # 127.1, 2130706433 and 0x7f000001 are all one address.
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            raise RefusedError(f"host {name!r} is not an address") from None
    if not re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", host):
        raise RefusedError(f"host {name!r} is not a name")
    return host


def _is_with_port(name: str) -> bool:
    try:
        ipaddress.IPv6Address(name)
    except ValueError:
        return True
    return False


def _credentials(parts: SplitResult) -> str:
    """The header of a user and a password that stand in a URL."""
    if parts.username is None:
        return ""
    both = unquote_to_bytes(parts.username) + b":" + unquote_to_bytes(parts.password or "")
    return f"Authorization: Basic {base64.b64encode(both).decode()}\r\n"

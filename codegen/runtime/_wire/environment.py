"""What the environment says: the client's own variables, proxies, and trusted certificates.

What is wrong in it is a ConfigurationError that names the variable; a password is never shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from .._errors import ConfigurationError
from .._redact import show

T = TypeVar("T")

# This machine. A proxy would look for it on its own side.
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::")
_LONGEST_HOST = 253
# Characters of a path that are shown.
_PATH = 200
_SCHEMES = ("http", "https", "socks5", "socks5h")
# What files and editors put around a value; no value of ours has it at its ends.
_DRESS = "\ufeff \t\r\n\v\f"
_HOST = re.compile(r"(?:\*?\.)?[A-Za-z0-9](?:[A-Za-z0-9._-]*)(?::[0-9]{1,5})?", re.ASCII)


def variable(name: str) -> str | None:
    """A variable of the client's own, without white space around it; None if it is not set or empty.

    Raises ConfigurationError for one that is blank.
    """
    given = os.environ.get(name) or None
    value = None if given is None else given.strip(_DRESS)
    if value == "":
        raise ConfigurationError(f"{name}: it is blank; set it to a value, or unset it")
    return value


def proxy_mounts(
    library: str, transport: Callable[[str], T], refusing: Callable[[ConfigurationError], T]
) -> dict[str, T | None]:
    """What httpx calls mounts: the transport over a proxy, or None, by the URLs that it is for.

    `refusing` makes one that says that a proxy can't be used: only who would go by it minds.
    """
    found = _proxies()
    if not found:
        return {}
    mounts: dict[str, T | None] = {}
    for scheme, value in found.items():
        try:
            _check_proxy(_variable(scheme), value, library)
        except ConfigurationError as error:
            mounts[f"{scheme}://"] = refusing(error)
        else:
            mounts[f"{scheme}://"] = transport(value if "://" in value else f"http://{value}")
    return {**mounts, **dict.fromkeys(_direct())}


def _proxies() -> dict[str, str]:
    """The proxies in effect, by scheme, `all` for any."""
    from urllib.request import getproxies  # Slow to import.

    known = {scheme: value.strip(_DRESS) for scheme, value in getproxies().items()}
    if "*" in (host.strip() for host in known.get("no", "").split(",")):
        return {}
    return {scheme: known[scheme] for scheme in ("http", "https", "all") if known.get(scheme)}


def _direct() -> Iterator[str]:
    """The URLs that no proxy is asked for: of this machine, and of the hosts that NO_PROXY lists.

    An entry that can't be read is passed over, as by curl.
    """
    from urllib.request import getproxies

    for host in _LOOPBACK:
        yield f"all://[{host}]" if ":" in host else f"all://{host}"
    for entry in getproxies().get("no", "").split(","):
        host = entry.strip(_DRESS)
        if len(host) > _LONGEST_HOST or not host:
            continue
        if _is_ip(host.strip("[]")):
            host = host.strip("[]")
            yield f"all://[{host}]" if ":" in host else f"all://{host}"
        elif _HOST.fullmatch(host):
            yield f"all://{host}" if host.startswith("*") else f"all://*{host}"


def _is_ip(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return "%" not in host and bool(ip_address(host))
    except ValueError:
        return False


def _variable(scheme: str) -> str:
    """The variable that names a proxy; one in lower case counts before one in upper case."""
    name = f"{scheme}_proxy"
    found = [known for known, value in os.environ.items() if known.lower() == name and value]
    return max(found, default="the proxy of the system's settings")


def _check_proxy(name: str, value: str, library: str) -> None:
    scheme = ""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        fits = 0 < len((parts.hostname or "").encode("idna")) <= _LONGEST_HOST
        if fits and parts.port != 0 and not re.search(r"[\x00-\x20\x7f\ufeff]", value):
            scheme = parts.scheme
    except ValueError:  # Such as a port that is not a number.
        pass
    if scheme not in _SCHEMES:
        raise ConfigurationError(
            f"{name}: {show(without_password(value))} is not the URL of a proxy; set it to one such "
            "as http://proxy.example:8080, or unset it"
        )
    if scheme.startswith("socks"):
        try:
            import_module("socksio")
        except ImportError:
            raise ConfigurationError(
                f"{name}: {show(without_password(value))} is a SOCKS proxy, which needs one more "
                f'package: pip install "{library}[socks]"'
            ) from None


def without_password(value: str) -> str:
    """A proxy without its user and password, which may hold any character if it is malformed."""
    value = value[:2000]
    scheme = match[0] if (match := re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", value)) else ""
    whole = value.removeprefix(scheme)
    host = whole.rpartition("@")[2]
    return scheme + re.sub(r":[^\]:]*[^0-9\]:/][^\]:]*$", ":…", host)


@contextmanager
def trusting() -> Iterator[None]:
    """Loads the certificates that are trusted. Raises ConfigurationError for variables that name none."""
    if (folder := os.environ.get("SSL_CERT_DIR")) and not any(
        Path(part).is_dir() for part in folder.split(os.pathsep)
    ):
        raise ConfigurationError(
            f"SSL_CERT_DIR: {show(folder, _PATH)} is not a folder; set it to one with certificates, or unset it"
        )
    try:
        yield
    except (OSError, ValueError) as error:  # The one of OpenSSL is an OSError.
        if (file := os.environ.get("SSL_CERT_FILE")) and not _has_certificates(file):
            raise ConfigurationError(
                f"SSL_CERT_FILE: {show(file, _PATH)} is not a file of certificates in PEM format "
                f"({type(error).__name__}); set it to one, or unset it"
            ) from error
        if file := os.environ.get("SSLKEYLOGFILE"):
            raise ConfigurationError(
                f"SSLKEYLOGFILE: {show(file, _PATH)} can't be written ({type(error).__name__}); set it to a "
                "file that can, or unset it"
            ) from error
        raise


def _has_certificates(file: str) -> bool:
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except (OSError, ValueError):
        return False
    return True


def distrust_note() -> str:
    """What a failure over a certificate adds: where the trusted ones come from."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(name):
            return f"trusted are the certificates of {name}, {show(os.environ[name], _PATH)}"
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if os.environ.get(name):
            return f"{name} is not read; SSL_CERT_FILE is"
    return "SSL_CERT_FILE can name a file of certificates to trust"


def proxy_note(url: str) -> str | None:
    """What a failure on the way to a URL adds: the proxy, if it goes by one."""
    from urllib.request import proxy_bypass

    parts, found = urlsplit(url), _proxies()
    scheme = parts.scheme if parts.scheme in found else "all"
    host = parts.hostname or ""
    if scheme not in found or host in _LOOPBACK or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return f"by the proxy {show(without_password(found[scheme]))} of {_variable(scheme)}"

"""The settings of a client, checked: where it sends, with which key, how long and how often."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._catalog import API
from .._check import checked_validation
from .._errors import ConfigurationError
from .._problems import Validation
from .._redact import Secret, hidden, short_repr, show, without_query
from .calls import Instrument
from .environment import variable, without_password
from .http import is_http

DEFAULT_TIMEOUT = 60.0
DEFAULT_DEADLINE = 300.0
DEFAULT_RETRIES = 3
# Seconds; sockets take no more than a few times this.
_LONGEST = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a client; times are in seconds.

    The key and the base URL may be in the environment. Raises ConfigurationError for a setting that
    can't be used.
    """

    api_key: Secret | None = None
    base_url: str = ""
    timeout: float = DEFAULT_TIMEOUT
    deadline: float = DEFAULT_DEADLINE
    max_retries: int = DEFAULT_RETRIES
    validation: Validation = "error"
    instrument: Instrument | None = None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        for name, check in _CHECKS.items():
            shown, value = name, getattr(self, name)
            if not value and (known := _VARIABLES.get(name)):
                shown, value = known, variable(known)
            if name == "api_key":
                value = hidden(value)
            object.__setattr__(self, name, check(shown, value))

    def changed(self, **changes: Any) -> Settings:
        """A copy with other settings; None keeps a setting."""
        return replace(
            self, **{name: value for name, value in changes.items() if value is not None}
        )


def checked_seconds(name: str, value: float) -> float:
    """A finite number of seconds above 0. Raises ConfigurationError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        raise ConfigurationError(f"{name}: {show(value)} is not a number of seconds above 0")
    return value


def checked_key(key: Secret | object, name: str = "api_key") -> Secret:
    """The API key. Raises ConfigurationError for an invalid one, without showing it."""
    if key == "":
        raise ConfigurationError(f"{name}: it is empty")
    if not isinstance(key, Secret):
        raise ConfigurationError(f"{name}: a {type(key).__qualname__}, expected text")
    if not re.fullmatch(r"[!-~]+", key.reveal()):
        first = f"`{API.key_prefix}`" if API.key_prefix else "its first"
        raise ConfigurationError(
            f"{name}: it contains a character that keys never have, such as a space or a line break; "
            f"copy it again, from {first} to its last letter"
        )
    return key


def _checked_key(name: str, key: Secret | object) -> Secret | None:
    return checked_key(key, name) if key else None


def _checked_url(name: str, url: str | None) -> str:
    url = API.base_url if url is None else url
    if not isinstance(url, str):
        raise ConfigurationError(f"{name}: a {type(url).__qualname__}, expected text")
    if not (re.fullmatch(r"[!-~]+", url) and is_http(url)) or re.search(r"[?#]", url):
        raise ConfigurationError(
            f"{name}: {without_password(without_query(url))!r} is not an http or https URL without a query; expected "
            f"one such as {API.base_url}"
        )
    return url.rstrip("/")


def _count(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigurationError(f"{name}: {show(value)} is not a whole number from 0")
    return value


def _checked_validation(name: str, value: Validation) -> Validation:
    return checked_validation(value)


def _callable(name: str, value: Any) -> Any:
    if value is not None and not callable(value):
        raise ConfigurationError(f"{name}: a {type(value).__qualname__}, expected a function")
    return value


_VARIABLES = {"api_key": API.key_variable, "base_url": API.base_url_variable}
_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "api_key": _checked_key,
    "base_url": _checked_url,
    "timeout": checked_seconds,
    "deadline": checked_seconds,
    "max_retries": _count,
    "validation": _checked_validation,
    "instrument": _callable,
}

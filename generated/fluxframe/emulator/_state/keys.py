# A copy of codegen/runtime/emulator/_state/keys.py, where it is edited.
"""The API keys that are good, as code or a file lists them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from .._options import OptionError
from .masking import shown_key

MOST_CREDITS = 2**53
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Key:
    """A valid API key and its account. Raises ValueError for an invalid one.

    Args:
        key: The key.
        credits: Its initial credits; None is the emulator's default.
        active: Whether it may be used.
        admin: Whether its user may see all jobs of the team.
        name: What it is called.
        team: The name of its user's team.
    """

    key: str = field(repr=False)
    credits: int | None = None
    active: bool = True
    admin: bool = False
    name: str = "Emulator"
    team: str = "Emulator"

    def __post_init__(self) -> None:
        for name in ("key", "name", "team"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ValueError(f"{name}: {value!r} is not a text of at least one character")
        if not may_be(self.key):
            raise ValueError(
                f"key: {shown_key(self.key)!r} can't be sent in a header; expected at most "
                f"{_LONGEST} characters of ASCII, no spaces around them"
            )
        for name in ("active", "admin"):
            value = getattr(self, name)
            if not isinstance(value, bool):
                raise ValueError(f"{name}: {value!r} is neither true nor false")
        said = self.credits
        whole = isinstance(said, int) and not isinstance(said, bool)
        if said is not None and not (whole and 0 <= said <= MOST_CREDITS):
            raise ValueError(f"credits: {said!r} is not a whole number of credits, 0 or more")


def may_be(key: str) -> bool:
    """Whether a key can be sent in a header."""
    return len(key) <= _LONGEST and key.isascii() and key.isprintable() and key == key.strip()


def checked(keys: Iterable[Key], prefix: str) -> dict[str, Key]:
    """Keys by what they are. Raises ValueError if one is there twice, or begins otherwise than keys do."""
    found: dict[str, Key] = {}
    for number, key in enumerate(keys):
        if not isinstance(key, Key):
            raise _wrong(
                f'keys[{number}]: a {type(key).__name__} is not a Key; pass keys=[Key("{prefix}…")]'
            )
        if not key.key.startswith(prefix):
            raise _wrong(f"keys[{number}]: {shown_key(key.key)!r} does not begin with {prefix!r}")
        if key.key in found:
            raise _wrong(
                f"keys[{number}]: {shown_key(key.key)!r} is there twice; leave one of them"
            )
        found[key.key] = key
    if not found:
        raise OptionError("keys", "there are none; list at least one, or leave keys out for any")
    return found


def read_keys(path: Path) -> list[Key]:
    """Read keys from a file, TOML or JSON. Raises ValueError if it is invalid."""
    import tomllib  # Only a file needs it.

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise OptionError("keys", f"{path} can't be read ({error})") from None
    try:
        said: Any = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise OptionError("keys", f"{path} is not valid {kind} ({error})") from None
    listed = said.get("keys") if isinstance(said, dict) else said
    if not isinstance(listed, list):
        raise OptionError(
            "keys", f"{path} has no list of keys; expected tables [[keys]], each with a key"
        )
    return [_key(path, number, entry) for number, entry in enumerate(listed)]


def _key(path: Path, number: int, entry: Any) -> Key:
    place = f"{path}: keys[{number}]"
    if isinstance(entry, str):
        entry = {"key": entry}
    if not isinstance(entry, Mapping):
        raise _wrong(f"{place}: {entry!r} is not a key; expected one with a key and what it has")
    known = [each.name for each in fields(Key)]
    if unknown := [name for name in entry if name not in known]:
        raise _wrong(f"{place}: {unknown[0]!r} is unknown; expected {', '.join(known)}")
    if "key" not in entry:
        raise _wrong(f"{place}: key is missing")
    try:
        return Key(**entry)
    except ValueError as error:
        raise _wrong(f"{place}: {error}") from None


def _wrong(problem: str) -> OptionError:
    return OptionError("keys", problem, is_placed=True)

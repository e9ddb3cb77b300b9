"""A list of faults in a file, TOML or JSON, so that a bad day can be had again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .fault import Fault, shown
from .forms import fault_of

MOST_FAULTS = 1_000
_MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Scenario:
    """What goes wrong from the start, and the seed of all chance in it."""

    faults: tuple[Fault, ...] = ()
    seed: int = 0
    where: str = "scenario"


def scenario_of(
    said: str | os.PathLike[str] | Mapping[str, Any] | None, seed: int | None = None
) -> Scenario:
    """A scenario, in a file or as it is; a seed takes the place of its own. Raises ValueError and OSError."""
    found = Scenario()
    if isinstance(said, Mapping):
        found = _scenario("scenario", said)
    elif said is not None:
        path = Path(said)
        found = _scenario(str(path), _read(path))
    return found if seed is None else replace(found, seed=seed)


def _read(path: Path) -> Any:
    if path.suffix.lower() not in (".toml", ".json"):
        raise ValueError(f"{path}: expected a file whose name ends in .toml or .json")
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError(f"{path}: expected at most {_MOST_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
        if path.suffix.lower() == ".json":
            return json.loads(text)
        import tomllib  # Few servers read it.

        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: is not valid {path.suffix[1:].upper()}: {error}") from None


def _scenario(where: str, said: Any) -> Scenario:
    if not isinstance(said, Mapping):
        raise ValueError(f"{where}: expected an object with faults, and perhaps a seed")
    for name in said:
        if name not in ("seed", "faults"):
            raise ValueError(
                f"{where}: {shown(name)}: there is no such word; expected faults or seed"
            )
    seed, faults = said.get("seed", 0), said.get("faults", [])
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise ValueError(f"{where}: seed: {shown(seed)} is not a whole number")
    if not isinstance(faults, list | tuple):
        raise ValueError(f"{where}: faults: expected a list")
    if len(faults) > MOST_FAULTS:
        raise ValueError(
            f"{where}: {len(faults)} faults are too many; expected at most {MOST_FAULTS}"
        )
    made = []
    for number, each in enumerate(faults, 1):
        try:
            made.append(each if isinstance(each, Fault) else fault_of(each))
        except ValueError as error:
            raise ValueError(f"{where}: fault {number}: {error}") from None
    return Scenario(tuple(made), seed, where)

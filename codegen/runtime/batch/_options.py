"""The arguments of a batch, checked before anything is opened or sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._errors import ConfigurationError
from .._redact import short_repr, show
from .._saving import check_name
from .._waiting import Polls
from ._rows import is_path
from ._summary import BatchProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOptions:
    """What holds for a row by itself: the arguments of `run_row`, checked."""

    out: Path | None
    resubmit: int
    interval: float | None
    deadline: float | None
    retry_failed: bool
    resubmit_unknown: bool
    concurrency: int = 1

    __repr__ = short_repr

    @property
    def folder(self) -> str:
        """The folder of the images, by its slash also when somebody has removed it."""
        assert self.out is not None
        return f"{self.out}/"

    def make_out(self) -> None:
        """Make the folder of the images, if there is to be one. Raises OSError."""
        if self.out is not None:
            self.out.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(RowOptions):
    """The arguments of `run` but for the requests, checked."""

    journal: Path
    manifest: Path
    skip_invalid: bool
    on_progress: Callable[[BatchProgress], object] | None

    __repr__ = short_repr


def row_options_of(*, out: str | os.PathLike[str] | None, **others: Any) -> RowOptions:
    """The options of a call of `run_row`. Raises ConfigurationError for one that can't be used."""
    options = RowOptions(out=None if out is None else Path(out), **others)
    _check_values(options)
    return options


def options_of(
    requests: object,
    *,
    journal: str | os.PathLike[str],
    out: str | os.PathLike[str] | None,
    manifest: str | os.PathLike[str] | None,
    **others: Any,
) -> Options:
    """The options of a call of `run`. Raises ConfigurationError for one that can't be used."""
    path = Path(journal)
    beside = path.with_name(f"{path.stem}.manifest.jsonl")
    options = Options(
        journal=path,
        manifest=beside if manifest is None else Path(manifest),
        out=None if out is None else Path(out),
        **others,
    )
    _check_values(options)
    _check_files(requests, options)
    return options


def _check_values(options: RowOptions) -> None:
    """Check what holds for each row. Raises ConfigurationError."""
    for name, least in (("concurrency", 1), ("resubmit", 0)):
        value = getattr(options, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ConfigurationError(f"{name}: {show(value)} is not an integer of at least {least}")
    out = options.out
    if out is not None and os.path.lexists(out) and not out.is_dir():
        raise ConfigurationError(f"out: {out} is not a folder")
    Polls(options.deadline, options.interval)


def _check_files(requests: object, options: Options) -> None:
    """Check that each file is one of its own, and can be what it is for. Raises ConfigurationError."""
    journal, manifest = options.journal, options.manifest
    if _same(manifest, journal):
        raise ConfigurationError(f"manifest: {manifest} is the journal")
    if is_path(requests) and (_same(requests, journal) or _same(requests, manifest)):
        raise ConfigurationError(f"requests: {requests} is the journal or the manifest")
    for name, file in (("journal", journal), ("manifest", manifest)):
        if not file.parent.is_dir():
            raise ConfigurationError(f"{name}: there is no folder {file.parent}")
        try:
            check_name(file)
        except OSError as error:
            raise ConfigurationError(f"{name}: {show(str(file))}: {error.strerror}") from None
        # What a device or a pipe takes can't be read again; of the manifest, nobody needs that.
        if file.is_dir() or (name == "journal" and file.exists() and not file.is_file()):
            raise ConfigurationError(f"{name}: {file} is not a file")


def _same(one: str | os.PathLike[str], other: Path) -> bool:
    """Whether two paths lead to the same file, which need not exist."""
    return os.path.realpath(one) == os.path.realpath(other)

"""The contact sheet of the README: of each family the first example that is made from words alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch

import fluxframe
from fluxframe.cli._examples import Example, documented, run_examples, sheet_of
from fluxframe.emulator import Emulator

PATH = Path(__file__).resolve().parents[2] / "docs" / "images" / "contact-sheet.webp"
# Pixels; on a page about 800 wide, the titles are as large as its text.
WIDTH, ROW_HEIGHT = 1600, 230
_QUALITY = 80


class Silent:
    """Watches nothing."""

    def began(self, example: Example) -> None:
        """It was begun."""

    def ended(self, example: Example) -> None:
        """It has ended."""


@contextmanager
def fixed_ids(seed: int) -> Iterator[None]:
    """Has the emulator draw its ids, and the seeds of pictures with them, from a seed."""
    source = SimpleNamespace(urandom=Random(seed).randbytes)
    with patch("fluxframe.emulator._state.ids.os", source):
        yield


def chosen() -> list[Example]:
    """Of each family the first example that is made from words alone, in the order of the spec."""
    found: dict[str, Example] = {}
    for example in documented():
        gives = "://" in json.dumps(dict(example.request)) or example.asked("parent") is not None
        if example.asked("prompt") and not gives:
            found.setdefault(fluxframe.models[example.model].family, example)
    return list(found.values())


def made() -> bytes:
    """The sheet as WebP."""
    examples = chosen()
    with TemporaryDirectory() as folder, fixed_ids(seed=3):
        with Emulator(job_seconds=0) as emulator, emulator.client() as client:
            # One after another, so that each has the same id every time.
            run_examples(client, examples, Path(folder), Silent(), at_once=1)
        faults = [f"{example.model}: {example.fault}" for example in examples if example.fault]
        if faults:
            raise RuntimeError("; ".join(faults))
        sheet = sheet_of(examples, captions=False, width=WIDTH, row_height=ROW_HEIGHT)
    file = io.BytesIO()
    sheet.save(file, "WEBP", quality=_QUALITY, method=6)
    return file.getvalue()

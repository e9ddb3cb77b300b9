"""The aims that the page of benchmarks tells are those of the code, and those that it lists were missed."""

from __future__ import annotations

import re

from ..bench.emulator import GOALS
from .blocks import ROOT

ROW = re.compile(r"^\| (.+?) \| at (most|least) ([\d.]+).*? \| ([\d.]+)×? \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs/benchmarks.md").read_text(encoding="utf-8"))


def test_the_aims_are_those_of_the_code() -> None:
    told = [float(aim) for of, _, aim, _ in ROWS if of.startswith("emulator")]
    assert told == [GOALS[of] for of in ("start", "submit", "poll", "webhooks")]


def test_what_is_listed_as_missed_was_missed() -> None:
    for of, bound, aim, measured in ROWS:
        assert (float(measured) > float(aim)) == (bound == "most"), of

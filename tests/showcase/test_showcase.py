"""The pictures of the README show what runs now."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

pytest.importorskip("pty")  # Windows has none.

import fluxframe

from . import sheet, terminal


def test_the_sheet_is_what_the_examples_make() -> None:
    with Image.open(sheet.PATH) as file, Image.open(io.BytesIO(sheet.made())) as now:
        assert file.size == now.size
        # Other versions of the encoder make other bytes of the same picture.
        apart = ImageChops.difference(file.convert("RGB"), now.convert("RGB"))
        assert max(ImageStat.Stat(apart).mean) < 3
        assert file.width <= 1600
    assert sheet.PATH.stat().st_size < 400_000


def test_the_sheet_has_one_picture_of_a_family() -> None:
    families = [fluxframe.models[example.model].family for example in sheet.chosen()]
    assert len(families) == len(set(families)) > 10


def test_the_terminal_shows_what_the_commands_print() -> None:
    shown = terminal.text_of(terminal.PATH.read_text(encoding="utf-8"))
    assert shown == terminal.text_of(terminal.svg(terminal.recorded()))
    typed = [line.removeprefix(terminal.PROMPT) for line in shown if line.startswith("$ ")]
    assert tuple(typed) == terminal.SESSION
    assert any("━" in line and "PROCESSING" in line for line in shown)
    assert any(line.startswith("fluxframe: width: 4000 is above") for line in shown)


@pytest.mark.parametrize(
    "path", sorted(sheet.PATH.parent.glob("*.svg")), ids=lambda path: path.name
)
def test_a_drawing_fetches_nothing(path: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert set(re.findall(r"https?://[^\"'\s)]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not re.search(r"url\((?!#)|@import|<script|<image", text)

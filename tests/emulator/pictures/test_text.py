"""Text of any script: in a font that has it, or in boxes that say which characters are missing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from fluxframe.emulator._pictures import fonts, text
from fluxframe.emulator._pictures.cmap import coverage
from fluxframe.emulator._pictures.direction import is_rtl, levels
from fluxframe.emulator._pictures.drawing import picture
from fluxframe.emulator._pictures.faces import BOXES, BUNDLED, face_of
from fluxframe.emulator._pictures.text import draw_line, shown, width, wrap

from .conftest import scene

SCRIPTS = {
    "Latin": "Z\u00fcrich \u0141\u00f3d\u017a \u1ec7",
    "Greek": "\u039a\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1",
    "Cyrillic": "\u041f\u0440\u0438\u0432\u0435\u0442",
    "Hebrew": "\u05e9\u05dc\u05d5\u05dd",
    "Arabic": "\u0645\u0631\u062d\u0628\u0627",
    "Devanagari": "\u0928\u092e\u0938\u094d\u0924\u0947",
    "Thai": "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "Chinese": "\u4f60\u597d\u4e16\u754c",
    "Japanese": "\u3053\u3093\u306b\u3061\u306f",
    "Korean": "\uc548\ub155",
    "emoji": "\U0001f98a\u2744\ufe0f\U0001f469\u200d\U0001f680\U0001f1e8\U0001f1ed",
    "private": "\ue000\U000f0000",
}


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without fonts, such as most containers are."""
    monkeypatch.setattr(fonts, "_folders", lambda: iter(()))
    for cached in (fonts.found, fonts._fonts):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (fonts.found, fonts._fonts):
        cached.cache_clear()


def line(words: str, size: int = 24) -> Image.Image:
    image = Image.new("RGB", (900, 40))
    draw_line(image, (4, 30), words, size, (255, 255, 255))
    return image


def ink(words: str) -> int:
    return sum(level > 60 for level in line(words).convert("L").tobytes())


@pytest.mark.parametrize("script", SCRIPTS)
def test_any_script_is_drawn(script: str) -> None:
    words = SCRIPTS[script]
    assert ink(shown(words)) > 10 * len(words)
    assert line(shown(words)).tobytes() != line(shown(words[::-1] + words[0])).tobytes()


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.usefixtures("no_fonts")
def test_without_fonts_each_character_is_told_from_others(script: str) -> None:
    drawn = {line(shown(char)).tobytes(): char for char in SCRIPTS[script] if char.isprintable()}
    assert len(drawn) == len(
        {shown(char) for char in SCRIPTS[script] if char.isprintable() and shown(char)}
    )


@pytest.mark.usefixtures("no_fonts")
def test_accents_are_drawn_without_fonts() -> None:
    for accented, plain in zip(
        "\u00fc\u00e9\u00e8\u00f4\u00f1\u00e5\u0159\u00e7\u0105", "ueeonarca", strict=True
    ):
        assert face_of(accented) is BUNDLED
        assert width(accented, 24) == width(plain, 24)
        more = ink(accented) - ink(plain)
        assert 2 < more < 60, accented


@pytest.mark.usefixtures("no_fonts")
def test_what_no_font_has_is_a_box_and_not_a_dot() -> None:
    assert face_of("\u6771") is BOXES
    assert line("\u6771").tobytes() != line("\u4eac").tobytes()
    assert width("\u6771\u4eac", 24) == 2 * width("\u6771", 24)


@given(st.text(max_size=40), st.integers(8, 60))
def test_any_text_has_a_width_and_is_drawn(words: str, size: int) -> None:
    assert width(shown(words), size) >= 0
    draw_line(Image.new("RGB", (50, 50)), (0, 30), shown(words), size, (255, 255, 255))


@given(st.text(max_size=300), st.integers(40, 900), st.integers(0, 5))
def test_lines_fit(words: str, most: int, limit: int) -> None:
    lines = wrap(shown(words).split(), " ", 12, most, limit)
    assert len(lines) <= limit
    for found in lines:  # What is drawn as one is not broken, however wide it is.
        assert width(found, 12) <= most + 12 or len(found) < 12 or "\u200d" in found


@given(st.text(max_size=80))
def test_what_is_cut_is_the_end(words: str) -> None:
    lines = wrap(shown(words).split(), " ", 12, 10_000, 1)
    assert " ".join(lines) in (shown(words), "".join(lines))


# Directions.

HEBREW = "\u05e9\u05dc\u05d5\u05dd"


def visual(words: str) -> list[str]:
    return [run.text for run in text._visual(text._runs(words)) if run.text.strip()]


def test_lines_are_read_from_the_side_that_they_begin_on() -> None:
    assert not is_rtl("123 abc")
    assert is_rtl(f"123 {HEBREW}")
    assert visual(f"a {HEBREW} b") == ["a ", HEBREW, " b"]
    assert visual(f"{HEBREW} a b {HEBREW}") == [HEBREW, "a b", HEBREW]


def test_numbers_run_to_the_right_in_lines_that_run_to_the_left() -> None:
    assert visual(f"{HEBREW} 12 {HEBREW}") == [HEBREW, "12", HEBREW]
    assert levels(f"{HEBREW} 12")[-1] == ("12", 2)


@given(st.text(max_size=60))
def test_no_character_is_lost_on_the_way(words: str) -> None:
    assert "".join(part for part, _ in levels(words)) == words
    runs = text._runs(words)
    assert "".join(run.text for run in runs) == words
    assert sorted(run.text for run in text._visual(runs)) == sorted(run.text for run in runs)


# Fonts.


def font_file(path: Path, ranges: list[tuple[int, int]], kind: int = 12) -> Path:
    """A file that is a font as far as its table of characters goes."""
    if kind == 12:
        groups = b"".join(struct.pack(">III", start, end, 1) for start, end in ranges)
        table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(ranges)) + groups
    else:
        ranges = [*ranges, (0xFFFF, 0xFFFF)]
        ends = b"".join(struct.pack(">H", end) for _, end in ranges)
        starts = b"".join(struct.pack(">H", start) for start, _ in ranges)
        table = struct.pack(">HHHHHHH", 4, 0, 0, 2 * len(ranges), 0, 0, 0)
        table += ends + b"\0\0" + starts + b"\0\0" * 2 * len(ranges)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10 if kind == 12 else 1, 12) + table
    head = b"\0\1\0\0" + struct.pack(">HHHH", 1, 0, 0, 0)
    path.write_bytes(head + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap)
    return path


@pytest.mark.parametrize("kind", [4, 12])
def test_the_characters_of_a_font_are_read(kind: int, tmp_path: Path) -> None:
    found = coverage(font_file(tmp_path / "a.ttf", [(0x41, 0x5A), (0x4E00, 0x4E10)], kind))
    chars = "@AZ[\u4dff\u4e00\u4e10\u4e11\uffff"
    assert [char in found for char in chars] == [0, 1, 1, 0, 0, 1, 1, 0, 0]


@given(content=st.binary(max_size=200))
def test_what_is_no_font_has_no_characters(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "no-font.ttf"
    for head in (b"", b"\0\1\0\0\0\1", b"ttcf"):
        path.write_bytes(head + content)
        assert "a" not in coverage(path)


def test_a_font_that_is_not_there_has_no_characters(tmp_path: Path) -> None:
    assert "a" not in coverage(tmp_path / "none.ttf")


def look(font: ImageFont.FreeTypeFont, char: str) -> bytes:
    image = Image.new("L", (40, 40))
    ImageDraw.Draw(image).text((4, 4), char, 255, font)
    return image.tobytes()


def test_the_characters_of_real_fonts_are_those_that_they_draw() -> None:
    for face in fonts._fonts()[:3]:
        font = ImageFont.truetype(face.path, 20)
        missing = look(font, "\U0010ffff")
        for char in "aZ\u00e9\u03b1\u05d0\u0416\u4e00\u0e01\U0001f98a":
            assert face.has(char) == (look(font, char) != missing), (face.path, char)


def test_a_font_that_can_not_be_opened_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font_file(tmp_path / "broken.ttf", [(0x41, 0x10FFFF)])
    monkeypatch.setattr(fonts, "_folders", lambda: iter([tmp_path, tmp_path / "none"]))
    fonts.found.cache_clear()
    fonts._fonts.cache_clear()
    try:
        assert face_of("\u6771") is BOXES
    finally:
        monkeypatch.undo()
        fonts.found.cache_clear()
        fonts._fonts.cache_clear()


def test_the_search_for_fonts_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    monkeypatch.setattr(fonts, "_MOST_FILES", 5)
    for number in range(9):
        (tmp_path / f"{number}.ttf").touch()
    assert len(list(fonts._files(tmp_path))) <= 5


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_picture_tells_prompts_apart_by_their_labels(script: str) -> None:
    images = [picture(scene(SCRIPTS[script] + tail, (512, 512)), 0) for tail in ("", "!")]
    feet = [image.crop((0, 420, 512, 512)).tobytes() for image in images]
    assert feet[0] != feet[1]

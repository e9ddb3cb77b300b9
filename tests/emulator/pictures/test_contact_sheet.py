"""The contact sheet: every picture once, in rows without holes, with what it is below it."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from fluxframe.emulator._pictures import contact_sheet as module
from fluxframe.emulator._pictures import text
from fluxframe.emulator._pictures.contact_sheet import Shot, contact_sheet

WIDTH, HEIGHT = 600, 60
Box = tuple[int, int, int, int]
# A failing sheet takes long to shrink, and shows what is wrong at any size.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
SIZES = st.tuples(st.integers(60, 250), st.just(100))


def picture(size: tuple[int, int], colour: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def colour(number: int) -> tuple[int, int, int]:
    """A colour of its own, far from those of paper and ink."""
    return (255, 4 * number, 0)


def boxes(sheet: Image.Image, count: int) -> list[Box]:
    """Where each picture is."""
    found = []
    bands, nothing = sheet.split(), Image.new("L", sheet.size)
    for number in range(count):
        red, green, blue = colour(number)
        exact = [
            band.point([255 * (abs(value - wanted) <= 1) for value in range(256)])
            for band, wanted in zip(bands, (red, green, blue), strict=True)
        ]
        both = Image.composite(exact[0], nothing, exact[1])
        box = Image.composite(both, nothing, exact[2]).getbbox()
        assert box is not None, number
        found.append(box)
    return found


def rows_of(found: list[Box]) -> list[list[Box]]:
    rows: dict[int, list[Box]] = {}
    for box in found:
        rows.setdefault(box[1], []).append(box)
    return list(rows.values())


@settings(phases=QUICK, max_examples=25, deadline=None)
@given(sizes=st.lists(SIZES, min_size=1, max_size=30))
def test_rows_fill_the_sheet_and_no_picture_is_bent(sizes: list[tuple[int, int]]) -> None:
    shots = [Shot(picture(size, colour(n)), f"m{n}") for n, size in enumerate(sizes)]
    sheet = contact_sheet(shots, width=WIDTH, row_height=HEIGHT)
    found = boxes(sheet, len(shots))
    rows = rows_of(found)
    assert [box for row in rows for box in row] == found  # In their order.
    gap = found[0][0]
    for row in rows:
        assert len({box[3] for box in row}) == 1
        assert row[0][0] == gap
        assert row[-1][2] == sheet.width - gap
        assert {right[0] - left[2] for left, right in pairwise(row)} <= {gap}
    assert sheet.width == WIDTH or len(rows) == 1
    heights = [row[0][3] - row[0][1] for row in rows]
    assert max(heights) <= 2 * HEIGHT
    for (left, top, right, bottom), (wide, high) in zip(found, sizes, strict=True):
        assert abs((right - left) - (bottom - top) * wide / high) <= 1 + wide / high


@given(sizes=st.lists(SIZES, min_size=30, max_size=60))
@settings(phases=QUICK, max_examples=10, deadline=None)
def test_rows_of_many_pictures_are_about_equally_high(sizes: list[tuple[int, int]]) -> None:
    shots = [Shot(picture(size, colour(n)), f"m{n}") for n, size in enumerate(sizes)]
    rows = rows_of(boxes(contact_sheet(shots, width=WIDTH, row_height=HEIGHT), len(shots)))
    heights = [row[0][3] - row[0][1] for row in rows]
    assert 0.6 * HEIGHT <= min(heights)
    assert max(heights) <= 1.6 * HEIGHT


@pytest.mark.parametrize("size", [(30, 900), (2100, 900), (3000, 60), (1, 1), (1, 3000)])
def test_a_picture_of_any_shape_is_whole(size: tuple[int, int]) -> None:
    shots = [Shot(picture((90, 60), colour(n)), f"m{n}") for n in range(8)]
    shots.insert(3, Shot(picture(size, colour(8)), "odd"))
    sheet = contact_sheet(shots, width=WIDTH, row_height=HEIGHT)
    *others, odd = boxes(sheet, 9)
    assert odd[2] <= sheet.width
    wide, high = odd[2] - odd[0], odd[3] - odd[1]
    assert abs(wide - max(1, high * size[0] / size[1])) <= 1 + size[0] / size[1]
    assert all(box[2] - box[0] > 2 for box in others)


def test_a_title_is_said_once_and_what_has_it_stays_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []
    draw = text.draw_line

    def note(image: Image.Image, at: tuple[float, float], line: str, *rest: object) -> None:
        drawn.append(line)
        draw(image, at, line, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "draw_line", note)
    titles = [f"model-{n}" for n in range(12) for _ in range(1 + n % 3)]
    shots = [
        Shot(picture((90, 60), colour(n)), title, f"words {n}") for n, title in enumerate(titles)
    ]
    found = boxes(contact_sheet(shots, width=WIDTH, row_height=HEIGHT), len(shots))
    assert sorted(line for line in drawn if line.startswith("model")) == sorted(set(titles))
    assert sorted(drawn) == sorted([*set(titles), *(f"words {n}" for n in range(len(titles)))])
    for title in titles:
        of_one = {box[1] for box, name in zip(found, titles, strict=True) if name == title}
        assert len(of_one) == 1, title


def test_what_is_clear_shows_a_checkerboard() -> None:
    sheet = contact_sheet([Shot(picture((100, 100), (0, 0, 0, 0)), "cut-out")], row_height=HEIGHT)
    inside = sheet.crop((20, 20, 20 + HEIGHT, 20 + HEIGHT))
    assert {pixel for _, pixel in inside.getcolors() or []} == {(255, 255, 255), (223, 223, 226)}


def test_a_sheet_of_nothing_is_made() -> None:
    assert contact_sheet([]).size > (0, 0)

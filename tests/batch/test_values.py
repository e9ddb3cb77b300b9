"""Rows of pandas, numpy and databases: exactly what they hold, and nothing that would be lost."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import pytest

from fluxframe import ConfigurationError
from fluxframe._check import check_wire
from fluxframe.batch._files import read
from fluxframe.batch._rows import Row, row

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

FLEX = {"model": "flux-2-flex", "prompt": "a fox"}
URL = "https://example.com/a.png"


def flat(found: Row) -> dict[str, Any]:
    assert found.request is not None
    outer = dict(found.request)
    outer |= outer.pop("fluxParams", {})
    return outer


EXACT = [
    ("seed", np.int64(7), 7),
    ("seed", np.uint8(7), 7),
    ("seed", np.array(7), 7),
    ("seed", 7.0, 7),
    ("seed", np.float64(7), 7),
    ("seed", np.float32(7), 7),
    ("seed", Decimal(7), 7),
    ("seed", Decimal("7.00"), 7),
    ("guidance", np.float64(4.5), 4.5),
    ("guidance", np.float32(4.5), 4.5),
    ("guidance", np.int16(4), 4),
    ("guidance", Decimal("4.1"), 4.1),
    ("prompt_upsampling", np.bool_(True), True),
    ("prompt", np.str_("a fox"), "a fox"),
    ("input_images", np.array([URL]), [URL]),
    ("input_images", (URL,), [URL]),
]


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize(("name", "value", "plain"), EXACT)
def test_what_is_exact_is_taken(name: str, value: object, plain: object, wire: bool) -> None:
    shape = {**FLEX, name: value}
    if wire and name != "prompt":
        shape = {**FLEX, "fluxParams": {name: value}}
    found = row(0, shape)
    assert flat(found) == {**FLEX, name: plain}
    assert flat(found)[name] == plain
    assert isinstance(flat(found)[name], type(plain))
    assert found.content == row(0, {**FLEX, name: plain}).content
    assert check_wire(found.request or {}).ok


LOSSY = [
    ("seed", 7.5),
    ("seed", np.float64(7.5)),
    ("seed", 2.0**53),  # As a float, it stands for 2**53 + 1 too.
    ("seed", Decimal("7.5")),
    ("seed", Decimal("1e999999999")),
    ("seed", True),
    ("seed", np.bool_(True)),
    ("seed", np.datetime64("2026-01-01")),
    ("seed", pd.Timestamp("2026-01-01")),
    ("seed", "7"),
    ("guidance", Decimal("0.1000000000000000000000001")),
    ("guidance", float("inf")),
    ("guidance", np.longdouble(4.5)),
    ("guidance", np.complex128(4)),
    ("prompt_upsampling", 1.0),
    ("prompt_upsampling", np.int64(1)),
    ("prompt", np.bytes_(b"a fox")),
    ("prompt", np.array(["a fox"])),
    ("prompt", 7),
    ("prompt", np.add),
    ("seed", np.int64),
]


@pytest.mark.parametrize(("name", "value"), LOSSY)
def test_what_would_lose_something_is_refused(name: str, value: object) -> None:
    found = row(0, {**FLEX, name: value})
    assert not check_wire(found.request or {}).ok


GAPS = [None, float("nan"), np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT, Decimal("nan")]


@pytest.mark.parametrize("gap", GAPS, ids=repr)
def test_a_gap_is_left_out(gap: object) -> None:
    assert flat(row(0, {**FLEX, "seed": gap})) == FLEX
    # JSON of the API's own has no gaps, but for what is nothing else.
    found = check_wire(row(0, {**FLEX, "fluxParams": {"seed": gap}}).request or {})
    assert found.ok == (gap is pd.NA or gap is pd.NaT)


def test_a_data_frame_is_a_table() -> None:
    frame = pd.DataFrame(
        {**FLEX, "seed": [7, None], "guidance": [4.5, 5], "input_images": [None, [URL]]}
    )
    for table in (
        frame,
        frame.convert_dtypes(),
        frame.astype(object),
        frame.set_index("seed", drop=False),
        frame.to_dict("records"),
    ):
        first, second = map(flat, read(table))
        assert first == {**FLEX, "seed": 7, "guidance": 4.5}
        assert second == {**FLEX, "guidance": 5.0, "input_images": [URL]}
        assert type(first["seed"]) is int


def test_a_data_frame_whose_columns_are_not_told_apart_is_refused() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["seed", "seed"])
    with warnings.catch_warnings(), pytest.raises(ConfigurationError, match="same name"):
        read(frame)


def test_a_data_frame_comes_back_from_its_csv(tmp_path: Any) -> None:
    frame = pd.DataFrame({**FLEX, "seed": [7, None], "prompt_upsampling": [True, None]})
    for options in ({}, {"sep": ";", "decimal": ","}, {"sep": "\t", "encoding": "utf-16"}):
        frame.to_csv(tmp_path / "rows.csv", index=False, **options)
        found = list(map(flat, read(tmp_path / "rows.csv")))
        assert found == [{**FLEX, "seed": 7, "prompt_upsampling": True}, FLEX]


class Frame:
    """What polars has."""

    columns = ("model", "prompt")

    def to_dict(self) -> dict[str, object]:
        raise NotImplementedError

    def iter_rows(self, *, named: bool) -> Any:
        assert named
        yield FLEX

    def __iter__(self) -> Any:
        return iter(self.columns)


def test_a_frame_of_polars_is_a_table() -> None:
    assert [flat(each) for each in read(Frame())] == [FLEX]

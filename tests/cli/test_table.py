"""Tables on a terminal: whatever its width, every word of every cell is there, and whole."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.cli._session import Session
from fluxframe.cli._table import print_table

WORD = st.text("abcdefgh-0123456789", min_size=1, max_size=40)
ROW = st.tuples(WORD, st.lists(WORD, min_size=1, max_size=12).map(" ".join))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(rows=st.lists(ROW, min_size=1, max_size=4), width=st.integers(10, 120))
def test_every_word_is_there(rows: list[tuple[str, str]], width: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", terminal := Terminal())
        patch.setenv("COLUMNS", str(width))
        patch.setenv("TERM", "xterm")
        print_table(Session(), ["Id", "Words"], rows)
    shown = terminal.getvalue().split()
    for word in (word for row in rows for cell in row for word in cell.split()):
        assert word in shown

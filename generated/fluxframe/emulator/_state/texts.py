# A copy of codegen/runtime/emulator/_state/texts.py, where it is edited.
"""Texts that many rows have, each kept once."""

from __future__ import annotations

import sqlite3


class Texts:
    """Texts by their numbers. Whoever asks holds the lock of the connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._texts: dict[int, str] = dict(db.execute("SELECT number, text FROM texts").fetchall())
        self._numbers = {text: number for number, text in self._texts.items()}

    def __getitem__(self, number: int) -> str:
        return self._texts[number]

    def find(self, text: str) -> int | None:
        """The number of a text, if a row may have it."""
        return self._numbers.get(text)

    def number(self, text: str) -> int:
        """The number of a text, which it has from now on."""
        number = self._numbers.get(text)
        if number is None:
            number = self._db.execute("INSERT INTO texts (text) VALUES (?)", (text,)).lastrowid
            assert number is not None
            self._numbers[text], self._texts[number] = number, text
        return number

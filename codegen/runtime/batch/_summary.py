"""What a batch reports: its progress, and what became of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .._redact import shown


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """The progress of a batch: rows by outcome, and the credits that were paid.

    `done` are completed with their images; `unknown` are those that a later run must settle;
    `total` is None where the requests can't be counted beforehand.
    """

    done: int = 0
    failed: int = 0
    refused: int = 0
    unknown: int = 0
    under_way: int = 0
    credits: float = 0
    total: int | None = None

    def __str__(self) -> str:
        total = "" if self.total is None else f" of {self.total}"
        others = _counts(
            ("failed", self.failed),
            ("refused", self.refused),
            ("unknown", self.unknown),
            ("under way", self.under_way),
        )
        return ", ".join([f"{self.done}{total} done", *others, f"{self.credits:g} credits"])


@dataclass(frozen=True, slots=True, repr=False)
class BatchSummary:
    """What became of a batch's rows; the manifest has it row by row.

    `completed` rows have their images; `failed` had an error that is the row's own, `refused` broke
    a limit and were not sent, and `unknown` are rows that may or may not have been paid for, or whose
    job goes on: run the batch again. `credits` were paid. `journal` is None where a store has the
    rows, as for `run_row`.
    """

    rows: int
    completed: int
    failed: int
    refused: int
    unknown: int
    credits: float
    manifest: Path
    journal: Path | None

    @property
    def ok(self) -> bool:
        """Whether all rows are completed."""
        return self.completed == self.rows

    def __repr__(self) -> str:
        counts = _counts(
            ("completed", self.completed),
            ("failed", self.failed),
            ("refused", self.refused),
            ("unknown", self.unknown),
        )
        rows = f"{self.rows} row{'' if self.rows == 1 else 's'}"
        text = f"{', '.join(counts) or 'none'}; {self.credits:g} credits"
        return shown(f"<BatchSummary {rows}: {text}; {self.manifest}>")


def _counts(*counts: tuple[str, int]) -> list[str]:
    return [f"{count} {name}" for name, count in counts if count]

# A copy of codegen/runtime/cli/_progress.py, where it is edited.
"""The progress of jobs: a line that moves on a terminal, lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._lines import columns
from ._session import Session, cell

if TYPE_CHECKING:
    from .._jobs import Job

# Characters of the bar; where there is no room for the narrower, there is none.
_BAR, _SHORT_BAR = 20, 6


class Progress:
    """Shows the progress of jobs on stderr, as long as it is open."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        if self._session.lively:
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task("", total=100, status="")
            self._session.above_the_bar = self._above
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._session.above_the_bar = None
            self._bar.stop()

    def _above(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Removes the bar while something else is printed."""
        if self._bar is not None:
            self._bar.stop()
        yield
        if self._bar is not None:
            self._bar.start()

    def show(self, job: Job) -> None:
        """Show a job whose status or progress has changed."""
        share = "" if job.progress is None else f" {job.progress} %"
        self.tell(
            f"job {job.id[:8]}", f"{job.status}", job.progress, f"job {job.id}: {job.status}{share}"
        )

    def tell(self, what: str, status: str, percent: float | None, line: str) -> None:
        """Move the bar, or write the line; an empty one is not written."""
        if self._bar is not None:
            self._bar.update(
                self._task,
                description=cell(what),
                completed=percent or 0,
                status=cell(status),
            )
        elif line:
            self._session.note(cell(line))


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import Task
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    class _Line(Bar):
        """One line, of which a narrow screen has what there is room for."""

        def make_tasks_table(self, tasks: Any) -> Table:
            """The line of each task."""
            lines = Table.grid()
            for task in tasks:
                lines.add_row(self._line(task))
            return lines

        def _line(self, task: Task) -> Table:
            width = self.console.width - 1
            share, passed = f"{task.percentage:.0f} %", timedelta(seconds=int(task.elapsed or 0))
            parts, bar = _fitted(task.description, share, task.fields["status"], f"{passed}", width)
            cells: list[Any] = [Text(part, no_wrap=True) for part in parts]
            if bar:
                cells.insert(1, ProgressBar(100, task.completed, width=bar))
            line = Table.grid(padding=(0, 1, 0, 0))
            line.add_row(*cells)
            return line

    return _Line(
        console=Console(stderr=True),
        transient=True,
        # What is printed meanwhile goes to its own stream, and not to that of the bar.
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _fitted(what: str, share: str, status: str, passed: str, width: int) -> tuple[list[str], int]:
    """The parts that fit a line, and how wide a bar may be beside them; 0 for none.

    The bar goes first, then the end of the status, clause by clause, then the time.
    """
    clauses = status.split(", ")
    while True:
        parts = [part for part in (what, share, ", ".join(clauses), passed) if part]
        left = width - sum(columns(part) + 1 for part in parts)
        if left >= _SHORT_BAR:
            return parts, min(_BAR, left)
        if left >= -1:
            return parts, 0
        if len(clauses) > 1:
            clauses.pop()
        elif passed:
            passed = ""
        else:
            return parts, 0

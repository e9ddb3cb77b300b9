"""The progress of jobs: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._session import Session, cell

if TYPE_CHECKING:
    from .._jobs import Job


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
        """Move the bar, or write the line."""
        if self._bar is None:
            self._session.note(cell(line))
        else:
            self._bar.update(
                self._task,
                description=cell(what),
                completed=percent or 0,
                status=cell(status),
            )


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.percentage:>3.0f} % {task.fields[status]}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        # What is printed meanwhile goes to its own stream, and not to that of the bar.
        redirect_stdout=False,
        redirect_stderr=False,
    )

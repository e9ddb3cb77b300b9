# A copy of codegen/runtime/cli/commands/conformance.py, where it is edited.
"""`fluxframe conformance`: asks a server whether it does what the documents say."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..._catalog import MODELS
from ..._clock import monotonic
from .._command import Command, ParamType, Seconds
from .._error_report import Hint
from .._exit import WRONG, Interrupted
from .._named_files import check_files
from .._plan_text import estimate, show_plan
from .._process import cancelling
from .._progress import Progress
from .._session import Session, api_key

if TYPE_CHECKING:
    from ...conformance import Plan, Report
    from ...conformance import Progress as Done
    from ...conformance._baseline import Baseline, Comparison
    from ...conformance._journal import Journal
    from ...conformance._target import Target

# Seconds between lines about the progress, where it is not redrawn.
_EVERY = 5.0


class CannotRun(click.ClickException):
    """What keeps the server from being asked."""

    exit_code = WRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says beside what is chosen to be tested."""

    max_credits: int
    concurrency: int
    timeout: float
    deadline: float | None
    resume: Path | None
    report: Sequence[tuple[str, Path]]
    baseline: Path | None
    write_baseline: Path | None
    learn: Path | None


def _conformance(
    session: Session,
    model: Sequence[str],
    parameter: Sequence[str],
    kind: Sequence[str],
    vector: Sequence[str],
    dry_run: bool,
    **options: Any,
) -> int:
    with _explained():
        from ...conformance import plan

        chosen = plan(models=model, parameters=parameter, kinds=kind, vectors=vector)
        if dry_run:
            show_plan(session, chosen)
            return 0
        check_files(options)
        words = _words(
            **{"model": model, "parameter": parameter, "kind": kind, "vector": vector, **options}
        )
        settings = Options(**options)
        if settings.learn is None:
            return _run(session, chosen, settings, words)
        if settings.report or settings.baseline or settings.write_baseline:
            raise click.UsageError("--learn writes its own file, and no report or baseline")
        return _learn(session, chosen, settings, words)


def _words(**options: Any) -> Sequence[str]:
    """The options as they are on a command line."""
    words: list[str] = []
    for name, value in options.items():
        for each in value if isinstance(value, tuple) else [value]:
            if each is not None:
                text = "=".join(map(str, each)) if isinstance(each, tuple) else str(each)
                words += [f"--{name.replace('_', '-')}", text]
    return words


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what conformance raises into what a command line says."""
    try:
        from ...conformance import CannotRunError
        from ...conformance._baseline import BaselineError
        from ...conformance.reports import ReportError
    except ModuleNotFoundError as error:
        raise CannotRun(str(error)) from error
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:  # Of a file; that the server differs has a status of its own.
        raise CannotRun(f"{error.filename or 'a file'}: {error.strerror or error}") from error
    except (BaselineError, CannotRunError, ReportError, ModuleNotFoundError) as error:
        raise CannotRun(str(error)) from error


def _run(session: Session, chosen: Plan, options: Options, words: Sequence[str]) -> int:
    from ...conformance import reports
    from ...conformance._baseline import compare, load
    from ...conformance._run import Run

    api_key()
    # What is wrong with files is said before anything is sent.
    paths = _paths(options)
    reports.check(paths)
    known = load(options.baseline) if options.baseline else None
    session.note(estimate(chosen, options.max_credits))
    with _prepared(session, options) as (target, journal), Progress(session) as progress:
        run = Run(
            chosen,
            target,
            journal,
            max_credits=options.max_credits,
            concurrency=options.concurrency,
            deadline=options.deadline,
            on_progress=_teller(progress, session),
        )
        stopped = _sent(run.go, target)
    report = run.report()
    comparison = compare(report, known) if known else None
    _tell(session, report, comparison)
    reports.write(report, paths)
    if stopped is not None:
        raise Interrupted(stopped, _how_to_go_on(session, words, options))
    if options.write_baseline:
        return _write_baseline(options.write_baseline, report, known)
    return comparison.exit_status if comparison else report.exit_status


def _learn(session: Session, chosen: Plan, options: Options, words: Sequence[str]) -> int:
    """Find the server's own limits; the exit status says whether they are the documented ones."""
    from ...conformance._learn import Learnt, data, dump, learn_of, told

    assert options.learn is not None
    if not options.learn.parent.is_dir():
        raise CannotRun(f"--learn: there is no folder {options.learn.parent}; create it first")
    found: list[Learnt] = []
    with _prepared(session, options) as (target, journal):

        async def go() -> None:
            found.append(await learn_of(target, journal, chosen, max_credits=options.max_credits))

        stopped = _sent(go, target)
    if stopped is not None:
        raise Interrupted(stopped, _how_to_go_on(session, words, options))
    (learnt,) = found
    _write(options.learn, dump(learnt))
    if session.json:
        session.data(data(learnt))
    else:
        session.text(told(learnt), f"{options.learn}: ", "  ")
    if any(each.differs for each in learnt.limits):
        return 1
    return WRONG if any(each.reason for each in learnt.limits) else 0


@contextmanager
def _prepared(session: Session, options: Options) -> Iterator[tuple[Target, Journal]]:
    """The server, and the record of what is sent to it."""
    from ...conformance._journal import Journal
    from ...conformance._target import Target

    target = Target(
        session.base_url, api_key(), timeout=options.timeout, concurrency=options.concurrency
    )
    with Journal(options.resume, target.base_url, api_key()) as journal:
        yield target, journal


def _sent(work: Callable[[], Awaitable[None]], target: Target) -> KeyboardInterrupt | None:
    """Do what sends; returns the signal that stopped it, if one did."""
    stopped: KeyboardInterrupt | None = None

    async def go() -> None:
        nonlocal stopped
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        with cancelling(lambda: loop.call_soon_threadsafe(task.cancel)) as caught:
            try:
                async with target:
                    await work()
            except asyncio.CancelledError:
                if not caught:
                    raise
                stopped = caught[0]

    try:
        asyncio.run(go())
    except KeyboardInterrupt as signal:
        stopped = signal
    return stopped


def _paths(options: Options) -> Mapping[str, Path]:
    """The files of reports by their formats."""
    paths: dict[str, Path] = {}
    for format, path in options.report:
        if format in paths:
            raise click.UsageError(f"--report: {format} is named twice; keep one of them")
        paths[format] = path
    return paths


def _teller(progress: Progress, session: Session) -> Callable[[Done], None]:
    """Shows how far a run is: often where it is redrawn, and now and then in a line elsewhere."""
    pause = 0.05 if session.lively else _EVERY
    next_at = monotonic() + pause

    def tell(now: Done) -> None:
        nonlocal next_at
        if monotonic() < next_at:
            return
        next_at = monotonic() + pause
        share = f"{now.done} of {now.total}"
        rest = f"{now.requests} requests, {now.differences} differences, {now.credits} credits"
        progress.tell(share, rest, 100 * now.done / (now.total or 1), f"{share}, {rest}")

    return tell


def _tell(session: Session, report: Report, comparison: Comparison | None) -> None:
    if session.json:
        from ...conformance.reports import render

        session.result(render(report, "json").rstrip())
        return
    from ...conformance.reports import terminal

    width, height = shutil.get_terminal_size((80, 24)) if sys.stdout.isatty() else (80, 100)
    text = terminal.render(report, comparison, width=width, height=height)
    for line in text.splitlines():
        session.result(line)


def _how_to_go_on(session: Session, words: Sequence[str], options: Options) -> Hint:
    if options.resume is None:
        return Hint(
            "what was sent is not recorded; with --resume FILE, a run can go on where it stopped"
        )
    return Hint("go on where it stopped with:", session.again("conformance", *words))


def _write_baseline(path: Path, report: Report, known: Baseline | None) -> int:
    """Record what was found as known; returns the exit status of a run that finds the same."""
    from ...conformance._baseline import compare, dump, load

    _write(path, dump(report, known))
    return compare(report, load(path)).exit_status


def _write(path: Path, text: str) -> None:
    from ..._saving import part_of

    with part_of(path) as part:
        part.file.write(text.encode())
        part.finish()


class _Report(ParamType[tuple[str, Path]]):
    """A report to be written, as FORMAT=PATH."""

    name = "format=path"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """Its format and path. Raises UsageError."""
        format, equals, path = str(value).partition("=")
        if not (format and equals and path):
            self.fail(f"{value!r} is not FORMAT=PATH, such as html=report.html", param, ctx)
        return format, Path(path)


def _models(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(id) for id in MODELS if id.startswith(incomplete)]


_FILE = click.Path(dir_okay=False, path_type=Path)

command = Command(
    "conformance",
    params=[
        click.Option(
            ["--model"],
            multiple=True,
            metavar="ID",
            shell_complete=_models,
            help="Test this model; all by default. Repeat the flag for more.",
        ),
        click.Option(
            ["--parameter"],
            multiple=True,
            metavar="NAME",
            help="Test this parameter, by its name or its dotted path. Repeat the flag for more.",
        ),
        click.Option(
            ["--kind"],
            multiple=True,
            metavar="KIND",
            help="Test limits of this kind, such as maximum. Repeat the flag for more.",
        ),
        click.Option(
            ["--vector"],
            multiple=True,
            metavar="GLOB",
            help="Send the vectors whose ids match this, such as '*/maximum/*'. Repeat the flag for more.",
        ),
        click.Option(
            ["--max-credits"],
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            help="What the run may cost. With 0, only requests that should be refused are sent, and nothing more "
            "once the server accepts and charges for one.",
        ),
        click.Option(
            ["--concurrency"],
            type=click.IntRange(1, 256),
            default=8,
            show_default=True,
            help="How many requests to send at once.",
        ),
        click.Option(
            ["--dry-run"], is_flag=True, help="Show what would be sent and what it may cost."
        ),
        click.Option(
            ["--resume"],
            type=_FILE,
            help="A file that records the run. If it exists, the run resumes where it stopped, and pays for "
            "nothing twice.",
        ),
        click.Option(
            ["--report"],
            type=_Report(),
            multiple=True,
            help="Write a report: json, ndjson, junit, sarif, har, pytest or html. Repeat the flag for more.",
        ),
        click.Option(
            ["--baseline"],
            type=_FILE,
            help="Known differences; the exit status is 1 only for new, changed and gone ones.",
        ),
        click.Option(
            ["--write-baseline"], type=_FILE, help="Record the differences found as known."
        ),
        click.Option(
            ["--learn"],
            type=_FILE,
            help="Instead of testing, find the limits that the server enforces, within --max-credits, and write "
            "those that are not as documented.",
        ),
        click.Option(
            ["--timeout"],
            type=Seconds(),
            default=30.0,
            show_default=True,
            help="How long a response may take.",
        ),
        click.Option(
            ["--deadline"],
            type=Seconds(),
            help="How long a job may take; by default what the documents say.",
        ),
    ],
    callback=_conformance,
    help="Test, limit by limit, whether a server does what its documents say: first with requests that it "
    "should refuse, which cost nothing, then, within --max-credits, with those that it should accept. The exit "
    "status is 0 if it does, 1 if it does not, and 2 if the test could not be completed.",
)

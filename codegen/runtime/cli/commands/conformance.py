"""`fluxframe conformance`: asks a server whether it does what the documents say."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..._catalog import MODELS
from ..._clock import monotonic
from .._command import Command, ParamType, Seconds
from .._exit import WRONG, Interrupted
from .._progress import Progress
from .._session import Session, api_key

if TYPE_CHECKING:
    from ...conformance import Plan, Report
    from ...conformance import Progress as Done
    from ...conformance._baseline import Baseline, Comparison
    from ...conformance._plan import Submission

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
            _show_plan(session, chosen)
            return 0
        words = _words(
            **{"model": model, "parameter": parameter, "kind": kind, "vector": vector, **options}
        )
        return _run(session, chosen, Options(**options), words)


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
    except (BaselineError, CannotRunError, ReportError, ModuleNotFoundError) as error:
        raise CannotRun(str(error)) from error


def _run(session: Session, chosen: Plan, options: Options, words: Sequence[str]) -> int:
    from ...conformance import reports
    from ...conformance._baseline import compare, load
    from ...conformance._journal import Journal
    from ...conformance._run import Run
    from ...conformance._target import Target

    # What is wrong with files is said before anything is sent.
    paths = dict(options.report)
    reports.check(paths)
    known = load(options.baseline) if options.baseline else None
    target = Target(
        session.base_url, api_key(), timeout=options.timeout, concurrency=options.concurrency
    )
    session.note(_estimate(chosen, options.max_credits))
    stopped: KeyboardInterrupt | None = None
    with Journal(options.resume, target.base_url) as journal, Progress(session) as progress:
        run = Run(
            chosen,
            target,
            journal,
            max_credits=options.max_credits,
            concurrency=options.concurrency,
            deadline=options.deadline,
            on_progress=_teller(progress, session),
        )

        async def go() -> None:
            async with target:
                await run.go()

        try:
            asyncio.run(go())
        except KeyboardInterrupt as signal:
            stopped = signal
    report = run.report()
    comparison = compare(report, known) if known else None
    _tell(session, report, comparison)
    reports.write(report, paths)
    if stopped is not None:
        raise Interrupted(stopped, _how_to_go_on(session, words, options))
    if options.write_baseline:
        return _write_baseline(options.write_baseline, report, known)
    return comparison.exit_status if comparison else report.exit_status


def _estimate(chosen: Plan, budget: int) -> str:
    """What is about to be sent, and what it may cost."""
    packs, most = len(chosen.packs), chosen.estimate
    told = f"{len(chosen.free)} requests should be refused, and cost nothing then"
    if packs:
        told += f"; {packs} should be accepted, for at most {most} credits"
        if budget == 0:
            told += f", and are not sent (--max-credits {most} sends them all)"
        elif budget < most:
            told += f", of which {budget} may be spent"
    if chosen.assumed and packs:
        told += f"; no source tells the price of {len(chosen.assumed)} models, taken to be {chosen.dearest}"
    return told


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


def _how_to_go_on(session: Session, words: Sequence[str], options: Options) -> str:
    if options.resume is None:
        return "what was sent is not recorded; with --resume FILE, a run can go on where it stopped"
    return f"go on where it stopped with: {session.again('conformance', *words)}"


def _write_baseline(path: Path, report: Report, known: Baseline | None) -> int:
    """Record what was found as known; returns the exit status of a run that finds the same."""
    from ..._saving import part_of
    from ...conformance._baseline import compare, dump, load

    with part_of(path) as part:
        part.file.write(dump(report, known).encode())
        part.finish()
    return compare(report, load(path)).exit_status


def _show_plan(session: Session, chosen: Plan) -> None:
    """Print what would be sent, and the most that it costs."""
    by_model: dict[str, list[Submission]] = {}
    for submission in (*chosen.free, *chosen.packs):
        by_model.setdefault(submission.model.model, []).append(submission)
    if session.json:
        session.data(
            {
                "requests": chosen.requests,
                "credits": chosen.estimate,
                "submissions": [
                    {
                        "id": submission.id,
                        "model": submission.model.model,
                        "vectors": [vector.id for vector in submission.vectors],
                        "credits": credits,
                    }
                    for submissions, costs in ((chosen.free, False), (chosen.packs, True))
                    for submission in submissions
                    for credits in [submission.credits if costs else 0]
                ],
                "sequences": [sequence.id for sequence in chosen.sequences],
            }
        )
        return
    width = max(map(len, by_model), default=0)
    for model, submissions in by_model.items():
        packs = [submission for submission in submissions if submission in chosen.packs]
        most = sum(pack.credits for pack in packs)
        session.result(
            f"{model:{width}}  {len(submissions) - len(packs):4} to be refused, {len(packs):3} to be accepted, "
            f"at most {most} credits"
        )
    if chosen.sequences:
        session.result(f"{len(chosen.sequences)} sequences of requests to the operations")
    session.result(_estimate(chosen, chosen.estimate))


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
            help="Send the vectors whose ids are like this, such as '*/maximum/*'. Repeat the flag for more.",
        ),
        click.Option(
            ["--max-credits"],
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            help="What the run may cost. With 0, only what should be refused is sent, and nothing more once "
            "the server takes, and bills, some of that.",
        ),
        click.Option(
            ["--concurrency"],
            type=click.IntRange(1, 256),
            default=8,
            show_default=True,
            help="Requests that are under way at once.",
        ),
        click.Option(
            ["--dry-run"], is_flag=True, help="Show what would be sent and what it may cost."
        ),
        click.Option(
            ["--resume"],
            type=_FILE,
            help="A file that records the run. If it is there, the run goes on where it stopped, and pays for "
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
            help="Known differences; the exit status is 1 for new ones, changed ones, and those that are gone.",
        ),
        click.Option(
            ["--write-baseline"], type=_FILE, help="Record the differences that are found as known."
        ),
        click.Option(
            ["--learn"],
            type=_FILE,
            help="Find the server's own limits, within --max-credits, and write them as a patch of the spec.",
        ),
        click.Option(
            ["--timeout"],
            type=Seconds(),
            default=30.0,
            show_default=True,
            help="How long an answer may take.",
        ),
        click.Option(
            ["--deadline"],
            type=Seconds(),
            help="How long a job may take; by default what the documents say.",
        ),
    ],
    callback=_conformance,
    help="Ask a server, limit by limit, whether it does what the documents say: first with requests that it "
    "should refuse, which cost nothing, then, within --max-credits, with those that it should accept. The exit "
    "status is 0 if it does, 1 if it does not, and 2 if that could not be told.",
)

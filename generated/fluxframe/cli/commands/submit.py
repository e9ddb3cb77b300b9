# A copy of codegen/runtime/cli/commands/submit.py, where it is edited.
"""The commands that submit requests: a subcommand for each model, from its parameters to saved images."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..._catalog import FAMILIES, MODELS
from ..._check import check
from ..._describe import described
from ..._errors import InvalidRequestError
from ..._problems import Action, Advice, Problem
from ..._requests import build, with_extra
from ..._spec import Model, Operation, Parameter
from .. import _flags
from .._command import Command, read_text, waiting
from .._commands import command_for
from .._error_report import Hint, problem_text
from .._exit import DONE, hinting
from .._flags import flag
from .._lazy_group import LazyGroup
from .._session import Session
from .._uploads import uploaded

if TYPE_CHECKING:
    from ... import Fluxframe, Job


class _Summaries(Mapping[str, str]):
    """What each model that an operation takes does; a family is read when one of its own is asked for."""

    def __init__(self, operation: str) -> None:
        self._ids = dict.fromkeys(MODELS.asked_by(operation))

    def __getitem__(self, id: str) -> str:
        if id not in self._ids:
            raise KeyError(id)
        return MODELS[id].summary

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class _Models(LazyGroup):
    noun = "model"

    def load(self, name: str) -> click.Command:
        return _ModelCommand(str(self.name), MODELS[name])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The model's command. Raises UsageError, which says where a model belongs that is not here."""
        id = args[0]
        if id in MODELS and id not in self.summaries:
            words = f"{id} is asked for by `fluxframe {command_for(MODELS[id].operation)} {id}`"
            raise click.UsageError(words, ctx)
        return super().resolve_command(ctx, args)

    def sections(self) -> Mapping[str, Iterable[str]]:
        """The models by their families."""
        found: dict[str, list[str]] = {}
        for id in self.summaries:
            found.setdefault(FAMILIES[MODELS[id].family].title, []).append(id)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line. Raises UsageError, which says where a model's flag belongs."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if not _known(error.option_name, MODELS.values()):
                raise
            words = f"{error.option_name} comes after the model and its prompt"
            raise click.UsageError(words, ctx) from None


class _ModelCommand(Command):
    """The command of a model; one that takes no prompt has no argument for it."""

    def __init__(self, command: str, model: Model) -> None:
        self._prompt = model.by_role("prompt")
        arguments = [click.Argument(["prompt"], required=p.required) for p in _given(self._prompt)]
        super().__init__(
            model.id,
            params=[*arguments, *_options()],
            callback=self._run,
            short_help=model.summary,
            help="\n\n".join(_help(model, self._prompt)),
        )
        self._command = command
        self._model = model
        self._own = list(self.params)
        self._flags = _flags.options(model, self._own)
        self.params = [*self._own, *self._flags.values()]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line, the flags that have to be given among them."""
        needed = [
            f"{option.opts[0]} {option.make_metavar(ctx)}".rstrip()
            for name, option in self._flags.items()
            if self._model.parameters[name].required
        ]
        first, *others = super().collect_usage_pieces(ctx)
        return [first, *needed, *others]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The model's parameters, and below them what every model's command takes."""
        for title, params in (
            (f"Parameters of {self._model.id}", list(self._flags.values())),
            ("Options", [*self._own, self.get_help_option(ctx)]),
        ):
            options = [p for p in params if isinstance(p, click.Option)]
            records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
            with formatter.section(title):
                formatter.write_dl(records)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line. Raises UsageError, which says which models have an unknown flag."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            spelled = flag(error.option_name.lstrip("-"))
            if any(spelled in (*p.opts, *p.secondary_opts) for p in self.params):
                raise click.NoSuchOption(error.option_name, None, [spelled], ctx) from None
            names = _known(error.option_name, MODELS.values())
            if not names.difference(p.wire_name for p in self._model.parameters.values()):
                raise
            request = self._request({**dict.fromkeys(sorted(names))})
            told = [problem_text(p) for p in check(request).problems if p.rule == "unknown"]
            raise click.UsageError("; ".join(told), ctx) from None

    def _run(
        self,
        session: Session,
        out: str,
        wait: bool,
        deadline: float,
        interval: float | None,
        idempotency_key: str | None,
        extra: tuple[tuple[str, Any], ...],
        validation: str,
        preview: bool | None,
        prompt: str | None = None,
        **values: Any,
    ) -> int:
        from ..._resources import Submissions
        from .._delivery import Target, follow

        target = Target(out, json=session.json) if wait else None
        prompt = read_text(Path("-")).removesuffix("\n") if prompt == "-" else prompt
        asked = {} if self._prompt is None or prompt is None else {self._prompt.name: prompt}
        given = self._given(session, values, out if wait else "")
        files, more = _flags.files(self._model, given), dict(extra)
        self._check(session, {**asked, **given}, files, more, validation)
        key = _key(idempotency_key)
        with session.client() as client:
            given = _flags.replaced(self._model, given, _upload(session, client, files))

            def resume() -> Hint:
                words = [*_flags.spelled(self._flags, given), "--out", out]
                words += ["--idempotency-key", key]
                words += [f"--extra={name}={json.dumps(value)}" for name, value in more.items()]
                words += ["--validation", validation] if validation != "error" else []
                words += [] if wait else ["--no-wait"]
                last = [] if prompt is None else ["--", prompt]
                again = session.again(self._command, self._model.id, *words, last=last)
                return Hint("go on with (it is paid for once):", again)

            with hinting(resume):
                job = Submissions(client._transport)._submit(
                    self._request({**asked, **given}),
                    self._model.operation,
                    extra_params=more,
                    idempotency_key=key,
                    validation="off",  # It was checked before the uploads.
                )
            if target is None:
                _submitted(session, job, out)
            else:
                follow(
                    session,
                    job.id,
                    job.wait,
                    target,
                    deadline=deadline,
                    interval=interval,
                    preview=preview,
                )
        return DONE

    def _given(self, session: Session, values: Mapping[str, Any], out: str) -> dict[str, Any]:
        """The parameters that are given, and the format that the name of the file asks for."""
        given = _flags.given(self._flags, values)
        parameter = self._model.by_role("format")
        format = None if parameter is None else _format_of(parameter, out)
        if parameter is not None and format is not None and parameter.name not in given:
            given[parameter.name] = format
            spelled = " ".join(_flags.spelled(self._flags, {parameter.name: format}))
            session.note(f"{spelled}, as --out ends")
        return given

    def _check(
        self,
        session: Session,
        given: Mapping[str, Any],
        files: Mapping[str, Path],
        extra: Mapping[str, Any],
        validation: str,
    ) -> None:
        """Check the request before its files are uploaded, with other URLs in their place.

        Raises InvalidRequestError.
        """
        urls = _placeholders(self._model, files)
        request = self._request(_flags.replaced(self._model, given, urls))
        with_extra(request, extra)  # Raises for a parameter that is given twice.
        if validation == "off":
            return
        report = check(request)
        if validation == "error" and report.problems:
            raise InvalidRequestError(list(map(self._without_upload, report.problems)))
        for problem in report.problems + report.advisories:
            session.warn(problem_text(self._without_upload(problem)))

    def _without_upload(self, problem: Problem) -> Problem:
        """The problem without the advice to upload a file: one that is there is uploaded anyway."""
        if problem.advice is None or problem.advice.action is not Action.UPLOAD:
            return problem
        parameter = self._model.parameters.get(problem.parameter)
        missing = parameter is not None and _flags.uploadable(parameter)
        return replace(problem, advice=Advice(Action.NO_SUCH_FILE) if missing else None)

    def _request(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return build({self._model.discriminator: self._model.stands_for, **given})


def _given(parameter: Parameter | None) -> list[Parameter]:
    return [] if parameter is None else [parameter]


def _help(model: Model, prompt: Parameter | None) -> Iterator[str]:
    """The paragraphs of the help of a model's command."""
    yield f"{model.summary} {model.description}"
    if prompt is not None:
        words = described(prompt, model.name_of, choices=False)
        yield f"PROMPT: {words} A dash, -, reads it from stdin; after --, one may begin with a dash."
    yield 'Prints the path of each image; with --json, {"job": …, "files": […]}.'


def _known(option: str, models: Iterable[Model]) -> set[str]:
    """The parameters of models that an option means, which may be spelled with underscores."""
    return {
        p.wire_name
        for m in models
        for p in m.parameters.values()
        if flag(option.lstrip("-")) in (flag(p.name), flag(f"no_{p.name}"))
    }


def _options() -> list[click.Option]:
    """The options that the commands of all models share."""
    out = "File of the image, or folder for it, where it is named by its job; - is stdout."
    return [
        *waiting(out=out),
        click.Option(
            ["--wait/--no-wait"],
            default=True,
            help="Wait for the job and save its images, or only submit it and print its id.",
        ),
        click.Option(
            ["--idempotency-key"],
            metavar="KEY",
            help="Identifies this submission, so that it is paid for once; random by default.",
        ),
        click.Option(
            ["--extra"],
            type=_flags.Extra(),
            metavar="NAME=JSON",
            multiple=True,
            help="A parameter that is not listed here, sent unchecked. Repeat the flag for each.",
        ),
        click.Option(
            ["--validation"],
            type=click.Choice(["error", "warn", "off"]),
            default="error",
            show_default=True,
            help="What to do about a broken limit: refuse it, send with a warning, or send unchecked.",
        ),
    ]


# Names of one and the same format.
_SAME = (("jpg", "jpeg"), ("tif", "tiff"))


def _format_of(parameter: Parameter, out: str) -> str | None:
    """The format that a file's name asks for, as the parameter calls it, if it has it."""
    ending = Path(out).suffix.lower().lstrip(".")
    names = next((same for same in _SAME if ending in same), (ending,))
    return next((str(value) for value in parameter.values or () if value in names), None)


def _placeholders(model: Model, files: Mapping[str, Any]) -> dict[str, str]:
    """A URL for each file until it has its own; no two are the same."""
    urls = (u for p in model.parameters.values() if _flags.uploadable(p) for u in _flags.urls(p))
    example = next((url.format.example for url in urls if url.format), "")
    return {text: f"{example}#{number}" for number, text in enumerate(files)}


def _upload(session: Session, client: Fluxframe, files: Mapping[str, Path]) -> dict[str, str]:
    """Upload each file; returns their URLs."""
    urls: dict[str, str] = {}
    for text, path in files.items():
        url = uploaded(client, path).url
        if not isinstance(url, str) or "://" not in url:  # It would be sent unchecked.
            raise click.ClickException(f"{path} was uploaded, but the answer has no URL")
        urls[text] = url
        session.note(f"uploaded {path}")
    return urls


def _submitted(session: Session, job: Job, out: str) -> None:
    """Print a job that is not waited for."""
    again = session.again("wait", job.id, "--out", out)
    session.note("wait for it with:", command=again)
    if session.json:
        session.data({"job": job.raw, "files": []})
    else:
        session.result(job.id)


def _key(key: str | None) -> str:
    """The idempotency key, checked before anything is uploaded."""
    from ..._wire.requests import checked_idempotency_key

    return checked_idempotency_key(key)


def group_of(name: str, operation: Operation) -> click.Group:
    """The command of an operation that takes requests."""
    return _Models(
        name,
        summaries=_Summaries(operation.name),
        help=f"{operation.summary} The flags of each model are its own parameters; see `fluxframe {name} "
        "MODEL --help`.",
        short_help=operation.summary,
        options_metavar="",
        subcommand_metavar="MODEL [PROMPT] [OPTIONS]",
    )

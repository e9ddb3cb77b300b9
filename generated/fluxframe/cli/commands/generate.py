"""`fluxframe generate`: a subcommand a model, from its parameters to saved pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..._catalog import MODELS
from ..._check import check
from ..._errors import InvalidRequestError
from ..._problems import Action, Advice, Problem, Report
from ..._requests import build, with_extra
from ..._spec import Model, Parameter
from .. import _flags
from .._command import Command, read_text, waiting
from .._errors import advice
from .._lazy import LazyGroup
from .._session import Session
from .._words import described


class _Models(LazyGroup):
    noun = "model"

    def load(self, name: str) -> click.Command:
        return _ModelCommand(MODELS[name])


class _ModelCommand(Command):
    """The command of one model."""

    def __init__(self, model: Model) -> None:
        prompt = model.parameters["prompt"]
        super().__init__(
            model.id,
            params=[click.Argument(["prompt"]), *_options()],
            callback=self._run,
            short_help=model.summary,
            help=f"{model.summary} {model.description}\n\nPROMPT: {described(prompt)} A dash, -, reads it "
            "from stdin; after --, one may begin with a dash.\n\nPrints the path of each picture; "
            'with --json, {"job": …, "files": […]}.',
        )
        self._model = model
        self._own = list(self.params)
        self._flags = _flags.options(model, self._own)
        self.params = [*self._own, *self._flags.values()]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The model's parameters, and below them what every model's command takes."""
        for title, params in (
            (f"Parameters of {self._model.id}", list(self._flags.values())),
            ("Options", [*self._own[1:], self.get_help_option(ctx)]),
        ):
            records = [r for p in params if p and (r := p.get_help_record(ctx)) is not None]
            with formatter.section(title):
                formatter.write_dl(records)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line. Raises UsageError, which tells whose an unknown flag is."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name.lstrip("-").replace("-", "_")
            if not any(name in model.parameters for model in MODELS.values()):
                raise
            request = {"model": self._model.id, self._model.container: {name: 0}}
            [told] = [p.message for p in check(request).problems if p.rule == "unknown"]
            raise click.UsageError(told, ctx) from None

    def _run(
        self,
        session: Session,
        prompt: str,
        out: str,
        wait: bool,
        deadline: float,
        interval: float | None,
        idempotency_key: str | None,
        extra: tuple[tuple[str, Any], ...],
        validation: str,
        preview: bool | None,
        **values: Any,
    ) -> int:
        from .._pictures import Target, follow

        target = Target(out) if wait else None
        if prompt == "-":
            prompt = read_text(Path("-")).removesuffix("\n")
        model, more = self._model, dict(extra)
        given = _flags.given(self._flags, values)
        if wait and (format := _format_of(model, out)) and "output_format" not in given:
            given["output_format"] = format
            session.note(f"--output-format {format}, as --out ends")
        files = _flags.files(model, given)
        # A file's URL is known once it is uploaded, which a wrong request is not worth.
        request = self._request(prompt, _flags.replaced(model, given, _placeholders(model, files)))
        with_extra(request, more)
        _approve(session, check(request), validation)
        key = _key(idempotency_key)
        with session.client() as client:
            urls: dict[str, str] = {}
            for text, path in files.items():
                urls[text] = str(client.uploads.create(path).url)
                session.note(f"uploaded {path}")
            given = _flags.replaced(model, given, urls)

            def resume() -> str:
                words = [
                    *_flags.spelled(self._flags, given),
                    "--out",
                    out,
                    "--idempotency-key",
                    key,
                ]
                words += [f"--extra={name}={json.dumps(value)}" for name, value in more.items()]
                words += ["--validation", validation] if validation != "error" else []
                words += [] if wait else ["--no-wait"]
                again = session.again("generate", model.id, *words, last=["--", prompt])
                return f"go on with (it is paid for once): {again}"

            with advice(resume):
                job = client.images.submit(
                    self._request(prompt, given),
                    extra_params=more,
                    idempotency_key=key,
                    validation="off",
                )
            if target is None:
                session.note(f"wait for it with: {session.again('wait', job.id, '--out', out)}")
                if session.json:
                    session.data({"job": job.raw, "files": []})
                else:
                    session.result(job.id)
                return 0
            follow(session, job, target, deadline=deadline, interval=interval, preview=preview)
        return 0

    def _request(self, prompt: str, given: Mapping[str, Any]) -> dict[str, Any]:
        return build({"model": self._model.id, "prompt": prompt, **given})


def _options() -> list[click.Option]:
    """The options that the commands of all models have."""
    out = "File of the picture, or folder for it, where it is named by its job."
    return [
        *waiting(out=out),
        click.Option(
            ["--wait/--no-wait"], default=True, help="Or submit only, and print the job's id."
        ),
        click.Option(
            ["--idempotency-key"],
            metavar="KEY",
            help="Names this submission, so that it is paid for once; made up if not given.",
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
            help="What to do about a broken limit: refuse, send with a warning, or just send.",
        ),
    ]


def _format_of(model: Model, out: str) -> str | None:
    """The format that a file's name asks for, if the model can be told."""
    ending = Path(out).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    parameter = model.parameters.get("output_format")
    return ending if parameter is not None and ending in (parameter.values or ()) else None


def _placeholders(model: Model, files: Mapping[str, Any]) -> dict[str, str]:
    """URLs that stand for files as long as these have none, no two the same."""

    def item(parameter: Parameter) -> Parameter:
        return parameter.items or parameter

    formats = [item(p).format for p in model.parameters.values() if _flags.uploadable(p, model)]
    example = next((format.example for format in formats if format is not None), "")
    return {text: f"{example}#{number}" for number, text in enumerate(files)}


def _approve(session: Session, report: Report, validation: str) -> None:
    """Tell what the check found, a line a problem. Raises InvalidRequestError if it is refused."""
    if validation == "off":
        return
    if validation == "error" and report.problems:
        raise InvalidRequestError([_no_file(problem) for problem in report.problems])
    for problem in report.problems + report.advisories:
        session.warn(_no_file(problem).message)


def _no_file(problem: Problem) -> Problem:
    """The problem, without the advice to upload a file: there is none of that name."""
    if problem.advice is None or problem.advice.action is not Action.UPLOAD:
        return problem
    return replace(problem, detail="", advice=Advice(Action.NO_SUCH_FILE))


def _key(key: str | None) -> str:
    """The idempotency key, checked before a file is uploaded."""
    from ..._wire.requests import checked_idempotency_key

    return checked_idempotency_key(key)


command = _Models(
    "generate",
    summaries={model.id: model.summary for model in MODELS.values()},
    help="Make a picture: `fluxframe generate MODEL PROMPT`. The flags of each model are its own "
    "parameters; see `fluxframe generate MODEL --help`.",
    short_help="Make a picture.",
    options_metavar="",
    subcommand_metavar="MODEL PROMPT [OPTIONS]",
)

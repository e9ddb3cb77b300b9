# A copy of codegen/runtime/cli/_command.py, where it is edited.
"""The class of commands, the options that they share, and the files that they read."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from .._catalog import API
from ._help import Helpful
from ._session import Session

if TYPE_CHECKING:
    from click import ParamType as ParamType
else:

    class ParamType(click.ParamType):
        """The base of types of parameters; takes `[…]`, as click's own does in newer versions."""

        def __class_getitem__(cls, item: Any) -> type:
            return cls


class Command(Helpful, click.Command):
    """A command with the options that all share; its callback gets a `session`.

    `online` adds the options of commands that call the API.
    """

    def __init__(self, *args: Any, online: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_common(online=online)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the callback."""
        options = {name: ctx.params.pop(name, None) for name in ("base_url", "verbose")}
        ctx.params["session"] = Session(
            json=ctx.params.pop("as_json"),
            quiet=ctx.params.pop("quiet"),
            verbose=bool(options["verbose"]),
            base_url=options["base_url"],
        )
        return super().invoke(ctx)


def _common(*, online: bool) -> list[click.Parameter]:
    options: list[click.Parameter] = []
    if online:
        options += [
            click.Option(
                ["--base-url"],
                metavar="URL",
                help=f"Where the API is; by default {API.base_url_variable}, or else the API itself. "
                f"The key is read from {API.key_variable}.",
            ),
            click.Option(["-v", "--verbose"], is_flag=True, help="Log each attempt of each call."),
        ]
    return [
        *options,
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON, errors too."),
        click.Option(
            ["-q", "--quiet"], is_flag=True, help="Print nothing but results, warnings and errors."
        ),
    ]


class Seconds(ParamType[float]):
    """A finite number of seconds above 0."""

    name = "seconds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number. Raises UsageError."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if not 0 < seconds < math.inf:
            self.fail(f"{value!r} is not a number of seconds above 0", param, ctx)
        return seconds


def waiting(*, out: str) -> Sequence[click.Option]:
    """The options of commands that wait for jobs; `out` says where images go."""
    return [
        click.Option(["--out"], type=click.Path(), metavar="PATH|FOLDER", default=".", help=out),
        click.Option(
            ["--deadline"],
            type=Seconds(),
            default=API.polling.deadline,
            help=f"How long to wait for the end, {API.polling.deadline:g} by default; after that, the "
            "exit status is 3, and the job goes on.",
        ),
        click.Option(
            ["--interval"],
            type=Seconds(),
            help="Time between polls; by default the API's schedule, which slows down.",
        ),
        click.Option(
            ["--preview/--no-preview"],
            default=None,
            help="Show the images in the terminal; by default in those that can (kitty, "
            "Ghostty, iTerm2, WezTerm).",
        ),
    ]


class Folder(click.Path):
    """A folder, which stdout is not."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises UsageError."""
        if str(value) == "-":
            self.fail("- is stdout, and a folder is expected; ./- is one", param, ctx)
        return super().convert(value, param, ctx)


FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


def read_text(file: Path) -> str:
    """The text of a file, or of stdin for `-`. Raises UsageError if it is not UTF-8."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file}: not UTF-8 text: {error.reason}") from None


def read_bytes(file: Path) -> bytes:
    """The content of a file, or of stdin for `-`."""
    if str(file) == "-":
        return stdin().read()
    return file.read_bytes()


def stdin() -> BinaryIO:
    """The bytes of stdin. Raises UsageError if it is closed."""
    if sys.stdin is None:
        raise click.UsageError("-: stdin is closed")
    return sys.stdin.buffer

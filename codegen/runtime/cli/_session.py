"""What a command works with: its output, and its client."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from .._redact import excerpt, printable, shown, without_key
from ._lines import columns, screen_width, wrapped
from ._process import give_up
from ._quoting import command_line

if TYPE_CHECKING:
    from .. import Fluxframe


class Session:
    """One run of a command: results go to stdout, all else to stderr."""

    def __init__(
        self,
        *,
        json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        base_url: str | None = None,
    ) -> None:
        self.json = json
        self.quiet = quiet
        self._verbose = verbose
        self._base_url = base_url
        # Prints a line where a bar is redrawn, while there is one.
        self.above_the_bar: Callable[[str], None] | None = None

    def result(self, line: str) -> None:
        """Print a line of the result."""
        write(line)

    def data(self, value: object, *, of_many: bool = False) -> None:
        """Print the result as JSON; one of many is a line."""
        write_json(value, indent=None if of_many else 2)

    def line(self, line: str) -> None:
        """Print a line that has colours in it, of which all else was escaped."""
        print(without_key(line), flush=True)

    def text(self, line: str, start: str = "", indent: str | None = None) -> None:
        """Print prose of the result after its start, in lines that fit the screen."""
        for part in wrapped(line, screen_width(sys.stdout), start, indent):
            write(part)

    def note(self, line: str, *, command: str = "") -> None:
        """Print a line about the progress, unless `quiet`; `command` is what it says to type."""
        if not self.quiet:
            tell(shown(line), command=shown(command))

    def aside(self, line: str) -> None:
        """Print a line about what goes on meanwhile, unless `quiet`; any thread may."""
        if self.above_the_bar is None or self.quiet:
            self.note(line)
        else:
            self.above_the_bar(printable(without_key(shown(line))))

    def warn(self, line: str) -> None:
        """Print a warning, even if `quiet`."""
        tell(shown(line), label="warning: ", colour="yellow")

    def again(self, *words: object, last: Sequence[str] = ()) -> str:
        """A command line for the same server."""
        server = [] if self._base_url is None else ["--base-url", self._base_url]
        return command_line(["fluxframe", *map(str, words), *server, *last])

    @property
    def base_url(self) -> str:
        """Where the API is. Raises ConfigurationError for a variable that is blank."""
        from .._catalog import API
        from .._wire.environment import variable

        return self._base_url or variable(API.base_url_variable) or API.base_url

    @property
    def lively(self) -> bool:
        """Whether stderr is a terminal that can redraw what it shows."""
        return sys.stderr.isatty() and not is_dumb() and not self.quiet

    @contextmanager
    def client(self) -> Iterator[Fluxframe]:
        """The client. Raises ConfigurationError."""
        from .._client import Fluxframe

        api_key()
        with self._logged(), Fluxframe(base_url=self._base_url) as client:
            yield client

    def _logged(self) -> AbstractContextManager[None]:
        """Tells of each attempt if `verbose`, and otherwise that a call is tried again."""
        import logging

        from ._log import FewLines, Lines, logged

        if self._verbose:
            return logged(logging.DEBUG, Lines(lambda line: tell(shown(line))))
        return logged(logging.INFO, FewLines(self.aside))


def api_key() -> str:
    """The key, from the environment. Raises ConfigurationError if it is not set."""
    from .._catalog import API
    from .._errors import ConfigurationError
    from .._wire.environment import variable

    if key := variable(API.key_variable):
        return key
    begins = f", which begins with {API.key_prefix}" if API.key_prefix else ""
    raise ConfigurationError(f"there is no API key; set {API.key_variable} to yours{begins}")


def write(text: str) -> None:
    """Print text to stdout; all that commands print for people passes here or by `tell`.

    What a terminal would obey is escaped: it may be a server's, a file's or the command line's.
    """
    print(printable(without_key(text)), flush=True)


def tell(text: str, *, label: str = "", colour: str | None = None, command: str = "") -> None:
    """Print text to stderr, after a label that may be coloured, in lines that fit the screen.

    `command` is what the text says to type: if there is no room for both, it has a line of its own, which is
    not broken, to be copied. Where nobody reads it any more, the command goes on: what it is told for may be paid.
    """
    if colour is not None and colourful(sys.stderr):
        label = click.style(label, fg=colour, bold=True)
    text, command = printable(without_key(text)), printable(without_key(command))
    width = screen_width(sys.stderr)
    whole = label + (f"{text} {command}" if command else text)
    if width is None or (columns(whole) <= width and "\n" not in whole):
        lines = [whole]
    else:
        lines = [
            part
            for number, line in enumerate(text.split("\n"))
            for part in wrapped(line, width, "" if number else label, "  ")
        ]
        lines += [f"  {command}"] if command else []
    try:
        print("\n".join(lines), file=sys.stderr, flush=True)
    except OSError:
        give_up(sys.stderr)


def colourful(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours, and its user wants them.

    NO_COLOR and FORCE_COLOR, if they are not empty, say so for any stream; the first wins.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and not is_dumb())


def is_dumb() -> bool:
    """Whether the terminal, if there is one, shows plain text only."""
    return os.environ.get("TERM", "") in ("", "dumb") and os.name != "nt"


def cell(value: object) -> str:
    """A value on a line that it shares with others, such as a cell of a table."""
    return excerpt(str(value), 500)


def write_json(value: object, *, indent: int | None) -> None:
    """Print a JSON document to stdout, in ASCII, which every terminal and pipe takes."""
    print(without_key(json.dumps(value, indent=indent, default=_plain)), flush=True)


def _plain(value: Any) -> object:
    try:
        return dict(value)
    except (TypeError, ValueError):
        return str(value)

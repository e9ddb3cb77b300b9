# A copy of codegen/runtime/cli/_lazy_group.py, where it is edited.
"""A group of commands that loads each one when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from ._help import Helpful


class LazyGroup(Helpful, click.Group):
    """A group that knows the names of its commands and what they do from `summaries` alone."""

    noun = "command"

    def __init__(self, *args: Any, summaries: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.summaries = summaries

    def load(self, name: str) -> click.Command:
        """The command with a name that `summaries` has."""
        raise NotImplementedError

    def sections(self) -> Mapping[str, Iterable[str]]:
        """The names of the commands by the titles that they are listed under."""
        return {f"{self.noun.capitalize()}s": self.summaries}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now."""
        return self.load(cmd_name) if cmd_name in self.summaries else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with. Raises UsageError if it does not exist."""
        name = args[0]
        if name in self.summaries or name.startswith("-"):
            return super().resolve_command(ctx, args)
        import difflib  # Only a mistake needs it.

        close = difflib.get_close_matches(name, self.summaries, n=1)
        hint = f"did you mean {close[0]}?" if close else f"expected {', '.join(self.summaries)}"
        raise click.UsageError(f"there is no {self.noun} {name!r}; {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names and what they do, without loading a command."""
        for title, names in self.sections().items():
            with formatter.section(title):
                formatter.write_dl([(name, self.summaries[name]) for name in names])

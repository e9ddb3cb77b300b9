"""`fluxframe completion`: the script that completes commands, models and flags in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .._help import PlainCommand

_HELP = """\
Print the script that completes commands, models, flags and their values.

\b
bash: echo 'eval "$(fluxframe completion bash)"' >> ~/.bashrc
zsh:  echo 'eval "$(fluxframe completion zsh)"' >> ~/.zshrc
fish: fluxframe completion fish > ~/.config/fish/completions/fluxframe.fish

It takes effect in shells that are started after that.
"""


@click.command("completion", cls=PlainCommand, help=_HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.option("--json", "as_json", is_flag=True, help="Print the script in a JSON document.")
@click.pass_context
def command(context: click.Context, shell: str, as_json: bool) -> None:
    """Print click's script for the shell."""
    from .._session import write_json

    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root()
    script = _mended(shell, kind(root.command, {}, "fluxframe", "_FLUXFRAME_COMPLETE").source())
    if as_json:
        write_json({"shell": shell, "script": script}, indent=2)
    else:
        click.echo(script)


def _mended(shell: str, script: str) -> str:
    """Click's script, also for a zsh that loads no completion itself, and with help that has commas."""
    if shell == "zsh":
        first, _, rest = script.partition(
            "\n"
        )  # It must stay the first, for a folder of functions.
        return f"{first}\n(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit -i }}\n{rest}"
    if shell == "fish":
        return script.replace('string split ","', 'string split --max 1 ","')
    return script
